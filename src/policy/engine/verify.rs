//! Rego unit tests with line coverage, and single evaluations that tests compare with another engine's.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Module, Ref};

use super::calls::Calls;
use super::emptied::without;
use super::mistakes::of as mistakes_of;
use super::{ENDLESS, Engine, bounds, translate};
use crate::error::Error;
use crate::location::Location;
use crate::policy::bundle::File;
use crate::policy::cores;
use crate::policy::stacks::{Ended, begin_guarded, on_large_stack, on_large_stacks, unstarted};

/// A Rego unit test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// Package and name.
    pub name: String,
    /// Whether it holds.
    pub passed: bool,
    /// What the engine said, where it failed with an error.
    pub error: Option<Error>,
    /// Where it stands.
    pub location: Location,
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

/// Runs every rule whose name starts with `test_`, with line coverage of all files. A test that never ends is stopped.
///
/// # Errors
/// Files that can't be loaded.
pub fn run_tests(files: &[File]) -> Result<(Vec<TestResult>, Vec<LineCoverage>), Error> {
    on_large_stack(|| {
        let (mut engine, tests) = with_tests(files)?;
        engine.inner.set_enable_coverage(true);
        let results = tests.into_iter().map(|(name, location)| run_test(&mut engine, name, location)).collect();
        let report = engine.inner.get_coverage_report().map_err(|e| translate("coverage", "coverage", &e))?;
        let lines = report.files.into_iter().map(|f| LineCoverage {
            path: f.path,
            covered: f.covered.into_iter().collect(),
            uncovered: f.not_covered.into_iter().collect(),
        });
        Ok((results, lines.collect()))
    })
}

/// Whether all of these tests hold with these files; no further test is run behind one that fails.
///
/// # Errors
/// Files that can't be loaded.
pub fn tests_hold(files: &[File], names: &BTreeSet<&str>) -> Result<bool, Error> {
    on_large_stack(|| {
        let (mut engine, tests) = with_tests(files)?;
        let mut wanted = tests.into_iter().filter(|(name, _)| names.contains(name.as_str()));
        Ok(wanted.all(|(name, location)| run_test(&mut engine, name, location).passed))
    })
}

/// Whether the Rego tests of `files` hold with each of `variants` added, which is given up at the first that does not: how a
/// test finds what the tests of a rule do not notice. What can't be loaded holds nothing.
///
/// # Errors
/// Files that can't be loaded.
#[doc(hidden)]
pub fn variants_hold(files: &[File], variants: &[File]) -> Result<Vec<bool>, Error> {
    let (engine, tests) = with_tests(files)?;
    let mut tests: Vec<String> = tests.into_iter().map(|(name, _)| name).collect();
    if let Some(variant) = variants.first() {
        let near = near(files, variant.package());
        tests.sort_by_cached_key(|name| {
            near.iter().position(|package| *package == of_package(name)).unwrap_or(usize::MAX)
        });
    }
    let share = variants.len().div_ceil(cores()).max(1);
    let runs = on_large_stacks(variants.chunks(share).map(|variants| {
        let (engine, tests) = (&engine, &tests);
        let mut tests = tests.clone();
        move || variants.iter().map(|variant| holds(engine.clone(), &mut tests, variant)).collect::<Vec<_>>()
    }))?;
    Ok(runs.into_iter().flatten().collect())
}

/// The package of a rule with its path.
fn of_package(rule: &str) -> &str {
    rule.rsplit_once('.').map_or("", |(package, _)| package)
}

/// The packages of tests that are the likeliest to notice a change in a package: its own, then those of what refers to it.
fn near(files: &[File], package: &str) -> Vec<String> {
    let referring = files.iter().filter(|file| file.text.contains(&format!("data.{package}")));
    let packages = referring.map(|file| file.package().trim_end_matches("_test").to_owned());
    std::iter::once(package.to_owned()).chain(packages).map(|package| package + "_test").collect()
}

