//! Which verdicts would be others under another edition.

use std::collections::BTreeMap;

use crate::edition::{self, EditionFacts};
use crate::error::Error;
use crate::excuses::Excuses;
use crate::facts::Facts;
use crate::input::Inputs;
use crate::policy::{Document, Outcome, PolicySet};
use crate::report::{ComparedEdition, Report, VerdictChange};
use crate::rule::{Rule, RuleId};
use crate::run::edition_record;
use crate::verdict::{self, Finding, Verdict, Verdicts};

/// Judges the same subjects under the edition of this name, or in this file, and compares. `outcomes` are what the rules
/// said in this run. With what went wrong while the rules ran.
///
/// # Errors
/// An edition that is not there, or that can't judge.
pub(crate) fn under(
    name: &str,
    policies: &PolicySet,
    rules: &[Rule],
    outcomes: &BTreeMap<RuleId, Outcome>,
    inputs: &Inputs,
    excuses: &Excuses,
    report: &Report,
) -> Result<(ComparedEdition, Vec<Error>), Error> {
    let chosen = edition::choose(Some(name)).map_err(|e| Error { what: "--compare-edition".to_owned(), ..e })?;
    let facts = inputs.facts.under(EditionFacts::new(&chosen.edition));
    let (others, mut problems) = policies.evaluate(Document::new(&facts)?);
    for problem in &mut problems {
        problem.message = format!("under the edition {}: {}", chosen.edition.edition, problem.message);
    }
    let judged =
        |outcomes: &BTreeMap<RuleId, Outcome>, facts: &Facts| verdict::judge(rules, outcomes, facts, &inputs.map, true);
    let (here, mut there) = (judged(outcomes, &inputs.facts), judged(&others, &facts));
    let changes = changes(&here, &there);
    excuses.clone().apply(&mut there);
    let exit_code = report.code(&there).into();
    Ok((ComparedEdition { edition: edition_record(&chosen, &report.today), exit_code, changes }, problems))
}

fn changes(here: &Verdicts, there: &Verdicts) -> Vec<VerdictChange> {
    fn by_pair(verdicts: &Verdicts) -> BTreeMap<(&str, &RuleId), &Finding> {
        let pairs = verdicts.findings.iter().rev().map(|f| ((f.subject.id.as_str(), &f.rule), f));
        pairs.collect()
    }
    let (here, there) = (by_pair(here), by_pair(there));
    let speaks = |f: &Finding| matches!(f.verdict, Verdict::Violation | Verdict::Undetermined);
    let mut found: Vec<VerdictChange> = here
        .iter()
        .filter_map(|(pair, before)| Some((before, there.get(pair)?)))
        .filter(|(before, after)| before.verdict != after.verdict)
        .map(|(before, after)| VerdictChange {
            rule: after.rule.clone(),
            severity: after.severity,
            subject: after.subject.clone(),
            from: before.verdict,
            to: after.verdict,
            message: if speaks(after) || !speaks(before) { &after.message } else { &before.message }.clone(),
        })
        .collect();
    found.sort_by(|a, b| {
        let key = |c: &VerdictChange| {
            (c.subject.source.clone(), c.subject.id.clone(), std::cmp::Reverse(c.severity), c.rule.clone())
        };
        key(a).cmp(&key(b))
    });
    found
}
