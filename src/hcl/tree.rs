//! A root module with the modules that it calls, evaluated as far as somebody asks.
//!
//! Every variable, local value and output is computed once, when it is first asked for. What refers to itself is an error;
//! what takes more steps, depth or memory than is followed is unknown.

mod instances;
mod outputs;
mod resources;
mod variables;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::address::InstanceKey;
use super::convert::convert;
use super::declarations::{Declarations, Located, ResourceName};
use super::evaluate::{MAX_DEPTH, Repetition, Scope};
use super::failure::{Evaluated, Failure};
use super::functions::Files;
use super::sources::Sources;
use super::syntax::{self, Expression};
use super::types::Type;
use super::undeclared;
use super::value::{Data, Identity, Value};
use crate::limits::raised_by;
use crate::location::Place;

/// The most bytes that values take which one evaluation makes.
const MAX_BYTES: usize = 256 << 20;
/// The most parts of large values that the instances of resources keep: each keeps its own.
const MAX_KEPT: usize = 1 << 19;

/// One instance of a module in a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ModuleId(usize);

/// The root module.
pub(super) const ROOT: ModuleId = ModuleId(0);

/// An instance of a module.
pub(super) struct ModuleInstance {
    pub(super) declarations: Rc<Declarations>,
    /// Its directory, as the files functions need it.
    files: Files,
    /// Address with instance keys, as in `module.a["x"].module.b`; empty for the root module.
    pub(super) address: Arc<str>,
    /// The names of the calls that lead to it.
    pub(super) path: Vec<Arc<str>>,
    parent: Option<(ModuleId, Arc<str>)>,
    repetition: Option<Repetition>,
    /// Where calls stand that lead here, the innermost first.
    pub(super) called_at: Vec<Place>,
    /// The instance of the same call whose arguments are the same: what follows from them alone is computed once, there.
    like: ModuleId,
}

/// How often a block with `count` or `for_each` stands for an instance.
#[derive(Debug, Clone)]
pub(super) enum Expansion {
    /// Once, without key.
    Single,
    /// So many times.
    Count(usize),
    /// Once for each key, with its value.
    Keys(Rc<Vec<(Arc<str>, Value)>>),
    /// It is not known how often, and why.
    Unknown(Arc<str>),
}

/// What is given to a root module from outside.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Variables that were given a value.
    pub variables: BTreeMap<Arc<str>, Value>,
    /// The name of the workspace.
    pub workspace: Option<String>,
}

enum Slot {
    Busy,
    Done(Evaluated),
}

type Memo<K> = RefCell<HashMap<K, Slot>>;
type Named = (ModuleId, Arc<str>);
/// The module that calls, the name of the call, and the key of its instance.
type ChildKey = (ModuleId, Arc<str>, Option<InstanceKey>);

/// A tree of modules.
pub(super) struct Tree {
    sources: Rc<Sources>,
    given: Given,
    root: Rc<ModuleInstance>,
    /// All instances, by their numbers, the root module first.
    modules: RefCell<Vec<Rc<ModuleInstance>>>,
    children: RefCell<HashMap<ChildKey, ModuleId>>,
    /// The first instance of each call whose instances are all given the same.
    firsts: RefCell<HashMap<Named, ModuleId>>,
    /// Address of a module instance: its number.
    addresses: RefCell<HashMap<Arc<str>, ModuleId>>,
    variables: Memo<Named>,
    locals: Memo<Named>,
    outputs: Memo<Named>,
    expansions: RefCell<HashMap<(ModuleId, ResourceName), Expansion>>,
    call_expansions: RefCell<HashMap<Named, Expansion>>,
    /// What references to resources give, which may be thousands of instances.
    resources: RefCell<HashMap<(ModuleId, ResourceName), Value>>,
    /// Attributes of resources, as other expressions see them.
    attributes: RefCell<HashMap<Identity, Value>>,
    busy: RefCell<HashSet<Identity>>,
    depth: Cell<usize>,
    /// Templates that were read, by their text.
    templates: RefCell<HashMap<Arc<str>, Option<Rc<Expression>>>>,
    steps: Cell<u64>,
    bytes: Cell<usize>,
    kept: Cell<usize>,
}

