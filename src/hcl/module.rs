//! The resource blocks of one module directory, with the places of their attributes.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use hcl::edit::Span;
use hcl::edit::expr::Expression;
use hcl::edit::structure::{Block as HclBlock, Body};

use super::saved_plan::SavedPlan;
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

/// Where a module's files are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModuleAt {
    /// In a directory.
    Directory(PathBuf),
    /// In a saved plan: its path, and the module's path (`a.b` for `module.a.module.b`).
    Saved(PathBuf, String),
}

impl ModuleAt {
    /// The root module of a directory, or of a saved plan.
    pub fn root(path: &Path) -> ModuleAt {
        if path.is_dir() {
            ModuleAt::Directory(path.to_owned())
        } else {
            ModuleAt::Saved(path.to_owned(), String::new())
        }
    }
}

/// Modules, each read once.
#[derive(Debug, Default)]
pub struct SourceModule {
    read: BTreeMap<ModuleAt, Module>,
    archives: BTreeMap<PathBuf, Result<SavedPlan, String>>,
}

impl SourceModule {
    /// The module at a place, read when it is first asked for.
    pub fn module(&mut self, at: &ModuleAt, working_directory: &Path, map: &mut SourceMap) -> &Module {
        let archives = &mut self.archives;
        self.read.entry(at.clone()).or_insert_with(|| {
            let mut module = Module::default();
            let files = match at {
                ModuleAt::Directory(directory) => in_directory(directory, working_directory),
                ModuleAt::Saved(path, key) => {
                    let archive = archives.entry(path.clone()).or_insert_with(|| SavedPlan::read(path));
                    in_archive(archive, path, key, working_directory)
                }
            };
            match files {
                Ok(files) => module.read(files, map),
                Err(why) => module.incomplete = Some(why),
            }
            module
        })
    }

    /// The problems of all modules read so far.
    pub fn problems(&self) -> impl Iterator<Item = &Error> {
        self.read.values().flat_map(|m| &m.problems)
    }
}

/// A file of a module.
struct SourceFile {
    name: String,
    /// The path that reports show.
    shown: String,
    bytes: Result<Vec<u8>, String>,
}

fn is_read(name: &str) -> bool {
    let ends = [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|end| name.ends_with(end));
    ends && !name.starts_with('.') && !name.ends_with('~')
}

fn in_directory(directory: &Path, working_directory: &Path) -> Result<Vec<SourceFile>, String> {
    let shown = display_path(directory, working_directory);
    let entries = std::fs::read_dir(directory).map_err(|e| format!("{shown} can't be read: {e}"))?;
    let paths = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_file());
    let file = |path: PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let large = std::fs::metadata(&path).is_ok_and(|m| m.len() > MAX_HCL_BYTES as u64);
        let bytes = || match large {
            true => Err(format!("larger than {} MiB", MAX_HCL_BYTES >> 20)),
            false => std::fs::read(&path).map_err(|e| e.to_string()),
        };
        is_read(&name).then(|| SourceFile { shown: display_path(&path, working_directory), bytes: bytes(), name })
    };
    Ok(paths.filter_map(file).collect())
}

fn in_archive(
    archive: &Result<SavedPlan, String>,
    path: &Path,
    key: &str,
    working_directory: &Path,
) -> Result<Vec<SourceFile>, String> {
    let shown = display_path(path, working_directory);
    let plan = archive.as_ref().map_err(|why| format!("{shown} {why}"))?;
    let module = plan.modules.get(key).ok_or_else(|| format!("{shown} does not hold the module {key:?}"))?;
    let is_inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let inside = Path::new(&module.directory).components().all(is_inside);
    let beside = path.parent().filter(|_| inside).map(|parent| parent.join(&module.directory));
    let file = |(name, bytes): (&String, &Vec<u8>)| {
        // Where the file still lies beside the plan as it was, that is where people look for it.
        let original = beside.as_ref().map(|directory| directory.join(name));
        let same = original.filter(|path| std::fs::read(path).is_ok_and(|held| held == *bytes));
        let directory = module.directory.trim_start_matches("./").trim_end_matches('.');
        let in_plan = || format!("{shown}:{directory}{}{name}", if directory.is_empty() { "" } else { "/" });
        let shown = same.map_or_else(in_plan, |path| display_path(&path, working_directory));
        SourceFile { name: name.clone(), shown, bytes: Ok(bytes.clone()) }
    };
    Ok(module.files.iter().filter(|(name, _)| is_read(name)).map(file).collect())
}

impl Module {
    fn read(&mut self, mut files: Vec<SourceFile>, map: &mut SourceMap) {
        let is_override = |name: &str| name == "override.tf" || name.ends_with("_override.tf");
        files.sort_by(|a, b| (is_override(&a.name), &a.name).cmp(&(is_override(&b.name), &b.name)));
        for file in files {
            let name = &file.name;
            if name.ends_with(".tofu") || name.ends_with(".tofu.json") || name.ends_with("override.tf.json") {
                self.incomplete = Some(format!("{name} may replace what stands in *.tf files, and is not read"));
            } else if name.ends_with(".tf.json") {
                self.incomplete.get_or_insert_with(|| format!("{name} is not read for links"));
            } else {
                let is_override = is_override(name);
                self.read_file(file, is_override, map);
            }
        }
    }

    fn read_file(&mut self, file: SourceFile, is_override: bool, map: &mut SourceMap) {
        self.has_files = true;
        let shown = file.shown;
        let problem = |message: String| Error::new(&shown, message);
        let bytes = match file.bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                self.incomplete = Some(format!("{shown} can't be read"));
                self.problems.push(problem(format!("can't be read: {why}")));
                return;
            }
        };
        let text = Arc::new(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned());
        let file = map.add_file(&shown, text.clone());
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
