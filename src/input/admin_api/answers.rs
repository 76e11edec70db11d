//! Which calls an export has the answers of.

use std::collections::{BTreeMap, VecDeque};

use super::field;
use crate::document::{Node, SyntaxError, Value};
use crate::input::mapping::names_data_controls;

/// A call whose answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Project,
    OrganizationRetention,
    Retention,
    Models,
    Tools,
}

/// An answer to a call.
pub(super) struct Answer<'n> {
    pub(super) call: Call,
    /// The project that was asked for.
    pub(super) project: Option<String>,
    pub(super) node: &'n Node,
}

/// A request path.
enum Path {
    /// `/v1/organization/projects`, with the project behind which this page begins.
    Projects {
        after: Option<String>,
    },
    Call {
        call: Call,
        project: Option<String>,
    },
    /// A call that tells nothing of data controls.
    Other,
    /// A call that this version does not know, and that names data controls.
    Unknown,
}

impl Path {
    /// The project that a page of the list begins behind.
    fn after(&self) -> Option<&str> {
        match self {
            Path::Projects { after } => after.as_deref(),
            Path::Call { .. } | Path::Other | Path::Unknown => None,
        }
    }
}

/// The answers in an export, what is wrong with it, and where it shows only a part.
pub(super) fn answers(node: &Node) -> (Vec<Answer<'_>>, Vec<SyntaxError>, Vec<SyntaxError>) {
    let mut found = Found::default();
    match &node.value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                // A list that goes on may be followed by its next page.
                let next = items.get(index + 1).is_some_and(is_page);
                found.unkeyed(item, next);
            }
        }
        Value::Object(entries) if entries.iter().any(|e| e.key.contains('/')) => {
            let paths: Vec<(Path, &Node)> = entries.iter().map(|e| (path(&e.key), &e.node)).collect();
            let order = order(&paths);
            for (entry, (path, node)) in entries.iter().zip(&paths) {
                let own = path.after().map_or(Some(0), |after| order.get(after).copied());
                let continues = |last: &str| own < order.get(last).copied();
                found.keyed(&entry.key, path, node, &continues);
                if let (Some(after), None) = (path.after(), own) {
                    found.parts.push(SyntaxError {
                        span: node.span.start..node.span.start + 1,
                        message: format!("the list goes on behind {after}, and the page before it is missing"),
                        help: Some("give all pages, the first under /v1/organization/projects".to_owned()),
                    });
                }
            }
        }
        Value::Object(_) => found.unkeyed(node, false),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.problem(node, "an export must be an object or a list".to_owned());
        }
    }
    (found.answers, found.problems, found.parts)
}

