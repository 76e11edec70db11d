//! The effective table, project × endpoint: what is kept of what is sent, for how long, where, and why.
//!
//! Days of logs and of application state are asked of `openai.state`, the library that the rules ask, and where the content
//! of declared uses rests and is processed of `openai.placed`, which asks the rules: table and verdicts can't say different
//! things.

mod cells;
mod notes;
mod placed;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::edition::EditionFacts;
use crate::error::Error;
use crate::facts::{Facts, Project, Use};
use crate::policy::{Document, File, ask};

/// How the table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// For people, in 80 columns.
    Text,
    /// For programs.
    Json,
    /// For a page or a comment.
    Markdown,
    /// For a spreadsheet.
    Csv,
}

/// The table.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Table {
    /// Version of this shape.
    pub schema: u32,
    /// Name of the edition.
    pub edition: String,
    /// The projects, each with its endpoints.
    pub projects: Vec<ProjectTable>,
    /// What the page says of all rows, and what the table can't show.
    pub notes: Vec<String>,
}

/// The rows of one project.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProjectTable {
    /// Id in the facts.
    pub id: String,
    /// What people call it: its name, else its address.
    pub name: String,
    /// Terraform address.
    pub address: Option<String>,
    /// The control in effect; the reason says who declares it.
    pub control: Cell,
    /// The region.
    pub region: Cell,
    /// One row an endpoint; where uses of it are declared, one each.
    pub rows: Vec<Row>,
}

/// One endpoint of a project, or one use of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Row {
    /// Endpoint path.
    pub endpoint: String,
    /// Id of the use; null where none is declared, and the API's defaults are assumed.
    #[serde(rename = "use")]
    pub of_use: Option<String>,
    /// Whether content is used for training.
    pub training: Cell,
    /// How long the abuse monitoring logs keep it.
    pub abuse_logs: Duration,
    /// How long it is kept as application state.
    pub application_state: Duration,
    /// Whether the endpoint is eligible for zero data retention.
    pub zdr_eligible: Cell,
    /// Whether it rests in the project's region.
    pub stored_in_region: Cell,
    /// Whether it is processed in the project's region.
    pub processed_in_region: Cell,
}

/// A value with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cell {
    /// The value, in a word or two.
    pub value: String,
    /// Why.
    pub reason: String,
}

impl Cell {
    fn new(value: impl Into<String>, reason: impl Into<String>) -> Cell {
        Cell { value: value.into(), reason: reason.into() }
    }
}

/// A time for which something is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Duration {
    /// In words.
    #[serde(rename(deserialize = "text"))]
    pub value: String,
    /// Why.
    #[serde(rename(deserialize = "why"))]
    pub reason: String,
    /// The fewest days that it may be, or `until_deleted`.
    #[serde(rename(deserialize = "least"))]
    pub least_days: Value,
    /// The most days that it may be, or `until_deleted`; null where the page does not say.
    #[serde(rename(deserialize = "most"))]
    pub most_days: Value,
    /// The attribute that is not known and decides; null where all is known.
    #[serde(default, rename(deserialize = "open"))]
    pub hangs_on: Option<String>,
}

/// What decides how long an endpoint's application state is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    endpoint: String,
    control: Option<String>,
    store: String,
    background: String,
    outputs: String,
}

