//! Which project a setting belongs to: proven, or not said.
//!
//! The plan knows an id, or what the expression refers to. It drops every index that is no literal:
//! `p[each.key].id` and `p[each.key == "a" ? "b" : "a"].id` refer to the same two things. Only the source tells them
//! apart, so there a join is made where the expression is nothing but a reference to one instance.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Options;
use super::instance::Instance;
use super::value::Resolved;
use crate::hcl::{Index, InstanceKey, InstanceReference, ModuleAt, SourceModule, instance_reference, module_calls_of};
use crate::input::mapping;
use crate::input::reading::ProjectReading;
use crate::input::scan::{Block, Configuration};
use crate::location::{Place, SourceMap};

/// Where a setting belongs.
pub(super) enum Join {
    /// To this project of the plan: to all instances that have its id.
    Projects(Vec<usize>),
    /// To the project with this id, which the plan does not have.
    ById(String),
    /// To one of these projects; nothing proves which.
    Unproven { reason: String, candidates: Candidates },
}

/// Projects of the plan that something may belong to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Candidates {
    /// All of them.
    All,
    /// Those whose id the plan hides.
    Hidden,
    /// The instances of one resource, as [`resource_address`] writes it.
    Resource(String),
}

/// The most candidates that are named one by one.
const MAX_NAMED: usize = 100;

/// The place of a block, and of its attributes.
type BlockPlaces = (Place, BTreeMap<String, Place>);

/// Joins settings to projects.
pub(super) struct Joiner<'a> {
    configuration: &'a Configuration<'a>,
    root: Option<PathBuf>,
    options: &'a Options<'a>,
    pub(super) modules: SourceModule,
    projects: Vec<Known>,
    by_identity: BTreeMap<String, Vec<usize>>,
    hidden: Vec<usize>,
    by_instance: BTreeMap<(String, Option<InstanceKey>), usize>,
    /// Module and the references that prove an instance: the project.
    by_references: BTreeMap<(String, BTreeSet<String>), usize>,
    /// Resource: its projects.
    by_resource: BTreeMap<String, Vec<usize>>,
    settings: BTreeMap<String, BTreeSet<InstanceKey>>,
    /// Ids of projects that the plan deletes or forgets.
    gone: BTreeSet<String>,
    /// Ids of projects that are archived.
    archived: BTreeSet<String>,
    /// Candidates by name, made once.
    names: BTreeMap<Candidates, Vec<String>>,
}

/// A project instance of the plan.
struct Known {
    /// As [`resource_address`] writes it.
    resource: String,
    key: Option<InstanceKey>,
}

impl Known {
    fn address(&self) -> String {
        let key = self.key.as_ref().map(InstanceKey::to_string).unwrap_or_default();
        format!("{}{key}", self.resource)
    }

    /// A pattern for all instances of the resource.
    fn pattern(&self) -> String {
        format!("{}{}", self.resource, if self.key.is_some() { "[*]" } else { "" })
    }
}

