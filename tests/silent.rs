//! Rules that are not run, because no subject states what they need, would say nothing: of every fixture, of generated facts,
//! and of both with what a rule needs taken away.
//!
//! `OPENAI_DATA_CONTROLS_RANDOM=20000` takes as many documents; `OPENAI_DATA_CONTROLS_SEED=7` makes others.

use std::collections::BTreeMap;

use crate::support::generated::{all_facts, all_rules, judged};
use crate::support::{self, examples, inputs, options};
use openai_data_controls::facts::{Fact, Facts, NEEDS, Requirements};
use openai_data_controls::policy::{Held, Outcome, PolicySet, embedded};
use openai_data_controls::rule::{Rule, RuleId};
use openai_data_controls::{facts, verdict};

/// The rules that need something.
fn needing() -> PolicySet {
    let mut policies = all_rules();
    policies.retain(|rule| rule.needs.is_some());
    policies
}

fn says_nothing(outcome: &Outcome) -> bool {
    outcome.applies.is_empty() && outcome.deny.is_empty() && outcome.undetermined.is_empty()
}

/// Whether a part that is not known is one of an attribute, or holds it.
fn is_of(part: &str, attribute: &str) -> bool {
    part.starts_with(attribute) || attribute.starts_with(part)
}

/// Takes what some subject states away from all.
fn take_away(facts: &mut Facts, attribute: &str) {
    for project in facts.projects.values_mut() {
        project.unknown_parts.retain(|part, _| !is_of(part, attribute));
        match attribute {
            "handles_phi" => project.handles_phi = Fact::Absent,
            "models" => project.models = Fact::Absent,
            "tools" => project.tools = Fact::Absent,
            "region" => {
                (project.region, project.residency, project.processing) = (Fact::Absent, Fact::Absent, Fact::Absent);
            }
            _ => {}
        }
    }
    for call in facts.uses.values_mut() {
        call.unknown_parts.retain(|part, _| !is_of(part, attribute));
        match attribute {
            "tools" => call.tools = Fact::Absent,
            "region" => (call.region, call.processing) = (Fact::Absent, Fact::Absent),
            _ => {}
        }
    }
    if attribute == "region" {
        for client in facts.clients.values_mut() {
            (client.region, client.processing) = (Fact::Absent, Fact::Absent);
        }
    }
    if attribute == "abuse_monitoring_approval" {
        facts.organization.abuse_monitoring_approval = None;
    }
    let changes = facts.projects.values_mut().map(|project| &mut project.change);
    for change in changes.chain([&mut facts.organization.change]).flatten() {
        match attribute {
            "change.before" => change.before = None,
            "change.no_longer_managed" => change.no_longer_managed.clear(),
            _ => {}
        }
    }
    let of_projects = facts.projects.values_mut().map(|project| &mut project.requirements);
    let of_uses = facts.uses.values_mut().map(|call| &mut call.requirements);
    for requirements in of_projects.chain(of_uses).chain([&mut facts.organization.requirements]) {
        let Requirements {
            allowed_regions,
            region_required,
            regional_processing,
            training_forbidden,
            max_abuse_log_days,
            max_application_state_days,
        } = requirements;
        match attribute {
            "requirements.allowed_regions" => *allowed_regions = None,
            "requirements.region_required" => *region_required = None,
            "requirements.regional_processing" => *regional_processing = None,
            "requirements.training_forbidden" => *training_forbidden = None,
            "requirements.max_abuse_log_days" => *max_abuse_log_days = None,
            "requirements.max_application_state_days" => *max_application_state_days = None,
            _ => {}
        }
    }
}

/// What went wrong: rules that speak though no subject states what they need.
fn speaking_unasked(rules: &[Rule], facts: &Facts, outcomes: &BTreeMap<RuleId, Outcome>) -> Vec<String> {
    let stated = facts.stated();
    let needs = |rule: &&Rule| rule.needs.as_deref().is_some_and(|needs| !stated.contains(&needs));
    let speaking = rules.iter().filter(needs).filter(|rule| !says_nothing(&outcomes[&rule.id]));
    speaking.map(|rule| format!("{} without {}", rule.id, rule.needs.as_deref().unwrap())).collect()
}

