//! Test Anything Protocol, version 14: a test point for each rule and subject, and for each input.

use std::io::{Result, Write};

use super::Report;
use super::case::{Case, Standing, heading, place};
use super::escape::{json_string, plain};

/// Writes the plan, then the points. What does not fail the run is `todo`, with the reason: harnesses show it and pass.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    let cases = report.cases();
    let read: Vec<_> = report.inputs.iter().filter(|input| input.complete && input.kind.is_some()).collect();
    writeln!(out, "TAP version 14")?;
    match cases.len() + report.unchecked.len() + read.len() {
        0 => writeln!(out, "1..0 # nothing was given")?,
        count => writeln!(out, "1..{count}")?,
    }
    let mut number = 0;
    let mut next = || {
        number += 1;
        number
    };
    for input in read {
        let kind = input.kind.map_or("input", |kind| kind.name()).replace('_', " ");
        writeln!(out, "ok {} - {}", next(), described(&format!("{} was read ({kind})", input.path)))?;
    }
    for entry in &report.unchecked {
        let directive = if entry.acknowledged { " # TODO acknowledged" } else { "" };
        writeln!(out, "not ok {} - {}{directive}", next(), described(&format!("not checked: {}", entry.thing())))?;
        block(out, &[("message", &entry.why)])?;
    }
    for case in &cases {
        point(case, next(), out)?;
    }
    let unlisted = report.summary.pass.saturating_sub(cases.iter().filter(|c| c.standing == Standing::Passed).count());
    if unlisted > 0 {
        writeln!(out, "# {unlisted} passed, which --verdicts lists")?;
    }
    for remark in report.remarks() {
        writeln!(out, "# {}", described(&remark))?;
    }
    if let Some(edition) = &report.edition {
        writeln!(out, "# edition {}", described(&edition.name))?;
    }
    writeln!(out, "# {}", report.conftest_line())
}

fn point(case: &Case<'_>, number: usize, out: &mut dyn Write) -> Result<()> {
    let finding = case.first;
    let severity = finding.severity.name();
    let (ok, directive) = match case.standing {
        Standing::Failure => ("not ok", String::new()),
        Standing::Warning => ("not ok", format!(" # TODO {severity}, does not fail the run")),
        Standing::Waived => {
            let waiver = finding.waiver.as_deref().unwrap_or_default();
            ("not ok", format!(" # TODO waived {}", described(waiver)))
        }
        Standing::Passed => ("ok", String::new()),
        Standing::NotApplicable => ("ok", " # SKIP not applicable".to_owned()),
    };
    let name = described(&format!("{}: {}", finding.rule, heading(finding)));
    writeln!(out, "{ok} {number} - {name}{}", directive.trim_end())?;
    if matches!(case.standing, Standing::Passed | Standing::NotApplicable) {
        return Ok(());
    }
    let messages: Vec<String> = case.messages().collect();
    let place = place(finding).unwrap_or_default();
    block(
        out,
        &[
            ("message", &messages.join("\n")),
            ("verdict", finding.verdict.name()),
            ("severity", severity),
            ("at", &place),
            ("remediation", &finding.remediation),
            ("section", &finding.section),
            ("fingerprint", &finding.fingerprint),
        ],
    )
}

/// A YAML block. Its strings are JSON's, in one line each, so that none ends it.
fn block(out: &mut dyn Write, entries: &[(&str, &str)]) -> Result<()> {
    writeln!(out, "  ---")?;
    for (key, value) in entries.iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(out, "  {key}: {}", json_string(value)?)?;
    }
    writeln!(out, "  ...")
}

/// A description: in one line, and `#` starts no directive in it.
fn described(text: &str) -> String {
    plain(text).trim().replace('\\', "\\\\").replace('#', "\\#")
}
