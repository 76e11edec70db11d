//! `verify`: Rego tests with line coverage, examples through the real pipeline, and what authors of rules get wrong.

mod examples;

use std::collections::BTreeSet;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, ExitCode};
use crate::location::Location;
use crate::policy::{self, File, LineCoverage, PolicySet, TestResult};
use crate::report::Report;
use crate::run::Options;

pub use examples::Example;

/// What `verify` found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Verification {
    /// Rego tests, by name.
    pub tests: Vec<Test>,
    /// Examples, by path.
    pub examples: Vec<Example>,
    /// Line coverage of rules and libraries by the tests.
    pub coverage: Vec<Coverage>,
    /// What is wrong with files, so that rules can't be loaded, can't fire, or are not shown to.
    pub mistakes: Vec<Mistake>,
    /// Counts.
    pub summary: Counts,
}

/// A Rego test.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Test {
    /// Package and name.
    pub name: String,
    /// Whether it holds.
    pub passed: bool,
    /// What the engine said, where it failed with an error, with its place.
    pub error: Option<String>,
    /// File.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
}

/// The lines of a file that tests reached.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Coverage {
    /// File.
    pub path: String,
    /// Lines that ran, of a hundred, rounded down.
    pub percent: usize,
    /// Lines that never ran.
    pub never_reached: Vec<u32>,
}

/// Something that an author has to mend.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Mistake {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// File, or what else it is about.
    pub path: String,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
}

/// Counts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Counts {
    /// Tests that ran.
    pub tests: usize,
    /// Those that hold.
    pub passed: usize,
    /// Those that do not.
    pub failed: usize,
    /// Examples.
    pub examples: usize,
    /// Those with the verdict that their name promises.
    pub right: usize,
    /// Lines that tests reached, of a hundred, rounded down.
    pub coverage: usize,
    /// Mistakes.
    pub mistakes: usize,
    /// 0; 3 for a failed test or a wrong example; 5 for a mistake.
    pub exit_code: u8,
}

/// Verifies the rules of policy directories; without any, the product's own. `judge` is the pipeline that examples go
/// through.
pub(crate) fn verify(policies: &[PathBuf], judge: &dyn Fn(&Options) -> Report) -> Verification {
    let working_directory = std::env::current_dir().unwrap_or_default();
    if policies.is_empty() {
        let files = policy::embedded_tests();
        let (tests, coverage, unloaded) = run(&files);
        let mut mistakes = policy::mistakes(&policy::asked_with_facts(&files));
        mistakes.extend(unloaded);
        return Verification::new(tests, Vec::new(), coverage, mistakes);
    }
    let (mut own, mut mistakes) = policy::read_directories(policies, &working_directory, &policy::embedded_for_gates());
    let libraries = libraries(&own);
    let (all, wrong): (Vec<File>, Vec<Error>) = loadable(&own, &libraries);
    own = all;
    mistakes.extend(wrong);
    mistakes.extend(policy::mistakes(&own));
    let files: Vec<File> = libraries.iter().chain(&own).cloned().collect();
    let (tests, coverage, unloaded) = run(&files);
    mistakes.extend(unloaded);
    let (examples, wrong) = examples::run(policies, &working_directory, &own, judge);
    mistakes.extend(wrong);
    mistakes.extend(own.iter().flat_map(|rule| unshown(rule, &files, &tests, &examples)));
    let is_own = |path: &str| own.iter().any(|file| file.path == path);
    let coverage = coverage.into_iter().filter(|file| is_own(&file.path)).collect();
    Verification::new(tests, examples, coverage, mistakes)
}

/// What the user's files may use of the product: its libraries, what tests build facts with, and the rules that they name.
fn libraries(own: &[File]) -> Vec<File> {
    let named = |package: &str| own.iter().any(|file| file.text.contains(package));
    let wanted = |file: &File| match file.is_test() {
        true => file.package() == "openai.testing_test",
        false => file.rule_id().is_none() || named(file.package()),
    };
    policy::embedded_tests().into_iter().filter(wanted).collect()
}

/// The files without those that can't be loaded, and why.
fn loadable(own: &[File], libraries: &[File]) -> (Vec<File>, Vec<Error>) {
    let (_, mut problems) = policy::list(&own.iter().filter(|file| !file.is_test()).cloned().collect::<Vec<_>>());
    problems.extend(own.iter().filter(|file| file.is_test()).filter_map(|file| policy::wrong_package(file).err()));
    let told: BTreeSet<String> = problems.iter().map(place_of).collect();
    let stated: Vec<File> = own.iter().filter(|file| !told.contains(&file.path)).cloned().collect();
    let files: Vec<File> = libraries.iter().chain(&stated).cloned().collect();
    problems.extend(policy::check_files(&files));
    let (_, evaluated) = PolicySet::load(&files.iter().filter(|f| !f.is_test()).cloned().collect::<Vec<_>>());
    problems.extend(evaluated.into_iter().filter(|problem| !problems.contains(problem)).collect::<Vec<_>>());
    let broken: BTreeSet<String> = problems.iter().map(place_of).collect();
    (own.iter().filter(|file| !broken.contains(&file.path)).cloned().collect(), problems)
}

fn place_of(problem: &Error) -> String {
    problem.location.as_ref().map_or_else(|| problem.what.clone(), |at| at.path.clone())
}

