//! Every rule through the real readers, its Rego tests, and a mutation run over its bodies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use openai_data_controls::policy::{File, PolicySet, embedded, embedded_tests, run_tests};
use openai_data_controls::verdict::Verdict;
use support::{examples, inputs, report};

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

/// Rules that hang on something that only definitions say, in which nothing is unknown.
const NEVER_READ_UNKNOWN: [&str; 1] = ["healthcare/phi-without-baa"];

/// Rules that speak of all they apply to: nothing that they judge can pass.
const ALWAYS_SPEAK: [&str; 4] = [
    "residency/regional-host-not-declared",
    "retention/audio-output-state",
    "retention/control-no-longer-managed",
    "retention/image-input-review-exception",
];

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
    assert_eq!(policies.rules().len(), 51);
    for rule in policies.rules() {
        let has = |kind: &str| kinds.get(rule.id.as_str()).is_some_and(|k| k.contains(kind));
        // A rule that only leaves open never fails, one that always speaks where it applies never passes; each is silent
        // where it does not apply.
        let text = embedded().into_iter().find(|file| file.path == rule.path).unwrap().text;
        let always = ALWAYS_SPEAK.contains(&rule.id.as_str());
        let decided = has(if rule.only_open { "unknown" } else { "fail" });
        let left = has(if rule.only_open || always { "silent" } else { "pass" });
        // No reader brings what would leave these open; their Rego tests do.
        let open = has("unknown")
            || text.contains("\nundetermined := set()\n")
            || NEVER_READ_UNKNOWN.contains(&rule.id.as_str());
        assert!(decided && left && open, "{}: {:?}", rule.id, kinds.get(rule.id.as_str()));
        assert!(languages[rule.id.as_str()].len() >= 2, "{}: {:?}", rule.id, languages[rule.id.as_str()]);
    }
    let known: BTreeSet<&str> = policies.rules().iter().map(|r| r.id.as_str()).collect();
    let orphans: Vec<&String> = kinds.keys().filter(|r| !known.contains(r.as_str())).collect();
    assert!(orphans.is_empty(), "examples of no rule: {orphans:?}");
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

/// The line of each rule body's head, such as `deny contains f if {`, in a file.
fn heads(text: &str, set: &str) -> Vec<usize> {
    let head = format!("{set} contains ");
    text.lines().enumerate().filter(|(_, l)| l.starts_with(&head) && l.contains(" if ")).map(|(i, _)| i).collect()
}

/// The file with a condition that never holds in one body.
fn emptied(text: &str, head: usize) -> String {
    let empty = |line: &str| match line.split_once(" if ") {
        Some((head, "{")) => format!("{head} if {{\n\tfalse\n"),
        Some((head, body)) => format!("{head} if {{\n\tfalse\n\t{body}\n}}\n"),
        None => panic!("{line} has no body"),
    };
    text.lines().enumerate().map(|(i, l)| if i == head { empty(l) } else { format!("{l}\n") }).collect()
}

/// A body that never holds must turn a test red: for every `deny`, `undetermined` and `applies` of every rule.
#[test]
fn no_rule_survives_being_emptied() {
    let all = embedded_tests();
    let mut mutants = 0;
    let mut survivors = Vec::new();
    for file in all.iter().filter(|f| f.path.matches('/').count() == 3 && !f.path.ends_with("_test.rego")) {
        let own_test = file.path.replace(".rego", "_test.rego");
        let needed: Vec<&File> = all
            .iter()
            .filter(|f| f.path == own_test || f.path == file.path || f.path.matches('/').count() == 2)
            .filter(|f| !f.path.ends_with("lib_test.rego"))
            .collect();
        let denies = heads(&file.text, "deny").len();
        assert!(denies > 0 || file.text.contains("\ndeny := set()\n"), "{}: no deny body was found", file.path);
        for set in ["deny", "undetermined", "applies"] {
            for head in heads(&file.text, set) {
                mutants += 1;
                let mutated: Vec<File> = needed
                    .iter()
                    .map(|f| {
                        let text = if f.path == file.path { emptied(&f.text, head) } else { f.text.clone() };
                        f.with_text(text)
                    })
                    .collect();
                let red = match run_tests(&mutated) {
                    Ok((results, _)) => results.iter().any(|r| !r.passed),
                    Err(_) => true,
                };
                if !red {
                    survivors.push(format!("{}:{} ({set})", file.path, head + 1));
                }
            }
        }
    }
    assert!(mutants >= 60, "{mutants}");
    assert_eq!(survivors, Vec::<String>::new(), "of {mutants} mutants");
}
