//! The embedded Rego engine, behind what the product asks of it. The only file that names regorus.
//!
//! regorus runs as an interpreter with strict built-in errors and OPA's `sprintf`; it has no clock. What it finds out
//! only when a call is reached — a function that it lacks, a function that calls itself — is checked before a rule runs.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::Duration;

use regorus::unstable::{Expr, Literal, Module, Query, Ref, Rule as RegoRule, RuleBody, RuleHead, Span};
use regorus::utils::limits::ExecutionTimerConfig;
use serde_json::Value;

use super::Outcome;
use super::bundle::File;
use super::sprintf::{Argument, sprintf};
use crate::error::Error;
use crate::location::{Location, Position};

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
    if let Some(check_interval) = NonZeroU32::new(1000) {
        inner.set_execution_timer_config(ExecutionTimerConfig { limit: RULE_TIME, check_interval });
    }
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

fn location(span: &Span) -> Location {
    let start = Position { line: span.line as usize, column: span.col as usize };
    Location { path: span.source.file().to_string(), start, end: start }
}

/// How deep brackets may stand in each other in a rule file: the engine's parser doubles its time with each level.
const MAX_NESTING: usize = 12;

impl Engine {
    pub(super) fn new() -> Engine {
        Engine { inner: new_inner(), forgotten: BTreeSet::new() }
    }

    /// Adds a file and gives its package.
    pub(super) fn add(&mut self, file: &File) -> Result<String, Error> {
        if let Some(line) = too_deep(&file.text) {
            return Err(Error::new(&file.path, format!("brackets nested deeper than {MAX_NESTING}"))
                .at(file.at(line, 1))
                .help("take the inner part out into a rule of its own"));
        }
        let package = self
            .inner
            .add_policy(file.path.clone(), file.text.clone())
            .map_err(|e| translate(&file.path, &file.path, &e))?;
        Ok(package.strip_prefix("data.").unwrap_or(&package).to_owned())
    }

