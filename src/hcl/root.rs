//! A root module, evaluated: what its files declare, resource by resource, with the values that are known without running
//! Terraform.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::address::{InstanceKey, split_address};
use super::declarations::{Declarations, Ignored, Resource, ResourceName, dotted};
use super::evaluate::{Frame, Repetition, Scope};
use super::failure::{Evaluated, Failure};
use super::sources::{Library, ModuleAt, Sources};
use super::syntax::{Block, Body, Expression, Key, Kind, Span, Step};
use super::tree::{Expansion, Given, MAX_INSTANCES, ModuleId, ROOT, Tree};
use super::types::Type;
use super::value::{Data, Entries, Value, Which};
use super::variables::{self, VariableInputs};
use crate::document::Node;
use crate::error::Error;
use crate::location::{FileId, Place, SourceMap};

/// Modules that were read, each once, whichever roots call them.
#[derive(Default)]
pub struct Modules(Library);

/// A root module with the modules that it calls.
pub struct Root {
    tree: Tree,
    sources: Rc<Sources>,
    problems: Vec<Error>,
}

/// One instance of a resource that a root module declares.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Its address. `[*]` stands for instances of which it is not known how many there are.
    pub address: String,
    /// The address of its module, empty for the root module.
    pub module: String,
    /// `managed` or `data`.
    pub mode: &'static str,
    /// Type.
    pub kind: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// Key of the instance.
    pub key: Option<InstanceKey>,
    /// The full name of its provider, `registry.terraform.io/openai/openai`.
    pub provider: String,
    /// Its arguments and nested blocks: an object, blocks as tuples of objects.
    pub values: Value,
    /// What Terraform would refuse in it.
    pub failures: Vec<Failure>,
    /// Where its block begins.
    pub place: Place,
    /// Where the calls of its module stand, the innermost first.
    pub called_at: Vec<Place>,
    /// Whether an `import` block brings it under management.
    pub imported: bool,
    /// Why it is not known how many there are, for an address with `[*]`.
    pub uncounted: Option<Arc<str>>,
}

/// A call of a module whose source is not there.
#[derive(Debug, Clone)]
pub struct UnreadModule {
    /// `module.a.module.b`
    pub call: String,
    /// Why.
    pub why: String,
    /// Where the call is.
    pub place: Place,
}

/// What the call of an unread module is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// Something of a resource, with this address.
    Resource(String),
    /// Something that is not known.
    Unknown,
}

/// The arguments of a call whose source is not there, as far as they are not plain values.
#[derive(Debug, Clone)]
pub struct UnreadArguments {
    /// `module.a["x"].module.b`
    pub call: String,
    /// What it is given.
    pub arguments: Vec<Argument>,
}

/// How deep nested blocks are followed.
const MAX_BLOCKS_DEPTH: usize = 32;

impl Root {
    /// Reads the root module at a place, and all that it calls, with the values that variables are given.
    pub fn load(
        modules: &mut Modules,
        at: &ModuleAt,
        inputs: &VariableInputs,
        working_directory: &Path,
        map: &mut SourceMap,
    ) -> Root {
        let sources = Rc::new(Sources::load(&mut modules.0, at, working_directory, map));
        let directory = match at {
            ModuleAt::Directory(directory) => Some(directory.as_path()),
            ModuleAt::Saved(..) => None,
        };
        let (given, problems) = variables::read(directory, &sources.root(), inputs, working_directory, map);
        Root { tree: Tree::new(sources.clone(), given), sources, problems }
    }

    /// The same with the values that a plan was made with: a JSON object of `{"value": …}` by name.
    pub fn load_planned(
        modules: &mut Modules,
        at: &ModuleAt,
        variables: Option<&Node>,
        text: &str,
        working_directory: &Path,
        map: &mut SourceMap,
    ) -> Root {
        let sources = Rc::new(Sources::load(&mut modules.0, at, working_directory, map));
        let given = Given { variables: variables::planned(variables, text), workspace: None };
        Root { tree: Tree::new(sources.clone(), given), sources, problems: Vec::new() }
    }

