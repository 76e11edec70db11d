//! `init`: what it wrote and found, and how to go on.

use std::io::Write;
use std::path::Path;

use openai_data_controls::error::ExitCode;
use openai_data_controls::init;

use super::out;
use crate::{complain, printable};

/// Writes the first files into a directory and tells of it.
pub(crate) fn init(directory: &Path, control: &str, today: &str) -> anyhow::Result<u8> {
    let start = init::init(directory, control, today)?;
    start.problems.iter().for_each(|problem| complain(&printable(&problem.to_string())));
    let mut out = out();
    let mut told = |about: &str, lines: &[String]| -> std::io::Result<()> {
        for (number, line) in lines.iter().enumerate() {
            writeln!(out, "{:<6} {}", if number == 0 { about } else { "" }, printable(line))?;
        }
        Ok(())
    };
    told("wrote", &start.written)?;
    told("kept", start.kept.as_slice())?;
    told("found", &start.found)?;
    let next = start.next.iter().map(|argument| quoted(argument)).collect::<Vec<_>>().join(" ");
    let next = format!("openai-data-controls {next}");
    let what = if start.anything {
        [next, "which tells what evidence is missing, and what to write where".to_owned()]
    } else {
        ["put a plan, Terraform source or a definition (openai.hcl) here, then:".to_owned(), next]
    };
    told("next", &what)?;
    Ok(if start.problems.is_empty() { ExitCode::Pass.into() } else { ExitCode::Unchecked.into() })
}

/// An argument as a shell takes it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:@%+,".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}