/// The pages of the list that follow the first one, by the project that each begins behind, with their place behind it.
fn order<'n>(paths: &'n [(Path, &'n Node)]) -> BTreeMap<&'n str, usize> {
    let mut pages: BTreeMap<Option<&str>, Vec<&Node>> = BTreeMap::new();
    for (path, node) in paths.iter().filter(|(path, _)| matches!(path, Path::Projects { .. })) {
        pages.entry(path.after()).or_default().push(node);
    }
    let mut order = BTreeMap::new();
    let mut ends: VecDeque<&str> = pages.get(&None).into_iter().flatten().flat_map(|node| last_ids(node)).collect();
    while let Some(last) = ends.pop_front() {
        let Some(next) = pages.get(&Some(last)).filter(|_| !order.contains_key(last)) else { continue };
        order.insert(last, order.len() + 1);
        ends.extend(next.iter().flat_map(|node| last_ids(node)));
    }
    order
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    match &field(node, key)?.value {
        Value::String(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The ids of the projects that the pages of an answer end with.
fn last_ids(node: &Node) -> Vec<&str> {
    let of = |page| {
        let items = match field(page, "data").map(|data| &data.value) {
            Some(Value::Array(items)) => items.last(),
            Some(_) | None => None,
        };
        [text(page, "last_id"), items.and_then(|last| text(last, "id"))]
    };
    match &node.value {
        Value::Array(pages) => pages.iter().flat_map(of).flatten().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            of(node).into_iter().flatten().collect()
        }
    }
}

/// Whether it is a list of projects, or an empty one.
fn is_page(node: &Node) -> bool {
    let is_project = |item: &Node| word(item) == "organization.project";
    matches!(field(node, "data"), Some(Node { value: Value::Array(items), .. }) if items.iter().all(is_project))
}

/// What an answer says that it is; empty where it does not.
fn word(node: &Node) -> &str {
    match field(node, "object").map(|n| &n.value) {
        Some(Value::String(word)) => word,
        Some(_) | None => "",
    }
}

/// The call that gives an answer which says that it is this.
fn call_of(word: &str) -> Option<Call> {
    match word {
        "organization.project" => Some(Call::Project),
        "organization.data_retention" => Some(Call::OrganizationRetention),
        "project.data_retention" => Some(Call::Retention),
        "project.model_permissions" => Some(Call::Models),
        _ => None,
    }
}

fn is_list(node: &Node) -> bool {
    matches!(field(node, "data"), Some(Node { value: Value::Array(_), .. }))
}

fn path(key: &str) -> Path {
    let (_, path) = key.split_once("/v1/").unwrap_or(("", key.strip_prefix("v1/").unwrap_or(key)));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let after = query.split('&').find_map(|pair| pair.strip_prefix("after=")).map(str::to_owned);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let of = |call, project: &str| Path::Call { call, project: Some(project.to_owned()) };
    match parts.as_slice() {
        ["organization", "projects"] => Path::Projects { after },
        ["organization", "projects", id] => of(Call::Project, id),
        ["organization", "projects", id, "data_retention"] => of(Call::Retention, id),
        ["organization", "projects", id, "model_permissions"] => of(Call::Models, id),
        ["organization", "projects", id, "hosted_tool_permissions"] => of(Call::Tools, id),
        ["organization", "data_retention"] => Path::Call { call: Call::OrganizationRetention, project: None },
        [.., last] if names_data_controls(last) => Path::Unknown,
        // A list of projects under another path than the one that is known.
        [first, ..] if *first != "organization" && parts.iter().any(|part| part.contains("projects")) => Path::Unknown,
        _ => Path::Other,
    }
}

#[derive(Default)]
struct Found<'n> {
    answers: Vec<Answer<'n>>,
    problems: Vec<SyntaxError>,
    parts: Vec<SyntaxError>,
}

impl<'n> Found<'n> {
    fn problem(&mut self, node: &Node, message: String) {
        let start = node.span.start;
        let help = "give the answers as the API returned them, keyed by request path".to_owned();
        self.problems.push(SyntaxError { span: start..start + 1, message, help: Some(help) });
    }

    fn keyed(&mut self, key: &str, path: &Path, node: &'n Node, continues: &dyn Fn(&str) -> bool) {
        if field(node, "error").is_some_and(|n| n.value != Value::Null) {
            return self.problem(node, format!("the call {key:?} failed"));
        }
        match path {
            // What a definition says, which is no answer.
            Path::Other if key == "organization" => self.problem(node, format!("{key:?} is no request path")),
            Path::Other => {}
            Path::Unknown => {
                self.problem(
                    node,
                    format!("the call {key:?} is of projects or their settings, and this version does not know it"),
                );
            }
            Path::Projects { .. } => match &node.value {
                Value::Array(pages) => {
                    for (index, page) in pages.iter().enumerate() {
                        self.list(page, index + 1 < pages.len(), continues);
                    }
                }
                _ => self.list(node, false, continues),
            },
            Path::Call { call, .. } if call_of(word(node)).is_some_and(|said| said != *call) => {
                self.problem(node, format!("the answer to {key:?} is that of another call: {:?}", word(node)));
            }
            Path::Call { call, project } => {
                if matches!(node.value, Value::Object(_)) {
                    self.answers.push(Answer { call: *call, project: project.clone(), node });
                } else {
                    self.problem(node, format!("the answer to {key:?} must be an object, but is {}", node.kind()));
                }
            }
        }
    }

    /// An answer that is told by its `object` alone.
    fn unkeyed(&mut self, node: &'n Node, next: bool) {
        if is_list(node) {
            return self.list(node, next, &|_| false);
        }
        let word = word(node);
        let call = match call_of(word) {
            Some(call) => call,
            None if word.starts_with("organization.") && !names_data_controls(word) => return,
            None => return self.problem(node, "this is no answer that is known by its \"object\"".to_owned()),
        };
        self.answers.push(Answer { call, project: None, node });
    }

    /// A page of projects.
    fn list(&mut self, node: &'n Node, next: bool, continues: &dyn Fn(&str) -> bool) {
        let Some(Node { value: Value::Array(items), .. }) = field(node, "data") else {
            return self.problem(node, "a list must have \"data\", a list of projects".to_owned());
        };
        for item in items {
            self.unkeyed(item, false);
        }
        let last = text(node, "last_id");
        // Whoever takes items out of an answer leaves what it says of them.
        for (key, item) in [("first_id", items.first()), ("last_id", items.last())] {
            let (Some(told), Some(at)) = (text(node, key), field(node, key)) else { continue };
            if item.is_none_or(|item| text(item, "id").is_some_and(|id| id != told)) {
                let message = format!("{key:?} names no such item of \"data\", so the export shows only a part");
                let help = Some("give the answer as the API returned it".to_owned());
                self.parts.push(SyntaxError { span: at.span.clone(), message, help });
            }
        }
        match field(node, "has_more").map(|n| (&n.value, n)) {
            None | Some((Value::Bool(false) | Value::Null, _)) => {}
            Some((Value::Bool(true), _)) if next || last.is_some_and(continues) => {}
            Some((Value::Bool(true), more)) => {
                let span = more.span.clone();
                let message = "the list goes on (has_more), so the export shows only a part".to_owned();
                let help = Some("give its further pages too: ?after=LAST_ID, each under its own path".to_owned());
                self.parts.push(SyntaxError { span, message, help });
            }
            Some((_, more)) => self.problem(more, "\"has_more\" must be true or false".to_owned()),
        }
    }
}
