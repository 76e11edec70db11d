//! A root module, evaluated: what its files declare, resource by resource, with the values that are known without running
//! Terraform.

mod body;
mod calls;
mod checks;
mod cycles;
mod modules;
mod reach;
mod unread;

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::address::{InstanceKey, split_address, within, without_keys};
use super::declarations::{Ignored, Mode, Resource, ResourceName};
use super::failure::{Evaluated, Failure};
use super::references::references;
use super::sources::{ModuleAt, Sources};
use super::tree::{Expansion, Given, ModuleId, ROOT, Tree};
use super::value::Value;
use super::variables::{self, VariableInputs};
use crate::digest::sha256;
use crate::document::Node;
use crate::error::Error;
use crate::limits::raised_by;
use crate::location::{Place, SourceMap};
pub use body::IGNORED;
use body::Reading;
pub use modules::Modules;
pub use reach::{Entry, Reach, Reached, Undecided};
pub use unread::{Argument, UnreadArguments, UnreadModule};

/// A root module with the modules that it calls.
pub struct Root {
    tree: Tree,
    sources: Rc<Sources>,
    problems: Vec<Error>,
    /// Of the files with values for variables.
    digests: Vec<String>,
    notes: Vec<String>,
}

/// One instance of a resource that a root module declares.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Its address. `[*]` stands for instances of which it is not known how many there are.
    pub address: String,
    /// The address of its module, empty for the root module.
    pub module: String,
    /// A resource, or a data source.
    pub mode: Mode,
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
    /// What `ignore_changes` names.
    pub(super) ignored: Ignored,
}

impl Declared {
    /// Whether changes of an attribute are ignored, so that it may be another than the source says, or be there though the
    /// source does not set it.
    pub fn ignores(&self, attribute: &str) -> bool {
        self.ignored.holds(attribute)
    }
}

/// The full name of a provider: of its source, or of its local name where none is declared.
fn full_name(source: Option<String>, local: &str) -> String {
    let source = source.unwrap_or_else(|| format!("hashicorp/{local}"));
    match source.split('/').count() {
        1 => format!("registry.terraform.io/hashicorp/{source}"),
        2 => format!("registry.terraform.io/{source}"),
        _ => source,
    }
}

impl Root {
    /// Reads the root module at a place, and all that it calls, with the values that variables are given.
    pub fn load(
        modules: &mut Modules,
        at: &ModuleAt,
        inputs: &VariableInputs,
        working_directory: &Path,
        map: &mut SourceMap,
    ) -> Root {
        let sources = Rc::new(Sources::load(&mut modules.library, at, working_directory, map));
        let directory = match at {
            ModuleAt::Directory(directory) => Some(directory.as_path()),
            ModuleAt::Saved(..) => None,
        };
        sources.hide_sensitive(map);
        let read = variables::read(directory, &sources.root(), inputs, working_directory, map);
        let tree = Tree::new(sources.clone(), read.given);
        let mut notes = read.notes;
        notes.extend(sources.each_once().flat_map(|(_, declared)| declared.notes.iter().cloned()));
        Root { tree, sources, problems: read.problems, digests: read.digests, notes }
    }

    /// The same with the values that a plan was made with: a JSON object of `{"value": …}` by name, a part of `text`.
    pub fn load_planned(
        modules: &mut Modules,
        at: &ModuleAt,
        variables: Option<&Node>,
        text: &str,
        working_directory: &Path,
        map: &mut SourceMap,
    ) -> Root {
        let sources = Rc::new(Sources::load(&mut modules.library, at, working_directory, map));
        sources.hide_sensitive(map);
        let given = Given { variables: variables::planned(variables, text), workspace: None };
        let tree = Tree::new(sources.clone(), given);
        Root { tree, sources, problems: Vec::new(), digests: Vec::new(), notes: Vec::new() }
    }

    /// The files that functions opened so far, without links.
    pub fn opened(&self) -> Vec<PathBuf> {
        self.sources.opened()
    }