    /// What is wrong with the files.
    pub fn problems(&self) -> Vec<Error> {
        let mut seen: Vec<*const Declarations> = Vec::new();
        let mut problems = self.problems.clone();
        for declarations in self.sources.all() {
            let at = Rc::as_ptr(declarations);
            if !seen.contains(&at) {
                seen.push(at);
                problems.extend(declarations.problems.iter().cloned());
            }
        }
        problems
    }

    /// The calls of modules whose source is not there.
    pub fn unread(&self) -> Vec<UnreadModule> {
        let unread = self.sources.unread.iter();
        unread.map(|u| UnreadModule { call: u.call.clone(), why: u.why.to_string(), place: u.place.clone() }).collect()
    }

    /// What calls whose source is not there are given: such a module may set something of it.
    pub fn unread_arguments(&self) -> Vec<UnreadArguments> {
        let mut found = Vec::new();
        let mut left = vec![ROOT];
        while let Some(id) = left.pop() {
            let module = self.tree.module(id);
            for (name, call) in &module.declarations.calls {
                let expansion = self.tree.call_expansion(id, name, call);
                for key in keys(&expansion) {
                    match self.tree.child(id, name, call, key.clone()) {
                        Ok(child) => left.push(child),
                        Err(_) => {
                            let repetition = Tree::repetition(&expansion, key.as_ref(), call.count.is_some());
                            let mut arguments = Vec::new();
                            for located in call.arguments.values() {
                                let mut scope = Scope::new(&self.tree, id, Some(located.file));
                                scope.repetition = repetition.as_ref();
                                match scope.value(&located.expression) {
                                    Ok(value) => given(&value, &mut arguments),
                                    Err(_) => arguments.push(Argument::Unknown),
                                }
                            }
                            let dot = if module.address.is_empty() { "" } else { "." };
                            let shown = key.map(|key| key.to_string()).unwrap_or_default();
                            let call = format!("{}{dot}module.{name}{shown}", module.address);
                            found.push(UnreadArguments { call, arguments });
                        }
                    }
                }
            }
        }
        found
    }

    /// The value of an expression that stands in the root module, as `terraform console` evaluates it.
    ///
    /// # Errors
    /// Terraform refuses it as well.
    pub fn value(&self, text: &str) -> Evaluated {
        self.tree.console(text)
    }

    /// Whether there is a file at all.
    pub fn has_files(&self) -> bool {
        self.sources.root().has_files
    }

    /// Why the files do not tell everything; `None` where they do.
    pub fn incomplete(&self) -> Option<String> {
        self.sources.all().find_map(|declarations| declarations.incomplete.as_ref().map(ToString::to_string))
    }

    /// Whether the root module declares a managed resource.
    pub fn declares(&self, kind: &str, name: &str) -> bool {
        self.sources.root().resources.contains_key(&("managed", kind.into(), name.into()))
    }

    /// All instances of resources and data sources of types that `wanted` names, in the order of their addresses' modules.
    pub fn resources(&self, wanted: &dyn Fn(&str) -> bool, map: &SourceMap) -> (Vec<Declared>, Vec<Error>) {
        let mut found = Vec::new();
        let mut problems: Vec<Error> = Vec::new();
        let mut left = vec![ROOT];
        while let Some(id) = left.pop() {
            let module = self.tree.module(id);
            for (name, place) in self.tree.unmet_conditions(id) {
                let dot = if module.address.is_empty() { "" } else { "." };
                let what = format!("{}{dot}var.{name}", module.address);
                let error = Error::new(what, "the value does not meet the condition of its validation block");
                problems
                    .push(error.at(map.location(&place)).help("terraform plan refuses it, too: give another value"));
            }
            for (name, resource) in &module.declarations.resources {
                if name.0 != "ephemeral" && wanted(&name.1) {
                    for key in keys(&self.tree.resource_expansion(id, name, resource)) {
                        if found.len() < MAX_INSTANCES {
                            found.push(self.declared(id, name, resource, key));
                        }
                    }
                }
            }
            let mut inner = Vec::new();
            for (name, call) in &module.declarations.calls {
                for key in keys(&self.tree.call_expansion(id, name, call)) {
                    match self.tree.child(id, name, call, key) {
                        Ok(child) => inner.push(child),
                        // The call stands among those that were not read.
                        Err(_) => break,
                    }
                }
            }
            left.extend(inner.into_iter().rev());
        }
        if found.len() >= MAX_INSTANCES {
            problems.push(Error::new("source", format!("more than {MAX_INSTANCES} instances, the most that are read")));
        }
        (found, problems)
    }

