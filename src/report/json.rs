//! The JSON report: [`Report`] as it is.

use std::io::{Result, Write};

use super::Report;

/// Writes the report as JSON, indented, with a final newline.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}
