//! Which project a setting belongs to: proven, or not said.
//!
//! The plan knows an id, or what the expression refers to. It drops every index that is no literal:
//! `p[each.key].id` and `p[each.key == "a" ? "b" : "a"].id` refer to the same two things. Only the source tells them
//! apart: there the expression is evaluated, and a value that is not known yet may still be known to be the id of one
//! instance.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Options;
use super::declared::Source;
use super::instance::Instance;
use super::known::{Known, in_module, reference_kind, resource_address, written};
use super::value::Resolved;
use crate::hcl::{Identity, InstanceKey, Root, Which, coarse_reference};
use crate::input::mapping;
use crate::input::reading::ProjectReading;
use crate::input::scan::{Block, Configuration};

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

/// The most candidates that are named.
const MAX_NAMED: usize = 100;

/// Joins settings to projects.
pub(super) struct Joiner<'a> {
    configuration: &'a Configuration<'a>,
    /// The source that the plan was made from.
    root: Option<&'a Root>,
    options: &'a Options<'a>,
    /// What the source declares of instances, by their address.
    declared: BTreeMap<String, Result<Arc<Source>, Arc<str>>>,
    projects: Vec<Known>,
    by_identity: BTreeMap<String, Vec<usize>>,
    /// Id of a project that is replaced: the project in its place.
    by_former_identity: BTreeMap<String, Vec<usize>>,
    hidden: Vec<usize>,
    by_instance: BTreeMap<(String, Option<InstanceKey>), usize>,
    /// Module and the references that prove an instance: the project.
    by_references: BTreeMap<(String, BTreeSet<String>), usize>,
    /// Resource: its projects.
    by_resource: BTreeMap<String, Vec<usize>>,
    settings: BTreeMap<String, BTreeSet<InstanceKey>>,
    /// Resource of settings: resource of projects: whether both have the same keys. Compared once.
    equal_keys: BTreeMap<String, BTreeMap<String, bool>>,
    /// Ids of projects that the plan deletes or forgets.
    gone: BTreeSet<String>,
    /// Ids of projects that are archived.
    archived: BTreeSet<String>,
    /// Candidates by name, made once.
    names: BTreeMap<Candidates, Vec<String>>,
}

