//! Logging commands of Azure Pipelines: each finding becomes an issue of the run.

use std::io::{Result, Write};

use super::Report;
use super::case::{Standing, heading, message, primary};
use super::escape::{plain, shortened};

const MOST: usize = 4000;

/// The most of what tells the subject, and what is left for it.
const SHORT: usize = 500;
const LONG: usize = 600;

/// Writes one command for each finding and for what was not checked, a line for what is waived and for each note; then
/// the summary line.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    for finding in &report.findings {
        let text = shortened(&message(finding), MOST - LONG).into_owned();
        let text = format!("{}: {text} ({})", finding.verdict.name(), shortened(&heading(finding), SHORT));
        let level = match report.standing(finding) {
            Standing::Failure => "error",
            Standing::Warning => "warning",
            Standing::Waived => {
                writeln!(out, "waived: {}: {}", plain(finding.rule.as_str()), plain(&text))?;
                continue;
            }
            Standing::Passed | Standing::NotApplicable => continue,
        };
        let mut properties = match primary(finding) {
            Some(place) => vec![
                ("sourcepath", plain(&place.path).into_owned()),
                ("linenumber", place.start.line.to_string()),
                ("columnnumber", place.start.column.to_string()),
            ],
            None => vec![("sourcepath", plain(report.file_of(finding)).into_owned())],
        };
        properties.push(("code", plain(finding.rule.as_str()).into_owned()));
        command(out, level, &properties, &text)?;
    }
    for entry in &report.unchecked {
        let level = if entry.acknowledged { "warning" } else { "error" };
        let mut properties = Vec::new();
        if let Some(path) = &entry.path {
            properties.push(("sourcepath", plain(path).into_owned()));
            properties.extend(entry.line.map(|line| ("linenumber", line.to_string())));
            properties.extend(entry.column.map(|column| ("columnnumber", column.to_string())));
        }
        properties.push(("code", "not-checked".to_owned()));
        command(out, level, &properties, &format!("not checked: {}", shortened(&entry.said(), MOST)))?;
    }
    for remark in report.remarks() {
        writeln!(out, "note: {remark}")?;
    }
    writeln!(out, "{}", report.conftest_line())
}

fn command(out: &mut dyn Write, level: &str, properties: &[(&str, String)], text: &str) -> Result<()> {
    let mut line = format!("##vso[task.logissue type={level}");
    for (key, value) in properties {
        line.push_str(&format!(";{key}={}", escaped(value)));
    }
    writeln!(out, "{line}]{}", escaped(text))
}

/// The agent undoes all of these in values and in messages; `%AZP25` is its word for `%`.
fn escaped(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A").replace(';', "%3B").replace(']', "%5D")
}
