//! The same rules in the real OPA on generated facts: the same sets for every rule, under each complete edition.
//!
//! `OPENAI_DATA_CONTROLS_RANDOM=20000` compares as many; `OPENAI_DATA_CONTROLS_SEED=7` makes others.

use std::collections::BTreeMap;

use crate::support::generated::{all_rules, complete_editions, documents, judged, setting, verdicts};
use crate::support::opa::{Asked, difference};
use crate::support::{fixtures, options, peer};
use openai_data_controls::edition::{self, EditionFacts};
use openai_data_controls::facts::Facts;
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{facts, policy::PolicySet};

/// What no generated document can show, and why.
const OUT_OF_REACH: [(&str, Verdict, &str); 5] = [
    ("residency/client-without-project", Verdict::Violation, "the rule only leaves open"),
    ("retention/control-no-longer-managed", Verdict::Undetermined, "what is let go is known"),
    ("retention/endpoint-unknown", Verdict::Undetermined, "the endpoint of a use is always known"),
    ("residency/modality-not-in-region", Verdict::Violation, "every region of a complete edition has all modes"),
    ("residency/modality-not-in-region", Verdict::Undetermined, "every region of a complete edition has all modes"),
];

/// Holds what OPA says of documents against what we say; counts verdicts by rule.
fn compare(policies: &PolicySet, all: &[Facts]) -> BTreeMap<(String, Verdict), usize> {
    let opa = Asked::of(policies, all);
    let mut counts = BTreeMap::new();
    let ours: Vec<_> = all.iter().map(|facts| judged(policies, facts)).collect();
    let theirs = opa.answers();
    assert_eq!(theirs.len(), ours.len());
    let mut differences = Vec::new();
    for (number, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        for rule in policies.rules() {
            if let Some(difference) = difference(&ours[&rule.id], &theirs[&rule.package]) {
                differences.push(format!("{} on document {number}: {difference}", rule.id));
            }
            for verdict in verdicts(&ours[&rule.id]).into_values() {
                *counts.entry((rule.id.to_string(), verdict)).or_default() += 1;
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences[..differences.len().min(10)].join("\n")
    );
    counts
}

#[test]
fn opa_finds_the_same_on_generated_facts() {
    if peer("opa").is_none() {
        return;
    }
    let (count, seed) = (setting("OPENAI_DATA_CONTROLS_RANDOM", 2_000), setting("OPENAI_DATA_CONTROLS_SEED", 1));
    let policies = all_rules();
    let mut all = documents(count, seed);
    all.iter_mut().for_each(Facts::complete);
    let counts = compare(&policies, &all);
    let of = |rule: &str, verdict| counts.get(&(rule.to_owned(), verdict)).copied().unwrap_or_default();
    eprintln!("{count} documents, OPENAI_DATA_CONTROLS_SEED={seed}; verdicts: violation, undetermined, pass");
    let mut silent = Vec::new();
    for rule in policies.rules() {
        let id = rule.id.as_str();
        let three = [Verdict::Violation, Verdict::Undetermined, Verdict::Pass].map(|verdict| of(id, verdict));
        eprintln!("{:6} {:6} {:6}  {id}", three[0], three[1], three[2]);
        for verdict in [Verdict::Violation, Verdict::Undetermined] {
            let excused = OUT_OF_REACH.iter().any(|(rule, which, _)| *rule == id && *which == verdict);
            if (of(id, verdict) == 0) != excused {
                silent.push(format!("{id}: {} {} times", verdict.name(), of(id, verdict)));
            }
        }
    }
    // Few documents need not reach everything.
    assert!(count < 2_000 || silent.is_empty(), "{silent:#?}");
}

#[test]
fn opa_finds_the_same_on_fixtures_under_each_complete_edition() {
    if peer("opa").is_none() {
        return;
    }
    let pinned = EditionFacts::new(&edition::choose(None).unwrap().edition).name;
    let editions: Vec<EditionFacts> = complete_editions().into_iter().filter(|e| e.name != pinned).collect();
    assert!(editions.len() >= 2);
    let mut all = Vec::new();
    for fixture in fixtures() {
        let (inputs, _) = facts(&options(fixture), &mut std::io::empty());
        all.extend(inputs.into_iter().flat_map(|i| editions.iter().map(move |e| i.facts.under(e.clone()))));
    }
    assert!(all.len() > 300, "{}", all.len());
    compare(&all_rules(), &all);
}