    fn declared(&self, id: ModuleId, name: &ResourceName, resource: &Resource, key: Option<InstanceKey>) -> Declared {
        let module = self.tree.module(id);
        let expansion = self.tree.resource_expansion(id, name, resource);
        let (mode, kind, resource_name) = name.clone();
        let (dot, data) = (if module.address.is_empty() { "" } else { "." }, if mode == "data" { "data." } else { "" });
        let (shown, uncounted) = match (&key, &expansion) {
            (Some(key), _) => (key.to_string(), None),
            (None, Expansion::Unknown(why)) => ("[*]".to_owned(), Some(why.clone())),
            (None, Expansion::Single | Expansion::Count(_) | Expansion::Keys(_)) => (String::new(), None),
        };
        let address = format!("{}{dot}{data}{kind}.{resource_name}{shown}", module.address);
        let repetition = Tree::repetition(&expansion, key.as_ref(), resource.count.is_some());
        let mut reading = Reading { root: self, id, resource, failures: Vec::new() };
        let values = reading.body(&resource.body, repetition.as_ref(), None, 0, true);
        let failures = reading.failures;
        let relative = format!("{kind}.{resource_name}");
        let whole = address_without_keys(&address);
        let root = self.sources.root();
        let imported = root.imports.iter().any(|import| *import == whole || import == "*")
            || module.declarations.imports.contains(&relative);
        Declared {
            module: module.address.to_string(),
            mode,
            provider: self.provider(id, resource, &kind),
            kind,
            name: resource_name,
            key,
            values,
            failures,
            place: resource.place.clone(),
            called_at: module.called_at.clone(),
            imported,
            uncounted,
            address,
        }
    }

    /// The full name of a resource's provider.
    fn provider(&self, id: ModuleId, resource: &Resource, kind: &str) -> String {
        let local = match &resource.provider {
            Some(named) => named.split('.').next().unwrap_or(named).to_owned(),
            None => kind.split('_').next().unwrap_or(kind).to_owned(),
        };
        let module = self.tree.module(id);
        let source = module.declarations.providers.get(&local);
        let source = source.cloned().unwrap_or_else(|| format!("hashicorp/{local}"));
        match source.split('/').count() {
            1 => format!("registry.terraform.io/hashicorp/{source}"),
            2 => format!("registry.terraform.io/{source}"),
            _ => source,
        }
    }

    /// What the expression of an argument refers to, in the form of [`coarse_reference`].
    pub fn references(&self, module: &str, kind: &str, name: &str, argument: &str) -> Option<BTreeSet<String>> {
        let path: Vec<Arc<str>> = super::address::module_calls_of(module).into_iter().map(Arc::from).collect();
        let declarations = if path.is_empty() { self.sources.root() } else { self.sources.module(&path).ok()? };
        let resource = declarations.resources.get(&("managed", kind.into(), name.into()))?;
        let mut found = BTreeSet::new();
        references(&resource.body.attribute(argument)?.expression, &[], &mut found);
        Some(found)
    }

