//! Which project a setting belongs to: proven, or not said.
//!
//! The plan knows an id, or what the expression refers to. It drops every index that is no literal:
//! `p[each.key].id` and `p[each.key == "a" ? "b" : "a"].id` refer to the same two things. Only the source tells them
//! apart, so there a join is made where the expression is nothing but a reference to one instance.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Options;
use super::change::Instance;
use super::configuration::Configuration;
use super::value::Resolved;
use crate::hcl::{Index, InstanceKey, InstanceReference, SourceModule, instance_reference};
use crate::input::mapping;
use crate::input::reading::ProjectReading;
use crate::location::{Place, SourceMap};

/// Where a setting belongs.
pub(super) enum Join {
    /// To this project of the plan: to all instances that have its id.
    Projects(Vec<usize>),
    /// To the project with this id, which the plan does not have.
    ById(String),
    /// To one of these projects; nothing proves which.
    Unproven { reason: String, candidates: Vec<usize> },
}

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
    settings: BTreeMap<String, BTreeSet<InstanceKey>>,
}

/// A project instance of the plan.
struct Known {
    module: String,
    kind: String,
    name: String,
    key: Option<InstanceKey>,
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
            settings: BTreeMap::new(),
        }
    }

    /// Takes the projects that stay, in the order of `readings`.
    pub(super) fn set_projects<'i>(
        &mut self,
        instances: impl Iterator<Item = &'i Instance<'i>>,
        readings: &[ProjectReading],
    ) {
        for instance in instances.filter(|i| i.exists_after()) {
            self.by_instance.insert((resource_address(instance), instance.key.clone()), self.projects.len());
            self.projects.push(Known {
                module: instance.module.to_string(),
                kind: instance.kind.to_string(),
                name: instance.name.to_string(),
                key: instance.key.clone(),
            });
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

    /// Notes the instance keys of settings, for `--assume-equal-keys`.
    pub(super) fn set_settings<'i>(&mut self, instances: impl Iterator<Item = &'i Instance<'i>>) {
        for instance in instances.filter(|i| i.exists_after()) {
            if let Some(key) = &instance.key {
                self.settings.entry(resource_address(instance)).or_default().insert(key.clone());
            }
        }
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
                        candidates: self.hidden.clone(),
                    },
                },
                None => self.unproven(format!("its {link} is no string"), |_| true),
            },
            Resolved::Absent => self.unproven(format!("it has no {link}"), |_| true),
            Resolved::Unknown(_) => self.by_reference(setting, link, map),
        }
    }

    fn unproven(&self, reason: String, belongs: impl Fn(&Known) -> bool) -> Join {
        let candidates = (0..self.projects.len()).filter(|i| belongs(&self.projects[*i])).collect();
        Join::Unproven { reason, candidates }
    }

    fn by_reference(&mut self, setting: &Instance<'_>, link: &str, map: &mut SourceMap) -> Join {
        let (kind, name) = setting.resource();
        let block = self.configuration.block(&setting.module, kind, name);
        let references: BTreeSet<String> = block.map(|b| b.references(link)).unwrap_or_default().into_iter().collect();
        if references.is_empty() {
            return self.unproven(format!("the plan does not say what its {link} refers to"), |_| true);
        }
        match self.source_reference(setting, link, map) {
            Source::Reference(reference) => {
                if written(&reference) != references {
                    let reason = format!("the source of its {link} is not what the plan was made from");
                    return self.unproven(reason, |_| true);
                }
                match self.instance(setting, &reference) {
                    Some(index) => Join::Projects(vec![index]),
                    None => {
                        self.unproven(format!("its {link} refers to an instance that the plan does not have"), |_| true)
                    }
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
        for (index, project) in self.projects.iter().enumerate() {
            if project.module != setting.module {
                continue;
            }
            let repeated = self
                .configuration
                .block(&project.module, &project.kind, &project.name)
                .is_some_and(super::configuration::Block::is_repeated);
            let pick = match &project.key {
                None if !repeated => Index::None,
                Some(InstanceKey::Text(text)) => Index::Text(text.clone()),
                Some(InstanceKey::Number(number)) => Index::Number(*number),
                None => continue,
            };
            for identity in identities(&project.kind) {
                let reference = InstanceReference {
                    kind: project.kind.clone(),
                    name: project.name.clone(),
                    index: pick.clone(),
                    attribute: identity.to_owned(),
                };
                if written(&reference) == *references {
                    return Join::Projects(vec![index]);
                }
            }
        }
        let by_key = |word: &str| references.len() == 2 && references.contains(word);
        if self.options.assume_equal_keys && (by_key("each.key") || by_key("count.index")) {
            let resource = references.iter().find(|r| *r != "each.key" && *r != "count.index");
            if let (Some(resource), Some(key)) = (resource, &setting.key) {
                let of = |p: &&Known| p.module == setting.module && format!("{}.{}", p.kind, p.name) == *resource;
                let keys: BTreeSet<InstanceKey> =
                    self.projects.iter().filter(of).filter_map(|p| p.key.clone()).collect();
                if self.settings.get(&resource_address(setting)) == Some(&keys) {
                    let found = self.projects.iter().position(|p| of(&p) && p.key.as_ref() == Some(key));
                    if let Some(index) = found {
                        return Join::Projects(vec![index]);
                    }
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
            let of = |p: &Known| p.module == setting.module && format!("{}.{}", p.kind, p.name) == **resource;
            if self.projects.iter().any(of) {
                return self.unproven(reason, of);
            }
        }
        self.unproven(reason, |_| true)
    }

    fn instance(&self, setting: &Instance<'_>, reference: &InstanceReference) -> Option<usize> {
        if !identities(&reference.kind).any(|identity| identity == reference.attribute) {
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
        let resource = format!("{}|{}.{}", setting.module, reference.kind, reference.name);
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

    /// The directory of a module of the plan; `None` without source.
    fn directory(&self, module: &str) -> Result<Option<PathBuf>, String> {
        let Some(root) = &self.root else { return Ok(None) };
        let sources = self.configuration.sources(module).ok_or("the plan does not hold the module's call")?;
        let mut directory = root.clone();
        for (name, source) in sources {
            if !source.starts_with("./") && !source.starts_with("../") {
                return Err(format!("module.{name} is not a local directory"));
            }
            directory = clean(&directory.join(source));
        }
        Ok(Some(directory))
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
        Index::Text(text) => format!("{resource}[{}]", quoted(text)),
        Index::Number(number) => format!("{resource}[{number}]"),
    };
    BTreeSet::from([format!("{instance}.{attribute}"), instance, resource])
}

/// A text as an index in an address.
fn quoted(text: &str) -> String {
    let escaped =
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace("${", "$${").replace("%{", "%%{");
    format!("\"{escaped}\"")
}

fn resource_address(instance: &Instance<'_>) -> String {
    format!("{}|{}.{}", instance.module, instance.kind, instance.name)
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
