//! The embedded Rego engine, behind what the product asks of it. It and the files below it alone name
//! regorus.
//!
//! regorus runs as an interpreter with strict built-in errors and OPA's `sprintf`; it has no clock. What it finds out
//! only when a call is reached — a function that it lacks, a function that calls itself — is checked before a rule runs.

mod arguments;
mod bounds;
mod calls;
mod conditions;
mod dependencies;
mod document;
mod emptied;
mod mistakes;
mod negations;
mod paths;
mod patterns;
mod texts;
mod verify;
mod weight;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::Duration;

use regorus::unstable::{Module, Ref};
use regorus::utils::limits::ExecutionTimerConfig;
use serde_json::Value;

use super::Outcome;
use super::bundle::{File, MAX_NESTING, RENAME, too_deep};
use super::stacks::on_large_stack;
use calls::Calls;

use crate::error::Error;
use crate::limits::raised_by;
use crate::location::{Location, Position};
pub use document::{Document, EditionDocument};
pub use verify::{
    LineCoverage, TestResult, check_files, emptied, evaluate_texts, mistakes, run_tests, tests_hold, variants_hold,
};

/// How long one rule may run.
const RULE_TIME: Duration = Duration::from_secs(10);

/// How many times as long an answer is waited for: reading a large answer takes time that is not the rule's.
const PATIENCE: u32 = 4;

/// How many times as long several rules may run together: what they share is evaluated once, and each alone would take that
/// time again.
const TOGETHER: u32 = 3;

/// The shortest wait for an answer.
const LEAST_PATIENCE: Duration = Duration::from_secs(2);

/// What is said of a rule that takes longer.
pub(super) const ENDLESS: &str = "it does not end in the time that one rule has";

/// The longest chain of rules and functions that need one another.
const MAX_CHAIN: usize = 500;

/// The most values of which the answer of one rule may be made.
const MAX_PARTS: usize = 20_000_000;

/// Built-in functions that would let a rule depend on more than its input.
const REFUSED: [&str; 8] =
    ["time.now_ns", "rand.intn", "uuid.rfc4122", "http.send", "opa.runtime", "trace", "net.lookup_ip_addr", "print"];

/// An engine with rule files. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    inner: regorus::Engine,
    /// Path of each file of the user: the package that it is to have.
    packages: BTreeMap<String, String>,
    forgotten: BTreeSet<String>,
    rule_time: Duration,
}

/// What is wrong where a file is not of the package that its path asks for, or defines something in a package of another file:
/// it would change what that says.
fn reaches_outside(module: &Ref<Module>, path: &str, package: &str) -> Option<Error> {
    let stated = calls::path_of(&module.package.refr).unwrap_or_default();
    if stated != package {
        let error = Error::new(path, format!("the package is {stated}, but the path asks for {package}"));
        return Some(error.at(calls::location(module.package.refr.span())).help(RENAME));
    }
    let is_within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    module.policy.iter().find_map(|rule| {
        let (name, at) = calls::head_of(rule)?;
        let full = format!("{package}.{name}");
        let others = super::bundle::packages().filter(|other| other != package);
        let other = { others }.find(|other| is_within(&full, other) || is_within(other, &full))?;
        let error = Error::new(path, format!("{full} lies in the package {other}, which another file holds"));
        Some(error.at(at).help("give it another name: a file says what its own package says"))
    })
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
    bounds::install(&mut inner);
    inner
}

fn limit_time(inner: &mut regorus::Engine, limit: Duration) {
    if let Some(check_interval) = NonZeroU32::new(1000) {
        inner.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval });
    }
}

/// The beginning of a file.
pub(super) fn top_of(path: &str) -> Location {
    let start = Position { line: 1, column: 1 };
    Location { path: path.to_owned(), start, end: start }
}

/// The engine's error as ours: it is text, `--> file:line:column` and a line `error: …`.
fn translate(what: &str, path: &str, error: &anyhow::Error) -> Error {
    let text = error.to_string();
    let message = text.lines().rev().find_map(|l| l.trim().strip_prefix("error: ")).unwrap_or(text.trim());
    let place = text.lines().find_map(|l| {
        let (rest, column) = l.trim().strip_prefix("--> ")?.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        let column = column_in_characters(&text, line, column.parse().ok()?);
        let start = Position { line: line.parse().ok()?, column };
        Some(Location { path: file.to_owned(), start, end: start })
    });
    let message = match message.split_once("execution exceeded time limit") {
        Some(_) => ENDLESS,
        None => message,
    };
    Error::new(what, message.to_owned()).at(place.unwrap_or_else(|| top_of(path)))
}

/// The engine counts a tab as four columns, and bytes within a string; its error repeats the line, behind which no place lies.
fn column_in_characters(error: &str, line: &str, column: usize) -> usize {
    let opening = format!("{line} | ");
    let Some(repeated) = error.lines().find_map(|text| text.strip_prefix(&opening)) else { return column };
    let (mut counted, mut characters) = (1, 1);
    for c in repeated.chars() {
        if counted >= column {
            return characters;
        }
        counted += if c == '\t' { 4 } else { 1 };
        characters += 1;
    }
    characters
}

