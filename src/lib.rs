//! openai-data-controls (work in progress)
pub mod document;
pub mod edition;
pub mod error;
pub mod facts;
pub mod hcl;
pub mod input;
pub mod location;
