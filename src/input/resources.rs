//! Resources of Terraform, whatever they were read from: projects and their settings as a plan or state leaves them,
//! API calls, and workloads that call the API.
//!
//! A value that is not known is unknown with its reason, a sensitive value never leaves this reader, and a setting is
//! given to a project only where that is proven.

mod actions;
mod change;
mod checks;
mod completeness;
mod declared;
mod instance;
mod join;
mod keys;
mod known;
mod mapped;
mod project;
mod set_use;
mod setting;
mod stored;
mod unread;
mod usage;
mod value;
mod workload;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::mapping::{Forks, Role, concerns, names_data_controls};
use super::reading::{ProjectReading, Reading};
use super::scan::{Configuration, Listed, Scan};
use crate::document::{Node, SyntaxError};
use crate::error::Error;
use crate::facts::Origin;
use crate::hcl::{ModuleAt, Modules, Root};
use crate::limits::Limits;
use crate::location::{FileId, Place, SourceMap};
pub(super) use change::{damaged, is_deposed};
pub(super) use instance::{Instance, RawState};
use join::Joiner;
use keys::Keys;
use mapped::Mapped;
use setting::Pending;
pub(super) use unread::DECLARE;
use unread::FORK;
pub(super) use unread::is_of_no_provider;

/// How Terraform's resources are read.
#[derive(Debug)]
pub(super) struct Options<'a> {
    /// Directories and saved plans given as `--source`.
    pub sources: &'a [PathBuf],
    /// The input's own directory, if it lies in one.
    pub own_directory: Option<&'a Path>,
    /// Take equal key sets as proof that equal keys belong together.
    pub assume_equal_keys: bool,
    /// What shown paths are relative to.
    pub working_directory: &'a Path,
    /// Providers that are read as another.
    pub forks: &'a Forks,
    /// Bounds on the evaluation of source.
    pub limits: Limits,
}

/// Reads the resources of one input into a [`Reading`].
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) file: FileId,
    /// The path that ids carry.
    pub(super) source: &'a str,
    pub(super) reading: Reading,
}

/// Data sources that make the text which a workload starts with: what they are given is what it is given.
pub(super) const RENDERERS: [&str; 4] = ["cloudinit_config", "template_cloudinit_config", "template_file", "ct_config"];

