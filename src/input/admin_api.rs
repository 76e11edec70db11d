//! Answers of the Administration API: a project, a list of projects, or several answers keyed by request path.
//!
//! What the calls given do not return is unknown, and what no call returns is absent. Archived projects are counted.

mod answers;
mod permissions;

use std::collections::BTreeMap;

use super::fact_name::ProjectFact;
use super::lay_over::make_unknown;
use super::mapping::names_data_controls;
use super::reading::{Leaf, NO_CONTROL, NOT_IN_EXPORT, Part, ProjectReading, Reading};
use super::resources::archived_note;
use crate::document::{Node, SyntaxError, Value};
use crate::error::Error;
use crate::facts::{CONTROLS, Fact, ORGANIZATION_DEFAULT, Origin, Project};
use crate::location::{FileId, Place, SourceMap};
use answers::{Answer, Call, answers};

/// What is known of a project, by its id.
#[derive(Default)]
struct Exported {
    project: Project,
    places: Vec<(String, Place)>,
    archived: bool,
    /// The answer with the project itself.
    own: Option<Node>,
    /// What calls of its own returned.
    returned: Vec<Call>,
}

struct Reader<'s> {
    file: FileId,
    source: &'s str,
    problems: Vec<SyntaxError>,
    /// Where it says that it shows only a part.
    parts: Vec<SyntaxError>,
    projects: BTreeMap<String, Exported>,
    organization: Option<Part>,
}

/// Reads an export. `file` is its text in `map`, `source` the path that ids carry.
pub(super) fn read(node: &Node, file: FileId, source: &str, map: &SourceMap) -> Reading {
    let (found, problems, parts) = answers(node);
    let mut reader = Reader { file, source, problems, parts, projects: BTreeMap::new(), organization: None };
    for answer in &found {
        reader.answer(answer);
    }
    if found.is_empty() && reader.problems.is_empty() && reader.parts.is_empty() {
        let help = "give the answer of GET /v1/organization/projects, or an object of answers keyed by request path";
        reader.problem(node, "the export holds no project and no setting", help);
    }
    reader.finish(map)
}

