//! Workflow commands of GitHub Actions: each finding becomes an annotation at its line.

use std::io::{Result, Write};

use super::Report;
use super::case::{Standing, heading, message, primary};
use super::escape::{lines, plain, shortened};

/// GitHub shows no more of a message than this.
const MOST: usize = 4000;

/// The most of what tells the subject, and of what is to be done; the message has the rest.
const SHORT: usize = 500;
const LONG: usize = 1000;

/// Writes one command for each finding, for what was not checked and for each note; then the summary line.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    for finding in &report.findings {
        let (level, mark) = match report.standing(finding) {
            Standing::Failure => ("error", ""),
            Standing::Warning => ("warning", ""),
            Standing::Waived => ("notice", "waived: "),
            Standing::Passed | Standing::NotApplicable => continue,
        };
        let mut properties = Vec::new();
        if let Some(place) = primary(finding) {
            properties.push(("file", plain(&place.path).into_owned()));
            properties.push(("line", place.start.line.to_string()));
            // Columns belong to one line.
            if place.end.line == place.start.line && place.end.column > place.start.column {
                properties.push(("col", place.start.column.to_string()));
                properties.push(("endColumn", place.end.column.to_string()));
            } else if place.end.line > place.start.line {
                properties.push(("endLine", place.end.line.to_string()));
            } else {
                properties.push(("col", place.start.column.to_string()));
            }
        } else {
            properties.push(("file", plain(report.file_of(finding)).into_owned()));
        }
        properties.push(("title", format!("{} ({})", plain(finding.rule.as_str()), finding.severity.name())));
        let verdict = finding.verdict.name();
        let said = shortened(&message(finding), MOST - SHORT - 2 * LONG).into_owned();
        let text = format!(
            "{mark}{verdict}: {said}\n{}\n{}",
            shortened(&heading(finding), SHORT),
            shortened(&lines(&finding.remediation), LONG)
        );
        command(out, level, &properties, &text)?;
    }
    for entry in &report.unchecked {
        let level = if entry.acknowledged { "notice" } else { "error" };
        let mut properties = Vec::new();
        if let Some(path) = &entry.path {
            properties.push(("file", plain(path).into_owned()));
            properties.extend(entry.line.map(|line| ("line", line.to_string())));
            properties.extend(entry.column.map(|column| ("col", column.to_string())));
        }
        properties.push(("title", "not checked".to_owned()));
        command(out, level, &properties, &shortened(&entry.said(), MOST))?;
    }
    for remark in report.remarks() {
        command(out, "notice", &[("title", "note".to_owned())], &shortened(&remark, MOST))?;
    }
    writeln!(out, "{}", report.conftest_line())
}

fn command(out: &mut dyn Write, level: &str, properties: &[(&str, String)], text: &str) -> Result<()> {
    let properties: Vec<String> = properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
    writeln!(out, "::{level} {}::{}", properties.join(","), data(text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
