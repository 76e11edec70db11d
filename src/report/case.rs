//! What formats of test results show: one case for each rule and subject, and one for each thing that was given.

use std::collections::BTreeMap;

use super::escape::plain;
use super::{Report, Unchecked};
use crate::verdict::{BaselineState, Finding, FindingLocation, Role, Verdict};

/// What a case does to the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It makes the exit code non-zero.
    Failure,
    /// It is wrong or open, and does not fail the run.
    Warning,
    /// A waiver covers it.
    Waived,
    /// It passes.
    Passed,
    /// The rule does not apply.
    NotApplicable,
}

/// What one rule says of one subject.
pub(super) struct Case<'a> {
    /// What it does to the run.
    pub(super) standing: Standing,
    /// The first of its findings. Rule, severity and subject are those of all.
    pub(super) first: &'a Finding,
    /// The findings with this standing: beside what fails, what is excused says nothing.
    pub(super) findings: Vec<&'a Finding>,
}

impl Case<'_> {
    /// The messages in one line each.
    pub(super) fn messages(&self) -> impl Iterator<Item = String> {
        self.findings.iter().map(|finding| message(finding))
    }
}

impl Report {
    /// What a finding does to the run.
    pub(super) fn standing(&self, finding: &Finding) -> Standing {
        match finding.verdict {
            Verdict::Pass => Standing::Passed,
            Verdict::NotApplicable => Standing::NotApplicable,
            Verdict::Violation | Verdict::Undetermined if finding.waiver.is_some() => Standing::Waived,
            Verdict::Violation | Verdict::Undetermined if finding.baseline == Some(BaselineState::Known) => {
                Standing::Warning
            }
            Verdict::Violation if finding.severity >= self.fail_on => Standing::Failure,
            Verdict::Undetermined if finding.severity >= self.fail_on && !self.allow_undetermined => Standing::Failure,
            Verdict::Violation | Verdict::Undetermined => Standing::Warning,
        }
    }

    /// The findings by rule and subject, in the order of the report.
    pub(super) fn cases(&self) -> Vec<Case<'_>> {
        let mut cases: Vec<Case<'_>> = Vec::new();
        let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for finding in &self.findings {
            let standing = self.standing(finding);
            let at = *known.entry((finding.rule.as_str(), &finding.subject.id)).or_insert(cases.len());
            match cases.get_mut(at) {
                Some(case) if standing < case.standing => {
                    *case = Case { standing, first: finding, findings: vec![finding] };
                }
                Some(case) if standing == case.standing => case.findings.push(finding),
                Some(_) => {}
                None => cases.push(Case { standing, first: finding, findings: vec![finding] }),
            }
        }
        cases
    }

    /// Notes, and what another edition would say, in one line each.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> = self.notes.iter().map(|note| plain(note).into_owned()).collect();
        if let Some(compared) = &self.compared_edition {
            remarks.push(format!(
                "under the edition {} {} of the verdicts would be others, the exit code {}",
                plain(&compared.edition.name),
                compared.changes.len(),
                compared.exit_code
            ));
        }
        remarks
    }

    /// The file of what has no place of its own: the input it comes from, or else the first one.
    pub(super) fn file_of<'a>(&'a self, finding: &'a Finding) -> &'a str {
        let first = || self.inputs.first().map_or("-", |input| input.path.as_str());
        Some(finding.subject.source.as_str()).filter(|source| !source.is_empty()).unwrap_or_else(first)
    }
}

/// A place as people and editors read it: `path:line:column`, as far as it is known.
pub fn placed(path: &str, line: Option<usize>, column: Option<usize>) -> String {
    match line.zip(column) {
        Some((line, column)) => format!("{path}:{line}:{column}"),
        None => path.to_owned(),
    }
}

impl Unchecked {
    /// What it does to the run.
    pub(super) fn standing(&self) -> Standing {
        if self.acknowledged { Standing::Warning } else { Standing::Failure }
    }

    /// What could not be checked, in one line.
    pub(super) fn thing(&self) -> String {
        let Some(path) = &self.path else { return plain(&self.what).into_owned() };
        let place = placed(path, self.line, self.column);
        let same = self.path.as_ref() == Some(&self.what);
        plain(&if same { place } else { format!("{place}: {}", self.what) }).into_owned()
    }

    /// That and why, in one line.
    pub(super) fn said(&self) -> String {
        plain(&format!("{}: {}", self.thing(), self.why)).into_owned()
    }
}

/// What a finding says, in one line.
pub(super) fn message(finding: &Finding) -> String {
    let said = [finding.message.as_str(), &finding.title].into_iter().find(|text| !text.trim().is_empty());
    plain(said.unwrap_or(finding.rule.as_str())).into_owned()
}

/// The subject of a finding, as people call it.
pub(super) fn heading(finding: &Finding) -> String {
    let subject = &finding.subject;
    let address = match &subject.address {
        Some(address) if *address != subject.name => format!(" ({address})"),
        Some(_) | None => String::new(),
    };
    plain(&format!("{} {}{address}", subject.kind.word(), subject.name)).into_owned()
}

/// The place where the value of a finding stands.
pub(super) fn primary(finding: &Finding) -> Option<&FindingLocation> {
    finding.locations.iter().find(|l| l.role == Role::Primary).or(finding.locations.first())
}

/// That place as `path:line:column`, in one line.
pub(super) fn place(finding: &Finding) -> Option<String> {
    primary(finding).map(|l| plain(&format!("{}:{}:{}", l.path, l.start.line, l.start.column)).into_owned())
}
