//! Project definitions: the JSON and HCL in which a team writes down its organization and projects.

mod calls;
mod organization;
mod schema;

use std::collections::BTreeMap;

use super::reading::{AddsTo, Leaf, ProjectReading, Reading};
use crate::document::{Fields, Label, Labelled, Node, Spanned, SyntaxError, Value};
use crate::error::Error;
use crate::facts::{CONTROLS, Fact, HOSTED_TOOLS, MODES, Models, ORGANIZATION_DEFAULT, Origin, Project, Requirements};
use crate::location::{FileId, Place, SourceMap};

pub use schema::schema;

/// The blocks of the HCL form that have labels.
pub const LABELLED: &[Labelled] = &[
    Labelled { block: "project", into: "projects", label: Label::Field("name") },
    Labelled { block: "use", into: "uses", label: Label::Field("endpoint") },
    Labelled { block: "region_approval", into: "region_approvals", label: Label::Key },
];

/// How the Administration API's residency words are made.
pub const RESIDENCY_PATTERN: &str = "^(GLOBAL|[A-Z]{2}_STORAGE(_PROCESSING)?)$";

/// Whether a word is one of the Administration API's for residency, of whatever region: that an edition lists it is judged.
fn is_residency(word: &str) -> bool {
    let region = word.strip_suffix("_PROCESSING").unwrap_or(word).strip_suffix("_STORAGE");
    word == "GLOBAL" || region.is_some_and(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()))
}

/// The Administration API's residency words that are known, to name the nearest.
pub const RESIDENCIES: [&str; 15] = [
    "GLOBAL",
    "US_STORAGE_PROCESSING",
    "EU_STORAGE_PROCESSING",
    "JP_STORAGE",
    "JP_STORAGE_PROCESSING",
    "KR_STORAGE",
    "CA_STORAGE",
    "SG_STORAGE",
    "IN_STORAGE",
    "IN_STORAGE_PROCESSING",
    "AU_STORAGE",
    "AU_STORAGE_PROCESSING",
    "GB_STORAGE",
    "AE_STORAGE",
    "AE_STORAGE_PROCESSING",
];

/// The keys by which a JSON object is recognised as a definition.
pub const KEYS: [&str; 13] = [
    "organization",
    "projects",
    "name",
    "id",
    "address",
    "region",
    "residency",
    "data_retention",
    "base_url",
    "handles_phi",
    "models",
    "tools",
    "uses",
];

/// Reads a definition. `file` is its text in `map`, `source` the path that ids carry.
pub fn read(node: &Node, file: FileId, source: &str, map: &SourceMap) -> Reading {
    let mut reader = Reader { file, source, reading: Reading::default() };
    let problems = reader.document(node);
    let mut reading = reader.reading;
    // What stands there wrong is missing from what was read: who writes the file mends it, and nobody acknowledges it.
    let told = capped(problems).into_iter().map(|problem| problem.told_of(source, file, map));
    reading.problems.extend(told.map(|problem| Error { firm: true, ..problem }));
    reading
}

/// What to do where two projects have one name.
const OWN_ID: &str = "give each an `id` of its own";

/// The most problems that are told of one file.
const MAX_PROBLEMS: usize = 100;

/// The first problems, and how many more there are.
fn capped(mut problems: Vec<SyntaxError>) -> Vec<SyntaxError> {
    let more = problems.len().saturating_sub(MAX_PROBLEMS);
    if more > 0 {
        problems.truncate(MAX_PROBLEMS);
        if let Some(last) = problems.last_mut() {
            last.message = format!("{}; and {more} more problems in this file", last.message);
        }
    }
    problems
}

struct Reader<'s> {
    file: FileId,
    source: &'s str,
    reading: Reading,
}

/// Attributes of a subject with the places they were written at.
type Places = Vec<(String, Place)>;