    /// The instance with an address's parts, as a plan has it: its key is known, whatever is known of its block.
    pub fn instance(
        &self,
        module: &str,
        mode: &str,
        kind: &str,
        name: &str,
        key: Option<&InstanceKey>,
    ) -> Result<Declared, Arc<str>> {
        let mut id = ROOT;
        for pair in split_address(module).chunks(2) {
            let ["module", part] = pair else { break };
            let (call_name, key) = part_and_key(part);
            let parent = self.tree.module(id);
            let Some(call) = parent.declarations.calls.get(call_name) else {
                return Err(format!("module.{call_name} is not in the source").into());
            };
            let expansion = self.tree.call_expansion(id, call_name, call);
            if !has_key(&expansion, key.as_ref()) {
                return Err(format!("the source gives module.{call_name} other instances").into());
            }
            id = self.tree.child(id, call_name, call, key)?;
        }
        let mode = if mode == "data" { "data" } else { "managed" };
        let resource_name: ResourceName = (mode, kind.into(), name.into());
        let declaring = self.tree.module(id);
        let Some(resource) = declaring.declarations.resources.get(&resource_name) else {
            return Err(match &declaring.declarations.incomplete {
                Some(why) => why.clone(),
                None => format!("{kind}.{name} is not in the source").into(),
            });
        };
        let expansion = self.tree.resource_expansion(id, &resource_name, resource);
        if !has_key(&expansion, key) {
            return Err(format!("the source gives {kind}.{name} other instances").into());
        }
        Ok(self.declared(id, &resource_name, resource, key.cloned()))
    }
}

/// Collects what a value holds that is not known.
fn given(value: &Value, arguments: &mut Vec<Argument>) {
    match &value.data {
        Data::Unknown(unknown) => {
            let argument = match &unknown.identity {
                Some(identity) if identity.which == Which::Only || matches!(identity.which, Which::Key(_)) => {
                    Argument::Resource(identity.address())
                }
                Some(identity) => {
                    let address = identity.address();
                    Argument::Resource(address.strip_suffix("[*]").unwrap_or(&address).to_owned())
                }
                None => Argument::Unknown,
            };
            if !arguments.contains(&argument) {
                arguments.push(argument);
            }
        }
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            items.iter().for_each(|item| given(item, arguments));
        }
        Data::Map(_, entries) | Data::Object(entries) => entries.values().for_each(|value| given(value, arguments)),
    }
}

/// What a reference in a plan leads to, without indexes and attributes: `var.x`, `local.x`, `module.x`, `each.key`,
/// `data.t.n`, `t.n`. `None` for what is no such thing.
pub fn coarse_reference(reference: &str) -> Option<String> {
    let parts = split_address(reference);
    let parts: Vec<&str> = parts.iter().map(|part| part.split('[').next().unwrap_or(part)).collect();
    match parts.as_slice() {
        ["path" | "terraform" | "tofu" | "self", ..] => None,
        ["data" | "ephemeral", kind, name, ..] => Some(format!("{}.{kind}.{name}", parts[0])),
        [first, second, ..] => Some(format!("{first}.{second}")),
        _ => None,
    }
}

/// What an expression refers to, in the form of [`coarse_reference`].
fn references(expression: &Expression, bound: &[&str], found: &mut BTreeSet<String>) {
    let all = |parts: &[Expression], found: &mut BTreeSet<String>| {
        parts.iter().for_each(|part| references(part, bound, found));
    };
    match &expression.kind {
        Kind::Literal(_) | Kind::Name(_) | Kind::Item | Kind::NotFollowed(_) => {}
        Kind::Template(parts) | Kind::Tuple(parts) => all(parts, found),
        Kind::Join(inner) | Kind::Group(inner) | Kind::Unary(_, inner) => references(inner, bound, found),
        Kind::Object(items) => {
            for (key, value) in items {
                if let Key::Computed(key) = key {
                    references(key, bound, found);
                }
                references(value, bound, found);
            }
        }
        Kind::Traversal(source, steps) => {
            match source.as_name() {
                Some(name) if !bound.contains(&name) => {
                    let attributes = steps.iter().filter_map(|step| match step {
                        Step::Attribute(name) => Some(name.as_ref()),
                        Step::Index(_) => None,
                    });
                    let parts: Vec<&str> = std::iter::once(name).chain(attributes).collect();
                    found.extend(coarse_reference(&parts.join(".")));
                }
                Some(_) => {}
                None => references(source, bound, found),
            }
            for step in steps {
                if let Step::Index(index) = step {
                    references(index, bound, found);
                }
            }
        }
        Kind::Splat(source, each) => {
            references(source, bound, found);
            references(each, bound, found);
        }
        Kind::Call(call) => all(&call.arguments, found),
        Kind::Conditional(parts) => all(parts.as_slice(), found),
        Kind::Binary(_, operands) => all(operands.as_slice(), found),
        Kind::For(each) => {
            references(&each.collection, bound, found);
            let mut inner = bound.to_vec();
            inner.extend(each.key_variable.as_deref());
            inner.push(&each.value_variable);
            for part in each.key.iter().chain([&each.value]).chain(each.condition.iter()) {
                references(part, &inner, found);
            }
        }
    }
}