impl Tree {
    /// The tree of the root module that `sources` were loaded for.
    pub(super) fn new(sources: Rc<Sources>, given: Given) -> Tree {
        let root = Rc::new(ModuleInstance {
            declarations: sources.root(),
            files: sources.files(&[]),
            address: "".into(),
            path: Vec::new(),
            parent: None,
            repetition: None,
            called_at: Vec::new(),
            like: ROOT,
        });
        Tree {
            sources,
            given,
            modules: RefCell::new(vec![root.clone()]),
            root,
            children: RefCell::default(),
            firsts: RefCell::default(),
            addresses: RefCell::new(HashMap::from([(Arc::from(""), ROOT)])),
            variables: RefCell::default(),
            locals: RefCell::default(),
            outputs: RefCell::default(),
            expansions: RefCell::default(),
            call_expansions: RefCell::default(),
            resources: RefCell::default(),
            attributes: RefCell::default(),
            busy: RefCell::default(),
            depth: Cell::new(0),
            templates: RefCell::default(),
            steps: Cell::new(0),
            bytes: Cell::new(0),
            kept: Cell::new(0),
        }
    }

    /// What a root variable is given from outside.
    pub(super) fn given(&self, name: &str) -> Option<&Value> {
        self.given.variables.get(name)
    }

    /// One step deeper. False: it must not be gone.
    pub(super) fn enter(&self) -> bool {
        self.depth.set(self.depth.get() + 1);
        self.steps.set(self.steps.get() + 1);
        self.depth.get() <= MAX_DEPTH && self.steps.get() <= self.sources.limits.steps && self.bytes.get() <= MAX_BYTES
    }

    /// Why nothing more is computed.
    pub(super) fn why_no_further(&self) -> Arc<str> {
        let what = "more is to be computed than is followed";
        let by_steps = self.steps.get() > self.sources.limits.steps;
        if by_steps { format!("{what}: {}", raised_by("steps")).into() } else { what.into() }
    }

    /// Why so many instances are not followed.
    pub(super) fn too_many(&self) -> Arc<str> {
        format!("more instances than are followed: {}", raised_by("instances")).into()
    }

    /// The most instances of resources, and of modules.
    pub(super) fn most_instances(&self) -> usize {
        usize::try_from(self.sources.limits.instances).unwrap_or(usize::MAX)
    }

    /// How many steps were taken so far.
    #[cfg(test)]
    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// A template of this text; `None` where it can't be read. Reading it counts as steps, and some are kept for the next time.
    pub(super) fn template(&self, text: &str) -> Option<Rc<Expression>> {
        const MOST_KEPT: usize = 32;
        const MOST_BYTES: usize = 1 << 20;
        if let Some(kept) = self.templates.borrow().get(text) {
            return kept.clone();
        }
        self.weighed(text.len());
        let read = syntax::template(text).ok().map(Rc::new);
        let mut templates = self.templates.borrow_mut();
        if templates.len() >= MOST_KEPT {
            templates.clear();
        }
        if text.len() <= MOST_BYTES {
            templates.insert(text.into(), read.clone());
        }
        read
    }

    /// One step back.
    pub(super) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Counts the looking through a value with so many parts as steps.
    pub(super) fn weighed(&self, parts: usize) {
        self.steps.set(self.steps.get() + parts as u64 / 8);
    }

