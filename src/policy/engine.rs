//! The embedded Rego engine, behind what the product asks of it. The only file that names regorus.
//!
//! regorus runs as an interpreter with strict built-in errors and OPA's `sprintf`; it has no clock. What it finds out
//! only when a call is reached — a function that it lacks, a function that calls itself — is checked before a rule runs.

mod calls;
mod verify;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

use regorus::utils::limits::ExecutionTimerConfig;
use serde_json::Value;

use super::Outcome;
use super::bundle::{File, MAX_NESTING, too_deep};
use super::sprintf::{Argument, sprintf};
use calls::Calls;

use crate::error::Error;
use crate::location::{Location, Position};
pub use verify::{LineCoverage, TestResult, evaluate_texts, run_tests, tests_hold};

/// How long one rule may run.
const RULE_TIME: Duration = Duration::from_secs(10);

/// The longest text that `sprintf` makes.
const MAX_TEXT: usize = 1 << 20;

/// Built-in functions that would let a rule depend on more than its input.
const REFUSED: [&str; 8] =
    ["time.now_ns", "rand.intn", "uuid.rfc4122", "http.send", "opa.runtime", "trace", "net.lookup_ip_addr", "print"];

/// An engine with rule files. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    inner: regorus::Engine,
    forgotten: BTreeSet<String>,
}

/// Turns YAML into JSON.
pub(super) fn yaml(text: &str) -> Result<Value, String> {
    let value = regorus::Value::from_yaml_str(text).map_err(|e| e.to_string())?;
    serde_json::to_value(&value).map_err(|e| e.to_string())
}

fn new_inner() -> regorus::Engine {
    let mut inner = regorus::Engine::new();
    inner.set_strict_builtin_errors(true);
    inner.set_gather_prints(true);
    limit_time(&mut inner, RULE_TIME);
    let format = |mut arguments: Vec<regorus::Value>| {
        let (Some(list), Some(format)) = (arguments.pop(), arguments.pop()) else {
            anyhow::bail!("sprintf needs a format and a list");
        };
        let (regorus::Value::String(format), regorus::Value::Array(list)) = (&format, &list) else {
            anyhow::bail!("sprintf needs a text and a list");
        };
        let list: Vec<Argument> = list.iter().map(argument).collect();
        let text = sprintf(format, &list).map_err(anyhow::Error::msg)?;
        anyhow::ensure!(text.len() <= MAX_TEXT, "sprintf: longer than {MAX_TEXT} bytes");
        Ok(regorus::Value::from(text))
    };
    // Only a second definition of one extension can fail.
    let _ = inner.add_extension("sprintf".to_owned(), 2, Box::new(format));
    inner
}

fn limit_time(inner: &mut regorus::Engine, limit: Duration) {
    if let Some(check_interval) = NonZeroU32::new(1000) {
        inner.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval });
    }
}

/// A value as OPA hands it to Go's `fmt`.
fn argument(value: &regorus::Value) -> Argument {
    match value {
        regorus::Value::String(text) => Argument::Text(text.to_string()),
        regorus::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(n), _) => Argument::Integer(n),
            (None, Some(f)) => Argument::Float(f),
            (None, None) => {
                let text = notation(value);
                text.parse().map_or(Argument::Text(text), Argument::Float)
            }
        },
        regorus::Value::Null
        | regorus::Value::Bool(_)
        | regorus::Value::Array(_)
        | regorus::Value::Set(_)
        | regorus::Value::Object(_)
        | regorus::Value::Undefined => Argument::Text(notation(value)),
    }
}

