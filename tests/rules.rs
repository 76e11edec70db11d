//! Every rule through the real readers, and its Rego tests; what these do not notice is in `mutation.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use openai_data_controls::policy::{PolicySet, embedded, embedded_tests, run_tests};
use openai_data_controls::rule::Severity;
use openai_data_controls::verdict::Verdict;
use support::{examples, inputs, report, root};

#[test]
fn every_example_has_the_verdict_that_its_name_promises() {
    let mut wrong = Vec::new();
    for example in examples() {
        let report = report(inputs(&example.path));
        let said: BTreeSet<Verdict> =
            report.findings.iter().filter(|f| f.rule.as_str() == example.rule).map(|f| f.verdict).collect();
        let right = match example.kind.as_str() {
            "fail" => said.contains(&Verdict::Violation),
            "unknown" => said.contains(&Verdict::Undetermined) && !said.contains(&Verdict::Violation),
            "pass" => said.is_empty() && passes(&example.path, &example.rule),
            "silent" => said.is_empty() && !passes(&example.path, &example.rule),
            other => panic!("{other} is no kind of example: {}", example.path.display()),
        };
        if !right || !report.unchecked.is_empty() {
            wrong.push(format!("{}: {said:?} {:?}", example.path.display(), report.unchecked));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn passes(path: &std::path::Path, rule: &str) -> bool {
    let options = openai_data_controls::Options { verdicts: true, ..support::options(inputs(path)) };
    let (report, _) = openai_data_controls::check(&options, &mut std::io::empty());
    report.findings.iter().any(|f| f.rule.as_str() == rule && f.verdict == Verdict::Pass)
}

/// Whether a rule only ever leaves its verdict open: what it applies to neither fails nor passes.
fn is_only_open(path: &str) -> bool {
    embedded().iter().any(|file| file.path == path && file.text.contains("\ndeny := set()\n"))
}

#[test]
fn every_rule_has_failing_and_passing_examples_in_two_languages() {
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut languages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for example in examples() {
        kinds.entry(example.rule.clone()).or_default().insert(example.kind.clone());
        for input in inputs(&example.path) {
            let name = input.file_name().unwrap().to_string_lossy().into_owned();
            languages.entry(example.rule.clone()).or_default().insert(name);
        }
    }
    let (policies, problems) = PolicySet::load(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    assert!(policies.rules().len() >= 20);
    for rule in policies.rules() {
        let has = |kind: &str| kinds.get(rule.id.as_str()).is_some_and(|k| k.contains(kind));
        let decided = if is_only_open(&rule.path) { has("silent") } else { has("fail") && has("pass") };
        assert!(decided && has("unknown"), "{}: {:?}", rule.id, kinds.get(rule.id.as_str()));
        assert!(languages[rule.id.as_str()].len() >= 2, "{}: {:?}", rule.id, languages[rule.id.as_str()]);
    }
    let known: BTreeSet<&str> = policies.rules().iter().map(|r| r.id.as_str()).collect();
    let orphans: Vec<&String> = kinds.keys().filter(|r| !known.contains(r.as_str())).collect();
    assert!(orphans.is_empty(), "examples of no rule: {orphans:?}");
}

#[test]
fn gates_that_run_opa_are_warned_by_exactly_the_rules_of_low_severity() {
    let (policies, _) = PolicySet::load(&embedded());
    let low = policies.rules().iter().filter(|r| r.severity < Severity::Medium).map(|r| format!("{:?}", r.id.as_str()));
    let main = fs::read_to_string(root().join("policies/openai/main.rego")).unwrap();
    let line = main.lines().find(|l| l.starts_with("_advice := ")).unwrap();
    assert_eq!(line, format!("_advice := {{{}}}", low.collect::<Vec<_>>().join(", ")));
}

#[test]
fn rego_tests_pass_and_reach_every_line() {
    let (results, coverage) = run_tests(&embedded_tests()).unwrap();
    assert!(results.len() > 300, "{}", results.len());
    let failed: Vec<_> = results.iter().filter(|r| !r.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    for file in coverage.iter().filter(|f| !f.path.ends_with("_test.rego")) {
        assert!(file.uncovered.is_empty(), "{}: lines {:?} are never reached", file.path, file.uncovered);
    }
}