impl Engine {
    pub(super) fn new() -> Engine {
        Engine { inner: new_inner(), packages: BTreeMap::new(), forgotten: BTreeSet::new(), rule_time: RULE_TIME }
    }

    /// Adds a file.
    pub(super) fn add(&mut self, file: &File) -> Result<(), Error> {
        if let Some(line) = too_deep(&file.text) {
            return Err(Error::new(&file.path, format!("brackets nested deeper than {MAX_NESTING}"))
                .at(file.at(line, 1))
                .help("take the inner part out into a rule of its own"));
        }
        if file.is_own() {
            self.packages.insert(file.path.clone(), file.package().to_owned());
        }
        self.inner
            .add_policy(file.path.clone(), file.text.clone())
            .map(|_| ())
            .map_err(|e| translate(&file.path, &file.path, &e))
    }

    /// Sets how long one rule may run.
    pub(super) fn set_rule_time(&mut self, limit: Duration) {
        limit_time(&mut self.inner, limit);
        self.rule_time = limit;
    }

    /// How long an answer is waited for: the engine looks at its own clock between steps only.
    pub(super) fn patience(&self) -> Duration {
        self.rule_time.saturating_mul(PATIENCE).max(LEAST_PATIENCE)
    }

    pub(super) fn is_forgotten(&self, path: &str) -> bool {
        self.forgotten.contains(path)
    }

    /// Checks the loaded files: calls of functions that are not there or refused, what depends on itself, names without a
    /// value. What is found wrong is forgotten, and the engine built anew without it, so that it can't hinder other rules.
    pub(super) fn check(&mut self) -> Vec<Error> {
        let mut problems: Vec<Error> = Vec::new();
        loop {
            let mut calls = Calls::default();
            let mut found = Vec::new();
            for module in self.inner.get_modules() {
                calls.module(module);
                let path = module.package.refr.span().source.file().to_string();
                found.extend(self.packages.get(&path).and_then(|package| reaches_outside(module, &path, package)));
            }
            // A file that is forgotten is missed by those that need it.
            found.extend(calls.unknown().into_iter().map(unknown_function));
            found.extend(calls.absent().into_iter().map(|(name, path, at)| {
                let help = match name.starts_with("openai.") {
                    true => "mend the file that is to hold it, or the name",
                    false => "rules see the facts and other rules, no data files: write it into a rule",
                };
                Error::new(path, format!("there is no {name}")).at(at).help(help)
            }));
            found.extend(calls.unanswered().map(|at| {
                let help = "write the pattern as its second argument: walk(x, [path, value])";
                Error::new(&at.path, "walk with one argument has no answers here").at(at.clone()).help(help)
            }));
            found.extend(endless(&calls));
            if found.is_empty() {
                break;
            }
            // Told apart by the place: what an error is about is shown without what looks like a key.
            let paths: Vec<String> = found.iter().filter_map(|p| Some(p.location.as_ref()?.path.clone())).collect();
            problems.extend(found);
            if !self.forget(paths) {
                break;
            }
        }
        problems.extend(self.prepare());
        problems
    }

    /// Makes the engine ready to evaluate, once for all its clones. Says what it finds wrong with the loaded files; that is
    /// forgotten.
    pub(super) fn prepare(&mut self) -> Vec<Error> {
        let mut problems = Vec::new();
        // What the engine finds when it looks at all files together, before it evaluates anything: one at a time.
        while let Err(e) = self.inner.eval_query("1".to_owned(), false) {
            let problem = translate("policy", "policy", &e);
            let path = problem.location.as_ref().map(|at| at.path.clone()).unwrap_or_default();
            let known = self.inner.get_policies().unwrap_or_default().iter().any(|source| *source.get_path() == path);
            problems.push(Error { what: path.clone(), ..problem });
            if !known || !self.forget([path]) {
                break;
            }
        }
        problems
    }

    /// Builds the engine anew without files; whether any of them was not forgotten before.
    fn forget(&mut self, paths: impl IntoIterator<Item = String>) -> bool {
        let before = self.forgotten.len();
        self.forgotten.extend(paths);
        if self.forgotten.len() == before {
            return false;
        }
        let sources = self.inner.get_policies().unwrap_or_default();
        self.inner = new_inner();
        for source in sources.iter().filter(|source| !self.forgotten.contains(source.get_path())) {
            let _ = self.inner.add_policy(source.get_path().clone(), source.get_contents().clone());
        }
        true
    }

    /// Takes the facts document.
    pub(super) fn set_facts(&mut self, facts: Document) {
        self.inner.set_input(facts.0);
    }