/// A value in Rego's notation, as OPA prints it.
fn notation(value: &regorus::Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        regorus::Value::Set(items) if items.is_empty() => "set()".to_owned(),
        regorus::Value::Set(items) => format!("{{{}}}", list(items.iter().map(notation).collect())),
        regorus::Value::Array(items) => format!("[{}]", list(items.iter().map(notation).collect())),
        regorus::Value::Object(entries) => {
            let each = entries.iter().map(|(k, v)| format!("{}: {}", notation(k), notation(v)));
            format!("{{{}}}", list(each.collect()))
        }
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

/// The engine's error as ours: it is text, `--> file:line:column` and a line `error: …`.
fn translate(what: &str, path: &str, error: &anyhow::Error) -> Error {
    let text = error.to_string();
    let message = text.lines().rev().find_map(|l| l.trim().strip_prefix("error: ")).unwrap_or(text.trim());
    let place = text.lines().find_map(|l| {
        let (rest, column) = l.trim().strip_prefix("--> ")?.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        let start = Position { line: line.parse().ok()?, column: column.parse().ok()? };
        Some(Location { path: file.to_owned(), start, end: start })
    });
    let start = Position { line: 1, column: 1 };
    let nowhere = Location { path: path.to_owned(), start, end: start };
    Error::new(what, message.to_owned()).at(place.unwrap_or(nowhere))
}

/// A facts document, as the engine reads it.
#[derive(Debug, Clone)]
pub struct Document(regorus::Value);

impl Document {
    /// Takes facts.
    ///
    /// # Errors
    /// Facts that can't be written as JSON, or that the engine can't read.
    pub fn new(facts: &impl serde::Serialize) -> Result<Document, Error> {
        let wrong = |e: String| Error::new("facts", format!("the facts can't be handed to the rules: {e}"));
        let text = serde_json::to_string(facts).map_err(|e| wrong(e.to_string()))?;
        regorus::Value::from_json_str(&text).map(Document).map_err(|e| wrong(e.to_string()))
    }
}

impl Engine {
    pub(super) fn new() -> Engine {
        Engine { inner: new_inner(), forgotten: BTreeSet::new() }
    }

    /// Adds a file.
    pub(super) fn add(&mut self, file: &File) -> Result<(), Error> {
        if let Some(line) = too_deep(&file.text) {
            return Err(Error::new(&file.path, format!("brackets nested deeper than {MAX_NESTING}"))
                .at(file.at(line, 1))
                .help("take the inner part out into a rule of its own"));
        }
        self.inner
            .add_policy(file.path.clone(), file.text.clone())
            .map(|_| ())
            .map_err(|e| translate(&file.path, &file.path, &e))
    }

    /// Sets how long one rule may run.
    pub(super) fn set_rule_time(&mut self, limit: Duration) {
        limit_time(&mut self.inner, limit);
    }

    pub(super) fn is_forgotten(&self, path: &str) -> bool {
        self.forgotten.contains(path)
    }

    /// Checks the loaded files: calls of functions that are not there or refused, functions that call themselves. What
    /// is found wrong is forgotten, and the engine built anew without it, so that it can't hinder other rules.
    pub(super) fn check(&mut self) -> Vec<Error> {
        let mut problems = Vec::new();
        let mut calls = Calls::default();
        for module in self.inner.get_modules() {
            calls.module(module);
        }
        for (function, (path, at)) in calls.unknown() {
            let mut problem = if REFUSED.contains(&function.as_str()) {
                Error::new(&path, format!("{function} is refused: a rule may depend on its input alone"))
                    .help("the day is input.today")
            } else {
                Error::new(&path, format!("there is no function {function}"))
            };
            problem.location = Some(at);
            problems.push(problem);
            self.forgotten.insert(path);
        }
        for (path, at, name) in calls.cycles() {
            problems.push(Error::new(&path, format!("the function {name} calls itself, which OPA refuses")).at(at));
            self.forgotten.insert(path);
        }
        if !self.forgotten.is_empty() {
            let modules: Vec<(String, String)> = self
                .inner
                .get_policies()
                .unwrap_or_default()
                .iter()
                .map(|s| (s.get_path().to_string(), s.get_contents().to_string()))
                .collect();
            self.inner = new_inner();
            for (path, text) in modules.into_iter().filter(|(path, _)| !self.forgotten.contains(path)) {
                let _ = self.inner.add_policy(path, text);
            }
        }
        problems
    }

    /// Makes ready for rules, so that clones are; what is wrong is found again by the first rule that is asked.
    pub(super) fn prepare(&mut self) {
        let _ = self.inner.eval_query("true".to_owned(), false);
    }

    /// Takes the facts document.
    pub(super) fn set_facts(&mut self, facts: Document) {
        self.inner.set_input(facts.0);
    }

    /// Evaluates the packages of several rules in one query, so that what they share is evaluated once. `None` where one
    /// of them errs or is too slow: then each has to be asked alone.
    pub(super) fn run_together(&mut self, packages: &[&str]) -> Option<Vec<Outcome>> {
        let query = packages.iter().map(|p| format!("data.{p}")).collect::<Vec<_>>().join(", ");
        let results = self.inner.eval_query(format!("[{query}]"), false).ok()?;
        match &results.result.first()?.expressions.first()?.value {
            regorus::Value::Array(values) if values.len() == packages.len() => {
                values.iter().zip(packages).map(|(value, package)| outcome(value, package, package).ok()).collect()
            }
            _ => None,
        }
    }

    /// Evaluates the package of one rule.
    pub(super) fn run(&mut self, package: &str, path: &str) -> Result<Outcome, Error> {
        let id = crate::rule::RuleId::of_package(package).map_or(package.to_owned(), |id| id.to_string());
        let results = self.inner.eval_query(format!("data.{package}"), false).map_err(|e| translate(&id, path, &e))?;
        match results.result.first().and_then(|r| r.expressions.first()) {
            Some(expression) => outcome(&expression.value, &id, path),
            None => outcome(&regorus::Value::Undefined, &id, path),
        }
    }
}

/// The three sets of a rule, from the document of its package.
fn outcome(package: &regorus::Value, id: &str, path: &str) -> Result<Outcome, Error> {
    let start = Position { line: 1, column: 1 };
    let here = Location { path: path.to_owned(), start, end: start };
    let regorus::Value::Object(sets) = package else {
        return Err(Error::new(id, "the rule has no answer: its package is empty").at(here));
    };
    let mut picked = serde_json::Map::new();
    for name in ["applies", "deny", "undetermined"] {
        if let Some(set) = sets.get(&regorus::Value::from(name)) {
            let shape = |e: serde_json::Error| Error::new(id, format!("{name} can't be read: {e}")).at(here.clone());
            picked.insert(name.to_owned(), serde_json::to_value(set).map_err(shape)?);
        }
    }
    if !picked.contains_key("deny") {
        return Err(Error::new(id, "the rule has no set \"deny\"").at(here));
    }
    serde_json::from_value(Value::Object(picked)).map_err(|e| {
        Error::new(id, format!("the rule answers in another shape than {{subject, attribute, msg}}: {e}"))
            .at(here)
            .help("build findings with openai.lib.finding")
    })
}
