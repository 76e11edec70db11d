//! Terraform plan JSON (`terraform show -json`): projects and their settings as the plan leaves them.
//!
//! Values of foreign resources are skipped without being looked into. A value that the plan does not know is unknown,
//! a sensitive value never leaves this reader, and a setting is given to a project only where that is proven.

mod change;
mod configuration;
mod join;
mod shape;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use super::lay_over::{lay_over, make_unknown};
use super::mapping::{self, Resource, Role};
use super::reading::{Leaf, NOT_REPORTED, Part, ProjectReading, Reading, SettingById};
use crate::document::{RawEntries, SyntaxError, json_error, json_node, span_of};
use crate::error::Error;
use crate::facts::{Change, Fact, Origin, Project, Unjoined};
use crate::hcl::SourceModule;
use crate::location::{FileId, Place, SourceMap};
use change::Instance;
use configuration::Configuration;
use join::{Join, Joiner};
use value::Resolved;

/// How a plan is read.
#[derive(Debug)]
pub(super) struct Options<'a> {
    /// Directories given as `--source`.
    pub sources: &'a [PathBuf],
    /// The plan's own directory, if it lies in one.
    pub own_directory: Option<&'a Path>,
    /// Take equal key sets as proof that equal keys belong together.
    pub assume_equal_keys: bool,
    /// What shown paths are relative to.
    pub working_directory: &'a Path,
}

/// Reads a plan. `file` is its text in `map`, `source` the path that ids carry.
pub(super) fn read(file: FileId, source: &str, options: &Options<'_>, map: &mut SourceMap) -> Reading {
    let text = map.text(file);
    let mut reader = Reader { text: &text, file, source, reading: Reading::default() };
    if let Err(problem) = reader.plan(options, map) {
        reader.problem(source, problem, map);
    }
    reader.reading
}

struct Reader<'a> {
    text: &'a str,
    file: FileId,
    source: &'a str,
    reading: Reading,
}

/// A managed instance of a mapped resource type.
struct Mapped<'a> {
    instance: Instance<'a>,
    resource: &'static Resource,
    provider: &'static str,
}

impl<'a> Reader<'a> {
    fn problem(&mut self, what: &str, problem: SyntaxError, map: &SourceMap) {
        let location = map.location(&self.place(problem.span));
        let mut error = Error::new(what, problem.message).at(location);
        error.help = problem.help;
        self.reading.problems.push(error);
    }

    fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place { file: self.file, span }
    }

    fn origin(&self, address: &str) -> Origin {
        Origin { source: Some(self.source.to_owned()), address: Some(address.to_owned()) }
    }

    fn plan(&mut self, options: &Options<'_>, map: &mut SourceMap) -> Result<(), SyntaxError> {
        let RawEntries(entries) = serde_json::from_str(self.text).map_err(|e| json_error(self.text, self.text, &e))?;
        let mut top: BTreeMap<String, &'a RawValue> = BTreeMap::new();
        for (key, value) in entries {
            let name: String = serde_json::from_str(key.get()).map_err(|e| json_error(self.text, key.get(), &e))?;
            if top.insert(name.clone(), value).is_some() {
                return Err(SyntaxError {
                    span: span_of(self.text, key),
                    message: format!("the key {name:?} stands twice in one object"),
                    help: Some("make the plan anew: terraform show -json tfplan > plan.json".to_owned()),
                });
            }
        }
        self.check_format(&top, map);
        let instances = match top.get("resource_changes") {
            Some(changes) => change::from_changes(self.text, changes),
            None => self.without_changes(&top),
        };
        let (instances, problems) = instances?;
        for problem in problems {
            self.problem(self.source, problem, map);
        }
        let configuration = match top.get("configuration") {
            Some(raw) => configuration::read(self.text, raw)?,
            None => Configuration::default(),
        };
        self.check_complete(&instances, &configuration, map);
        let mapped = self.mapped(instances, map);
        let mut modules = SourceModule::default();
        let root = self.choose_source(options, &configuration, &mut modules, map);
        let mut joiner = Joiner::new(&configuration, root, options, modules);
        self.subjects(&mapped, &mut joiner, map);
        self.reading.problems.extend(joiner.modules.problems().cloned());
        Ok(())
    }

    /// The instances of mapped types; what looks like OpenAI's and is not mapped is a problem, once for each type.
    fn mapped(&mut self, instances: Vec<Instance<'a>>, map: &SourceMap) -> Vec<Mapped<'a>> {
        let mut mapped = Vec::new();
        let mut unmapped: BTreeSet<String> = BTreeSet::new();
        let mut clients: Vec<String> = Vec::new();
        for instance in instances {
            if instance.deposed {
                continue;
            }
            let known = mapping::of_provider(&instance.provider);
            if instance.mode != "managed" {
                if known.is_some() {
                    let note =
                        format!("{}: {} is read, and data sources are not judged", self.source, instance.address);
                    self.reading.notes.push(note);
                }
                continue;
            }
            if let Some(known) = known
                && let Some(resource) = known.resources.get(instance.kind.as_ref())
            {
                let mut instance = instance;
                match instance.open() {
                    Ok(()) => mapped.push(Mapped { instance, resource, provider: &known.provider }),
                    Err(problem) => self.problem(&instance.address, problem, map),
                }
                continue;
            }
            if instance.exists_after() && instance.mentions("OPENAI_") {
                clients.push(instance.address.to_string());
            }
            let message = match known {
                Some(known) if !known.others.iter().any(|other| *other == instance.kind) => {
                    format!(
                        "{} of {} is a resource type that this version does not know",
                        instance.kind, known.provider
                    )
                }
                None if instance.kind.starts_with("openai_") => format!(
                    "{} comes from {}, a provider that this version does not read",
                    instance.kind, instance.provider
                ),
                Some(_) | None => continue,
            };
            if unmapped.insert(message.clone()) {
                let problem = SyntaxError {
                    span: instance.address_span.clone(),
                    message,
                    help: Some("declare its projects in a definition, and check that".to_owned()),
                };
                self.problem(&instance.address, problem, map);
            }
        }
        if let Some(first) = clients.first() {
            self.reading.notes.push(format!(
                "{}: {} of its resources set OPENAI_… variables ({first}): their base URLs are not judged by this version; \
                 give a project's base_url in a definition",
                self.source,
                clients.len()
            ));
        }
        mapped
    }

    fn subjects(&mut self, mapped: &[Mapped<'a>], joiner: &mut Joiner<'_>, map: &mut SourceMap) {
        let mut projects: Vec<ProjectReading> = Vec::new();
        for item in mapped.iter().filter(|m| m.resource.is == Role::Project && m.instance.exists_after()) {
            let address = item.instance.address.to_string();
            let (mut values, places) = self.values(item, joiner, map);
            for fact in &item.resource.not_read_back {
                if fact == "region" && values.region.is_absent() && !item.instance.actions.iter().any(|a| a == "create")
                {
                    let before = item.resource.attributes.get(fact).map(|name| item.instance.before(name));
                    if !matches!(before, Some(Resolved::Known(_))) {
                        let reason = format!("{NOT_REPORTED} {} for a project that exists already", item.provider);
                        values.region = Fact::Unknown(reason);
                    }
                }
            }
            values.origin = self.origin(&address);
            values.change = Some(Change { actions: item.instance.actions.clone() });
            let known = |name: &String| match item.instance.after(name) {
                Resolved::Known(node) => node.as_text().map(str::to_owned),
                Resolved::Absent | Resolved::Unknown(_) => None,
            };
            let mut identities: Vec<String> = item.resource.identities.iter().filter_map(known).collect();
            let hidden = identities.is_empty() && item.instance.existed();
            if hidden {
                let before = |name: &String| match item.instance.before(name) {
                    Resolved::Known(node) => node.as_text().map(str::to_owned),
                    Resolved::Absent | Resolved::Unknown(_) => None,
                };
                identities = item.resource.identities.iter().filter_map(before).collect();
            }
            values.project_id = match item.resource.identities.first().map(|name| item.instance.after(name)) {
                Some(Resolved::Unknown(reason)) => Fact::Unknown(reason),
                Some(Resolved::Known(_) | Resolved::Absent) | None => identities.first().cloned().into(),
            };
            projects.push(ProjectReading {
                id: format!("{}#{address}", self.source),
                project: values,
                places,
                identity_hidden: hidden && identities.is_empty(),
                identities,
                ..ProjectReading::default()
            });
        }
        joiner.set_projects(mapped.iter().filter(|m| m.resource.is == Role::Project).map(|m| &m.instance), &projects);
        joiner.set_settings(mapped.iter().filter(|m| m.resource.is == Role::ProjectSetting).map(|m| &m.instance));
        for item in mapped.iter().filter(|m| m.instance.is_forgotten() && m.resource.is == Role::Project) {
            let note = format!(
                "{}: Terraform forgets {}, which lives on and is not judged any more",
                self.source, item.instance.address
            );
            self.reading.notes.push(note);
        }
        // What stays goes first: a setting that is destroyed counts only where no other sets the same.
        let (stay, go): (Vec<_>, Vec<_>) = mapped.iter().partition(|m| m.instance.exists_after());
        for item in stay.into_iter().chain(go) {
            match item.resource.is {
                Role::Project => {}
                Role::OrganizationSetting => self.organization(item, joiner, map),
                Role::ProjectSetting => self.setting(item, joiner, &mut projects, map),
            }
        }
        self.reading.projects = projects;
    }

    /// What an instance sets, with the places.
    fn values(
        &mut self,
        item: &Mapped<'a>,
        joiner: &mut Joiner<'_>,
        map: &mut SourceMap,
    ) -> (Project, Vec<(String, Place)>) {
        let instance = &item.instance;
        let mut values = Project::default();
        let block = joiner.source_places(instance, map);
        let mut places: Vec<(String, Place)> = Vec::new();
        places.extend(block.as_ref().map(|(place, _)| (String::new(), place.clone())));
        places.push((String::new(), self.place(instance.address_span.clone())));
        for (fact, name) in &item.resource.attributes {
            let resolved = if instance.exists_after() { instance.after(name) } else { instance.before(name) };
            let written = block.as_ref().and_then(|(_, attributes)| attributes.get(name)).cloned();
            if let Some(place) = written.as_ref().filter(|_| resolved.is_sensitive()) {
                map.hide(place);
            }
            places.extend(written.map(|place| (fact.clone(), place)));
            if let Resolved::Known(node) = &resolved {
                places.push((fact.clone(), self.place(node.span())));
            }
            if let Err(problem) = value::set(&mut values, fact, &resolved, &instance.address, name) {
                self.problem(&instance.address, problem, map);
            }
        }
        (values, places)
    }

    fn organization(&mut self, item: &Mapped<'a>, joiner: &mut Joiner<'_>, map: &mut SourceMap) {
        if !item.instance.exists_after() && !item.resource.stays_when_destroyed {
            return;
        }
        let (values, places) = self.values(item, joiner, map);
        let place = |fact: &str| {
            let own = places.iter().find(|(name, _)| name == fact).or_else(|| places.first());
            own.map_or(self.place(0..0), |(_, place)| place.clone())
        };
        let leaf = match &values.data_retention {
            Fact::Known(control) => Leaf::Value(control.as_str().into()),
            Fact::Unknown(reason) => Leaf::Unknown(reason.clone()),
            Fact::Absent => return,
        };
        let path = vec!["data_retention".to_owned()];
        if !item.instance.exists_after() && self.reading.organization.contains_key(&path) {
            return;
        }
        let origin = self.origin(&item.instance.address);
        let declared = Part { leaf: Leaf::Object, place: place(""), origin: origin.clone() };
        let value = Part { leaf, place: place("data_retention"), origin };
        self.reading.organization.entry(Vec::new()).or_insert(declared);
        self.reading.organization_change = Some(Change { actions: item.instance.actions.clone() });
        if let Some(other) = self.reading.organization.get(&path)
            && other.leaf != value.leaf
        {
            let why = "several resources set the organization's data retention".to_owned();
            let both = Part { leaf: Leaf::Unknown(why), ..value };
            self.reading.organization.insert(path, both);
            return;
        }
        self.reading.organization.insert(path, value);
    }

    fn setting(
        &mut self,
        item: &Mapped<'a>,
        joiner: &mut Joiner<'_>,
        projects: &mut [ProjectReading],
        map: &mut SourceMap,
    ) {
        let instance = &item.instance;
        if !instance.exists_after() && !item.resource.stays_when_destroyed {
            return;
        }
        let Some(link) = &item.resource.link else { return };
        let (values, places) = self.values(item, joiner, map);
        let id = format!("{}#{}", self.source, instance.address);
        let attribute =
            item.resource.attributes.keys().next().map_or("", |fact| fact.split('.').next().unwrap_or(fact));
        let origin = self.origin(&instance.address);
        let unjoined = |reason: String, candidates: Vec<String>| Unjoined {
            address: instance.address.to_string(),
            attribute: attribute.to_owned(),
            reason,
            candidates,
            origin: origin.clone(),
        };
        match joiner.join(instance, link, map) {
            Join::Projects(indexes) => {
                for index in indexes {
                    let Some(target) = projects.get_mut(index) else { continue };
                    let mut conflicts = Vec::new();
                    lay_over(&mut target.project, values.clone(), |attribute| conflicts.push(attribute.to_owned()));
                    for attribute in conflicts.iter().filter(|_| instance.exists_after()) {
                        let reason = format!("several resources set it, {} among them", instance.address);
                        make_unknown(&mut target.project, attribute, &reason);
                    }
                    target.places.extend(places.iter().filter(|(name, _)| !name.is_empty()).cloned());
                }
            }
            Join::ById(project_id) => {
                let reason = format!("it belongs to project {project_id}, which no input declares");
                let unjoined = unjoined(reason, Vec::new());
                self.reading.by_id.push(SettingById { project_id, unjoined, id, values, places });
            }
            Join::Unproven { reason, candidates } => {
                let told = format!("{} may set it: {reason}", instance.address);
                for index in &candidates {
                    if let Some(project) = projects.get_mut(*index) {
                        make_unknown(&mut project.project, attribute, &told);
                    }
                }
                if candidates.is_empty() {
                    let problem = SyntaxError {
                        span: instance.address_span.clone(),
                        message: format!(
                            "{} sets the {attribute} of a project that can't be told: {reason}",
                            instance.address
                        ),
                        help: Some(
                            "give it together with the plan of its project, where their ids are known".to_owned(),
                        ),
                    };
                    self.problem(&instance.address, problem, map);
                }
                let ids = candidates.iter().filter_map(|i| projects.get(*i)).map(|p| p.id.clone()).collect();
                for (name, place) in places {
                    map.record(&id, &name, place);
                }
                self.reading.unjoined.push((id, unjoined(reason, ids)));
            }
        }
    }
}

/// A part of a plan as a tree.
fn node(text: &str, raw: Option<&RawValue>) -> Result<Option<crate::document::Node>, SyntaxError> {
    raw.map(|raw| json_node(text, raw)).transpose()
}
