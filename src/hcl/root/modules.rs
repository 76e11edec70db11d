//! The modules that the roots of a run share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Root;
use crate::hcl::declarations::Variable;
use crate::hcl::sources::{Library, ModuleAt};
use crate::limits::Limits;
use crate::location::SourceMap;

/// Modules that were read, each once, whichever roots call them.
#[derive(Default)]
pub struct Modules {
    pub(super) library: Library,
    /// The directories of those that stand for an instance somewhere, or may.
    instantiated: BTreeSet<PathBuf>,
}

impl Modules {
    /// None yet; the roots that are read with them keep to these bounds.
    pub fn new(limits: Limits) -> Modules {
        Modules { library: Library::new(limits), ..Modules::default() }
    }

    /// Whether a call in a root whose resources were read stands for an instance of the module in a directory, or may.
    pub fn is_instantiated(&self, directory: &Path) -> bool {
        self.instantiated.contains(directory)
    }

    /// Notes the modules of a root whose resources were read.
    pub fn note_instances(&mut self, root: &Root) {
        self.instantiated.extend(root.tree.directories());
    }

    /// Whether the module in a directory could be applied by itself: it configures providers, or needs no values.
    pub fn stands_alone(&mut self, directory: &Path, working_directory: &Path, map: &mut SourceMap) -> bool {
        let declared = self.library.module(&ModuleAt::Directory(directory.to_owned()), working_directory, map);
        let has_default = |variable: &Variable| variable.defaults().next().is_some();
        !declared.settings.is_empty() || declared.variables.values().all(has_default)
    }
}