/// Attribute → where it was written; the empty attribute is the thing itself.
type Places = Vec<(String, Place)>;

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, file: FileId, source: &'a str) -> Reader<'a> {
        Reader { text, file, source, reading: Reading::default() }
    }

    pub(super) fn problem(&mut self, what: &str, problem: SyntaxError, map: &SourceMap) {
        // A plan or state that is wrong as a whole, or shows only a part, can't be acknowledged.
        let firm = what == self.source;
        self.reading.problems.push(Error { firm, ..problem.told_of(what, self.file, map) });
    }

    pub(super) fn note(&mut self, note: &str) {
        self.reading.notes.push(format!("{}: {note}", self.source));
    }

    fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place { file: self.file, span }
    }

    /// The places of what has a span in an instance: in the input's text, or in the source that declares the instance.
    fn places(&self, instance: &Instance<'_>, span: std::ops::Range<usize>) -> Vec<Place> {
        match &instance.declared {
            Some(source) => source.places(&span).to_vec(),
            None => vec![self.place(span)],
        }
    }

    /// A problem at a span of an instance.
    fn problem_in(&mut self, instance: &Instance<'_>, problem: SyntaxError, map: &SourceMap) {
        let Some(source) = &instance.declared else {
            return self.problem(&instance.address, problem, map);
        };
        let mut error = Error::new(instance.address.as_ref(), problem.message);
        error.help = problem.help;
        error.location = source.places(&problem.span).first().or(source.block.first()).map(|place| map.location(place));
        self.reading.problems.push(error);
    }

    fn origin(&self, address: &str) -> Origin {
        Origin { source: Some(self.source.to_owned()), address: Some(address.to_owned()) }
    }

    /// Keeps the lines out of reports on which the source may write what is sensitive: those that its attributes and all
    /// parts of them come from, and where the source does not show them, that of the resource.
    fn hide_marked(&self, instance: &Instance<'_>, joiner: &mut Joiner<'_>, map: &mut SourceMap) {
        let marked = instance.marked_attributes();
        if marked.is_empty() {
            return;
        }
        let Ok(source) = joiner.declared(instance) else { return };
        for name in marked {
            let places = source.places_within(name);
            let block = source.block.first().filter(|_| places.is_empty());
            places.iter().chain(block).for_each(|place| map.hide(place));
        }
    }

    /// The instances of what a list or tree kept, which stands under `key`. What is damaged is told and left out.
    pub(super) fn instances(
        &mut self,
        listed: &Listed<'a>,
        scan: &Scan<'a>,
        key: &str,
        map: &SourceMap,
    ) -> Vec<Instance<'a>> {
        if let Some(wrong) = listed.wrong {
            let problem = damaged(scan.key_span(self.text, key), format!("{key:?}: {wrong}"));
            self.problem(self.source, problem, map);
        }
        for raw in &listed.strange {
            let start = crate::document::span_of(self.text, raw).start;
            self.problem(self.source, damaged(start..start + 1, "a resource must be an object".to_owned()), map);
        }
        let mut instances = Vec::with_capacity(listed.kept.len());
        let mut seen = std::collections::HashSet::new();
        for raw in &listed.kept {
            let key = (raw.address.map(|a| a.get()), raw.deposed.map(|d| d.get()).filter(|d| *d != "null"));
            if let Some(address) = raw.address.filter(|_| !seen.insert(key)) {
                let message = format!("{} stands twice", super::scan::text(address).unwrap_or_default());
                self.problem(self.source, damaged(crate::document::span_of(self.text, address), message), map);
                continue;
            }
            match Instance::new(self.text, raw) {
                Ok(instance) => instances.push(instance),
                Err(problem) => self.problem(self.source, problem, map),
            }
        }
        instances
    }

    /// Reads instances: what they are, and what belongs together.
    pub(super) fn resources(
        &mut self,
        instances: Vec<Instance<'a>>,
        configuration: &Configuration<'_>,
        variables: Option<&Node>,
        options: &Options<'_>,
        map: &mut SourceMap,
    ) {
        let sorted = self.sort(instances, options, map);
        let root = self.choose_source(options, configuration, variables, map);
        let mut joiner = Joiner::new(configuration, root.as_ref(), options);
        self.subjects(sorted, &mut joiner, map);
        self.note_hidden_workloads(configuration);
        self.reading.problems.extend(root.iter().flat_map(Root::problems));
        root.iter().flat_map(Root::opened).for_each(|path| map.note_read(&path.to_string_lossy()));
    }

    /// The one source whose root module declares the plan's resources, with the values that its variables had.
    fn choose_source(
        &mut self,
        options: &Options<'_>,
        configuration: &Configuration<'_>,
        variables: Option<&Node>,
        map: &mut SourceMap,
    ) -> Option<Root> {
        let given: Vec<&Path> = match options.sources {
            [] => options.own_directory.into_iter().collect(),
            sources => sources.iter().map(PathBuf::as_path).collect(),
        };
        let directory = options.working_directory;
        let load = |path: &Path, map: &mut SourceMap| {
            Root::load_planned(
                &mut Modules::new(options.limits),
                &ModuleAt::root(path),
                variables,
                self.text,
                directory,
                map,
            )
        };
        let fits = |path: &Path| configuration.is_declared_by(&load(path, &mut SourceMap::default()));
        let fitting: Vec<&Path> = given.iter().copied().filter(|path| fits(path)).collect();
        match fitting.as_slice() {
            [one] => Some(load(one, map)),
            _ if options.sources.is_empty() => None,
            several => {
                let how_many = if several.is_empty() { "none" } else { "more than one" };
                self.note(&format!(
                    "joined without source, since {how_many} of the sources given with --source declares its resources"
                ));
                None
            }
        }
    }

    /// Sorts instances: those of mapped types, opened, and foreign ones that may be clients. A type of these providers
    /// that no mapping knows is a problem, once for each type; so is an attribute that names data controls.
    fn sort(&mut self, instances: Vec<Instance<'a>>, options: &Options<'_>, map: &SourceMap) -> Sorted<'a> {
        let mut sorted = Sorted::default();
        let mut told: BTreeSet<String> = BTreeSet::new();
        for mut instance in instances {
            if instance.deposed {
                if instance.exists_after() && concerns(&instance.kind) {
                    let what = "what a replacement left behind (deposed) is there still, and is not judged";
                    self.note(&format!("{}: {what}", instance.address));
                }
                continue;
            }
            let (kind, is_data) = (instance.kind.to_string(), instance.mode == "data");
            let what = if is_data { "data source" } else { "resource" };
            let Some(known) = options.forks.mapping(&instance.provider) else {
                if kind.starts_with("openai_") {
                    let provider = &instance.provider;
                    let message =
                        format!("the {what} {kind} comes from {provider}, a provider that this version does not read");
                    // The source reader tells of a provider that is not declared.
                    if instance.declared.is_none() || !is_of_no_provider(provider) {
                        self.unread(&instance, message, FORK, &mut told, map);
                    }
                    sorted.unread.extend(self.open_unread(&instance, map));
                }
                if !is_data || RENDERERS.contains(&kind.as_str()) {
                    sorted.foreign.push(instance);
                }
                continue;
            };
            let provider = &known.provider;
            let resource = known.resource(&kind, is_data);
            let ignored = if is_data { !names_data_controls(&kind) } else { known.others.contains(&kind) };
            if resource.is_none() && !ignored {
                let message = format!("{kind} of {provider} is a {what} type that this version does not know");
                self.unread(&instance, message, DECLARE, &mut told, map);
                sorted.unread.extend(self.open_unread(&instance, map));
                continue;
            }
            if let Err(problem) = instance.open() {
                self.problem(&instance.address, problem, map);
                continue;
            }
            let parts = match resource.and_then(|r| r.list.as_deref()) {
                Some(list) => self.listed(&instance, list),
                None => Vec::new(),
            };
            let is_known = |name: &str| resource.is_some_and(|r| r.knows(name) || r.list.as_deref() == Some(name));
            let must_know = |name: &str| resource.map_or_else(|| names_data_controls(name), |r| r.must_know(name));
            let mut doubts = Vec::with_capacity(parts.len() + 1);
            for part in std::iter::once(&instance).chain(&parts) {
                let mut doubt = None;
                for name in part.set_attributes(is_known, must_know) {
                    let message =
                        format!("{name:?} of {kind} of {provider} is an attribute that this version does not know");
                    self.unread(part, message, DECLARE, &mut told, map);
                    doubt.get_or_insert_with(|| format!("{name:?} of {} is not read, and may set it", part.address));
                }
                doubts.push(doubt);
            }
            let Some(resource) = resource else { continue };
            let own = doubts.remove(0);
            let instances = match resource.list {
                // What the list itself says may be meant for each item.
                Some(_) => {
                    parts.into_iter().zip(doubts.into_iter().map(|doubt| doubt.or_else(|| own.clone()))).collect()
                }
                None => vec![(instance, own)],
            };
            sorted.mapped.extend(instances.into_iter().map(|(instance, unread)| Mapped {
                instance,
                resource,
                provider,
                unread,
            }));
        }
        sorted
    }

    /// The items of a data source that lists things, each as an instance. What is known after apply is said.
    fn listed(&mut self, instance: &Instance<'a>, list: &str) -> Vec<Instance<'a>> {
        let (items, all_known) = instance.items(list);
        if !all_known {
            self.note(&format!(
                "{}: not all that it lists is known, and what is known after apply is not judged",
                instance.address
            ));
        }
        items
    }

    fn subjects(
        &mut self,
        Sorted { mapped, foreign, unread }: Sorted<'a>,
        joiner: &mut Joiner<'_>,
        map: &mut SourceMap,
    ) {
        let mapped = &mapped;
        let with_role = |role: Role| mapped.iter().filter(move |m| m.resource.is == role);
        let mut projects: Vec<ProjectReading> = Vec::new();
        let mut shown: Vec<&Instance<'a>> = Vec::new();
        let mut identities: BTreeSet<String> = BTreeSet::new();
        // Managed projects first: a data source that shows one of them is no other project.
        let (data, managed): (Vec<_>, Vec<_>) = with_role(Role::Project).partition(|m| m.is_data());
        let mut archived: BTreeSet<String> = BTreeSet::new();
        for item in managed.into_iter().chain(data).filter(|m| m.instance.exists_after()) {
            if item.is_archived() {
                archived.extend(item.known_identity());
                continue;
            }
            let project = self.project(item, joiner, map);
            if item.is_data() {
                if project.identities.is_empty() {
                    let why = "what it reads is known after apply, so its project is not judged";
                    self.note(&format!("{}: {why}", item.instance.address));
                    continue;
                }
                if project.identities.iter().any(|id| identities.contains(id)) {
                    continue;
                }
            }
            identities.extend(project.identities.iter().cloned());
            projects.push(project);
            shown.push(&item.instance);
        }
        joiner.set_projects(&shown, &projects);
        joiner.set_settings(with_role(Role::ProjectSetting).map(|m| &m.instance));
        let gone = with_role(Role::Project).filter(|m| !m.instance.exists_after());
        joiner.set_gone(gone.flat_map(Mapped::former_identities));
        joiner.set_archived(archived.iter().cloned());
        if let Some(note) = archived_note(archived.len()) {
            self.note(&note);
        }
        for item in with_role(Role::Project).filter(|m| m.instance.lets_go()) {
            let address = &item.instance.address;
            let forgets = match item.instance.exists_after() {
                true => format!("the project that {address} was, which is replaced and"),
                false => format!("{address}, which"),
            };
            self.note(&format!("Terraform forgets {forgets} lives on and is not judged any more"));
        }
        // What Terraform manages counts before what a data source shows, and that before what is let go.
        let mut pending = Pending::default();
        let mut settings: Vec<&Mapped<'a>> = mapped.iter().collect();
        settings.sort_by_key(|m| (!m.instance.exists_after(), m.is_data()));
        for item in settings {
            match item.resource.is {
                Role::OrganizationSetting => self.organization(item, joiner, map),
                Role::ProjectSetting => self.setting(item, joiner, &mut projects, &mut pending, map),
                Role::Use => self.usage(item, joiner, &projects, map),
                Role::Project | Role::ProjectKey => {}
            }
        }
        pending.settle(&mut projects);
        for instance in unread.iter().filter(|instance| instance.exists_after()) {
            self.may_set(instance, joiner, &mut projects);
        }
        if !foreign.is_empty() {
            let keys = Keys::new(mapped, joiner, &projects);
            self.workloads(foreign, &keys, joiner, map);
        }
        self.reading.projects = projects;
        self.reading.archived = archived.into_iter().collect();
    }
}

/// How it is said that archived projects are passed over.
pub(super) fn archived_note(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 archived project is not judged".to_owned()),
        several => Some(format!("{several} archived projects are not judged")),
    }
}

/// Instances by what they are read for.
#[derive(Default)]
struct Sorted<'a> {
    mapped: Vec<Mapped<'a>>,
    foreign: Vec<Instance<'a>>,
    /// Those that can't be read, and may set what is judged.
    unread: Vec<Instance<'a>>,
}