    /// Counts the going through a value, which a function, a comparison or a conditional does, as steps.
    pub(super) fn gone_through(&self, value: &Value) {
        const MOST: usize = 1 << 20;
        let parts = match &value.data {
            Data::String(text) => text.len() / 8,
            Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) => 0,
            Data::List(..) | Data::Set(..) | Data::Map(..) | Data::Tuple(_) | Data::Object(_) => value.weight(MOST),
        };
        self.steps.set(self.steps.get() + parts as u64 / 2);
    }

    /// Whether an instance may keep a value: a large one counts.
    pub(super) fn keeps(&self, value: &Value) -> bool {
        const LARGE: usize = 1_000;
        let parts = value.weight(MAX_KEPT);
        if parts >= LARGE {
            self.kept.set(self.kept.get().saturating_add(parts));
        }
        parts < LARGE || self.kept.get() <= MAX_KEPT
    }

    /// Counts what an expression made, in bytes.
    pub(super) fn made(&self, bytes: usize) {
        self.bytes.set(self.bytes.get().saturating_add(bytes));
    }

    /// An instance of a module.
    pub(super) fn module(&self, id: ModuleId) -> Rc<ModuleInstance> {
        self.modules.borrow().get(id.0).unwrap_or(&self.root).clone()
    }

    /// The directories of the modules that have an instance, without links.
    pub(super) fn directories(&self) -> Vec<PathBuf> {
        let modules = self.modules.borrow();
        // Many instances have one directory.
        let directories: BTreeSet<&Path> =
            modules.iter().skip(1).filter_map(|module| self.sources.directory(&module.path)).collect();
        directories.into_iter().filter_map(|directory| std::fs::canonicalize(directory).ok()).collect()
    }

    /// The files that functions may read in a module.
    pub(super) fn files(&self, module: ModuleId) -> Files {
        self.module(module).files.clone()
    }

    /// `path.module`, `path.root`, `path.cwd`
    pub(super) fn path(&self, module: ModuleId, which: &str) -> Value {
        match which {
            "root" => Value::string("."),
            "module" => match self.sources.relative_directory(&self.module(module).path) {
                Some(directory) => Value::string(directory),
                None => Value::unknown(Type::String, "where the module lies when it runs is not known").not_null(),
            },
            _ => Value::unknown(Type::String, "the working directory of the run is not known").not_null(),
        }
    }

    /// `terraform.workspace`
    pub(super) fn workspace(&self) -> Value {
        match &self.given.workspace {
            Some(name) => Value::string(name),
            None => Value::unknown(Type::String, "the workspace is not known: give it with --workspace").not_null(),
        }
    }

    fn memoised<K: std::hash::Hash + Eq + Clone>(
        memo: &Memo<K>,
        key: K,
        what: &dyn Fn() -> String,
        compute: &dyn Fn() -> Evaluated,
    ) -> Evaluated {
        match memo.borrow().get(&key) {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::Busy) => return Failure::err(format!("{} refers to itself", what())),
            None => {}
        }
        memo.borrow_mut().insert(key.clone(), Slot::Busy);
        let value = compute();
        memo.borrow_mut().insert(key, Slot::Done(value.clone()));
        value
    }

    /// The value of an expression in the root module. A text that the parser does not take is not known: it is not
    /// Terraform's.
    ///
    /// # Errors
    /// Terraform refuses it as well.
    pub(super) fn console(&self, text: &str) -> Evaluated {
        let expression = match super::syntax::expression(text) {
            Ok(expression) => expression,
            Err((why, _)) => return Ok(Value::unknown(Type::Any, format!("the expression can't be read: {why}"))),
        };
        let module = self.module(ROOT);
        if let Some(undeclared) = undeclared::first(&expression, &module.declarations) {
            return self.refused_unless_incomplete(&module, undeclared.message);
        }
        Scope::new(self, ROOT, None).value(&expression)
    }

    /// What a module that is not read in full would make of a name that is not declared.
    fn undeclared(&self, module: &ModuleInstance, what: &str) -> Evaluated {
        self.refused_unless_incomplete(module, format!("{what} is not declared"))
    }

    fn refused_unless_incomplete(&self, module: &ModuleInstance, message: String) -> Evaluated {
        match &module.declarations.incomplete {
            Some(why) => Ok(Value::unknown(Type::Any, format!("{message} in what can be read: {why}"))),
            None => Err(Failure::new(message).everywhere()),
        }
    }

    /// `local.name`
    pub(super) fn local(&self, id: ModuleId, name: &str) -> Evaluated {
        let module = self.module(id);
        let Some(located) = module.declarations.locals.get(name) else {
            return self.undeclared(&module, &format!("local.{name}"));
        };
        let id = if module.declarations.is_pure(name) { module.like } else { id };
        Self::memoised(&self.locals, (id, name.into()), &|| format!("local.{name}"), &|| {
            Scope::new(self, id, Some(located.file)).value(&located.expression)
        })
    }

    /// A `true` or `false` of a declaration.
    pub(super) fn flag(&self, id: ModuleId, located: &Option<Located>, otherwise: bool) -> Option<bool> {
        let Some(located) = located else { return Some(otherwise) };
        let value = Scope::new(self, id, Some(located.file)).value(&located.expression).ok()?;
        convert(value, &Type::Bool).ok()?.as_bool()
    }
}