    /// The SHA-256 digest, in hex, of all files with declarations and with values for variables, with the names of the
    /// former. It does not depend on where they are, nor on files that functions read.
    pub fn digest(&self) -> String {
        let own = self.sources.digest();
        sha256(std::iter::once(&own).chain(&self.digests).map(|digest| digest.as_bytes()))
    }

    /// What is worth knowing of the files, and of the values that variables are given.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Where provisioners stand in all modules, with their arguments.
    pub fn provisioners(&self) -> impl Iterator<Item = &Place> {
        self.sources.each_once().flat_map(|(_, declared)| &declared.provisioners)
    }

    /// The actions, lists and ephemeral resources of all modules: the word, the type, the full name of the provider, and all of
    /// the block.
    pub fn beside(&self) -> impl Iterator<Item = (&str, &str, String, &Place)> {
        self.sources.each_once().flat_map(|(_, declared)| {
            declared.beside.iter().map(|one| {
                let local = one.kind.split('_').next().unwrap_or(&one.kind);
                (&*one.word, &*one.kind, full_name(declared.providers.get(local).cloned(), local), &one.place)
            })
        })
    }

    /// What `removed` blocks of all modules leave as it is: its address from its module, with its place.
    pub fn kept(&self) -> impl Iterator<Item = (&str, &Place)> {
        let removed = self.sources.each_once().flat_map(|(_, declared)| &declared.removed);
        removed.filter(|(_, _, is_kept)| *is_kept).map(|(address, place, _)| (address.as_str(), place))
    }

