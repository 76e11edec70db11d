//! Code Quality of GitLab: a list of issues, each at a line of a file.

use std::io::{Result, Write};

use serde::Serialize;

use super::case::{Standing, message, primary};
use super::escape::{plain, write_json};
use super::{Report, Unchecked};
use crate::digest::sha256;
use crate::rule::Severity;
use crate::verdict::Given;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes what is violated, open, waived or not checked; GitLab shows each at its line of the merge request.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    let mut issues = Vec::new();
    for finding in &report.findings {
        let standing = report.standing(finding);
        let (severity, mark) = match standing {
            Standing::Failure | Standing::Warning => (word(finding.severity), ""),
            Standing::Waived => ("info", "waived: "),
            Standing::Passed | Standing::NotApplicable => continue,
        };
        let place = primary(finding);
        issues.push(Issue {
            description: format!("{mark}{}: {}", finding.verdict.name(), message(finding)),
            check_name: plain(finding.rule.as_str()).into_owned(),
            fingerprint: finding.fingerprint.clone(),
            severity,
            location: Place {
                path: plain(place.map_or_else(|| report.file_of(finding), |place| &place.path)).into_owned(),
                lines: Lines {
                    begin: place.map_or(1, |place| place.start.line),
                    end: place.map_or(1, |place| place.end.line.max(place.start.line)),
                },
            },
        });
    }
    let first = report.inputs.first().map_or("-", |input| input.path.as_str());
    issues.extend(report.unchecked.iter().map(|entry| not_checked(entry, first)));
    number(&mut issues);
    write_json(&issues, out)
}

fn not_checked(entry: &Unchecked, first: &str) -> Issue {
    let line = entry.line.unwrap_or(1);
    let path = entry.path.as_deref().unwrap_or(first);
    let mut fingerprint = sha256([entry.what.as_bytes(), &[0], entry.why.as_bytes()]);
    fingerprint.truncate(32);
    Issue {
        description: format!("not checked: {}", plain(&format!("{}: {}", entry.what, entry.why))),
        check_name: "not-checked".to_owned(),
        fingerprint,
        severity: if entry.acknowledged { "info" } else { "blocker" },
        location: Place { path: plain(path).into_owned(), lines: Lines { begin: line, end: line } },
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "minor",
        Severity::Medium => "major",
        Severity::High => "critical",
        Severity::Critical => "blocker",
    }
}

/// GitLab drops an issue whose fingerprint it has seen, so no two have one.
fn number(issues: &mut [Issue]) {
    let mut given = Given::default();
    for issue in issues {
        let own = std::mem::take(&mut issue.fingerprint);
        issue.fingerprint = given.free(own, |own, nth| format!("{own}-{nth}"));
    }
}
