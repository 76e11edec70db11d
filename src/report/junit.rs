//! JUnit XML: a test case for each rule and subject, and for each input.

use std::io::{Error, Result, Write};

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::Report;
use super::case::{Case, Standing, heading, message, place};
use super::escape::{lines, one_line, plain};

/// Writes two suites: what was given, with an error for each thing that could not be checked, and what rules say of it.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    let mut junit = quick_junit::Report::new(&report.tool.name);
    junit.add_test_suite(inputs(report));
    junit.add_test_suite(rules(report));
    let text = junit.to_string().map_err(Error::other)?;
    out.write_all(as_jenkins_reads(&text).as_bytes())
}

/// Without the attribute of the root that the schema of Jenkins does not have: a strict reader refuses the whole report for it.
fn as_jenkins_reads(text: &str) -> String {
    let end = text.find("<testsuites").and_then(|start| Some(start + text[start..].find('>')?)).unwrap_or(0);
    let (root, rest) = text.split_at(end);
    match root.split_once(" skipped=\"") {
        Some((before, after)) => {
            let after = after.split_once('"').map_or("", |(_, after)| after);
            format!("{before}{after}{rest}")
        }
        None => text.to_owned(),
    }
}

fn inputs(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new("inputs");
    for input in report.inputs.iter().filter(|input| input.complete && input.kind.is_some()) {
        suite.add_test_case(case(&input.path, "inputs", TestCaseStatus::success()));
    }
    for entry in &report.unchecked {
        let mut status = match entry.standing() {
            Standing::Failure => TestCaseStatus::non_success(NonSuccessKind::Error),
            Standing::Warning | Standing::Waived | Standing::Passed | Standing::NotApplicable => {
                TestCaseStatus::skipped()
            }
        };
        let mark = if entry.acknowledged { "acknowledged: " } else { "" };
        status.set_message(format!("{mark}{}", plain(&entry.why))).set_type("unchecked");
        suite.add_test_case(case(&entry.thing(), "inputs", status));
    }
    if suite.test_cases.is_empty() {
        // Readers take a report without any case for a broken one.
        suite.add_test_case(case("nothing was given", "inputs", TestCaseStatus::success()));
    }
    suite
}

fn rules(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new("rules");
    if let Some(edition) = &report.edition {
        suite.add_property(Property::new("edition", plain(&edition.name)));
    }
    suite.add_property(Property::new("today", plain(&report.today)));
    suite.add_property(Property::new("summary", report.conftest_line()));
    for remark in report.remarks() {
        suite.add_property(Property::new("note", remark));
    }
    for judged in report.cases() {
        let class = plain(judged.first.rule.as_str()).replace('/', ".");
        suite.add_test_case(case(&heading(judged.first), &class, status(&judged)));
    }
    suite
}

fn case(name: &str, class: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(plain(name), status);
    case.set_classname(class);
    case
}

fn status(case: &Case<'_>) -> TestCaseStatus {
    let finding = case.first;
    let said = case.messages().collect::<Vec<_>>().join("; ");
    let verdict = finding.verdict.name();
    match case.standing {
        Standing::Passed => TestCaseStatus::success(),
        Standing::NotApplicable => {
            let mut status = TestCaseStatus::skipped();
            status.set_message("not applicable");
            status
        }
        Standing::Waived => {
            let mut status = TestCaseStatus::skipped();
            let waiver = plain(finding.waiver.as_deref().unwrap_or_default());
            status.set_message(format!("waived ({waiver}): {said}")).set_type("waived");
            status
        }
        Standing::Warning => {
            let mut status = TestCaseStatus::skipped();
            let severity = finding.severity.name();
            status.set_message(format!("{severity}, does not fail the run: {said}")).set_type(verdict);
            status
        }
        Standing::Failure => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(said).set_type(verdict).set_description(description(case));
            status
        }
    }
}

fn description(case: &Case<'_>) -> String {
    let finding = case.first;
    let mut text = String::new();
    for one in &case.findings {
        let place = place(one).map(|place| format!("{place}: ")).unwrap_or_default();
        text.push_str(&format!("{place}{}\n", message(one)));
    }
    text.push_str(&format!("why: {}\n", one_line(&finding.why)));
    text.push_str(&format!("do: {}\npage: {}", finding.remediation, one_line(&finding.section)));
    lines(&text)
}
