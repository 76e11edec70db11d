//! The files of a root module and of the modules that it calls.

use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::declarations::Declarations;
use super::functions::Files;
use super::saved_plan::SavedPlan;
use super::syntax;
use crate::document::{MAX_HCL_BYTES, parse_hcl_body, parse_json};
use crate::error::Error;
use crate::location::{Place, SourceMap, display_path};

/// The deepest that modules call modules.
const MAX_MODULE_DEPTH: usize = 40;
/// The most calls of modules in one tree, counted by their blocks.
const MAX_CALLS: usize = 20_000;

/// Where a module's files are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// Modules that were read, each once, whichever roots call them.
#[derive(Debug, Default)]
pub(super) struct Library {
    read: HashMap<ModuleAt, Rc<Declarations>>,
    archives: HashMap<PathBuf, Result<SavedPlan, String>>,
}

/// A call whose module is not there.
#[derive(Debug, Clone)]
pub(super) struct Unread {
    /// `module.a.module.b`
    pub(super) call: String,
    pub(super) why: Arc<str>,
    pub(super) place: Place,
}

/// The modules of one tree, by the names of the calls that lead to them.
#[derive(Debug, Default)]
pub(super) struct Sources {
    root: Rc<Declarations>,
    modules: BTreeMap<Vec<Arc<str>>, Found>,
    root_directory: Option<PathBuf>,
    pub(super) unread: Vec<Unread>,
}

#[derive(Debug)]
struct Found {
    declarations: Result<Rc<Declarations>, Arc<str>>,
    directory: Option<PathBuf>,
    relative: Option<String>,
}

/// Modules that `terraform init` installed: their key and directory.
type Installed = BTreeMap<String, String>;

impl Sources {
    /// Reads the root module at a place, and all that it calls.
    pub(super) fn load(library: &mut Library, at: &ModuleAt, working_directory: &Path, map: &mut SourceMap) -> Sources {
        let root = library.module(at, working_directory, map);
        let root_directory = match at {
            ModuleAt::Directory(directory) => Some(directory.clone()),
            ModuleAt::Saved(..) => None,
        };
        let installed = root_directory.as_deref().map(installed).unwrap_or_default();
        let mut sources = Sources { root: root.clone(), modules: BTreeMap::new(), root_directory, unread: Vec::new() };
        let start = Visit { at: at.clone(), path: Vec::new(), relative: Some(PathBuf::new()), above: vec![at.clone()] };
        let mut left = vec![(root, start)];
        while let Some((declarations, visit)) = left.pop() {
            for (name, call) in &declarations.calls {
                let mut path = visit.path.clone();
                path.push(name.clone());
                let next = locate(&visit, &path, call, &installed, sources.root_directory.as_deref());
                let next = next.and_then(|next| match sources.modules.len() < MAX_CALLS {
                    true => Ok(next),
                    false => Err("more module calls than are followed".into()),
                });
                let found = match next {
                    Ok(next) => {
                        let inner = library.module(&next.at, working_directory, map);
                        let directory = match &next.at {
                            ModuleAt::Directory(directory) => Some(directory.clone()),
                            ModuleAt::Saved(..) => None,
                        };
                        let relative = next.relative.as_deref().map(shown_relative);
                        left.push((inner.clone(), next));
                        Found { declarations: Ok(inner), directory, relative }
                    }
                    Err(why) => {
                        let call_path: Vec<String> = path.iter().map(|name| format!("module.{name}")).collect();
                        let place = call.source.as_ref().map_or_else(|| call.place.clone(), |source| source.place());
                        sources.unread.push(Unread { call: call_path.join("."), why: why.clone(), place });
                        Found { declarations: Err(why), directory: None, relative: None }
                    }
                };
                sources.modules.insert(path, found);
            }
        }
        sources.unread.sort_by(|a, b| a.call.cmp(&b.call));
        sources
    }