impl<'a> Joiner<'a> {
    pub(super) fn new(
        configuration: &'a Configuration<'a>,
        root: Option<PathBuf>,
        options: &'a Options<'a>,
        modules: SourceModule,
    ) -> Joiner<'a> {
        Joiner {
            configuration,
            root,
            options,
            modules,
            projects: Vec::new(),
            by_identity: BTreeMap::new(),
            hidden: Vec::new(),
            by_instance: BTreeMap::new(),
            by_references: BTreeMap::new(),
            by_resource: BTreeMap::new(),
            settings: BTreeMap::new(),
            gone: BTreeSet::new(),
            archived: BTreeSet::new(),
            names: BTreeMap::new(),
        }
    }

    /// Takes the projects that stay, in the order of `readings`.
    pub(super) fn set_projects(&mut self, instances: &[&Instance<'_>], readings: &[ProjectReading]) {
        for (index, instance) in instances.iter().enumerate() {
            let resource = resource_address(instance);
            self.by_instance.insert((resource.clone(), instance.key.clone()), index);
            self.by_resource.entry(resource.clone()).or_default().push(index);
            if let Some(pick) = self.literal_index(instance) {
                for identity in identities(&instance.kind) {
                    let reference = InstanceReference {
                        kind: reference_kind(instance),
                        name: instance.name.to_string(),
                        index: pick.clone(),
                        attribute: identity.to_owned(),
                    };
                    self.by_references.insert((instance.module.clone(), written(&reference)), index);
                }
            }
            self.projects.push(Known { resource, key: instance.key.clone() });
        }
        for (index, reading) in readings.iter().enumerate() {
            for identity in &reading.identities {
                self.by_identity.entry(identity.clone()).or_default().push(index);
            }
            if reading.identity_hidden {
                self.hidden.push(index);
            }
        }
    }

    /// How a reference without computed index picks an instance.
    fn literal_index(&self, instance: &Instance<'_>) -> Option<Index> {
        let block = self.configuration.block(&instance.module, &instance.kind, &instance.name);
        match &instance.key {
            None if block.is_some_and(Block::is_repeated) => None,
            None => Some(Index::None),
            Some(InstanceKey::Text(text)) => Some(Index::Text(text.clone())),
            Some(InstanceKey::Number(number)) => Some(Index::Number(*number)),
        }
    }

    /// The projects that candidates stand for.
    pub(super) fn members(&self, candidates: &Candidates) -> Vec<usize> {
        match candidates {
            Candidates::All => (0..self.projects.len()).collect(),
            Candidates::Hidden => self.hidden.clone(),
            Candidates::Resource(resource) => self.by_resource.get(resource).cloned().unwrap_or_default(),
        }
    }

    /// Takes the ids of projects that do not stay.
    pub(super) fn set_gone(&mut self, ids: impl Iterator<Item = String>) {
        self.gone.extend(ids);
    }

    /// Takes the ids of projects that are archived.
    pub(super) fn set_archived(&mut self, ids: impl Iterator<Item = String>) {
        self.archived.extend(ids);
    }

    /// Whether the project with this id is archived.
    pub(super) fn is_archived(&self, id: &str) -> bool {
        self.archived.contains(id)
    }

    /// Whether the plan deletes or forgets the project with this id.
    pub(super) fn is_gone(&self, id: &str) -> bool {
        self.gone.contains(id)
    }

    /// The projects with this id.
    pub(super) fn with_identity(&self, id: &str) -> &[usize] {
        self.by_identity.get(id).map_or(&[], Vec::as_slice)
    }

    /// The projects that something joined so belongs to, or may belong to.
    pub(super) fn leads_to(&self, join: &Join) -> Vec<usize> {
        match join {
            Join::Projects(indexes) => indexes.clone(),
            Join::ById(_) => Vec::new(),
            Join::Unproven { candidates, .. } => self.members(candidates),
        }
    }

    /// The subject ids of candidates; where they are many, a pattern for each resource.
    pub(super) fn names(&mut self, candidates: &Candidates, source: &str) -> Vec<String> {
        if let Some(names) = self.names.get(candidates) {
            return names.clone();
        }
        let members = self.members(candidates);
        let projects = members.iter().filter_map(|index| self.projects.get(*index));
        let names: BTreeSet<String> = match members.len() {
            0..=MAX_NAMED => projects.map(|p| format!("{source}#{}", p.address())).collect(),
            _ => projects.map(|p| format!("{source}#{}", p.pattern())).collect(),
        };
        let names: Vec<String> = names.into_iter().collect();
        self.names.insert(candidates.clone(), names.clone());
        names
    }

    /// Notes the instance keys of settings, for `--assume-equal-keys`.
    pub(super) fn set_settings<'i>(&mut self, instances: impl Iterator<Item = &'i Instance<'i>>) {
        for instance in instances.filter(|i| i.exists_after()) {
            if let Some(key) = &instance.key {
                self.settings.entry(resource_address(instance)).or_default().insert(key.clone());
            }
        }
    }

    /// What the expression refers to that gives a variable its value: in an attribute or block of a resource, of the pair
    /// with that name if there is one, else of the whole.
    pub(super) fn references(&self, instance: &Instance<'_>, attribute: &str, variable: &str) -> BTreeSet<String> {
        let (kind, name) = instance.resource();
        let block = self.configuration.block(&instance.module, kind, name);
        block.map(|b| b.references_for(attribute, variable)).unwrap_or_default()
    }

    pub(super) fn join(&mut self, setting: &Instance<'_>, link: &str, map: &mut SourceMap) -> Join {
        let resolved = if setting.exists_after() { setting.after(link) } else { setting.before(link) };
        match resolved {
            Resolved::Known(value) => match value.as_text() {
                Some(id) => match self.by_identity.get(id) {
                    Some(indexes) => Join::Projects(indexes.clone()),
                    // A project that exists already, and whose id the plan does not show, may be the one.
                    None if self.hidden.is_empty() => Join::ById(id.to_owned()),
                    None => Join::Unproven {
                        reason: format!("the plan hides the id that its {link} names"),
                        candidates: Candidates::Hidden,
                    },
                },
                None => unproven(format!("its {link} is no string")),
            },
            Resolved::Absent => unproven(format!("it has no {link}")),
            Resolved::Unknown(_) => self.by_reference(setting, link, map),
        }
    }

    fn by_reference(&mut self, setting: &Instance<'_>, link: &str, map: &mut SourceMap) -> Join {
        let (kind, name) = setting.resource();
        let block = self.configuration.block(&setting.module, kind, name);
        let references: BTreeSet<String> = block.map(|b| b.references(link)).unwrap_or_default().into_iter().collect();
        if references.is_empty() {
            return unproven(format!("the plan does not say what its {link} refers to"));
        }
        match self.source_reference(setting, link, map) {
            Source::Reference(reference) => {
                if written(&reference) != references {
                    let reason = format!("the source of its {link} is not what the plan was made from");
                    return unproven(reason);
                }
                match self.instance(setting, &reference) {
                    Some(index) => Join::Projects(vec![index]),
                    None => unproven(format!("its {link} refers to an instance that the plan does not have")),
                }
            }
            Source::Computed => {
                let reason = format!("its {link} is computed, and only a reference to one instance is followed");
                self.not_told(setting, &references, reason)
            }
            Source::None(why) => self.plan_alone(setting, link, &references, why),
        }
    }

    /// What the plan's references prove without source: a reference to a single instance.
    fn plan_alone(
        &self,
        setting: &Instance<'_>,
        link: &str,
        references: &BTreeSet<String>,
        why: Option<String>,
    ) -> Join {
        if let Some(index) = self.by_references.get(&(setting.module.clone(), references.clone())) {
            return Join::Projects(vec![*index]);
        }
        let by_key = |word: &str| references.len() == 2 && references.contains(word);
        if self.options.assume_equal_keys && (by_key("each.key") || by_key("count.index")) {
            let resource = references.iter().find(|r| *r != "each.key" && *r != "count.index");
            if let (Some(resource), Some(key)) = (resource, &setting.key) {
                let resource = in_module(&setting.module, resource);
                let projects = self.by_resource.get(&resource).into_iter().flatten();
                let keys: BTreeSet<&InstanceKey> =
                    projects.filter_map(|index| self.projects.get(*index)?.key.as_ref()).collect();
                let own = self.settings.get(&resource_address(setting));
                if own.is_some_and(|own| own.iter().collect::<BTreeSet<_>>() == keys)
                    && let Some(index) = self.by_instance.get(&(resource, Some(key.clone())))
                {
                    return Join::Projects(vec![*index]);
                }
            }
        }
        let why = why.map(|w| format!(" ({w})")).unwrap_or_default();
        let reason = format!(
            "the plan does not hold the index or condition of its {link}: give the source with --source DIR{why}, or say \
             --assume-equal-keys if equal keys belong together"
        );
        self.not_told(setting, references, reason)
    }

    /// Unproven, but if only one resource and the own key are referred to, it is one of that resource's instances.
    fn not_told(&self, setting: &Instance<'_>, references: &BTreeSet<String>, reason: String) -> Join {
        let resources: Vec<&String> = references.iter().filter(|r| *r != "each.key" && *r != "count.index").collect();
        if let [resource] = resources.as_slice() {
            let resource = in_module(&setting.module, resource);
            if self.by_resource.contains_key(&resource) {
                return Join::Unproven { reason, candidates: Candidates::Resource(resource) };
            }
        }
        unproven(reason)
    }

    fn instance(&self, setting: &Instance<'_>, reference: &InstanceReference) -> Option<usize> {
        if !identities(reference.kind.trim_start_matches("data.")).any(|identity| identity == reference.attribute) {
            return None;
        }
        let key = match (&reference.index, &setting.key) {
            (Index::None, _) => None,
            (Index::Text(text), _) => Some(InstanceKey::Text(text.clone())),
            (Index::Number(number), _) => Some(InstanceKey::Number(*number)),
            (Index::EachKey, Some(key @ InstanceKey::Text(_))) => Some(key.clone()),
            (Index::CountIndex, Some(key @ InstanceKey::Number(_))) => Some(key.clone()),
            (Index::EachKey | Index::CountIndex, _) => return None,
        };
        let resource = in_module(&setting.module, &format!("{}.{}", reference.kind, reference.name));
        self.by_instance.get(&(resource, key)).copied()
    }

    fn source_reference(&mut self, setting: &Instance<'_>, link: &str, map: &mut SourceMap) -> Source {
        let directory = match self.directory(&setting.module) {
            Ok(Some(directory)) => directory,
            Ok(None) => return Source::None(None),
            Err(why) => return Source::None(Some(why)),
        };
        let module = self.modules.module(&directory, self.options.working_directory, map);
        if let Some(why) = &module.incomplete {
            return Source::None(Some(why.clone()));
        }
        let (kind, name) = setting.resource();
        let Some(block) = module.resources.get(&(kind.to_owned(), name.to_owned())) else {
            return Source::None(Some(format!("{kind}.{name} is not in the source")));
        };
        match block.attributes.get(link) {
            Some((expression, _)) => instance_reference(expression).map_or(Source::Computed, Source::Reference),
            None => Source::None(Some(format!("the source gives {kind}.{name} no {link}"))),
        }
    }

    /// Where the source of a module of the plan is; `None` without source.
    fn directory(&self, module: &str) -> Result<Option<ModuleAt>, String> {
        let Some(root) = &self.root else { return Ok(None) };
        if let ModuleAt::Saved(path, _) = ModuleAt::root(root) {
            return Ok(Some(ModuleAt::Saved(path, module_calls_of(module).join("."))));
        }
        let sources = self.configuration.sources(module).ok_or("the plan does not hold the module's call")?;
        let mut directory = root.clone();
        for (name, source) in sources {
            if !source.starts_with("./") && !source.starts_with("../") {
                return Err(format!("module.{name} is not a local directory"));
            }
            directory = clean(&directory.join(source));
        }
        Ok(Some(ModuleAt::Directory(directory)))
    }

    /// The places of an instance's block in the source.
    pub(super) fn source_places(&mut self, instance: &Instance<'_>, map: &mut SourceMap) -> Option<BlockPlaces> {
        let directory = self.directory(&instance.module).ok().flatten()?;
        let module = self.modules.module(&directory, self.options.working_directory, map);
        let (kind, name) = instance.resource();
        let block = module.resources.get(&(kind.to_owned(), name.to_owned()))?;
        let attributes = block.attributes.iter().map(|(name, (_, place))| (name.clone(), place.clone())).collect();
        Some((block.place.clone(), attributes))
    }
}

