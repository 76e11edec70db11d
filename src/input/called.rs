//! Directories that others call as modules: which of them are judged by themselves, too.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::discover::Module;
use super::reading::Reading;
use super::{Inputs, Options};
use crate::hcl::Modules;
use crate::location::display_path;

impl Inputs {
    /// Reads those directories that others call as modules which could be applied by themselves, where no call stands for an
    /// instance or Terraform was run in them. The rest is noted.
    pub(super) fn read_uncalled(
        &mut self,
        mut called: Vec<Module>,
        modules: &mut Modules,
        options: &Options,
    ) -> Vec<Reading> {
        called.retain(|module| !self.seen.contains(&module.real));
        let uncalled = called.iter().filter(|module| !modules.is_instantiated(&module.real));
        let inner: BTreeSet<PathBuf> = uncalled.flat_map(|module| module.calls.iter().cloned()).collect();
        // What one of them calls may have an instance once that is read.
        called.sort_by_key(|module| inner.contains(&module.real));
        let (mut readings, mut inside) = (Vec::new(), BTreeSet::new());
        for module in called {
            let shown = display_path(&module.directory, &options.working_directory);
            let is_instantiated = modules.is_instantiated(&module.real);
            if (is_instantiated && !module.is_initialised)
                || !modules.stands_alone(&module.real, &options.working_directory, &mut self.map)
            {
                inside.insert(shown);
            } else {
                let why = match is_instantiated {
                    true => "terraform init ran in it",
                    false => "no call of it stands for an instance",
                };
                self.notes.push(format!("{shown} is called as a module, and is checked by itself, too: {why}"));
                readings.extend(self.read_root(&module.directory, modules, options));
            }
        }
        if let Some(first) = inside.first() {
            let what = match inside.len() {
                1 => "1 directory is".to_owned(),
                count => format!("{count} directories are"),
            };
            self.notes.push(format!("{what} checked as a module of what calls it, and not by itself: {first}"));
        }
        readings
    }
}