    /// A root module without declarations.
    pub(super) fn without_files(directory: Option<&Path>) -> Sources {
        Sources { root_directory: directory.map(Path::to_owned), ..Sources::default() }
    }

    /// What the root module declares.
    pub(super) fn root(&self) -> Rc<Declarations> {
        self.root.clone()
    }

    /// What a module declares.
    ///
    /// # Errors
    /// Why it is not there.
    pub(super) fn module(&self, path: &[Arc<str>]) -> Result<Rc<Declarations>, Arc<str>> {
        match self.modules.get(path) {
            Some(found) => found.declarations.clone(),
            None => Err("the module's call was not read".into()),
        }
    }

    /// All modules that were read, the root first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Rc<Declarations>> {
        let inner = self.modules.values().filter_map(|found| found.declarations.as_ref().ok());
        std::iter::once(&self.root).chain(inner)
    }

    /// The files that functions may read: those of the root module's directory, and of a module that it calls.
    pub(super) fn files(&self, path: &[Arc<str>]) -> Files {
        let own = match path {
            [] => self.root_directory.clone(),
            path => self.modules.get(path).and_then(|found| found.directory.clone()),
        };
        let allowed = [self.root_directory.clone(), own];
        Files { base: self.root_directory.clone(), allowed: allowed.into_iter().flatten().collect() }
    }

    /// A module's directory as `path.module` gives it: from where the root module is run.
    pub(super) fn relative_directory(&self, path: &[Arc<str>]) -> Option<String> {
        match path {
            [] => Some(".".to_owned()),
            path => self.modules.get(path)?.relative.clone(),
        }
    }
}

/// A module whose calls are to be followed.
struct Visit {
    at: ModuleAt,
    path: Vec<Arc<str>>,
    /// Its directory from that of the root module.
    relative: Option<PathBuf>,
    /// The modules around it, outermost first.
    above: Vec<ModuleAt>,
}

fn locate(
    visit: &Visit,
    path: &[Arc<str>],
    call: &super::declarations::ModuleCall,
    installed: &Installed,
    root: Option<&Path>,
) -> Result<Visit, Arc<str>> {
    if path.len() > MAX_MODULE_DEPTH {
        return Err("modules call each other deeper than is followed".into());
    }
    let key: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
    let key = key.join(".");
    if let ModuleAt::Saved(archive, _) = &visit.at {
        let at = ModuleAt::Saved(archive.clone(), key);
        return Ok(Visit { at, path: path.to_vec(), relative: None, above: visit.above.clone() });
    }
    let Some(source) = &call.source else { return Err("the call has no source".into()) };
    let source = source.expression.as_text();
    let local = source.filter(|source| source.starts_with("./") || source.starts_with("../"));
    let (at, relative) = match (local, &visit.at) {
        (Some(source), ModuleAt::Directory(directory)) => {
            (clean(&directory.join(source)), visit.relative.as_ref().map(|relative| clean(&relative.join(source))))
        }
        (_, _) => match (installed.get(&key), root) {
            (Some(directory), Some(root)) => (clean(&root.join(directory)), Some(PathBuf::from(directory))),
            _ => {
                return Err(match source {
                    Some(_) => "source not on disk: run terraform init".into(),
                    None => "its source is computed, and is not followed".into(),
                });
            }
        },
    };
    if !at.is_dir() {
        return Err("source not on disk: its directory is not there".into());
    }
    let at = ModuleAt::Directory(at);
    if visit.above.contains(&at) {
        return Err("the module calls itself".into());
    }
    let mut above = visit.above.clone();
    above.push(at.clone());
    Ok(Visit { at, path: path.to_vec(), relative, above })
}

/// The modules that `terraform init` installed below a root module.
fn installed(root: &Path) -> Installed {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Module {
        key: String,
        dir: String,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Manifest {
        modules: Vec<Module>,
    }
    const MOST: u64 = 4 << 20;
    let path = root.join(".terraform/modules/modules.json");
    if !std::fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() <= MOST) {
        return Installed::new();
    }
    let manifest = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
    manifest.map(|m| m.modules.into_iter().map(|module| (module.key, module.dir)).collect()).unwrap_or_default()
}