#[test]
fn rules_say_nothing_without_what_they_need() {
    let policies = needing();
    let rules = policies.rules();
    // Rule → the documents of which it spoke, until what it needs was taken away.
    let mut silenced: BTreeMap<&str, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for (number, (_, facts)) in all_facts().iter().enumerate() {
        let before = judged(&policies, facts);
        problems.extend(speaking_unasked(rules, facts, &before));
        // One of those attributes that rules spoke of, each in its turn.
        let spoken: Vec<&Rule> = rules.iter().filter(|rule| !says_nothing(&before[&rule.id])).collect();
        if spoken.is_empty() {
            continue;
        }
        let attribute = spoken[number % spoken.len()].needs.as_deref().unwrap();
        let mut without = facts.clone();
        take_away(&mut without, attribute);
        assert!(!without.stated().contains(&attribute), "{attribute} is still stated");
        problems.extend(speaking_unasked(rules, &without, &judged(&policies, &without)));
        for rule in spoken.iter().filter(|rule| rule.needs.as_deref() == Some(attribute)) {
            *silenced.entry(rule.id.as_str()).or_default() += 1;
        }
    }
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{problems:#?}");
    let rarely: Vec<&str> = rules
        .iter()
        .map(|rule| rule.id.as_str())
        .filter(|id| silenced.get(id).is_none_or(|count| *count < 3))
        .collect();
    assert!(rarely.is_empty(), "hardly tried: {rarely:?}");
}

#[test]
fn each_rule_is_silent_in_its_own_examples_without_what_it_needs() {
    let policies = needing();
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    for example in examples().iter().filter(|example| example.kind != "silent") {
        let Some(rule) = policies.rules().iter().find(|rule| rule.id.as_str() == example.rule) else { continue };
        let paths = inputs(&example.path);
        let Some(found) = facts(&options(paths), &mut std::io::empty()).0 else { continue };
        let mut facts = found.facts;
        if says_nothing(&judged(&policies, &facts)[&rule.id]) {
            // It speaks under an edition or settings that lie beside it.
            continue;
        }
        take_away(&mut facts, rule.needs.as_deref().unwrap());
        assert!(says_nothing(&judged(&policies, &facts)[&rule.id]), "{} of {}", rule.id, example.path.display());
        *tried.entry(example.rule.clone()).or_default() += 1;
    }
    assert_eq!(tried.len(), policies.rules().len(), "{tried:?}");
}

#[test]
fn what_is_not_loaded_is_listed_and_does_not_apply() {
    let edition = support::generated::complete_editions().pop().unwrap();
    let mut facts = Facts::new(edition, support::TODAY.to_owned());
    facts.projects.insert("p".to_owned(), openai_data_controls::facts::Project::default());
    facts.complete();
    let held = Held { kinds: verdict::kinds(&facts), stated: facts.stated() };
    assert!(held.stated.is_empty());
    let (few, problems) = PolicySet::load_for(&embedded(), &held);
    assert!(problems.is_empty(), "{problems:?}");
    let everything = Held { stated: NEEDS.to_vec(), ..held.clone() };
    let (many, _) = PolicySet::load_for(&embedded(), &everything);
    let ids = |policies: &PolicySet| policies.rules().iter().map(|rule| rule.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&few), ids(&many));
    let verdicts = |policies: &PolicySet| {
        let outcomes = judged(policies, &facts);
        let judged = verdict::judge(policies.rules(), &outcomes, &facts, &Default::default(), true);
        judged.findings.iter().map(|f| format!("{} {:?} {}", f.rule, f.verdict, f.message)).collect::<Vec<_>>()
    };
    assert!(verdicts(&few).iter().any(|line| line.contains("NotApplicable")), "{:?}", verdicts(&few));
    assert_eq!(verdicts(&few), verdicts(&many));
}
