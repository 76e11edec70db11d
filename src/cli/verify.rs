//! `verify` and `rules --scaffold`: what they print.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;
use openai_data_controls::report::placed;
use openai_data_controls::scaffold::scaffold;
use openai_data_controls::verify::{Coverage, Mistake, Verification};

use super::{ListFormat, out, write_json};
use crate::printable;

/// The policy directory that a rule is written into where none is given.
const DIRECTORY: &str = "policy";

/// Verifies, prints what was found, and gives the exit code.
pub(crate) fn verify(policies: &[PathBuf], format: ListFormat) -> anyhow::Result<u8> {
    let found = openai_data_controls::verify(policies);
    match format {
        ListFormat::Json => write_json(&found)?,
        ListFormat::Text => print(&found, &mut std::io::BufWriter::new(out()))?,
    }
    Ok(found.summary.exit_code)
}

fn print(found: &Verification, out: &mut impl Write) -> std::io::Result<()> {
    for test in found.tests.iter().filter(|test| !test.passed) {
        let why = test.error.as_ref().map_or_else(String::new, |why| format!("\n  {}", printable(why)));
        writeln!(out, "failed   {}:{}: {}{}", printable(&test.path), test.line, test.name, why)?;
    }
    for example in found.examples.iter().filter(|example| !example.right) {
        let got = printable(example.got.as_deref().unwrap_or_default());
        writeln!(out, "wrong    {}: promises {}, {} {got}", printable(&example.path), example.kind, example.rule)?;
    }
    for mistake in &found.mistakes {
        writeln!(out, "mistake  {}", printable(&told(mistake)))?;
    }
    for file in &found.coverage {
        writeln!(out, "{}", printable(&covered(file)))?;
    }
    let counts = &found.summary;
    writeln!(
        out,
        "{} tests, {} passed, {} failed; {} examples, {} right; coverage {} %; {} mistakes",
        counts.tests, counts.passed, counts.failed, counts.examples, counts.right, counts.coverage, counts.mistakes
    )?;
    out.flush()
}

fn told(mistake: &Mistake) -> String {
    let place = placed(&mistake.path, mistake.line, mistake.column);
    let help = mistake.help.as_ref().map_or_else(String::new, |help| format!(" ({help})"));
    format!("{place}: {}{help}", mistake.message)
}

fn covered(file: &Coverage) -> String {
    if file.never_reached.is_empty() {
        return format!("{}: {} %", file.path, file.percent);
    }
    let word = if file.never_reached.len() == 1 { "line" } else { "lines" };
    format!("{}: {} %, never reached: {word} {}", file.path, file.percent, ranges(&file.never_reached))
}

/// `14, 20-22`.
fn ranges(lines: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    let shown = |(first, last): (u32, u32)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    ranges.into_iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// Writes a new rule with its test and its examples.
pub(crate) fn write_rule(id: &str, policies: &[PathBuf]) -> anyhow::Result<u8> {
    let directory = match policies {
        [] => Path::new(DIRECTORY),
        [one] => one,
        _ => bail!("--scaffold writes into one policy directory: give --policy once"),
    };
    let written = scaffold(id, directory)?;
    let mut out = out();
    for path in written {
        writeln!(out, "written  {}", printable(&path.display().to_string().replace('\\', "/")))?;
    }
    let shown = printable(&directory.display().to_string());
    writeln!(out, "next     openai-data-controls verify --policy {shown}")?;
    Ok(0)
}
