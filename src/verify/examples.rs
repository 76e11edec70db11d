//! The examples of a policy directory: inputs whose verdict their name promises.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Error;
use crate::hcl::is_source;
use crate::location::{Location, Position, display_path};
use crate::policy::{self, EXAMPLES, File, entries};
use crate::report::Report;
use crate::run::Options;
use crate::verdict::Verdict;

/// The day that examples are judged on: that of `data.openai.testing_test`, so that they never grow old.
const TODAY: &str = "2026-11-22";

/// What the name of an example can promise.
const KINDS: [&str; 4] = ["fail", "pass", "unknown", "silent"];

/// The inputs that an example may consist of, beside Terraform source.
const INPUTS: [&str; 3] = ["openai.hcl", "openai.json", "plan.json"];

/// An example: `examples/<group>/<name>/<kind>-<what>/` of a policy directory.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Example {
    /// Id of the rule.
    pub rule: String,
    /// `fail`, `pass`, `unknown` or `silent`.
    pub kind: String,
    /// Directory.
    pub path: String,
    /// Whether it has the verdict that its name promises.
    pub right: bool,
    /// What it has instead.
    pub got: Option<String>,
}

/// Runs the examples of policy directories through the pipeline; with what is wrong with their names.
pub(super) fn run(
    policies: &[PathBuf],
    working_directory: &Path,
    own: &[File],
    judge: &dyn Fn(&Options) -> Report,
) -> (Vec<Example>, Vec<Error>) {
    let known: BTreeSet<String> = policy::rule_ids(own).iter().map(ToString::to_string).collect();
    let (mut examples, mut wrong) = (Vec::new(), Vec::new());
    for directory in policies {
        let root = working_directory.join(directory).join(EXAMPLES);
        for rule in directories(&root).iter().flat_map(|group| directories(group)) {
            let id = id_of(&rule);
            let shown = display_path(&rule, working_directory);
            if !known.contains(&id) {
                let message = format!("examples of {id}, which is no rule of this directory that can be loaded");
                wrong.push(mistake(&shown, message, "name the directory as the rule: examples/GROUP/NAME"));
                continue;
            }
            for path in directories(&rule) {
                match example(&id, &path, policies, working_directory, judge) {
                    Ok(example) => examples.push(example),
                    Err(problem) => wrong.push(problem),
                }
            }
        }
    }
    (examples, wrong)
}

fn example(
    rule: &str,
    path: &Path,
    policies: &[PathBuf],
    working_directory: &Path,
    judge: &dyn Fn(&Options) -> Report,
) -> Result<Example, Error> {
    let shown = display_path(path, working_directory);
    let name = name_of(path);
    let kind = name.split('-').next().unwrap_or_default();
    if !KINDS.contains(&kind) {
        let message = format!("{kind:?} is no kind of example");
        return Err(mistake(&shown, message, "begin the name with fail-, pass-, unknown- or silent-"));
    }
    let inputs = inputs(path);
    if inputs.is_empty() {
        return Err(mistake(
            &shown,
            "the example has no input",
            "add openai.hcl, openai.json, plan.json or Terraform source",
        ));
    }
    let report = judge(&Options {
        paths: inputs,
        policies: policies.to_vec(),
        ignore_settings: true,
        today: TODAY.to_owned(),
        verdicts: true,
        ..Options::default()
    });
    let got = verdict(&report, rule);
    let unread = report.unchecked.first().map(|entry| format!("could not be checked: {}", entry.why));
    let right = unread.is_none() && got == kind;
    let got = (!right).then(|| unread.unwrap_or_else(|| got.to_owned()));
    Ok(Example { rule: rule.to_owned(), kind: kind.to_owned(), path: shown, right, got })
}

/// The kind of example that a report makes.
fn verdict(report: &Report, rule: &str) -> &'static str {
    let said: BTreeSet<Verdict> =
        report.findings.iter().filter(|finding| finding.rule.as_str() == rule).map(|finding| finding.verdict).collect();
    match () {
        () if said.contains(&Verdict::Violation) => "fail",
        () if said.contains(&Verdict::Undetermined) => "unknown",
        () if said.contains(&Verdict::Pass) => "pass",
        () => "silent",
    }
}

/// The inputs in an example's directory; that directory where it holds Terraform source.
fn inputs(directory: &Path) -> Vec<PathBuf> {
    let is_source = |path: &PathBuf| is_source(&name_of(path));
    let named: Vec<PathBuf> = INPUTS.iter().map(|name| directory.join(name)).filter(|path| path.is_file()).collect();
    // A plan's source is read beside it.
    let planned = named.iter().any(|path| name_of(path) == "plan.json");
    if !planned && entries(directory).iter().any(is_source) { vec![directory.to_owned()] } else { named }
}

fn directories(directory: &Path) -> Vec<PathBuf> {
    entries(directory).into_iter().filter(|path| path.is_dir()).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `examples/<group>/<name>` is of the rule `group/name`, with dashes or underscores.
fn id_of(path: &Path) -> String {
    let group = path.parent().map(name_of).unwrap_or_default();
    format!("{group}/{}", name_of(path).replace('_', "-"))
}

fn mistake(path: &str, message: impl Into<String>, help: &str) -> Error {
    let start = Position { line: 1, column: 1 };
    Error::new(path, message).at(Location { path: path.to_owned(), start, end: start }).help(help)
}
