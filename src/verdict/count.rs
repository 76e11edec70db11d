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
        let mut given = Given::default();
        given.taken.extend(self.findings.iter().map(|f| f.fingerprint.clone()));
        for mut finding in findings {
            finding.fingerprint = given.free(finding.fingerprint, numbered);
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

/// Names each of which is given once.
#[derive(Default)]
pub(crate) struct Given {
    taken: BTreeSet<String>,
    /// The last number that was tried behind a name: smaller ones are taken.
    last: BTreeMap<String, usize>,
}

impl Given {
    /// A name, or if it is taken the first free one of those with a number, from 2.
    pub(crate) fn free(&mut self, name: String, numbered: impl Fn(&str, usize) -> String) -> String {
        if self.taken.insert(name.clone()) {
            return name;
        }
        let last = self.last.entry(name.clone()).or_insert(1);
        loop {
            *last += 1;
            let free = numbered(&name, *last);
            if self.taken.insert(free.clone()) {
                return free;
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_in_time_that_grows_with_their_number() {
        let mut given = Given::default();
        let mut free = |name: &str| given.free(name.to_owned(), |name, nth| format!("{name}-{nth}"));
        assert_eq!(["a-2", "a", "a", "a", "a-2"].map(&mut free), ["a-2", "a", "a-3", "a-4", "a-2-2"]);
        let began = std::time::Instant::now();
        assert_eq!((0..200_000).map(|_| free("b")).last().as_deref(), Some("b-200000"));
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