/// Whether a block may have an instance with a key, or one without.
fn has_key(expansion: &Expansion, key: Option<&InstanceKey>) -> bool {
    match (expansion, key) {
        (Expansion::Single, None) | (Expansion::Unknown(_), _) => true,
        (Expansion::Count(count), Some(InstanceKey::Number(index))) => *index < *count as u64,
        (Expansion::Keys(keys), Some(InstanceKey::Text(key))) => keys.binary_search_by(|(k, _)| (**k).cmp(key)).is_ok(),
        (Expansion::Single | Expansion::Count(_) | Expansion::Keys(_), _) => false,
    }
}

/// `a["x"]` is `a` and its key.
fn part_and_key(part: &str) -> (&str, Option<InstanceKey>) {
    let Some((name, rest)) = part.split_once('[') else { return (part, None) };
    let inner = rest.strip_suffix(']').unwrap_or(rest);
    let key = match inner.parse() {
        Ok(index) => Some(InstanceKey::Number(index)),
        Err(_) => {
            super::syntax::expression(inner).ok().and_then(|e| e.as_text().map(str::to_owned)).map(InstanceKey::Text)
        }
    };
    (name, key)
}

fn address_without_keys(address: &str) -> String {
    let parts = split_address(address);
    parts.iter().map(|part| part.split('[').next().unwrap_or(part)).collect::<Vec<_>>().join(".")
}

/// The keys that a block's instances have; one without key where it is not known how many there are.
fn keys(expansion: &Expansion) -> Vec<Option<InstanceKey>> {
    match expansion {
        Expansion::Single | Expansion::Unknown(_) => vec![None],
        Expansion::Count(count) => (0..*count).map(|index| Some(InstanceKey::Number(index as u64))).collect(),
        Expansion::Keys(keys) => keys.iter().map(|(key, _)| Some(InstanceKey::Text(key.to_string()))).collect(),
    }
}

/// The evaluation of one instance's body.
struct Reading<'r> {
    root: &'r Root,
    id: ModuleId,
    resource: &'r Resource,
    failures: Vec<Failure>,
}

