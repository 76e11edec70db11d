//! Every rule through the real readers, and its Rego tests; what these do not notice is in `mutation.rs`.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{self, examples, inputs, report};
use openai_data_controls::policy::{PolicySet, embedded, embedded_tests, run_tests};
use openai_data_controls::verdict::Verdict;

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
    assert!(policies.rules().len() >= 51, "{}", policies.rules().len());
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

/// OPA compares each result of a partial rule that has a variable in its head's reference with all that it made before, so that
/// one result for each use takes the square of the uses. These have one for each region, model or endpoint of the page, or
/// gather what is for one project; all else is a complete rule.
const KEYED: [&str; 20] = [
    "openai.lib.accepted",
    "openai.processing.allowed_models",
    "openai.residency.chat_store_outside_us._allowed",
    "openai.residency.modality_not_in_region._modes",
    "openai.residency.non_us_region_without_abuse_monitoring_approval._lacks",
    "openai.residency.non_us_region_without_zdr_amendment._lacking",
    "openai.residency.non_us_region_without_zdr_amendment._lacks",
    "openai.residency.region_without_further_approval._lacks",
    "openai.residency.regional_host_mismatch._wrong",
    "openai.residency.tool_not_in_region._covered",
    "openai.searches._grouped_searches",
    "openai.state._audio",
    "openai.state._background",
    "openai.state._caches",
    "openai.state._fixed",
    "openai.state._log_days",
    "openai.state._periods",
    "openai.state._under_zdr",
    "openai.state._when_stored",
    "openai.tiers.refused",
];

#[test]
fn no_partial_rule_has_a_key_for_each_subject() {
    let mut found = BTreeSet::new();
    for file in embedded() {
        let package = file.package().to_owned();
        for line in file.text.lines() {
            let head = line.split(" if ").next().unwrap_or(line);
            let Some((name, rest)) = head.split_once('[') else { continue };
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let makes = rest.split_once("] ").is_some_and(|(key, behind)| {
                !key.starts_with('"') && (behind.starts_with(":= ") || behind.starts_with("contains "))
            });
            if is_name && makes {
                found.insert(format!("{package}.{name}"));
            }
        }
    }
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), KEYED);
}