/// The tests of files with the lines that they reach; or why there are none.
fn run(files: &[File]) -> (Vec<TestResult>, Vec<LineCoverage>, Option<Error>) {
    match policy::run_tests(files) {
        Ok((tests, coverage)) => (tests, coverage, None),
        Err(problem) => (Vec::new(), Vec::new(), Some(problem)),
    }
}

/// What of a rule no example and no test shows: that it fires, that something passes it, that it leaves something open.
fn unshown(rule: &File, files: &[File], tests: &[TestResult], examples: &[Example]) -> Vec<Error> {
    let Some(id) = rule.rule_id() else { return Vec::new() };
    let mut missing = Vec::new();
    for (set, kind, what) in [
        ("deny", "fail", "makes the rule fire"),
        ("undetermined", "unknown", "makes the rule undetermined"),
        ("applies", "pass", "passes the rule"),
    ] {
        if examples.iter().any(|example| example.rule == id.as_str() && example.kind == kind && example.right) {
            continue;
        }
        let noticed = match policy::emptied(rule, set) {
            Ok(Some(emptied)) => is_noticed(&emptied, files, tests),
            Ok(None) => continue,
            Err(problem) => Err(problem),
        };
        let example = format!("add an example {}/{id}/{kind}-…", policy::EXAMPLES);
        let (message, help) = match noticed {
            Ok(true) => continue,
            Ok(false) => (
                format!("no example and no test {what}"),
                format!("{example}, or a test that fails when {set} is empty"),
            ),
            Err(problem) => {
                let why = problem.message;
                (format!("no example {what}, and whether a test does can't be told: {why}"), example)
            }
        };
        missing.push(Error::new(&rule.path, message).at(head(rule, set)).help(help));
    }
    missing
}

/// Whether a test that holds fails with this file in the place of the rule.
fn is_noticed(emptied: &File, files: &[File], tests: &[TestResult]) -> Result<bool, Error> {
    let mentions = |file: &File| !file.is_test() || file.text.contains(emptied.package()) || !file.is_own();
    let files: Vec<File> = files
        .iter()
        .filter(|file| mentions(file))
        .map(|file| if file.path == emptied.path { emptied.clone() } else { file.clone() })
        .collect();
    let held: BTreeSet<&str> = tests.iter().filter(|test| test.passed).map(|test| test.name.as_str()).collect();
    policy::tests_hold(&files, &held).map(|hold| !hold)
}

/// Where a set of a rule stands.
fn head(rule: &File, set: &str) -> Location {
    let line = rule.text.lines().position(|line| line.starts_with(set)).map_or(1, |index| index + 1);
    rule.at(line, 1)
}

impl Verification {
    fn new(
        tests: Vec<TestResult>,
        examples: Vec<Example>,
        coverage: Vec<LineCoverage>,
        mistakes: Vec<Error>,
    ) -> Verification {
        let coverage: Vec<LineCoverage> =
            coverage.into_iter().filter(|file| !file.path.ends_with("_test.rego")).collect();
        let (reached, missed) = coverage
            .iter()
            .fold((0, 0), |(reached, missed), file| (reached + file.covered.len(), missed + file.uncovered.len()));
        let mut mistakes: Vec<Mistake> = mistakes.into_iter().map(Mistake::new).collect();
        mistakes.sort_by(|a, b| (&a.path, a.line, a.column, &a.message).cmp(&(&b.path, b.line, b.column, &b.message)));
        mistakes.dedup_by(|a, b| (&a.path, a.line, a.column, &a.message) == (&b.path, b.line, b.column, &b.message));
        let passed = tests.iter().filter(|test| test.passed).count();
        let right = examples.iter().filter(|example| example.right).count();
        let code = match (mistakes.is_empty(), passed == tests.len() && right == examples.len()) {
            (false, _) => ExitCode::Unchecked,
            (true, false) => ExitCode::Violation,
            (true, true) => ExitCode::Pass,
        };
        let summary = Counts {
            tests: tests.len(),
            passed,
            failed: tests.len() - passed,
            examples: examples.len(),
            right,
            coverage: percent(reached, missed),
            mistakes: mistakes.len(),
            exit_code: code.into(),
        };
        let tests = tests.into_iter().map(Test::new).collect();
        Verification { tests, examples, coverage: coverage.into_iter().map(Coverage::new).collect(), mistakes, summary }
    }
}

fn percent(reached: usize, missed: usize) -> usize {
    (reached * 100).checked_div(reached + missed).unwrap_or(100)
}

impl Test {
    fn new(result: TestResult) -> Test {
        let TestResult { name, passed, error, location } = result;
        Test { name, passed, error: error.map(|e| e.to_string()), path: location.path, line: location.start.line }
    }
}

impl Coverage {
    fn new(lines: LineCoverage) -> Coverage {
        let percent = percent(lines.covered.len(), lines.uncovered.len());
        Coverage { path: lines.path, percent, never_reached: lines.uncovered }
    }
}

impl Mistake {
    fn new(error: Error) -> Mistake {
        let start = error.location.as_ref().map(|at| at.start);
        Mistake {
            path: place_of(&error),
            line: start.map(|at| at.line),
            column: start.map(|at| at.column),
            message: error.message,
            help: error.help,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_that_can_not_be_loaded_are_told() {
        let file = File::new("policies/openai/x_test.rego", "package openai.x_test\n\ntest_a if {");
        let (tests, coverage, problem) = run(&[file]);
        assert!(tests.is_empty() && coverage.is_empty());
        assert!(problem.is_some_and(|problem| problem.location.is_some()));
    }
}