impl Reader<'_> {
    fn place(&self, node: &Node) -> Place {
        Place { file: self.file, span: node.span.clone() }
    }

    fn problem(&mut self, node: &Node, message: impl Into<String>, help: impl Into<String>) {
        let start = node.span.start;
        let span = start..(start + 1).max(node.span.end.min(start + 80));
        self.problems.push(SyntaxError { span, message: message.into(), help: Some(help.into()) });
    }

    /// A key of an answer that must be a string where it is there.
    fn text(&mut self, answer: &Node, key: &str) -> Result<Option<(String, Place)>, ()> {
        let Some(node) = field(answer, key).filter(|n| n.value != Value::Null) else { return Ok(None) };
        match &node.value {
            Value::String(text) => Ok(Some((text.clone(), self.place(node)))),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                let message = format!("{key:?} must be a string, but is {}", node.kind());
                self.problem(node, message, "give the answer as the API returned it");
                Err(())
            }
        }
    }

    fn answer(&mut self, answer: &Answer<'_>) {
        match (answer.call, &answer.project) {
            (Call::Project, id) => self.project(answer.node, id.as_deref()),
            (Call::OrganizationRetention, _) => self.organization(answer.node),
            (call, Some(id)) => self.setting(call, id, answer.node),
            (_, None) => {
                let help = "key it by its request path: {\"/v1/organization/projects/proj_…/data_retention\": {…}}";
                self.problem(answer.node, "this answer does not say which project it is of", help);
            }
        }
    }

    fn project(&mut self, node: &Node, asked: Option<&str>) {
        let id = match (self.text(node, "id"), asked) {
            (Ok(Some((id, _))), Some(asked)) if id != asked => {
                let message = format!("the answer for project {asked:?} is of project {id:?}");
                return self.problem(node, message, "give each answer under the path that was asked");
            }
            (Ok(Some((id, _))), _) => id,
            (Ok(None), Some(asked)) => asked.to_owned(),
            (Ok(None), None) => {
                let help = "give the answer as the API returned it";
                return self.problem(node, "a project has no \"id\"", help);
            }
            (Err(()), _) => return,
        };
        if let Some(held) = self.projects.get(&id).and_then(|p| p.own.as_ref()) {
            if !same(held, node) {
                let message = format!("project {id:?} stands twice in the export, with other values");
                self.problem(node, message, "give answers of one moment");
            }
            return;
        }
        let mut project = Project { project_id: Fact::Known(id.clone()), ..Project::default() };
        let mut places = vec![(String::new(), self.place(field(node, "id").unwrap_or(node)))];
        for (fact, key) in [("name", "name"), ("residency", "residency"), ("region", "geography")] {
            let fact_of = |found: Result<Option<(String, Place)>, ()>, places: &mut Vec<(String, Place)>| match found {
                Ok(Some((text, place))) => {
                    places.push((fact.to_owned(), place));
                    Fact::Known(text)
                }
                Ok(None) => Fact::Absent,
                Err(()) => Fact::Unknown("it is of the wrong type".to_owned()),
            };
            let value = fact_of(self.text(node, key), &mut places);
            match fact {
                "name" => project.name = value,
                "residency" => project.residency = value,
                _ => project.region = value,
            }
        }
        let place_of = |name: &str| field(node, name).map(|n| ("region".to_owned(), self.place(n)));
        places.extend(place_of("residency"));
        if field(node, "residency").is_none() && field(node, "geography").is_none() {
            project.region = Fact::Unknown(NOT_IN_EXPORT.to_owned());
        }
        let Value::Object(entries) = &node.value else { return };
        for entry in entries {
            let known = ["residency", "geography"].contains(&entry.key.as_str());
            if names_data_controls(&entry.key) && !known && entry.node.value != Value::Null {
                let message = format!("{:?} of a project is a setting that this version does not know", entry.key);
                self.problem(&entry.node, message, "use a newer version of this program");
            }
        }
        let status = |word: &str| field(node, "status").is_some_and(|n| n.value == Value::String(word.to_owned()));
        let (says_archived, says_active) = (status("archived"), status("active"));
        let dated = field(node, "archived_at").filter(|at| self.is_day(at));
        if let Some(at) = dated.filter(|_| says_active) {
            let message = "\"archived_at\" has a day, and \"status\" is \"active\"";
            self.problem(at, message, "give the answer as the API returned it");
        }
        let archived = says_archived || (dated.is_some() && !says_active);
        let held = self.projects.entry(id).or_default();
        held.archived = archived;
        let settings = std::mem::take(&mut held.project);
        held.project = Project {
            data_retention: settings.data_retention,
            models: settings.models,
            tools: settings.tools,
            unknown_parts: settings.unknown_parts,
            ..project
        };
        held.places.splice(0..0, places);
        held.own = Some(node.clone());
    }

    /// Whether a day, in seconds, says that something was archived: 0 and null are none.
    fn is_day(&mut self, node: &Node) -> bool {
        match &node.value {
            Value::Null => false,
            Value::Number(day) if day.as_u64().is_some() => day.as_u64() != Some(0),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                let message = "\"archived_at\" must be a whole number of seconds or null";
                self.problem(node, message, "give the answer as the API returned it");
                false
            }
        }
    }

    /// The control that a retention answer names.
    fn control(&mut self, node: &Node, controls: &[&str]) -> (Fact<String>, Option<Place>) {
        match self.text(node, "type") {
            Ok(Some((control, place))) if controls.contains(&control.as_str()) => (Fact::Known(control), Some(place)),
            Ok(Some((_, place))) => {
                let node = field(node, "type").unwrap_or(node);
                let help = format!("known are: {}", controls.join(", "));
                self.problem(node, "\"type\" is no data retention that this version knows", help);
                (Fact::Unknown(NO_CONTROL.to_owned()), Some(place))
            }
            Ok(None) => {
                self.problem(node, "the answer has no \"type\"", "give the answer as the API returned it");
                (Fact::Unknown("the answer has no \"type\"".to_owned()), None)
            }
            Err(()) => (Fact::Unknown("it is of the wrong type".to_owned()), None),
        }
    }

    fn organization(&mut self, node: &Node) {
        let (control, place) = self.control(node, &CONTROLS);
        let leaf = match control {
            Fact::Known(control) => Leaf::Value(control.into()),
            Fact::Unknown(reason) => Leaf::Unknown(reason),
            Fact::Absent => return,
        };
        let origin = Origin { source: Some(self.source.to_owned()), address: None };
        let part = Part { leaf, place: place.unwrap_or_else(|| self.place(node)), origin };
        if self.organization.as_ref().is_some_and(|held| held.leaf != part.leaf) {
            self.problem(
                node,
                "the organization's retention stands twice, with other values",
                "give answers of one moment",
            );
        }
        self.organization.get_or_insert(part);
    }

    fn setting(&mut self, call: Call, id: &str, node: &Node) {
        let mut values = Project::default();
        let mut places = Vec::new();
        match call {
            Call::Retention => {
                let mut controls = CONTROLS.to_vec();
                controls.push(ORGANIZATION_DEFAULT);
                let (control, place) = self.control(node, &controls);
                values.data_retention = control;
                places.extend(place.map(|place| ("data_retention".to_owned(), place)));
            }
            Call::Models => {
                places.push(("models".to_owned(), self.place(node)));
                values.models = self.models(node);
                if let Some(ids) = field(node, "model_ids") {
                    places.push(("models.ids".to_owned(), self.place(ids)));
                }
            }
            Call::Tools => {
                places.push(("tools".to_owned(), self.place(node)));
                self.tools(node, &mut values, &mut places);
            }
            Call::Project | Call::OrganizationRetention => return,
        }
        let held = self.projects.entry(id.to_owned()).or_default();
        if held.returned.contains(&call) {
            let message = format!("project {id:?} has two answers to one call");
            return self.problem(node, message, "give each answer once");
        }
        held.returned.push(call);
        match call {
            Call::Retention => held.project.data_retention = values.data_retention,
            Call::Models => held.project.models = values.models,
            Call::Tools => held.project.tools = values.tools,
            Call::Project | Call::OrganizationRetention => {}
        }
        held.project.unknown_parts.extend(values.unknown_parts);
        held.places.extend(places);
    }

    fn finish(mut self, map: &SourceMap) -> Reading {
        let mut reading = Reading::default();
        let origin = Origin { source: Some(self.source.to_owned()), address: None };
        let archived = self.projects.values().filter(|p| p.archived).count();
        if let Some(note) = archived_note(archived) {
            reading.notes.push(format!("{}: {note}", self.source));
        }
        reading.archived.extend(self.projects.iter().filter(|(_, held)| held.archived).map(|(id, _)| id.clone()));
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for held in self.projects.values() {
            *names.entry(held.project.name.known().cloned().unwrap_or_default()).or_default() += 1;
        }
        for (id, held) in std::mem::take(&mut self.projects).into_iter().filter(|(_, held)| !held.archived) {
            let Exported { mut project, places, own, returned, .. } = held;
            for (call, fact) in [
                (Call::Retention, ProjectFact::DataRetention),
                (Call::Models, ProjectFact::Models),
                (Call::Tools, ProjectFact::Tools),
            ] {
                if !returned.contains(&call) {
                    make_unknown(&mut project, fact, NOT_IN_EXPORT);
                }
            }
            if own.is_none() {
                make_unknown(&mut project, ProjectFact::Name, NOT_IN_EXPORT);
                make_unknown(&mut project, ProjectFact::Region, NOT_IN_EXPORT);
                project.project_id = Fact::Known(id.clone());
            }
            project.origin = origin.clone();
            let subject = match project.name.known() {
                Some(name) if names.get(name) == Some(&1) && !name.is_empty() => format!("{}#{name}", self.source),
                Some(name) => format!("{}#{name}@{id}", self.source),
                None => format!("{}#{id}", self.source),
            };
            let identities = vec![id];
            reading.projects.push(ProjectReading {
                id: subject,
                project,
                places,
                identities,
                ..ProjectReading::default()
            });
        }
        let open = || Part {
            leaf: Leaf::Unknown(NOT_IN_EXPORT.to_owned()),
            place: Place { file: self.file, span: 0..1 },
            origin: origin.clone(),
        };
        let part = self.organization.take().unwrap_or_else(open);
        reading.organization.insert(vec!["data_retention".to_owned()], part);
        let problems = self.problems.into_iter().map(|problem| (problem, false));
        for (problem, firm) in problems.chain(self.parts.into_iter().map(|part| (part, true))) {
            reading.problems.push(Error { firm, ..problem.told_of(self.source, self.file, map) });
        }
        reading
    }
}

/// A key of an object.
fn field<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    match &node.value {
        Value::Object(entries) => entries.iter().find(|e| e.key == key).map(|e| &e.node),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

/// Whether two values are the same, wherever they stand.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(_)) => {
            let count = |node: &Node| if let Value::Object(entries) = &node.value { entries.len() } else { 0 };
            a.len() == count(other) && a.iter().all(|e| field(other, &e.key).is_some_and(|n| same(&e.node, n)))
        }
        (a, b) => a == b,
    }
}