/// The local directories that the module in a directory calls, canonical. A file that can't be read calls none.
pub fn called_directories(directory: &Path) -> Vec<PathBuf> {
    let Ok(files) = in_directory(directory, directory) else { return Vec::new() };
    let mut called = Vec::new();
    for file in files {
        let Ok(bytes) = file.bytes else { continue };
        // Without the word there is no call, and nothing has to be parsed.
        if memchr::memmem::find(&bytes, b"module").is_none() {
            continue;
        }
        let mut declarations = Declarations::default();
        let one = SourceFile { bytes: Ok(bytes), ..file };
        declarations.read(vec![one], &mut SourceMap::default());
        let sources = declarations.calls.values().filter_map(|call| call.source.as_ref()?.expression.as_text());
        let local = sources.filter(|source| source.starts_with("./") || source.starts_with("../"));
        called.extend(local.filter_map(|source| std::fs::canonicalize(directory.join(source)).ok()));
    }
    called
}

fn shown_relative(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    if text.is_empty() { ".".to_owned() } else { text }
}

/// A path without `.` and, where that can be told from the text, without `..`.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if cleaned.file_name().is_some() => {
                cleaned.pop();
            }
            other => cleaned.push(other),
        }
    }
    cleaned
}

/// A file of a module.
struct SourceFile {
    name: String,
    /// The path that reports show.
    shown: String,
    bytes: Result<Vec<u8>, String>,
}

const ENDINGS: [&str; 4] = [".tf.json", ".tofu.json", ".tf", ".tofu"];

/// Whether a file belongs to a module, by its name.
pub fn is_source(name: &str) -> bool {
    let hidden = name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    !hidden && ENDINGS.iter().any(|end| name.ends_with(end))
}

/// A file's name without its ending, and the ending.
fn split(name: &str) -> (&str, &str) {
    let ending = ENDINGS.iter().find(|end| name.ends_with(**end)).copied().unwrap_or_default();
    (name.strip_suffix(ending).unwrap_or(name), ending)
}

fn is_override(name: &str) -> bool {
    let (stem, _) = split(name);
    stem == "override" || stem.ends_with("_override")
}

impl Library {
    /// The module at a place, read when it is first asked for.
    pub(super) fn module(&mut self, at: &ModuleAt, working_directory: &Path, map: &mut SourceMap) -> Rc<Declarations> {
        if let Some(module) = self.read.get(at) {
            return module.clone();
        }
        let mut declarations = Declarations::default();
        let files = match at {
            ModuleAt::Directory(directory) => in_directory(directory, working_directory),
            ModuleAt::Saved(path, key) => {
                let archive = self.archives.entry(path.clone()).or_insert_with(|| SavedPlan::read(path));
                in_archive(archive, path, key, working_directory)
            }
        };
        match files {
            Ok(files) => declarations.read(files, map),
            Err(why) => declarations.incomplete = Some(why.into()),
        }
        let declarations = Rc::new(declarations);
        self.read.insert(at.clone(), declarations.clone());
        declarations
    }
}

fn in_directory(directory: &Path, working_directory: &Path) -> Result<Vec<SourceFile>, String> {
    let shown = display_path(directory, working_directory);
    let entries = std::fs::read_dir(directory).map_err(|e| format!("{shown} can't be read: {e}"))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| format!("{shown} can't be read: {e}"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !is_source(&name) {
            continue;
        }
        let path = entry.path();
        let bytes = match std::fs::metadata(&path) {
            Ok(kind) if kind.is_dir() => continue,
            Ok(kind) if !kind.is_file() => Err("it is no regular file".to_owned()),
            Ok(kind) if kind.len() > MAX_HCL_BYTES as u64 => {
                Err(format!("it is larger than {} MiB, the most that is read", MAX_HCL_BYTES >> 20))
            }
            Ok(_) => std::fs::read(&path).map_err(|e| e.to_string()),
            Err(e) => Err(e.to_string()),
        };
        files.push(SourceFile { shown: display_path(&path, working_directory), bytes, name });
    }
    Ok(files)
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
    Ok(module.files.iter().filter(|(name, _)| is_source(name)).map(file).collect())
}