/// The tests of the package of the one that fails come first afterwards, it itself before them: they are the likeliest to fail
/// with the next variant of the same file.
fn holds(mut engine: Engine, tests: &mut [String], variant: &File) -> bool {
    if engine.add(variant).is_err() {
        return false;
    }
    let failed = tests.iter().position(|name| {
        bounds::begin();
        let result = engine.inner.eval_rule(format!("data.{name}"));
        result.map_or(true, |value| value != regorus::Value::Bool(true))
    });
    if let Some(position) = failed {
        tests[..=position].rotate_right(1);
        let package = of_package(&tests[0]).to_owned();
        tests[1..].sort_by_key(|name| of_package(name) != package);
    }
    failed.is_none()
}

/// An engine with these files, and the tests in them with their places.
fn with_tests(files: &[File]) -> Result<(Engine, Vec<(String, Location)>), Error> {
    let mut engine = Engine::new();
    for file in files {
        engine.add(file)?;
    }
    let mut calls = Calls::default();
    for module in engine.inner.get_modules() {
        calls.module(module);
    }
    let is_test = |name: &str| name.rsplit('.').next().is_some_and(|last| last.starts_with("test_"));
    let tests = calls.defined.into_iter().filter(|(name, _)| is_test(name));
    Ok((engine, tests.map(|(name, (_, location))| (name, location)).collect()))
}

/// Runs one test. The engine is given away to a thread for that; one that is left behind there is replaced.
fn run_test(engine: &mut Engine, name: String, location: Location) -> TestResult {
    let spare = engine.clone();
    let mut asked = std::mem::replace(engine, spare);
    let rule = format!("data.{name}");
    let begun = begin_guarded(engine.patience(), (), move |()| {
        bounds::begin();
        let value = asked.inner.eval_rule(rule);
        (asked, value)
    });
    let error = |why: &str| Error::new(&name, why).at(location.clone());
    let (passed, error) = match begun.end() {
        Ended::Answer((used, value)) => {
            *engine = used;
            match value {
                Ok(value) => (value == regorus::Value::Bool(true), None),
                Err(e) => {
                    let told = translate(&name, "", &e);
                    let placed = told.location.as_ref().is_some_and(|at| !at.path.is_empty());
                    (false, Some(if placed { told } else { told.at(location.clone()) }))
                }
            }
        }
        Ended::Late => (false, Some(error(ENDLESS))),
        Ended::Broken => (false, Some(error("the engine broke over the test"))),
        Ended::Unstarted(why) => (false, Some(unstarted(&name, &why))),
    };
    TestResult { name, passed, error, location }
}

/// What keeps files from being loaded together, tests among them.
pub fn check_files(files: &[File]) -> Vec<Error> {
    let found = on_large_stack(|| {
        let mut engine = Engine::new();
        let mut problems: Vec<Error> = files.iter().filter_map(|file| engine.add(file).err()).collect();
        problems.extend(engine.check());
        Ok(problems)
    });
    found.unwrap_or_else(|problem| vec![problem])
}

/// What authors got wrong in these files, told without running them: facts that are not there, words that a fact can't be,
/// conditions that never hold, rules that never fire. Tests, and files that can't be read, are passed over.
pub fn mistakes(files: &[File]) -> Vec<Error> {
    let each = |file: &File| with_module(file, |module| mistakes_of(file, module)).unwrap_or_default();
    let rules = files.iter().filter(|file| !file.is_test());
    on_large_stack(|| Ok(rules.flat_map(each).collect())).unwrap_or_else(|problem| vec![problem])
}

/// A rule file with a condition that never holds in every body of one of its sets; `None` where the set has no body.
///
/// # Errors
/// A thread that can't be started.
pub fn emptied(file: &File, set: &str) -> Result<Option<File>, Error> {
    on_large_stack(|| Ok(with_module(file, |module| without(file, module, set)).flatten()))
}

fn with_module<T>(file: &File, look: impl Fn(&Ref<Module>) -> T) -> Option<T> {
    let mut engine = Engine::new();
    engine.add(file).ok()?;
    engine.inner.get_modules().first().map(look)
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
