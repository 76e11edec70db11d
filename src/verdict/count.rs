//! The order, the numbers and the counts of findings.

use std::collections::{BTreeMap, BTreeSet};

use super::{BaselineState, Finding, Verdict, Verdicts, digest};
use crate::rule::RuleId;

impl Verdicts {
    pub(super) fn put_in_order(&mut self) {
        fn key(f: &Finding) -> impl Ord {
            let (subject, severity) = (&f.subject, std::cmp::Reverse(f.severity));
            (&subject.source, &subject.id, severity, &f.rule, &f.attribute, &f.message)
        }
        self.findings.sort_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Hands out what stands behind findings of which none counts any more.
    pub(crate) fn exposed(&mut self) -> Vec<Finding> {
        let pair = |f: &Finding| (f.rule.clone(), f.subject.id.clone());
        let counting: BTreeSet<_> = self.findings.iter().filter(|f| f.counts()).map(pair).collect();
        let behind = std::mem::take(&mut self.behind);
        let (hidden, exposed) = behind.into_iter().partition(|f| counting.contains(&pair(f)));
        self.behind = hidden;
        exposed
    }

    /// Takes findings that stood behind others, each with a fingerprint of its own.
    pub(crate) fn bring_forward(&mut self, findings: Vec<Finding>) {
        let mut taken: BTreeSet<String> = self.findings.iter().map(|f| f.fingerprint.clone()).collect();
        for mut finding in findings {
            let first = finding.fingerprint.clone();
            let mut nth = 1;
            while !taken.insert(finding.fingerprint.clone()) {
                nth += 1;
                finding.fingerprint = numbered(&first, nth);
            }
            self.findings.push(finding);
        }
        self.put_in_order();
    }

    /// Counts the pairs that are violated or undetermined, by what their findings that no waiver covers say.
    pub(crate) fn count(&mut self) {
        let mut pairs: BTreeMap<(&RuleId, &str), Vec<&Finding>> = BTreeMap::new();
        for finding in self.findings.iter().filter(|f| f.is_wrong()) {
            pairs.entry((&finding.rule, &finding.subject.id)).or_default().push(finding);
        }
        let (mut violations, mut undetermined, mut known) = (Vec::new(), Vec::new(), [0, 0]);
        let mut waived = 0;
        for findings in pairs.into_values() {
            let open: Vec<&Finding> = findings.into_iter().filter(|f| f.waiver.is_none()).collect();
            let Some(first) = open.first() else {
                waived += 1;
                continue;
            };
            let is_violation = |f: &&&Finding| f.verdict == Verdict::Violation;
            let counting: Vec<&&Finding> = open.iter().filter(|f| f.counts()).collect();
            if counting.is_empty() {
                known[usize::from(open.iter().any(|f| is_violation(&f)))] += 1;
            } else if counting.iter().any(is_violation) {
                violations.push(first.severity);
            } else {
                undetermined.push(first.severity);
            }
        }
        (self.violations, self.undetermined, self.waived) = (violations, undetermined, waived);
        [self.known_undetermined, self.known_violations] = known;
    }
}

impl Finding {
    /// Whether it says that something is wrong or open.
    pub fn is_wrong(&self) -> bool {
        matches!(self.verdict, Verdict::Violation | Verdict::Undetermined)
    }

    /// Whether it is wrong or open, and neither waived nor known from a baseline.
    pub fn counts(&self) -> bool {
        self.is_wrong() && self.waiver.is_none() && self.baseline != Some(BaselineState::Known)
    }
}

/// Findings that only their place tells apart get a number, so that no two share a fingerprint.
pub(super) fn number_fingerprints(findings: &mut [Finding]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        let nth = seen.entry(finding.fingerprint.clone()).or_default();
        *nth += 1;
        if *nth > 1 {
            finding.fingerprint = numbered(&finding.fingerprint, *nth);
        }
    }
}

/// The fingerprint of the nth finding, from 2, that would have this one.
pub(crate) fn numbered(fingerprint: &str, nth: usize) -> String {
    digest(&[fingerprint, &nth.to_string()])
}