/// The line with the first byte that is no character. In comments Terraform takes such bytes; elsewhere it does not.
fn strange_byte(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    let mut offset = 0;
    while let Err(e) = std::str::from_utf8(rest) {
        let at = offset + e.valid_up_to();
        let start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1);
        let line = &bytes[start..at];
        let comment = line.iter().position(|b| *b == b'#').or_else(|| memchr::memmem::find(line, b"//"));
        let quote = line.iter().position(|b| *b == b'"');
        if comment.is_none_or(|comment| quote.is_some_and(|quote| quote < comment)) {
            return Some(bytes[..at].iter().filter(|b| **b == b'\n').count() + 1);
        }
        offset = at + e.error_len().unwrap_or(bytes.len() - at);
        rest = bytes.get(offset..).unwrap_or_default();
    }
    None
}

impl Declarations {
    fn read(&mut self, mut files: Vec<SourceFile>, map: &mut SourceMap) {
        // A file of OpenTofu stands in for the one of the same name.
        let tofu: Vec<String> = files
            .iter()
            .filter_map(|file| match split(&file.name) {
                (stem, ".tofu") => Some(format!("{stem}.tf")),
                (stem, ".tofu.json") => Some(format!("{stem}.tf.json")),
                _ => None,
            })
            .collect();
        files.retain(|file| !tofu.contains(&file.name));
        files.sort_by(|a, b| (is_override(&a.name), &a.name).cmp(&(is_override(&b.name), &b.name)));
        for file in files {
            self.has_files = true;
            self.read_file(file, map);
        }
    }

    fn read_file(&mut self, file: SourceFile, map: &mut SourceMap) {
        let is_override = is_override(&file.name);
        let shown = file.shown;
        let what = if is_override { "the override file " } else { "" };
        let unread = || Arc::from(format!("{what}{shown} can't be read"));
        let bytes = match file.bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                self.incomplete = Some(unread());
                self.problems.push(Error::new(&shown, format!("can't be read: {why}")));
                return;
            }
        };
        let strange = strange_byte(&bytes);
        let text = Arc::new(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned());
        if let Some(line) = strange {
            self.incomplete = Some(unread());
            let problem = Error::new(format!("{shown}:{line}"), "not UTF-8: a byte of this line is no character");
            self.problems.push(problem.help("write the file as UTF-8"));
            return;
        }
        let id = map.add_file(&shown, text.clone());
        map.allow_quotes(id);
        let mut wrong: Vec<(String, std::ops::Range<usize>, Option<String>)> = Vec::new();
        let body = if file.name.ends_with(".json") {
            match parse_json(&text) {
                Ok(root) => {
                    let mut form = syntax::JsonBody::new(&text);
                    let body = form.read(&root);
                    wrong.extend(form.wrong.into_iter().map(|(message, span)| (message, span, None)));
                    Some(body)
                }
                Err(problem) => {
                    wrong.push((problem.message, problem.span, problem.help));
                    None
                }
            }
        } else {
            match parse_hcl_body(&text).and_then(|body| syntax::body(&body, &text)) {
                Ok(body) => Some(body),
                Err(problem) => {
                    wrong.push((problem.message, problem.span, problem.help));
                    None
                }
            }
        };
        if let Some(body) = body {
            let refused = self.add(body, id, is_override);
            wrong.extend(refused.into_iter().map(|w| (w.message, w.span.range(), None)));
        }
        for (message, span, help) in wrong {
            self.incomplete = Some(unread());
            let mut error = Error::new(&shown, message).at(map.location(&Place { file: id, span }));
            error.help = help;
            self.problems.push(error);
        }
    }
}
