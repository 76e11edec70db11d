//! The resource blocks of one module directory, with the places of their attributes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hcl::edit::Span;
use hcl::edit::expr::Expression;
use hcl::edit::structure::{Block as HclBlock, Body};

use crate::document::{MAX_HCL_BYTES, parse_hcl_body};
use crate::error::Error;
use crate::location::{FileId, Place, SourceMap, display_path};

/// A resource block.
#[derive(Debug)]
pub struct Block {
    /// The header: `resource "type" "name"`.
    pub place: Place,
    /// Attribute → its expression and place; an override file's attribute replaces the block's.
    pub attributes: BTreeMap<String, (Expression, Place)>,
}

/// The resource blocks of a module's `*.tf` files.
#[derive(Debug, Default)]
pub struct Module {
    /// `(type, name)` → block.
    pub resources: BTreeMap<(String, String), Block>,
    /// Whether there is any `*.tf` file.
    pub has_files: bool,
    /// Why blocks may be missing or not be what counts: a file that can't be read, a language form that is not read.
    pub incomplete: Option<String>,
    /// Files that could not be read.
    pub problems: Vec<Error>,
}

/// Modules by directory, each read once.
#[derive(Debug, Default)]
pub struct SourceModule {
    read: BTreeMap<PathBuf, Module>,
}

impl SourceModule {
    /// The module in a directory, read when it is first asked for.
    pub fn module(&mut self, directory: &Path, working_directory: &Path, map: &mut SourceMap) -> &Module {
        self.read.entry(directory.to_owned()).or_insert_with(|| Module::read(directory, working_directory, map))
    }

    /// The problems of all modules read so far.
    pub fn problems(&self) -> impl Iterator<Item = &Error> {
        self.read.values().flat_map(|m| &m.problems)
    }
}

impl Module {
    fn read(directory: &Path, working_directory: &Path, map: &mut SourceMap) -> Module {
        let mut module = Module::default();
        let mut files: Vec<PathBuf> = match std::fs::read_dir(directory) {
            Ok(entries) => entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_file()).collect(),
            Err(e) => {
                let shown = display_path(directory, working_directory);
                module.incomplete = Some(format!("{shown} can't be read: {e}"));
                return module;
            }
        };
        files.sort();
        let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let is_override = |path: &Path| {
            let name = name(path);
            name == "override.tf" || name.ends_with("_override.tf")
        };
        files.sort_by_key(|path| is_override(path));
        for path in files {
            let name = name(&path);
            if name.starts_with('.') || name.ends_with('~') {
                continue;
            }
            if name.ends_with(".tofu") || name.ends_with(".tofu.json") || name.ends_with("override.tf.json") {
                module.incomplete = Some(format!("{name} may replace what stands in *.tf files, and is not read"));
            } else if name.ends_with(".tf.json") {
                module.incomplete.get_or_insert_with(|| format!("{name} is not read for links"));
            } else if name.ends_with(".tf") {
                module.read_file(&path, &display_path(&path, working_directory), is_override(&path), map);
            }
        }
        module
    }

    fn read_file(&mut self, path: &Path, shown: &str, is_override: bool, map: &mut SourceMap) {
        self.has_files = true;
        let problem = |message: String| Error::new(shown, message);
        let large = std::fs::metadata(path).is_ok_and(|m| m.len() > MAX_HCL_BYTES as u64);
        let read = if large {
            Err(format!("larger than {} MiB", MAX_HCL_BYTES >> 20))
        } else {
            std::fs::read(path).map_err(|e| e.to_string())
        };
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(why) => {
                self.incomplete = Some(format!("{shown} can't be read"));
                self.problems.push(problem(format!("can't be read: {why}")));
                return;
            }
        };
        let text: Arc<String> = Arc::new(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned());
        let file = map.add_file(shown, text.clone());
        map.allow_quotes(file);
        match parse_hcl_body(&text) {
            Ok(body) => self.add(&body, file, is_override),
            Err(wrong) => {
                self.incomplete = Some(format!("{shown} can't be read"));
                let location = map.location(&Place { file, span: wrong.span });
                let mut error = problem(wrong.message).at(location);
                error.help = wrong.help;
                self.problems.push(error);
            }
        }
    }

    fn add(&mut self, body: &Body, file: FileId, is_override: bool) {
        for block in body.blocks().filter(|b| b.has_ident("resource")) {
            let [kind, name] = block.labels.as_slice() else {
                continue;
            };
            let key = (kind.as_str().to_owned(), name.as_str().to_owned());
            let attributes = attributes(block, file);
            if is_override && let Some(held) = self.resources.get_mut(&key) {
                held.attributes.extend(attributes);
                continue;
            }
            let start = block.ident.span().unwrap_or_default().start;
            let end = name.span().map_or(start, |s| s.end);
            self.resources.insert(key, Block { place: Place { file, span: start..end }, attributes });
        }
    }
}

fn attributes(block: &HclBlock, file: FileId) -> BTreeMap<String, (Expression, Place)> {
    block
        .body
        .attributes()
        .map(|a| {
            let span = a.value.span().unwrap_or_default();
            (a.key.as_str().to_owned(), (a.value.clone(), Place { file, span }))
        })
        .collect()
}