    /// Evaluates the packages of several rules in one query, so that what they share is evaluated once. `None` where one
    /// of them errs or all are too slow: then each has to be asked alone.
    pub(super) fn run_together(&mut self, packages: &[String]) -> Option<Vec<Outcome>> {
        limit_time(&mut self.inner, self.rule_time.saturating_mul(TOGETHER));
        bounds::begin();
        // A package a line: the engine takes no long lines.
        let query = packages.iter().map(|p| format!("data.{p}")).collect::<Vec<_>>().join(",\n");
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
        bounds::begin();
        let id = crate::rule::RuleId::of_package(package).map_or(package.to_owned(), |id| id.to_string());
        let results = self.inner.eval_query(format!("data.{package}"), false).map_err(|e| {
            let problem = translate(&id, path, &e);
            if problem.message == ENDLESS { problem.help(raised_by("rule-seconds")) } else { problem }
        })?;
        match results.result.first().and_then(|r| r.expressions.first()) {
            Some(expression) => outcome(&expression.value, &id, path),
            None => outcome(&regorus::Value::Undefined, &id, path),
        }
    }
}

/// The value of a rule of a library, `package.name`, on a document. `files` are what the library needs, rules among it, and more.
///
/// # Errors
/// Files that can't be loaded, and what the engine says.
pub fn ask(files: &[File], package: &str, name: &str, document: Document) -> Result<Value, Error> {
    let rule = format!("data.{package}.{name}");
    on_large_stack(move || {
        let mut engine = Engine::new();
        for file in super::bundle::needed_by(files, package) {
            engine.add(file)?;
        }
        engine.set_facts(document);
        let value = engine.inner.eval_rule(rule).map_err(|e| translate(package, package, &e))?;
        serde_json::to_value(&value).map_err(|e| Error::new(package, format!("the answer is no JSON: {e}")))
    })
}

fn unknown_function((function, path, at): (String, String, Location)) -> Error {
    if REFUSED.contains(&function.as_str()) {
        let message = format!("{function} is refused: a rule may depend on its input alone");
        Error::new(path, message).at(at).help("the day is input.today")
    } else {
        let near = crate::error::nearest(&function, bounds::functions()).filter(|near| !REFUSED.contains(near));
        let problem = Error::new(path, format!("there is no function {function}")).at(at);
        match near {
            _ if function.starts_with("lib.") => problem.help("`import data.openai.lib`, and call what it has"),
            Some(near) => problem.help(format!("did you mean {near}?")),
            None => problem,
        }
    }
}

/// What depends on itself, and chains so long that they would need too much stack.
fn endless(calls: &Calls) -> Vec<Error> {
    let defined: Vec<(&String, &(String, Location))> = calls.defined.iter().collect();
    let shape = dependencies::shape(&calls.needs());
    let mut problems: Vec<Error> = Vec::new();
    for number in shape.cyclic {
        let (name, (path, at)) = defined[number];
        let message = format!("{name} calls itself or depends on itself, which OPA refuses");
        let help = "take what leads back to it out into a rule of its own";
        problems.push(Error::new(path, message).at(at.clone()).help(help));
    }
    if let Some((number, length)) = shape.longest.filter(|(_, length)| *length > MAX_CHAIN) {
        let (name, (path, at)) = defined[number];
        let message = format!("{name} stands on a chain of {length} rules, more than {MAX_CHAIN}");
        let help = "join rules that only hand on what another one says";
        problems.push(Error::new(path, message).at(at.clone()).help(help));
    }
    problems
}

/// The three sets of a rule, from the document of its package.
fn outcome(package: &regorus::Value, id: &str, path: &str) -> Result<Outcome, Error> {
    let here = top_of(path);
    let regorus::Value::Object(sets) = package else {
        return Err(Error::new(id, "the rule has no answer: its package is empty")
            .at(here)
            .help("give it the sets applies, deny and undetermined"));
    };
    if weight::of(package, MAX_PARTS).is_none() {
        return Err(Error::new(id, format!("the rule's answer has more than {MAX_PARTS} parts"))
            .at(here)
            .help("answer with the ids of subjects and with findings alone"));
    }
    let mut picked = serde_json::Map::new();
    for name in ["applies", "deny", "undetermined"] {
        if let Some(set) = sets.get(&regorus::Value::from(name)) {
            let shape = |e: serde_json::Error| {
                Error::new(id, format!("{name} can't be read: {e}"))
                    .at(here.clone())
                    .help("build findings with openai.lib.finding")
            };
            picked.insert(name.to_owned(), serde_json::to_value(set).map_err(shape)?);
        }
    }
    if !picked.contains_key("deny") {
        return Err(Error::new(id, "the rule has no set \"deny\"")
            .at(here)
            .help("add `deny contains finding if …`, or `deny := set()` where it never denies"));
    }
    serde_json::from_value(Value::Object(picked)).map_err(|e| {
        let what = e.to_string().replace("struct Said", "an object");
        Error::new(id, format!("the rule answers in another shape than {{subject, attribute, msg}}: {what}"))
            .at(here)
            .help("build findings with openai.lib.finding")
    })
}