impl Reading<'_> {
    fn file(&self, name: &str, top: bool) -> FileId {
        let overridden = if top { self.resource.overridden.get(name) } else { None };
        overridden.copied().unwrap_or(self.resource.place.file)
    }

    fn value(
        &mut self,
        expression: &Expression,
        file: FileId,
        repetition: Option<&Repetition>,
        frame: Option<&Frame<'_>>,
    ) -> Value {
        let place = Place { file, span: expression.span.range() };
        let result = Scope { repetition, frame, ..Scope::new(&self.root.tree, self.id, Some(file)) }.value(expression);
        let value = match result {
            Ok(value) => value,
            Err(failure) => {
                let failure = failure.at(&place);
                let reason = format!("an error in its expression: {}", failure.message);
                self.failures.push(*failure);
                Value::unknown(Type::Any, reason)
            }
        };
        if value.origin.is_some() { value } else { value.at(place) }
    }

    fn body(
        &mut self,
        body: &Body,
        repetition: Option<&Repetition>,
        frame: Option<&Frame<'_>>,
        depth: usize,
        top: bool,
    ) -> Value {
        let mut entries = Entries::new();
        for attribute in &body.attributes {
            let file = self.file(&attribute.name, top);
            let ignored = top
                && match &self.resource.ignored {
                    Ignored::Nothing => false,
                    Ignored::Some(names) => names.contains(&attribute.name),
                    Ignored::All => true,
                };
            let value = match ignored {
                false => self.value(&attribute.expression, file, repetition, frame),
                true => Value::unknown(Type::Any, "its changes are ignored (ignore_changes), so it may be another")
                    .at(Place { file, span: attribute.expression.span.range() }),
            };
            entries.insert(attribute.name.clone(), value);
        }
        // Blocks of one type in the order in which they stand.
        let mut blocks: Vec<(Arc<str>, Vec<Value>, Option<Value>)> = Vec::new();
        for block in &body.blocks {
            let (kind, found) = match (&*block.kind, block.labels.first()) {
                ("dynamic", Some(kind)) => (kind.clone(), self.dynamic(block, repetition, frame, depth, top)),
                _ if depth >= MAX_BLOCKS_DEPTH => {
                    (block.kind.clone(), Err(Value::unknown(Type::Any, "blocks nested deeper than is followed")))
                }
                _ => {
                    let file = self.file(&block.kind, top);
                    let place = Place { file, span: block.header.range() };
                    (
                        block.kind.clone(),
                        Ok(vec![self.body(&block.body, repetition, frame, depth + 1, false).at(place)]),
                    )
                }
            };
            let held = match blocks.iter_mut().find(|(held, _, _)| *held == kind) {
                Some(held) => held,
                None => {
                    blocks.push((kind, Vec::new(), None));
                    let last = blocks.len() - 1;
                    &mut blocks[last]
                }
            };
            match found {
                Ok(items) => held.1.extend(items),
                Err(unknown) => held.2 = Some(unknown),
            }
        }
        for (kind, items, unknown) in blocks {
            let value = match unknown {
                Some(unknown) => unknown,
                None => Value::tuple(items),
            };
            entries.insert(kind, value);
        }
        Data::Object(Arc::new(entries)).into()
    }

    /// The blocks that a `dynamic` block makes.
    ///
    /// # Errors
    /// What stands for them where it is not known how many there are.
    fn dynamic(
        &mut self,
        block: &Block,
        repetition: Option<&Repetition>,
        frame: Option<&Frame<'_>>,
        depth: usize,
        top: bool,
    ) -> Result<Vec<Value>, Value> {
        let kind = block.labels.first().cloned().unwrap_or_else(|| "".into());
        let file = self.file(&kind, top);
        let span: Span = block.header;
        let place = Place { file, span: span.range() };
        let unknown = |why: &str| Err(Value::unknown(Type::Any, why).at(place.clone()));
        let (Some(for_each), Some(content)) =
            (block.body.attribute("for_each"), block.body.blocks_of("content").next())
        else {
            return unknown("a dynamic block without for_each or content");
        };
        if depth >= MAX_BLOCKS_DEPTH {
            return unknown("blocks nested deeper than is followed");
        }
        let iterator = block.body.attribute("iterator").and_then(|a| match &a.expression.kind {
            Kind::Name(_) | Kind::Literal(_) => dotted(&a.expression),
            _ => None,
        });
        let iterator = iterator.unwrap_or_else(|| kind.to_string());
        let collection = self.value(&for_each.expression, file, repetition, frame);
        let Some(elements) = collection.elements().filter(|_| !collection.marks.sensitive) else {
            let why = collection.unknown_reason().cloned();
            return unknown(&why.unwrap_or_else(|| "what it goes through is not known".into()));
        };
        let mut made = Vec::with_capacity(elements.len());
        for (key, value) in elements {
            let item = Value::object([(Arc::from("key"), key), (Arc::from("value"), value.part_of(&collection))]);
            let frame = Frame::new(&iterator, item, frame);
            made.push(self.body(&content.body, repetition, Some(&frame), depth + 1, false).at(place.clone()));
        }
        Ok(made)
    }
}