/// Makes the table. `files` are rules with the libraries of the product; rules of one's own may be among them.
///
/// # Errors
/// Libraries that can't be asked; a test holds that they can.
pub fn table(facts: &Facts, files: &[File]) -> Result<Table, Error> {
    let mut uses: BTreeMap<(&str, &str), Vec<(&String, &Use)>> = BTreeMap::new();
    for (id, call) in &facts.uses {
        if let Some(project) = &call.project {
            uses.entry((project, &call.endpoint)).or_default().push((id, call));
        }
    }
    let mut rows = Vec::new();
    for (id, project) in &facts.projects {
        let own = uses.range((id.as_str(), "")..).take_while(|((of, _), _)| *of == id);
        let mut endpoints: BTreeSet<&str> = own.map(|((_, endpoint), _)| *endpoint).collect();
        endpoints.extend(facts.edition.endpoints.keys().map(String::as_str));
        for endpoint in endpoints {
            match uses.get(&(id.as_str(), endpoint)) {
                Some(calls) => rows.extend(calls.iter().map(|call| (id, project, endpoint, Some(*call)))),
                None => rows.push((id, project, endpoint, None)),
            }
        }
    }
    let question = |project: &Project, endpoint: &str, call: Option<(&String, &Use)>| {
        let effective = call.map_or(&project.effective, |(_, call)| &call.effective);
        Question::new(endpoint, effective.known().and_then(|e| e.data_retention.clone()), call.map(|(_, call)| call))
    };
    let asked: BTreeSet<Question> =
        rows.iter().map(|(_, project, endpoint, call)| question(project, endpoint, *call)).collect();
    let answers = answers(facts, files, &asked)?;
    let placed = placed::placed(facts, files)?;
    let mut projects: Vec<ProjectTable> = Vec::new();
    for (id, project, endpoint, call) in rows {
        if projects.last().is_none_or(|last| last.id != *id) {
            projects.push(cells::project(id, project, facts));
        }
        let Some(kept) = answers.get(&question(project, endpoint, call)) else { continue };
        if let Some(table) = projects.last_mut() {
            let placed = call.and_then(|(id, _)| placed.of(id));
            table.rows.push(cells::row(project, endpoint, call, facts, kept, placed));
        }
    }
    let mut notes = notes::notes(&facts.edition);
    let untold = facts.uses.values().filter(|call| call.project.is_none()).map(|call| call.endpoint.as_str());
    let untold: Vec<&str> = untold.collect::<BTreeSet<_>>().into_iter().collect();
    if !untold.is_empty() {
        notes.insert(
            0,
            format!("The project of some uses can't be told, so they are in no row: {}.", untold.join(", ")),
        );
    }
    Ok(Table { schema: 1, edition: facts.edition.name.clone(), projects, notes })
}

impl Question {
    fn new(endpoint: &str, control: Option<String>, call: Option<&Use>) -> Question {
        let flag = |fact: Option<&crate::facts::Fact<bool>>| match fact {
            None => Value::Null,
            Some(fact) => match (fact.known(), fact.reason()) {
                (Some(value), _) => (*value).into(),
                (None, Some(_)) => "unknown".into(),
                (None, None) => Value::Null,
            },
        };
        let outputs = match call.map(|call| &call.outputs) {
            None => Value::Null,
            Some(fact) => match (fact.known(), fact.reason()) {
                (Some(value), _) => json!(value),
                (None, Some(_)) => "unknown".into(),
                (None, None) => Value::Null,
            },
        };
        Question {
            endpoint: endpoint.to_owned(),
            control,
            store: flag(call.map(|call| &call.store)).to_string(),
            background: flag(call.map(|call| &call.background)).to_string(),
            outputs: outputs.to_string(),
        }
    }

    fn value(&self) -> Value {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        json!([self.endpoint, self.control, read(&self.store), read(&self.background), read(&self.outputs)])
    }
}

/// What `openai.table` makes of questions: days of logs and of application state.
fn answers(
    facts: &Facts,
    files: &[File],
    asked: &BTreeSet<Question>,
) -> Result<BTreeMap<Question, (Duration, Duration)>, Error> {
    #[derive(Serialize)]
    struct Input<'a> {
        #[serde(flatten)]
        facts: Head<'a>,
        asked: Vec<Value>,
    }
    #[derive(Serialize)]
    struct Head<'a> {
        edition: &'a EditionFacts,
        organization: &'a crate::facts::Organization,
    }
    let head = Head { edition: &facts.edition, organization: &facts.organization };
    let input = Input { facts: head, asked: asked.iter().map(Question::value).collect() };
    let answered = ask(files, "openai.table", "answers", Document::new(&input)?)?;
    let wrong = |e: serde_json::Error| Error::new("openai.table", format!("the answers can't be read: {e}"));
    let read: Vec<(Duration, Duration)> = serde_json::from_value(answered).map_err(wrong)?;
    if read.len() != asked.len() {
        return Err(Error::new("openai.table", format!("{} questions have {} answers", asked.len(), read.len())));
    }
    Ok(asked.iter().cloned().zip(read).collect())
}
