//! What is read of bytes, and what must hold of everything that is read.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use openai_data_controls::edition::{EditionFacts, choose};
use openai_data_controls::error::Error;
use openai_data_controls::input::{self, InputKind, Inputs};
use openai_data_controls::location::Location;
use openai_data_controls::policy::{Document, PolicySet, embedded};
use openai_data_controls::report::Report;
use openai_data_controls::rule::Severity;
use openai_data_controls::verdict::{self, Verdicts};
use serde_json::Value;

use super::support::TODAY;

/// Standard input, as reports show it.
pub const GIVEN: &str = "-";

pub static EDITION: LazyLock<EditionFacts> = LazyLock::new(|| EditionFacts::new(&choose(None).unwrap().edition));

static POLICIES: LazyLock<PolicySet> = LazyLock::new(|| {
    let (policies, problems) = PolicySet::load(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    policies
});

/// What is read of bytes that are given on standard input.
pub fn read(data: &[u8], kind: Option<InputKind>) -> Inputs {
    let options = input::Options { kind, working_directory: PathBuf::from("/"), ..input::Options::default() };
    input::read(&[PathBuf::from(GIVEN)], &mut &*data, EDITION.clone(), TODAY, &options)
}

/// What is read of a directory.
pub fn read_directory(directory: &Path, change: impl FnOnce(&mut input::Options)) -> Inputs {
    let mut options = input::Options { working_directory: directory.to_owned(), ..input::Options::default() };
    change(&mut options);
    input::read(&[directory.to_owned()], &mut std::io::empty(), EDITION.clone(), TODAY, &options)
}

/// All that the rules see.
pub fn facts(inputs: &Inputs) -> Value {
    serde_json::to_value(&inputs.facts).unwrap()
}

/// What is told of files has a place in them.
pub fn places_lie_inside<'t>(problems: &[Error], text: impl Fn(&str) -> Option<&'t str>) {
    for location in problems.iter().filter_map(|problem| problem.location.as_ref()) {
        if let Some(text) = text(&location.path) {
            lies_inside(location, text);
        }
    }
}

/// Lines and columns begin at 1; a column may stand one behind the end of its line.
pub fn lies_inside(location: &Location, text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    for position in [location.start, location.end] {
        let line = position.line.checked_sub(1).and_then(|line| lines.get(line));
        let line = line.unwrap_or_else(|| panic!("{location:?} lies behind the {} lines of the file", lines.len()));
        let behind = line.chars().count() + 1;
        assert!((1..=behind).contains(&position.column), "{location:?}: its line has {} characters", behind - 1);
    }
    assert!(location.start <= location.end, "{location:?} ends before it begins");
}

/// What is not read, or not all of it, does not pass; what is read is judged by every rule.
pub fn is_judged(inputs: &Inputs) {
    let mut report = Report::new(TODAY, Severity::Low, false);
    if !inputs.problems.is_empty() {
        assert!(inputs.problems.iter().all(|problem| !problem.message.trim().is_empty()));
        report.settle(Verdicts::default(), &inputs.problems);
        assert_eq!(report.summary.exit_code, 5);
        return;
    }
    let nothing = inputs.facts.projects.is_empty() && inputs.facts.organization.data_retention.is_absent();
    assert!(!nothing || !inputs.notes.is_empty(), "nothing was read, and nothing is said");
    let (outcomes, problems) = POLICIES.evaluate(Document::new(&inputs.facts).unwrap());
    assert!(problems.is_empty(), "rules err over facts that were read: {problems:?}");
    let verdicts = verdict::judge(POLICIES.rules(), &outcomes, &inputs.facts, &inputs.map, true);
    assert!(verdicts.problems.is_empty(), "{:?}", verdicts.problems);
}