impl<'a> Joiner<'a> {
    pub(super) fn new(
        configuration: &'a Configuration<'a>,
        root: Option<&'a Root>,
        options: &'a Options<'a>,
    ) -> Joiner<'a> {
        Joiner {
            configuration,
            root,
            options,
            declared: BTreeMap::new(),
            projects: Vec::new(),
            by_identity: BTreeMap::new(),
            by_former_identity: BTreeMap::new(),
            hidden: Vec::new(),
            by_instance: BTreeMap::new(),
            by_references: BTreeMap::new(),
            by_resource: BTreeMap::new(),
            settings: BTreeMap::new(),
            equal_keys: BTreeMap::new(),
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
            if self.is_literal(instance) {
                let own = format!("{}.{}", reference_kind(instance), instance.name);
                for identity in identities(&instance.kind) {
                    let references = written(&own, instance.key.as_ref(), identity);
                    self.by_references.insert((instance.module.clone(), references), index);
                }
            }
            self.projects.push(Known { resource, key: instance.key.clone() });
        }
        for (index, reading) in readings.iter().enumerate() {
            for identity in &reading.identities {
                self.by_identity.entry(identity.clone()).or_default().push(index);
            }
            for identity in reading.former_identities.iter().filter(|id| !reading.identities.contains(id)) {
                self.by_former_identity.entry(identity.clone()).or_default().push(index);
            }
            if reading.identity_hidden {
                self.hidden.push(index);
            }
        }
    }

    /// The projects that take the place of the one with this id.
    pub(super) fn replaced(&self, id: &str) -> &[usize] {
        self.by_former_identity.get(id).map_or(&[], Vec::as_slice)
    }

    /// Whether a reference without computed index leads to an instance.
    fn is_literal(&self, instance: &Instance<'_>) -> bool {
        let block = self.configuration.block(&instance.module, &instance.kind, &instance.name);
        instance.key.is_some() || !block.is_some_and(Block::is_repeated)
    }

    /// What the source declares of an instance.
    ///
    /// # Errors
    /// Why that can't be told; nothing where there is no source.
    pub(super) fn declared(&mut self, instance: &Instance<'_>) -> Result<Arc<Source>, Option<Arc<str>>> {
        if let Some(own) = &instance.declared {
            return Ok(own.clone());
        }
        let Some(root) = self.root else { return Err(None) };
        let find = || {
            let (kind, name) = instance.resource();
            let found = root.instance(&instance.module, &instance.mode, kind, name, instance.key.as_ref());
            found.map(|declared| Arc::new(Source::new(&declared)))
        };
        let found = self.declared.entry(instance.address.to_string()).or_insert_with(find);
        found.clone().map_err(Some)
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

    /// Whether the plan deletes, replaces or forgets the project with this id.
    pub(super) fn is_gone(&self, id: &str) -> bool {
        self.gone.contains(id) || self.by_former_identity.contains_key(id)
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

    /// The subject ids of candidates; where they are many, a pattern for each resource, and of those the first.
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
        let names: Vec<String> = names.into_iter().take(MAX_NAMED).collect();
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

    pub(super) fn join(&mut self, setting: &Instance<'_>, link: &str) -> Join {
        let resolved = if setting.exists_after() { setting.after(link) } else { setting.before(link) };
        match resolved {
            Resolved::Known(value) => match value.as_text() {
                Some(id) => match self.by_identity.get(id) {
                    Some(indexes) => Join::Projects(indexes.clone()),
                    // A project that exists already, and whose id the input does not show, may be the one.
                    // What a data source shows is of that project, whoever else may be it.
                    None if self.hidden.is_empty() || setting.mode == "data" => Join::ById(id.to_owned()),
                    None => Join::Unproven {
                        reason: match setting.declared.is_some() {
                            true => format!("its {link} names an id, and the source shows none"),
                            false => format!("the plan hides the id that its {link} names"),
                        },
                        candidates: Candidates::Hidden,
                    },
                },
                None => unproven(format!("its {link} is no string")),
            },
            Resolved::Absent => unproven(format!("it has no {link}")),
            Resolved::Unknown(reason) if setting.declared.is_some() => self.by_source(setting, link, &reason),
            Resolved::Unknown(_) => self.by_reference(setting, link),
        }
    }

    /// By what the source alone says of a link.
    fn by_source(&mut self, setting: &Instance<'_>, link: &str, reason: &str) -> Join {
        let source = self.declared(setting).ok();
        let span = source.as_ref().and_then(|source| Some(source.attribute(link)?.span.clone()));
        match source.as_ref().zip(span).and_then(|(source, span)| source.identity(&span)) {
            Some(identity) => self.by_instance_of(identity, link),
            None => unproven(format!("its {link} is not known: {reason}")),
        }
    }

    /// The project that an attribute of an instance is the id of.
    fn by_instance_of(&self, identity: &Identity, link: &str) -> Join {
        let computed = || format!("its {link} is computed");
        let kind = identity.resource.trim_start_matches("data.").split('.').next().unwrap_or_default();
        if !identities(kind).any(|own| *own == *identity.attribute) {
            return unproven(computed());
        }
        let resource = in_module(&identity.module, &identity.resource);
        let key = match &identity.which {
            Which::Only => None,
            Which::Key(key) => Some(key.clone()),
            Which::Some | Which::All => {
                let reason = format!("its {link} is the id of one of several instances, and it is not known of which");
                return self.one_of(resource, reason);
            }
        };
        match self.by_instance.get(&(resource.clone(), key)) {
            Some(index) => Join::Projects(vec![*index]),
            None => self.one_of(resource, format!("its {link} refers to an instance that is not shown")),
        }
    }

    /// Unproven, but one of the instances of a resource, where there are some.
    fn one_of(&self, resource: String, reason: String) -> Join {
        if self.by_resource.contains_key(&resource) {
            return Join::Unproven { reason, candidates: Candidates::Resource(resource) };
        }
        unproven(reason)
    }

    fn by_reference(&mut self, setting: &Instance<'_>, link: &str) -> Join {
        let (kind, name) = setting.resource();
        let block = self.configuration.block(&setting.module, kind, name);
        let references: BTreeSet<String> = block.map(|b| b.references(link)).unwrap_or_default().into_iter().collect();
        if references.is_empty() {
            return unproven(format!("the plan does not say what its {link} refers to"));
        }
        let source = match self.declared(setting) {
            Ok(source) => source,
            Err(why) => return self.plan_alone(setting, link, &references, why),
        };
        let coarse = references.iter().filter_map(|reference| coarse_reference(reference)).collect();
        let root = self.root;
        if root.and_then(|root| root.references(&setting.module, kind, name, link)) != Some(coarse) {
            return unproven(format!("the source of its {link} is not what the plan was made from"));
        }
        if let Some(name) = source.contradicted(setting.trees().0) {
            return unproven(format!("the source is not what the plan was made from: it makes another {name} of it"));
        }
        let Some(span) = source.attribute(link).map(|node| node.span.clone()) else {
            return unproven(format!("the source gives it no {link}"));
        };
        match source.identity(&span) {
            Some(identity) => self.by_instance_of(identity, link),
            None => {
                let why = source.reason(&span).map(|why| format!(" ({why})")).unwrap_or_default();
                let reason = format!("its {link} is computed, and is not the id of one instance{why}");
                self.not_told(setting, &references, reason)
            }
        }
    }

    /// What the plan's references prove without source: a reference to a single instance.
    fn plan_alone(
        &mut self,
        setting: &Instance<'_>,
        link: &str,
        references: &BTreeSet<String>,
        why: Option<Arc<str>>,
    ) -> Join {
        if let Some(index) = self.by_references.get(&(setting.module.clone(), references.clone())) {
            return Join::Projects(vec![*index]);
        }
        let by_key = |word: &str| references.len() == 2 && references.contains(word);
        if self.options.assume_equal_keys && (by_key("each.key") || by_key("count.index")) {
            let resource = references.iter().find(|r| *r != "each.key" && *r != "count.index");
            if let (Some(resource), Some(key)) = (resource, &setting.key) {
                let resource = in_module(&setting.module, resource);
                if self.has_keys_of(&resource_address(setting), &resource)
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

    /// Whether the instances of a setting have just the keys of those of a resource of projects.
    fn has_keys_of(&mut self, setting: &str, resource: &str) -> bool {
        if let Some(equal) = self.equal_keys.get(setting).and_then(|of| of.get(resource)) {
            return *equal;
        }
        let projects = self.by_resource.get(resource).into_iter().flatten();
        let keys: BTreeSet<&InstanceKey> =
            projects.filter_map(|index| self.projects.get(*index)?.key.as_ref()).collect();
        let own = self.settings.get(setting);
        let equal = own.is_some_and(|own| own.iter().collect::<BTreeSet<_>>() == keys);
        self.equal_keys.entry(setting.to_owned()).or_default().insert(resource.to_owned(), equal);
        equal
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
}

/// It may belong to any project.
fn unproven(reason: String) -> Join {
    Join::Unproven { reason, candidates: Candidates::All }
}

/// The attributes that hold a project's id, of a type that some provider has for projects.
fn identities(kind: &str) -> impl Iterator<Item = &'static str> {
    mapping::identities_of(kind)
}
