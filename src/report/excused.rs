//! The text report's part on what does not fail the run: waived, known, acknowledged; and on what excuses nothing.

use std::io::{Result, Write};

use super::case::heading;
use super::escape::plain;
use super::{Report, Style, WaiverState};
use crate::verdict::{BaselineState, Finding};

/// Writes what is excused, in a line each.
pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> Result<()> {
    waived(report, out)?;
    known(report, out)?;
    states(report, style, out)
}

fn line(finding: &Finding) -> String {
    let verdict = format!("{}, {}[{}]", finding.verdict.name(), finding.severity.name(), plain(finding.rule.as_str()));
    format!("{verdict} {}: {}", heading(finding), plain(&finding.message))
}

fn waived(report: &Report, out: &mut dyn Write) -> Result<()> {
    let waived = report.findings.iter().filter_map(|f| Some((f, f.waiver.as_ref()?)));
    let lines: Vec<String> =
        waived.map(|(finding, waiver)| format!("  {}\n    waived: {}\n", line(finding), plain(waiver))).collect();
    section("waived", &lines, out)
}

fn known(report: &Report, out: &mut dyn Write) -> Result<()> {
    let Some(baseline) = &report.baseline else { return Ok(()) };
    let path = plain(&baseline.path);
    let known = report.findings.iter().filter(|f| f.baseline == Some(BaselineState::Known));
    let lines: Vec<String> = known.map(|finding| format!("  {}\n", line(finding))).collect();
    section(&format!("known from {path}"), &lines, out)?;
    let gone = baseline.gone.iter().map(|gone| {
        let said = format!("{}, {}[{}] {}: {}", gone.verdict, gone.severity, gone.rule, gone.subject, gone.message);
        format!("  {}\n", plain(&said))
    });
    let unsure = if report.summary.unchecked > 0 { ", or not read this time" } else { "" };
    section(&format!("gone since {path}{unsure}"), &gone.collect::<Vec<_>>(), out)
}

/// Waivers and acknowledgements that hide nothing; those without anything to hide only where there is room.
fn states(report: &Report, style: Style, out: &mut dyn Write) -> Result<()> {
    let said = |place: String, what: String, state: WaiverState, until: &Option<String>, why: &Option<String>| {
        let why = match (state, why) {
            (_, Some(why)) => format!(": {why}"),
            (WaiverState::Expired, None) => format!(": its last day was {}", until.as_deref().unwrap_or_default()),
            (WaiverState::Used | WaiverState::Unused | WaiverState::Malformed, None) => String::new(),
        };
        let shown = match state {
            WaiverState::Used => false,
            WaiverState::Unused => !style.quiet,
            WaiverState::Expired | WaiverState::Malformed => true,
        };
        shown.then(|| format!("  {}\n", plain(&format!("{place}: {}: {what}{why}", state.name()))))
    };
    let waivers = report.waivers.iter().filter_map(|w| {
        let place = format!("{}:{}:{}", w.path, w.line, w.column);
        said(place, format!("{} for {}", w.rule, w.subject), w.state, &w.expires, &w.why)
    });
    section("waivers that hide nothing", &waivers.collect::<Vec<_>>(), out)?;
    let acknowledgements = report.acknowledgements.iter().filter_map(|a| {
        let place = format!("{}:{}:{}", a.path, a.line, a.column);
        said(place, format!("unchecked {}", a.what), a.state, &a.expires, &a.why)
    });
    section("acknowledgements that cover nothing", &acknowledgements.collect::<Vec<_>>(), out)
}

fn section(title: &str, lines: &[String], out: &mut dyn Write) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}\n")?;
    lines.iter().try_for_each(|line| out.write_all(line.as_bytes()))?;
    writeln!(out)
}
