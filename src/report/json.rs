//! The JSON report: [`Report`] as it is.

use std::io::{Result, Write};

use super::Report;
use super::escape::write_json;

/// Writes the report as JSON, indented, with a final newline.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    write_json(report, out)
}
