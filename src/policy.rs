//! The rules: loaded, checked before they run, evaluated one by one on the embedded engine.

mod bundle;
mod engine;
mod metadata;
mod sprintf;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

pub use bundle::{File, embedded, embedded_tests, rule_ids};
pub use engine::{Document, LineCoverage, TestResult, evaluate_texts, run_tests};

use crate::digest::sha256;
use crate::error::Error;
use crate::rule::{Rule, RuleId};
use engine::Engine;

/// What a rule says of one subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Said {
    /// Subject id.
    pub subject: String,
    /// The attribute it is about.
    pub attribute: String,
    /// The message.
    pub msg: String,
    /// The offending value.
    #[serde(default)]
    pub value: Option<Text>,
    /// The evidence that is missing or bad.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// What would be right.
    #[serde(default)]
    pub hint: Option<Text>,
}

/// A value as text: what a fingerprint is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(from = "Value")]
pub struct Text(pub String);

impl From<Value> for Text {
    fn from(value: Value) -> Text {
        match value {
            Value::String(text) => Text(text),
            Value::Array(items) => Text(items.into_iter().map(|i| Text::from(i).0).collect::<Vec<_>>().join(", ")),
            other => Text(other.to_string()),
        }
    }
}

/// Where the cause of a finding lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Cause {
    /// Subject id, mostly the organization.
    pub subject: String,
    /// Attribute.
    pub attribute: String,
}

/// The three sets of a rule.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Outcome {
    /// Ids of the subjects that the rule applies to.
    #[serde(default)]
    pub applies: Vec<String>,
    /// Violations.
    #[serde(default)]
    pub deny: Vec<Said>,
    /// What can't be decided.
    #[serde(default)]
    pub undetermined: Vec<Said>,
}

/// Rules that were loaded and checked, ready to run.
#[derive(Debug)]
pub struct PolicySet {
    rules: Vec<Rule>,
    engine: Engine,
    sha256: String,
}

impl PolicySet {
    /// Loads rule files (not their tests). A file with an error is left out and reported; the others are loaded.
    pub fn load(files: &[File]) -> (PolicySet, Vec<Error>) {
        on_a_large_stack(|| {
            let mut problems = Vec::new();
            let mut rules = Vec::new();
            let mut engine = Engine::new();
            for file in files {
                match engine.add(file) {
                    Ok(package) => match bundle::rule_of(file, &package) {
                        Ok(Some(rule)) => rules.push(rule),
                        Ok(None) => {}
                        Err(problem) => {
                            engine.forget(&file.path);
                            problems.push(problem);
                        }
                    },
                    Err(problem) => problems.push(problem),
                }
            }
            problems.extend(engine.check());
            rules.retain(|rule: &Rule| !engine.is_forgotten(&rule.path));
            rules.sort_by(|a, b| a.id.cmp(&b.id));
            let sha256 = sha256(files.iter().flat_map(|f| [f.path.as_bytes(), &[0], f.text.as_bytes()]));
            (PolicySet { rules, engine, sha256 }, problems)
        })
    }

    /// The rules by id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Sets how long one rule may run; without it, ten seconds.
    pub fn set_rule_time(&mut self, limit: std::time::Duration) {
        self.engine.set_rule_time(limit);
    }

    /// Leaves rules out.
    pub fn retain(&mut self, keep: impl Fn(&Rule) -> bool) {
        self.rules.retain(keep);
    }

    /// Digest of all loaded files, in hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Evaluates every rule on a facts document. A rule that errs is a problem; the others still speak.
    pub fn evaluate(&self, facts: Document) -> (BTreeMap<RuleId, Outcome>, Vec<Error>) {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get().min(4));
        let threads = if facts.subjects() < 50 { 1 } else { cores };
        let mut engine = self.engine.clone();
        engine.set_facts(facts);
        let mut outcomes = BTreeMap::new();
        let mut problems = Vec::new();
        let parts: Vec<Vec<(&Rule, Result<Outcome, Error>)>> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|part| {
                    let mut engine = engine.clone();
                    let rules: Vec<&Rule> = self.rules.iter().skip(part).step_by(threads).collect();
                    let work = move || evaluate(&mut engine, rules);
                    std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work)
                })
                .collect();
            workers.into_iter().filter_map(|worker| worker.ok()?.join().ok()).collect()
        });
        for (rule, outcome) in parts.into_iter().flatten() {
            match outcome {
                Ok(outcome) => {
                    outcomes.insert(rule.id.clone(), outcome);
                }
                Err(problem) => problems.push(problem),
            }
        }
        for rule in &self.rules {
            if !outcomes.contains_key(&rule.id) && !problems.iter().any(|p| p.what == rule.id.as_str()) {
                problems.push(Error::new(rule.id.as_str(), "the rule ended without an answer"));
            }
        }
        problems.sort_by(|a, b| (&a.what, &a.message).cmp(&(&b.what, &b.message)));
        (outcomes, problems)
    }
}

/// Asks rules together; where that fails, each alone, so that one broken rule does not silence the others.
fn evaluate<'r>(engine: &mut Engine, rules: Vec<&'r Rule>) -> Vec<(&'r Rule, Result<Outcome, Error>)> {
    let packages: Vec<&str> = rules.iter().map(|r| r.package.as_str()).collect();
    match engine.run_together(&packages) {
        Some(outcomes) => rules.into_iter().zip(outcomes.into_iter().map(Ok)).collect(),
        None => rules.into_iter().map(|rule| (rule, engine.run(&rule.package, &rule.path))).collect(),
    }
}

/// The interpreter recurses: a chain of rules or functions needs stack.
const STACK_BYTES: usize = 256 << 20;

/// Runs `work` on a thread with a large stack.
fn on_a_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work) {
        Ok(worker) => match worker.join() {
            Ok(value) => value,
            Err(panic) => std::panic::resume_unwind(panic),
        },
        Err(e) => std::panic::resume_unwind(Box::new(format!("no thread could be started: {e}"))),
    })
}