/// It may belong to any project.
fn unproven(reason: String) -> Join {
    Join::Unproven { reason, candidates: Candidates::All }
}

/// What the source says about a link.
enum Source {
    Reference(InstanceReference),
    Computed,
    None(Option<String>),
}

/// The attributes that hold a project's id, of a type that some provider has for projects.
fn identities(kind: &str) -> impl Iterator<Item = &'static str> {
    mapping::identities_of(kind)
}

/// The references that Terraform writes into a plan for such an expression.
fn written(reference: &InstanceReference) -> BTreeSet<String> {
    let resource = format!("{}.{}", reference.kind, reference.name);
    let attribute = &reference.attribute;
    let instance = match &reference.index {
        Index::None => return BTreeSet::from([format!("{resource}.{attribute}"), resource]),
        Index::EachKey => return BTreeSet::from([resource, "each.key".to_owned()]),
        Index::CountIndex => return BTreeSet::from([resource, "count.index".to_owned()]),
        Index::Text(text) => format!("{resource}{}", InstanceKey::Text(text.clone())),
        Index::Number(number) => format!("{resource}{}", InstanceKey::Number(*number)),
    };
    BTreeSet::from([format!("{instance}.{attribute}"), instance, resource])
}

/// The address of an instance's resource: without the instance's own key, with those of the modules around it.
fn resource_address(instance: &Instance<'_>) -> String {
    in_module(&instance.module, &format!("{}.{}", reference_kind(instance), instance.name))
}

/// A resource of a module.
fn in_module(module: &str, resource: &str) -> String {
    if module.is_empty() { resource.to_owned() } else { format!("{module}.{resource}") }
}

/// The type as references write it: with `data.` before that of a data source.
fn reference_kind(instance: &Instance<'_>) -> String {
    if instance.mode == "data" { format!("data.{}", instance.kind) } else { instance.kind.to_string() }
}

/// A path without `.` and, where that can be told from the text, without `..`.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if cleaned.file_name().is_some() => {
                cleaned.pop();
            }
            other => cleaned.push(other),
        }
    }
    cleaned
}