    /// Leaves a file out from now on.
    pub(super) fn forget(&mut self, path: &str) {
        self.forgotten.insert(path.to_owned());
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

    /// Takes the facts document.
    pub(super) fn set_facts(&mut self, facts: &str) -> Result<(), Error> {
        let value = regorus::Value::from_json_str(facts).map_err(|e| translate("facts", "facts", &e))?;
        self.inner.set_input(value);
        Ok(())
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

/// The first line on which brackets lie deeper than [`MAX_NESTING`]; strings and comments do not count.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut line) = (0_usize, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => line += 1,
            '#' => {
                while chars.peek().is_some_and(|c| *c != '\n') {
                    chars.next();
                }
            }
            '`' => {
                for c in chars.by_ref() {
                    line += usize::from(c == '\n');
                    if c == '`' {
                        break;
                    }
                }
            }
            '"' => {
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => {
                            chars.next();
                        }
                        '"' | '\n' => break,
                        _ => {}
                    }
                }
            }
            '(' | '[' | '{' => {
                depth += 1;
                if depth > MAX_NESTING {
                    return Some(line);
                }
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Who calls what, read from the syntax trees.
#[derive(Default)]
struct Calls {
    /// Defined functions and rules by full path → file and place.
    defined: BTreeMap<String, (String, Location)>,
    /// Caller → callee as written, with file, package and place.
    made: Vec<(String, String, String, Location)>,
    /// Package → import alias → full path.
    imports: BTreeMap<String, BTreeMap<String, String>>,
}

impl Calls {
    fn module(&mut self, module: &Ref<Module>) {
        let path = module.package.refr.span().source.file().to_string();
        let package = path_of(&module.package.refr).unwrap_or_default();
        let aliases = self.imports.entry(package.clone()).or_default();
        for import in &module.imports {
            if let Some(target) = path_of(&import.refr) {
                let last = target.rsplit('.').next().unwrap_or_default().to_owned();
                let alias = import.r#as.as_ref().map_or(last, |s| s.text().to_owned());
                aliases.insert(alias, target.strip_prefix("data.").unwrap_or(&target).to_owned());
            }
        }
        for rule in &module.policy {
            let (head, bodies): (Option<&Ref<Expr>>, &[RuleBody]) = match rule.as_ref() {
                RegoRule::Spec { head, bodies, .. } => {
                    let mut collect = Collector::default();
                    let refr = match head {
                        RuleHead::Compr { refr, assign, .. } => {
                            if let Some(assign) = assign {
                                collect.expression(&assign.value);
                            }
                            refr
                        }
                        RuleHead::Set { refr, key, .. } => {
                            if let Some(key) = key {
                                collect.expression(key);
                            }
                            refr
                        }
                        RuleHead::Func { refr, assign, args, .. } => {
                            for argument in args {
                                collect.expression(argument);
                            }
                            if let Some(assign) = assign {
                                collect.expression(&assign.value);
                            }
                            refr
                        }
                    };
                    self.take(&package, &path, refr, collect);
                    (Some(refr), bodies)
                }
                RegoRule::Default { refr, value, .. } => {
                    let mut collect = Collector::default();
                    collect.expression(value);
                    self.take(&package, &path, refr, collect);
                    (None, &[])
                }
            };
            let Some(refr) = head else { continue };
            for body in bodies {
                let mut collect = Collector::default();
                if let Some(assign) = &body.assign {
                    collect.expression(&assign.value);
                }
                collect.query(&body.query);
                self.take(&package, &path, refr, collect);
            }
        }
    }

    fn take(&mut self, package: &str, path: &str, refr: &Ref<Expr>, collect: Collector) {
        let name = path_of(refr).unwrap_or_default();
        let full = format!("{package}.{name}");
        self.defined.entry(full.clone()).or_insert_with(|| (path.to_owned(), location(refr.span())));
        for (callee, at) in collect.calls {
            self.made.push((full.clone(), self.resolve(package, &callee), path.to_owned(), at));
        }
    }

    /// The full path of a called name.
    fn resolve(&self, package: &str, callee: &str) -> String {
        if let Some(full) = callee.strip_prefix("data.") {
            return full.to_owned();
        }
        let (first, rest) = callee.split_once('.').map_or((callee, ""), |(f, r)| (f, r));
        if let Some(target) = self.imports.get(package).and_then(|i| i.get(first)) {
            return if rest.is_empty() { target.clone() } else { format!("{target}.{rest}") };
        }
        callee.to_owned()
    }

    fn is_defined(&self, caller: &str, callee: &str) -> Option<String> {
        if self.defined.contains_key(callee) {
            return Some(callee.to_owned());
        }
        let package = caller.rsplit_once('.').map_or("", |(p, _)| p);
        let local = format!("{package}.{callee}");
        self.defined.contains_key(&local).then_some(local)
    }

    /// Calls of functions that are not there or that are refused, once a file and function.
    fn unknown(&self) -> BTreeMap<String, (String, Location)> {
        let mut found = BTreeMap::new();
        for (caller, callee, path, at) in &self.made {
            let builtin = callee == "sprintf" || regorus::unstable::BUILTINS.contains_key(callee.as_str());
            if (builtin && !REFUSED.contains(&callee.as_str())) || self.is_defined(caller, callee).is_some() {
                continue;
            }
            found.entry(callee.clone()).or_insert_with(|| (path.clone(), at.clone()));
        }
        found
    }

    /// Functions that reach themselves.
    fn cycles(&self) -> Vec<(String, Location, String)> {
        let mut edges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (caller, callee, _, _) in &self.made {
            if let Some(target) = self.is_defined(caller, callee) {
                edges.entry(caller).or_default().insert(target);
            }
        }
        let mut found = Vec::new();
        for start in edges.keys() {
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            let mut waiting: Vec<&str> = vec![start];
            while let Some(name) = waiting.pop() {
                for next in edges.get(name).into_iter().flatten() {
                    if next == start {
                        if let Some((path, at)) = self.defined.get(*start) {
                            found.push((path.clone(), at.clone(), (*start).to_owned()));
                        }
                        waiting.clear();
                        break;
                    }
                    if seen.insert(next) {
                        waiting.push(next);
                    }
                }
            }
        }
        found
    }
}

/// `a.b.c` of a reference whose parts are all names.
fn path_of(expression: &Ref<Expr>) -> Option<String> {
    match expression.as_ref() {
        Expr::Var { span, .. } => Some(span.text().to_owned()),
        Expr::RefDot { refr, field, .. } => Some(format!("{}.{}", path_of(refr)?, field.0.text())),
        Expr::RefBrack { refr, .. } => path_of(refr),
        _ => None,
    }
}

/// Collects the calls of an expression.
#[derive(Default)]
struct Collector {
    calls: Vec<(String, Location)>,
}

impl Collector {
    fn query(&mut self, query: &Ref<Query>) {
        for statement in &query.stmts {
            match &statement.literal {
                Literal::SomeVars { .. } => {}
                Literal::SomeIn { key, value, collection, .. } => {
                    if let Some(key) = key {
                        self.expression(key);
                    }
                    self.expression(value);
                    self.expression(collection);
                }
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expression(expr),
                Literal::Every { domain, query, .. } => {
                    self.expression(domain);
                    self.query(query);
                }
            }
            for with in &statement.with_mods {
                self.expression(&with.r#as);
            }
        }
    }

    fn expression(&mut self, expression: &Ref<Expr>) {
        match expression.as_ref() {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. }
            | Expr::Var { .. } => {}
            Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().for_each(|i| self.expression(i)),
            Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
                self.expression(key);
                self.expression(value);
            }),
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.expression(term);
                self.query(query);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.expression(key);
                self.expression(value);
                self.query(query);
            }
            Expr::Call { fcn, params, span, .. } => {
                if let Some(name) = path_of(fcn) {
                    self.calls.push((name, location(span)));
                }
                params.iter().for_each(|p| self.expression(p));
            }
            Expr::UnaryExpr { expr, .. } => self.expression(expr),
            Expr::RefDot { refr, .. } => self.expression(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.expression(refr);
                self.expression(index);
            }
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. }
            | Expr::AssignExpr { lhs, rhs, .. } => {
                self.expression(lhs);
                self.expression(rhs);
            }
            Expr::Membership { key, value, collection, .. } => {
                if let Some(key) = key {
                    self.expression(key);
                }
                self.expression(value);
                self.expression(collection);
            }
        }
    }
}