    /// What an attribute is in the settings of providers, where it is written as a text: the source of the provider, or its
    /// local name where none is declared, the text and its place.
    pub fn provider_texts<'r>(&'r self, attribute: &'r str) -> impl Iterator<Item = (&'r str, &'r str, Place)> {
        self.sources.each_once().flat_map(move |(_, declared)| {
            let settings = declared.settings.iter().filter(move |setting| *setting.attribute == *attribute);
            settings.filter_map(|setting| {
                let local = setting.local.as_ref();
                let source = declared.providers.get(local).map_or(local, String::as_str);
                Some((source, setting.value.expression.as_text()?, setting.value.place()))
            })
        })
    }

    /// What is wrong with the files.
    pub fn problems(&self) -> Vec<Error> {
        let read = self.sources.each_once().flat_map(|(_, declarations)| declarations.problems.iter());
        self.problems.iter().chain(read).cloned().collect()
    }

    /// The value of an expression that stands in the root module, as `terraform console` evaluates it.
    ///
    /// # Errors
    /// Terraform refuses it as well.
    pub fn value(&self, text: &str) -> Evaluated {
        self.tree.console(text)
    }

    /// How many steps were taken so far.
    #[cfg(test)]
    pub(super) fn steps(&self) -> u64 {
        self.tree.steps()
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
        self.sources.root().resources.contains_key(&(Mode::Managed, kind.into(), name.into()))
    }

    /// All instances of resources and data sources of types that `wanted` names, in the order of their addresses' modules.
    pub fn resources(&self, wanted: &dyn Fn(&str) -> bool, map: &SourceMap) -> (Vec<Declared>, Vec<Error>) {
        let mut found = Vec::new();
        let mut problems: Vec<Error> = self.undeclared(map);
        problems.extend(self.cycles(map));
        let mut seen = calls::Seen::default();
        let mut left = vec![ROOT];
        let mut left_out = false;
        while let Some(id) = left.pop() {
            let module = self.tree.module(id);
            problems.extend(self.refused_in_module(id, &mut seen, map));
            for (name, resource) in &module.declarations.resources {
                if name.0 != Mode::Ephemeral && wanted(&name.1) {
                    let first = found.len();
                    for key in keys(&self.tree.resource_expansion(id, name, resource)) {
                        if found.len() < self.tree.most_instances() {
                            found.push(self.declared(id, name, resource, key));
                        } else {
                            left_out = true;
                        }
                    }
                    if let Some(declared) = found.get_mut(first) {
                        declared.failures.extend(checks::refers_to_itself(name, resource));
                    }
                }
            }
            let mut inner = Vec::new();
            for (name, call) in &module.declarations.calls {
                problems.extend(self.refused_in_call(id, name, call, &mut seen, map));
                for key in keys(&self.tree.call_expansion(id, name, call)) {
                    match self.tree.child(id, name, call, key) {
                        Ok(child) => inner.push(child),
                        // Else the call stands among those that were not read.
                        Err(_) => {
                            left_out |= self.tree.is_read(id, name);
                            break;
                        }
                    }
                }
            }
            left.extend(inner.into_iter().rev());
        }
        if left_out {
            let message = format!("more than {} instances, the most that are read", self.tree.most_instances());
            problems.push(Error::new("source", message).help(raised_by("instances")));
        }
        // What is told of a reference is not told again of all that it is a part of.
        let mut told = HashSet::new();
        problems.retain(|problem| problem.identity().is_none_or(|identity| told.insert(identity)));
        (found, problems)
    }

    fn declared(&self, id: ModuleId, name: &ResourceName, resource: &Resource, key: Option<InstanceKey>) -> Declared {
        let module = self.tree.module(id);
        let expansion = self.tree.resource_expansion(id, name, resource);
        let (mode, kind, resource_name) = name.clone();
        let (shown, uncounted) = match (&key, &expansion) {
            (Some(key), _) => (key.to_string(), None),
            (None, Expansion::Unknown(why)) => ("[*]".to_owned(), Some(why.clone())),
            (None, Expansion::Single | Expansion::Count(_) | Expansion::Keys(_)) => (String::new(), None),
        };
        let address = within(&module.address, &format!("{}{kind}.{resource_name}{shown}", mode.prefix()));
        let repetition = Tree::repetition(&expansion, key.as_ref(), resource.count.is_some());
        let mut reading = Reading { root: self, id, resource, failures: Vec::new() };
        let values = reading.body(&resource.body, repetition.as_ref(), None, 0, true);
        let mut failures = reading.failures;
        failures.extend(checks::kept_ephemeral(&values, resource));
        failures.extend(self.refused_conditions(id, name, resource, key.as_ref(), repetition.as_ref()));
        failures.extend(
            uncounted
                .as_deref()
                .and_then(|why| self.refused_number(id, resource.count.as_ref(), resource.for_each.as_ref(), why)),
        );
        let relative = format!("{kind}.{resource_name}");
        let whole = without_keys(&address);
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
            ignored: resource.ignored.clone(),
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
        full_name(module.declarations.providers.get(&local).cloned(), &local)
    }

    /// What the expression of an argument refers to, in the form of [`coarse_reference`]; `None` where there is none.
    pub fn references(&self, module: &str, kind: &str, name: &str, argument: &str) -> Option<BTreeSet<String>> {
        let path: Vec<Arc<str>> = super::address::module_calls_of(module).into_iter().map(Arc::from).collect();
        let declarations = self.sources.module(&path).ok()?;
        let resource = declarations.resources.get(&(Mode::Managed, kind.into(), name.into()))?;
        let mut found = BTreeSet::new();
        references(&resource.body.attribute(argument)?.expression, &[], &mut found);
        Some(found)
    }

    /// The instance with an address's parts, as a plan has it: its key is known, whatever is known of its block.
    ///
    /// # Errors
    /// Why the source does not have it.
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
        let mode = if mode == "data" { Mode::Data } else { Mode::Managed };
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

/// The keys that a block's instances have; one without key where it is not known how many there are.
fn keys(expansion: &Expansion) -> Vec<Option<InstanceKey>> {
    match expansion {
        Expansion::Single | Expansion::Unknown(_) => vec![None],
        Expansion::Count(count) => (0..*count).map(|index| Some(InstanceKey::Number(index as u64))).collect(),
        Expansion::Keys(keys) => keys.iter().map(|(key, _)| Some(InstanceKey::Text(key.to_string()))).collect(),
    }
}
