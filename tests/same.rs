//! The same projects as HCL definition, as JSON definition and as a real plan: the same verdicts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;

use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, check};
use support::{directories, options, testdata};

/// (rule, name of the subject, verdict) of every pair.
fn verdicts(paths: Vec<PathBuf>) -> BTreeSet<(String, String, Verdict)> {
    let options = Options { verdicts: true, ..options(paths) };
    let report = check(&options, &mut std::io::empty()).0;
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    report.findings.into_iter().map(|f| (f.rule.to_string(), f.subject.name, f.verdict)).collect()
}

#[test]
fn three_languages_give_the_same_verdicts() {
    let plans = directories(&testdata("plans"));
    let fixtures: Vec<_> = plans.into_iter().filter(|d| d.join("projects.hcl").exists()).collect();
    assert!(fixtures.len() >= 3);
    for fixture in fixtures {
        let hcl = verdicts(vec![fixture.join("projects.hcl")]);
        let json = verdicts(vec![fixture.join("projects.json")]);
        let plan = verdicts(vec![fixture.join("plan.json"), fixture.join("organization.hcl")]);
        assert!(hcl.iter().any(|(_, _, v)| *v == Verdict::Pass), "{}", fixture.display());
        assert!(hcl.iter().any(|(_, _, v)| *v == Verdict::Violation), "{}", fixture.display());
        assert_eq!(hcl, json, "{}", fixture.display());
        assert_eq!(hcl, plan, "{}", fixture.display());
    }
}