impl Reader<'_> {
    fn place(&self, span: &std::ops::Range<usize>) -> Place {
        Place { file: self.file, span: span.clone() }
    }

    /// The value of a fact, its place noted.
    fn fact<T>(&self, places: &mut Places, name: &str, value: Option<Spanned<T>>) -> Fact<T> {
        match value {
            Some(value) => {
                places.push((name.to_owned(), self.place(&value.span)));
                Fact::Known(value.value)
            }
            None => Fact::Absent,
        }
    }

    fn document(&mut self, node: &Node) -> Vec<SyntaxError> {
        let nothing = |span| SyntaxError {
            span,
            message: "declares nothing: expected an organization or projects".to_owned(),
            help: Some("write at least one project, or an organization".to_owned()),
        };
        match &node.value {
            Value::Array(items) if items.is_empty() => vec![nothing(node.span.clone())],
            Value::Array(items) => self.projects(items),
            Value::Object(entries) if entries.is_empty() => vec![nothing(node.span.clone())],
            Value::Object(entries) if entries.iter().any(|e| e.key == "name") => {
                self.projects(std::slice::from_ref(node))
            }
            Value::Object(_) => {
                let mut fields = match Fields::new(node, "a definition") {
                    Ok(fields) => fields,
                    Err(problem) => return vec![problem],
                };
                let mut problems = Vec::new();
                let mut declares = false;
                let mut given = Vec::new();
                if let Some(organization) = fields.take("organization") {
                    fields.within(organization, "organization", |f| self.organization(f, organization));
                    declares |= self.reading.organization.values().any(|part| part.leaf != Leaf::Object);
                    given.push(&organization.span);
                }
                if let Some(list) = fields.take("projects") {
                    if let Some(list) = fields.take_list("projects") {
                        declares |= !list.value.is_empty();
                        problems.extend(self.projects(list.value));
                    }
                    given.push(&list.span);
                }
                problems.extend(fields.finish());
                if !declares && problems.is_empty() {
                    let at = if let [only] = given.as_slice() { *only } else { &node.span };
                    problems.push(nothing(at.clone()));
                }
                problems
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![SyntaxError {
                span: node.span.clone(),
                message: format!("a definition must be an object or a list of projects, but is {}", node.kind()),
                help: None,
            }],
        }
    }

    fn projects(&mut self, items: &[Node]) -> Vec<SyntaxError> {
        let mut problems = Vec::new();
        let mut named: BTreeMap<String, usize> = BTreeMap::new();
        let mut read = Vec::new();
        for item in items {
            match Fields::new(item, "a project") {
                Ok(mut fields) => {
                    let project = self.project(&mut fields, item);
                    problems.extend(fields.finish());
                    read.extend(project);
                }
                Err(problem) => problems.push(problem),
            }
        }
        for project in &read {
            *named.entry(project.project.name.known().cloned().unwrap_or_default()).or_default() += 1;
        }
        let mut ids = std::collections::BTreeSet::new();
        let mut nameless = Vec::new();
        for mut project in read {
            let name = project.project.name.known().cloned().unwrap_or_default();
            if named.get(&name).is_some_and(|n| *n > 1)
                && let Some(AddsTo::Id(text) | AddsTo::Address(text)) = &project.adds_to
            {
                project.id = format!("{}@{text}", project.id);
            }
            if !ids.insert(project.id.clone()) {
                problems.push(SyntaxError {
                    span: project
                        .places
                        .iter()
                        .find(|(a, _)| a == "name")
                        .map(|(_, p)| p.span.clone())
                        .unwrap_or_default(),
                    message: format!("two projects are named {name:?}"),
                    help: Some(OWN_ID.to_owned()),
                });
                continue;
            }
            if named.get(&name).is_some_and(|n| *n > 1) && project.adds_to.is_none() {
                nameless.push((name, project.places.first().map(|(_, place)| place.span.clone()).unwrap_or_default()));
            }
            self.reading.projects.push(project);
        }
        for (name, span) in nameless {
            let message = format!("two projects are named {name:?}");
            if !problems.iter().any(|problem| problem.message == message) {
                problems.push(SyntaxError { span, message, help: Some(OWN_ID.to_owned()) });
            }
        }
        problems
    }

    fn project(&mut self, fields: &mut Fields<'_>, node: &Node) -> Option<ProjectReading> {
        let name = fields.take_string("name");
        if fields.lacks("name") {
            fields.problem(node.span.start..node.span.start + 1, "a project needs a \"name\"", None);
        }
        let name = name.filter(|given| {
            let empty = given.value.trim().is_empty();
            if empty {
                fields.problem(given.span.clone(), "a project needs a \"name\" that is not empty", None);
            }
            !empty
        });
        let id = fields.take_string("id");
        let address = fields.take_string("address");
        if let (Some(_), Some(address)) = (&id, &address) {
            fields.problem(address.span.clone(), "give either \"id\" or \"address\", not both", None);
        }
        let mut places: Places = vec![(String::new(), self.place(name.as_ref().map_or(&node.span, |n| &n.span)))];
        let adds_to = match (&address, &id) {
            (Some(address), _) => Some(AddsTo::Address(address.value.clone())),
            (None, Some(id)) => Some(AddsTo::Id(id.value.clone())),
            (None, None) => None,
        };
        let mut controls = CONTROLS.to_vec();
        controls.push(ORGANIZATION_DEFAULT);
        let region = fields.take_string("region");
        let residency = fields.take_word_like("residency", &RESIDENCIES, is_residency);
        // What `region` and `residency` say of one another is checked with the edition, which knows names of regions.
        let requirements = fields.take_object("requirements", |f| self.requirements(f, &mut places));
        if let Some(given) = &requirements {
            places.push(("requirements".to_owned(), self.place(&given.span)));
        }
        if let Some(address) = &address {
            places.push(("address".to_owned(), self.place(&address.span)));
        }
        let mut project = Project {
            origin: Origin { source: Some(self.source.to_owned()), address: None },
            requirements: requirements.map(|r| r.value).unwrap_or_default(),
            project_id: self.fact(&mut places, "project_id", id),
            region: self.fact(&mut places, "region", region),
            residency: self.fact(&mut places, "residency", residency),
            data_retention: self.fact(&mut places, "data_retention", fields.take_word("data_retention", &controls)),
            models: self.models(fields, &mut places),
            tools: self.tools(fields, &mut places),
            handles_phi: self.fact(&mut places, "handles_phi", fields.take_bool("handles_phi")),
            ..Project::default()
        };
        if project.region.is_absent()
            && let Some(place) = places.iter().find(|(a, _)| a == "residency").map(|(_, p)| p.clone())
        {
            places.push(("region".to_owned(), place));
        }
        let client = self.base_url(fields);
        let uses = self.uses(fields);
        let name = name?;
        let id = format!("{}#{}", self.source, name.value);
        project.name = self.fact(&mut places, "name", Some(name));
        let identities = project.project_id.known().cloned().into_iter().collect();
        Some(ProjectReading {
            id,
            project,
            uses,
            clients: client.into_iter().collect(),
            places,
            adds_to,
            identities,
            former_identities: Vec::new(),
            identity_hidden: false,
        })
    }

    fn requirements(&self, fields: &mut Fields<'_>, places: &mut Places) -> Requirements {
        let mut read = Requirements::default();
        let mut note = |name: &str, span: &std::ops::Range<usize>| {
            places.push((format!("requirements.{name}"), self.place(span)));
        };
        if let Some(list) = fields.take_strings("allowed_regions") {
            note("allowed_regions", &list.span);
            read.allowed_regions = Some(list.value.into_iter().map(|i| i.value).collect());
        }
        let booleans = [
            ("region_required", &mut read.region_required),
            ("regional_processing", &mut read.regional_processing),
            ("training_forbidden", &mut read.training_forbidden),
        ];
        for (name, slot) in booleans {
            if let Some(value) = fields.take_bool(name) {
                note(name, &value.span);
                *slot = Some(value.value);
            }
        }
        let counts = [
            ("max_abuse_log_days", &mut read.max_abuse_log_days),
            ("max_application_state_days", &mut read.max_application_state_days),
        ];
        for (name, slot) in counts {
            if let Some(value) = fields.take_count(name) {
                note(name, &value.span);
                *slot = Some(value.value);
            }
        }
        read
    }

    fn models(&self, fields: &mut Fields<'_>, places: &mut Places) -> Fact<Models> {
        let models = fields.take_object("models", |f| {
            let mode = f.take_word("mode", &MODES);
            let ids = f.take_strings("ids");
            (mode, ids, f.lacks("mode") || f.lacks("ids"))
        });
        let Some(Spanned { value: (mode, ids, lacking), span }) = models else { return Fact::Absent };
        let (Some(mode), Some(ids)) = (mode, ids) else {
            if lacking {
                fields.problem(span, "\"models\" needs a \"mode\" and \"ids\"", None);
            }
            return Fact::Absent;
        };
        places.push(("models".to_owned(), self.place(&span)));
        places.push(("models.ids".to_owned(), self.place(&ids.span)));
        for id in &ids.value {
            places.push((format!("models.ids.{}", id.value), self.place(&id.span)));
        }
        Fact::Known(Models { mode: mode.value, ids: ids.value.into_iter().map(|i| i.value).collect() })
    }

    fn tools(&self, fields: &mut Fields<'_>, places: &mut Places) -> Fact<BTreeMap<String, bool>> {
        let tools = fields.take_object("tools", |f| {
            let mut tools = BTreeMap::new();
            for name in HOSTED_TOOLS {
                if let Some(value) = f.take_bool(name) {
                    places.push((format!("tools.{name}"), self.place(&value.span)));
                    tools.insert(name.to_owned(), value.value);
                }
            }
            tools
        });
        self.fact(places, "tools", tools)
    }
}
