//! The Terraform language: what the files of a root module declare, evaluated as Terraform would, without running it.
//! Knows nothing of OpenAI.
//!
//! [`Root`] is where it starts. A [`Value`] is known only where Terraform must compute the same; else it is unknown, with
//! the reason, and may still be known to be an attribute of one instance ([`Identity`]).

mod address;
mod comments;
mod constraint;
mod convert;
mod declarations;
mod equality;
mod evaluate;
mod failure;
mod functions;
mod number;
mod operator;
mod references;
mod root;
mod saved_plan;
mod sources;
mod syntax;
mod tree;
mod types;
mod undeclared;
mod unify;
mod value;
mod variables;

pub use address::{
    InstanceKey, matches_address, matches_part, module_calls_of, module_of, split_address, without_keys,
};
pub use comments::{Comment, blocks, comments};
pub use convert::convert;
pub use declarations::Mode;
pub use equality::equal;
pub use failure::{Evaluated, Failure};
pub use number::{Digits, Number, Parsed};
pub use references::coarse_reference;
pub use root::{
    Argument, Declared, Entry, IGNORED, Modules, Reach, Reached, Root, Undecided, UnreadArguments, UnreadModule,
};
pub use saved_plan::{SavedModule, SavedPlan};
pub use sources::{ModuleAt, called_directories, is_source};
pub use tree::Given;
pub use types::{ObjectType, Type};
pub use value::{Data, Encoded, Entries, Identity, Marks, Origin, Unknown, Value, Which};
pub use variables::{VariableInput, VariableInputs};

/// Evaluates one expression that refers to nothing, with the files of `directory`, if there is one, for functions that read
/// files.
///
/// # Errors
/// Terraform refuses it as well.
pub fn evaluate(text: &str, directory: Option<&std::path::Path>) -> Evaluated {
    let sources = sources::Sources::without_files(directory);
    tree::Tree::new(sources.into(), tree::Given::default()).console(text)
}
