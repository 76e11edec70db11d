//! The files of a root module and of the modules that it calls.

mod files;
mod installed;
mod locate;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::address::of_calls;
use super::declarations::{Declarations, Variable};
use super::functions::Files;
use super::saved_plan::SavedPlan;
use crate::digest::sha256;
use crate::error::Error;
use crate::limits::{Limits, raised_by, read_file};
use crate::location::{Place, SourceMap, display_path};
pub use files::is_source;
pub(super) use files::without_mark;
use files::{SourceFile, in_archive, in_directory};
use installed::InstalledModule;
use locate::{Visit, base_of, locate, shown_relative};

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
    limits: Limits,
}

impl Library {
    /// One without modules.
    pub(super) fn new(limits: Limits) -> Library {
        Library { limits, ..Library::default() }
    }
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
    pub(super) limits: Limits,
    /// The files that functions opened.
    opened: Rc<RefCell<BTreeSet<PathBuf>>>,
}

#[derive(Debug)]
struct Found {
    declarations: Result<Rc<Declarations>, Arc<str>>,
    directory: Option<PathBuf>,
    relative: Option<String>,
}

/// Modules that `terraform init` installed, by their key.
type Installed = BTreeMap<String, InstalledModule>;

impl Sources {
    /// Reads the root module at a place, and all that it calls.
    pub(super) fn load(library: &mut Library, at: &ModuleAt, working_directory: &Path, map: &mut SourceMap) -> Sources {
        let root = library.module(at, working_directory, map);
        let root_directory = match at {
            ModuleAt::Directory(directory) => Some(directory.clone()),
            ModuleAt::Saved(..) => None,
        };
        let installed = root_directory.as_deref().map_or_else(|| Ok(Installed::new()), installed);
        let base = root_directory.as_deref().map(|directory| base_of(directory, working_directory));
        let mut sources = Sources {
            root: root.clone(),
            modules: BTreeMap::new(),
            root_directory,
            unread: Vec::new(),
            limits: library.limits,
            opened: Rc::default(),
        };
        let start = Visit { at: at.clone(), path: Vec::new(), relative: Some(PathBuf::new()), above: vec![at.clone()] };
        let mut left = vec![(root, start)];
        while let Some((declarations, visit)) = left.pop() {
            for (name, call) in &declarations.calls {
                let mut path = visit.path.clone();
                path.push(name.clone());
                let Limits { module_calls, module_depth, .. } = library.limits;
                let next = if path.len() as u64 > module_depth {
                    Err(format!("modules call each other deeper than {module_depth}: {}", raised_by("module-depth"))
                        .into())
                } else if sources.modules.len() as u64 >= module_calls {
                    Err(format!("more than {module_calls} calls of modules: {}", raised_by("module-calls")).into())
                } else {
                    locate(&visit, &path, call, &installed, base.as_deref())
                };
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
                        let place = call.source.as_ref().map_or_else(|| call.place.clone(), |source| source.place());
                        sources.unread.push(Unread { call: of_calls(&path), why: why.clone(), place });
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

    /// What a module declares; the root module has an empty path.
    ///
    /// # Errors
    /// Why it is not there.
    pub(super) fn module(&self, path: &[Arc<str>]) -> Result<Rc<Declarations>, Arc<str>> {
        match (path, self.modules.get(path)) {
            ([], _) => Ok(self.root()),
            (_, Some(found)) => found.declarations.clone(),
            (_, None) => Err("the module's call was not read".into()),
        }
    }

    /// The digest of the files of the root module and of all that it calls, with their names.
    pub(super) fn digest(&self) -> String {
        let mut text = self.root.digest.clone();
        for (path, found) in &self.modules {
            let digest = found.declarations.as_ref().map_or("", |declarations| &declarations.digest);
            text.push_str(&format!("\n{} {digest}", path.join(".")));
        }
        sha256([text.as_bytes()])
    }

    /// All modules that were read, the root first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Rc<Declarations>> {
        let inner = self.modules.values().filter_map(|found| found.declarations.as_ref().ok());
        std::iter::once(&self.root).chain(inner)
    }

    /// The modules that were read, one for each call, with the path of calls that leads there, the root first.
    pub(super) fn each(&self) -> impl Iterator<Item = (&[Arc<str>], &Rc<Declarations>)> {
        let root: (&[Arc<str>], _) = (&[], &self.root);
        let inner = self.modules.iter();
        let inner = inner.filter_map(|(path, found)| Some((path.as_slice(), found.declarations.as_ref().ok()?)));
        std::iter::once(root).chain(inner)
    }

    /// The modules that were read with the path of the first call that leads to each, the root first.
    pub(super) fn each_once(&self) -> impl Iterator<Item = (&[Arc<str>], &Rc<Declarations>)> {
        let mut seen = HashSet::new();
        self.each().filter(move |(_, declared)| seen.insert(Rc::as_ptr(declared)))
    }

    /// Keeps out of reports the lines on which values of sensitive variables stand, in all modules: their defaults, and what
    /// calls give them.
    pub(super) fn hide_sensitive(&self, map: &mut SourceMap) {
        for (path, declared) in self.each_once() {
            let sensitive = declared.variables.values().filter(|variable| variable.may_be_sensitive());
            sensitive.flat_map(Variable::defaults).for_each(|default| map.hide(&default.place()));
            for (name, call) in &declared.calls {
                let path: Vec<Arc<str>> = path.iter().chain([name]).cloned().collect();
                let Ok(called) = self.module(&path) else { continue };
                let is_sensitive =
                    |argument: &Arc<str>| called.variables.get(argument).is_some_and(Variable::may_be_sensitive);
                for value in call.arguments.iter().filter(|(name, _)| is_sensitive(name)).map(|(_, value)| value) {
                    map.hide(&value.place());
                }
            }
        }
    }

    /// The directory of a module that is called, where it lies in one.
    pub(super) fn directory(&self, path: &[Arc<str>]) -> Option<&Path> {
        self.modules.get(path)?.directory.as_deref()
    }

    /// The files that functions may read: those of the root module's directory, and of a module that it calls.
    pub(super) fn files(&self, path: &[Arc<str>]) -> Files {
        let own = match path {
            [] => self.root_directory.clone(),
            path => self.modules.get(path).and_then(|found| found.directory.clone()),
        };
        let allowed = [self.root_directory.clone(), own];
        let allowed = allowed.into_iter().flatten().collect();
        Files { base: self.root_directory.clone(), allowed, opened: self.opened.clone() }
    }

    /// The files that functions opened so far.
    pub(super) fn opened(&self) -> Vec<PathBuf> {
        self.opened.borrow().iter().cloned().collect()
    }

    /// A module's directory as `path.module` gives it: from where the root module is run.
    pub(super) fn relative_directory(&self, path: &[Arc<str>]) -> Option<String> {
        match path {
            [] => Some(".".to_owned()),
            path => self.modules.get(path)?.relative.clone(),
        }
    }
}

/// The modules that `terraform init` installed below a root module; none where it did not run.
///
/// # Errors
/// Why the list of them, which is there, can't be read.
fn installed(root: &Path) -> Result<Installed, Arc<str>> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Manifest {
        modules: Vec<InstalledModule>,
    }
    const MOST: u64 = 4 << 20;
    const PATH: &str = ".terraform/modules/modules.json";
    let bytes = match read_file(&root.join(PATH), MOST) {
        Ok(bytes) => bytes,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(Installed::new()),
        Err(e) => return Err(format!("{PATH} can't be read: {e}").into()),
    };
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .map_err(|e| Arc::from(format!("{PATH} is not what terraform init writes ({e}): run it again")))?;
    Ok(manifest.modules.into_iter().map(|module| (module.key.clone(), module)).collect())
}

/// The local directories that the module in a directory calls, canonical. A file that can't be read calls none.
pub fn called_directories(directory: &Path) -> Vec<PathBuf> {
    let Ok(mut files) = in_directory(directory, directory) else { return Vec::new() };
    for file in &mut files {
        // Without the word there is no call, and nothing has to be parsed. The file may stand in for another all the same.
        if file.bytes.as_ref().map_or(true, |bytes| memchr::memmem::find(bytes, b"module").is_none()) {
            file.bytes = Ok(Vec::new());
        }
    }
    if files.iter().all(|file| file.bytes.as_ref().is_ok_and(Vec::is_empty)) {
        return Vec::new();
    }
    // Together: a file that overrides may have a call lead to somewhere else.
    let mut declarations = Declarations::default();
    declarations.read(files, &mut SourceMap::default());
    let sources = declarations.calls.values().filter_map(|call| call.source.as_ref()?.expression.as_text());
    let local = sources.filter(|source| source.starts_with("./") || source.starts_with("../"));
    local.filter_map(|source| std::fs::canonicalize(directory.join(source)).ok()).collect()
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
            Ok(mut files) => {
                files.sort_by(|a, b| a.name.cmp(&b.name));
                declarations.digest = sha256(files.iter().flat_map(SourceFile::parts));
                declarations.read(files, map);
            }
            Err(why) => {
                let shown = match at {
                    ModuleAt::Directory(directory) => display_path(directory, working_directory),
                    ModuleAt::Saved(path, _) => display_path(path, working_directory),
                };
                let message = why.strip_prefix(&format!("{shown} ")).unwrap_or(&why);
                declarations.problems.push(Error::new(&shown, message));
                declarations.incomplete = Some(why.into());
            }
        }
        let declarations = Rc::new(declarations);
        self.read.insert(at.clone(), declarations.clone());
        declarations
    }
}
