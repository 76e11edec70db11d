//! What of a run is known, new or gone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Baseline, BaselineRecord, KnownFinding};
use crate::verdict::{BaselineState, Finding, Verdict, numbered};

impl Baseline {
    /// Marks the findings that no waiver covers as known or new. Findings that share what their fingerprints are made of are told
    /// apart by their subject, and then by their number: of more than there were, some are new.
    pub fn apply(&self, findings: &mut [Finding]) -> BaselineRecord {
        let mut held: BTreeMap<String, Vec<(usize, &KnownFinding)>> = BTreeMap::new();
        let all = self.findings.iter().map(|f| &f.fingerprint).chain(&self.waived);
        let firsts = firsts(all.map(String::as_str));
        for (place, known) in self.findings.iter().enumerate() {
            held.entry(first(&firsts, &known.fingerprint)).or_default().push((place, known));
        }
        let mut found: BTreeMap<String, Vec<&mut Finding>> = BTreeMap::new();
        let wrong = findings.iter().filter(|f| f.is_wrong());
        let firsts = self::firsts(wrong.map(|f| f.fingerprint.as_str()));
        for finding in findings.iter_mut().filter(|f| f.is_wrong()) {
            found.entry(first(&firsts, &finding.fingerprint)).or_default().push(finding);
        }
        let (mut known, mut new) = (0, 0);
        for (fingerprint, findings) in found {
            let mut left = held.remove(&fingerprint).unwrap_or_default();
            settle(findings, &mut left, &mut known, &mut new);
            if !left.is_empty() {
                held.insert(fingerprint, left);
            }
        }
        // In the order of the earlier report. What stood behind a violation may stand there still.
        let gone: BTreeMap<usize, &KnownFinding> =
            held.into_values().flatten().filter(|(_, known)| !known.behind).collect();
        BaselineRecord {
            path: self.path.clone(),
            sha256: self.sha256.clone(),
            today: self.today.clone(),
            edition: self.edition.clone(),
            known,
            new,
            gone: gone.into_values().cloned().collect(),
        }
    }
}

/// Pairs findings with known ones; those that are left are gone.
fn settle(findings: Vec<&mut Finding>, left: &mut Vec<(usize, &KnownFinding)>, known: &mut usize, new: &mut usize) {
    let (waived, mut open): (Vec<_>, Vec<_>) = findings.into_iter().partition(|f| f.waiver.is_some());
    // A violation is known from a violation only: what is undetermined comes behind it.
    open.sort_by_key(|finding| finding.verdict);
    for same_subject in [true, false] {
        open.retain_mut(|finding| {
            let same = |k: &KnownFinding| !same_subject || k.id == finding.subject.id;
            let is_it = |(_, k): &(usize, &KnownFinding)| is_known(k, finding) && same(k);
            let Some(at) = left.iter().position(is_it) else { return true };
            left.remove(at);
            finding.baseline = Some(BaselineState::Known);
            *known += 1;
            false
        });
    }
    *new += open.len();
    let rest = open.len() + waived.len();
    open.into_iter().for_each(|finding| finding.baseline = Some(BaselineState::New));
    // What is waived by now, or worse, is not gone.
    left.truncate(left.len().saturating_sub(rest));
}

/// What was undetermined and is violated now is not known.
fn is_known(known: &KnownFinding, finding: &Finding) -> bool {
    known.verdict == "violation" || finding.verdict == Verdict::Undetermined
}

/// Fingerprints that are numbered → the first of their kind.
fn firsts<'f>(fingerprints: impl Iterator<Item = &'f str>) -> BTreeMap<String, String> {
    let all: BTreeSet<&str> = fingerprints.collect();
    let mut firsts = BTreeMap::new();
    for fingerprint in &all {
        for nth in 2.. {
            let next = numbered(fingerprint, nth);
            if !all.contains(next.as_str()) {
                break;
            }
            firsts.insert(next, (*fingerprint).to_owned());
        }
    }
    firsts
}

fn first(firsts: &BTreeMap<String, String>, fingerprint: &str) -> String {
    firsts.get(fingerprint).cloned().unwrap_or_else(|| fingerprint.to_owned())
}
