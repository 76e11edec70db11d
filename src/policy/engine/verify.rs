//! Rego unit tests with line coverage, and single evaluations that tests compare with another engine's.

use std::collections::BTreeMap;

use super::calls::Calls;
use super::{Engine, bounds, translate};
use crate::error::Error;
use crate::policy::bundle::File;
use crate::policy::on_large_stacks;

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
    let mut runs = on_large_stacks(std::iter::once(|| {
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
            bounds::begin();
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
    }));
    runs.pop().unwrap_or_else(|| Ok((Vec::new(), Vec::new())))
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