/// A Rego unit test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// Package and name.
    pub name: String,
    /// Whether it holds.
    pub passed: bool,
    /// What the engine said, where it failed with an error.
    pub error: Option<String>,
}

/// The lines of a file that tests reached and did not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineCoverage {
    /// Path.
    pub path: String,
    /// Lines that ran.
    pub covered: Vec<u32>,
    /// Lines that did not.
    pub uncovered: Vec<u32>,
}

/// Runs every rule whose name starts with `test_`, with line coverage of all files.
///
/// # Errors
/// Files that can't be loaded.
pub fn run_tests(files: &[File]) -> Result<(Vec<TestResult>, Vec<LineCoverage>), Error> {
    super::on_a_large_stack(|| {
        let mut engine = Engine::new();
        for file in files {
            engine.add(file)?;
        }
        engine.inner.set_enable_coverage(true);
        let mut calls = Calls::default();
        for module in engine.inner.get_modules() {
            calls.module(module);
        }
        let tests: Vec<String> = calls
            .defined
            .keys()
            .filter(|name| name.rsplit('.').next().is_some_and(|last| last.starts_with("test_")))
            .cloned()
            .collect();
        let mut results = Vec::new();
        for name in tests {
            let (passed, error) = match engine.inner.eval_rule(format!("data.{name}")) {
                Ok(value) => (value == regorus::Value::Bool(true), None),
                Err(e) => (false, Some(e.to_string())),
            };
            results.push(TestResult { name, passed, error });
        }
        let report = engine.inner.get_coverage_report().map_err(|e| translate("coverage", "coverage", &e))?;
        let lines = report
            .files
            .into_iter()
            .map(|f| LineCoverage {
                path: f.path,
                covered: f.covered.into_iter().collect(),
                uncovered: f.not_covered.into_iter().collect(),
            })
            .collect();
        Ok((results, lines))
    })
}

/// Evaluates `query`, an object of texts keyed by numbers, over one Rego file: how a test compares a built-in function
/// of this engine with another engine's.
///
/// # Errors
/// What the engine says.
#[doc(hidden)]
pub fn evaluate_texts(text: &str, query: &str) -> Result<BTreeMap<String, String>, Error> {
    let mut engine = Engine::new();
    engine
        .inner
        .add_policy("sample.rego".to_owned(), text.to_owned())
        .map_err(|e| translate("sample", "sample", &e))?;
    let results = engine.inner.eval_query(query.to_owned(), false).map_err(|e| translate("sample", "sample", &e))?;
    let Some(regorus::Value::Object(entries)) =
        results.result.first().and_then(|r| r.expressions.first()).map(|e| &e.value)
    else {
        return Ok(BTreeMap::new());
    };
    Ok(entries
        .iter()
        .filter_map(|(key, value)| match value {
            regorus::Value::String(text) => Some((key.to_string(), text.to_string())),
            _ => None,
        })
        .collect())
}
