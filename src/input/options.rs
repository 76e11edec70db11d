//! How inputs are read.

use std::path::PathBuf;
use std::sync::Arc;

use super::kind::InputKind;
use super::mapping::Forks;
use super::progress::Progress;
use crate::hcl::VariableInputs;
use crate::limits::Limits;

/// How inputs are read.
#[derive(Debug, Default)]
pub struct Options {
    /// The kind that every input is taken for, instead of recognising it.
    pub kind: Option<InputKind>,
    /// Definitions that hold for every input.
    pub organization: Vec<PathBuf>,
    /// Directories with the source of plans.
    pub sources: Vec<PathBuf>,
    /// Take equal key sets as proof that equal keys belong together.
    pub assume_equal_keys: bool,
    /// A run without a project could not check anything.
    pub require_projects: bool,
    /// Providers that are read as another.
    pub forks: Forks,
    /// Read every root module below a directory.
    pub recursive: bool,
    /// Directories with rules of one's own, whose examples are not judged.
    pub policies: Vec<PathBuf>,
    /// The values of root variables, for source.
    pub variables: VariableInputs,
    /// Bounds on what is read and evaluated.
    pub limits: Limits,
    /// Who is told how far the reading is.
    pub progress: Option<Arc<dyn Progress>>,
    /// What paths are relative to and shown relative to.
    pub working_directory: PathBuf,
}
