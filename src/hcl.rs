//! The Terraform language, as far as links between resources need it: the resource blocks of a module, and what one
//! expression refers to. Knows nothing of OpenAI.

mod address;
mod module;
mod reference;
mod saved_plan;

pub use address::{InstanceKey, matches_address, module_calls_of, module_of, split_address};
pub use module::{Block, Module, ModuleAt, SourceModule};
pub use reference::{Index, InstanceReference, instance_reference};
pub use saved_plan::{SavedModule, SavedPlan};
