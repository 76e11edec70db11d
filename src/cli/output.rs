//! What commands write.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

/// Writes a value as indented JSON to standard output.
pub(crate) fn write_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).map_err(std::io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// Writes a file at once: a reader sees the old one or the new one, and a write that fails leaves the old one.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let failed = || format!("{} can't be written", path.display());
    // A device or a pipe is written as it is.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return std::fs::write(path, bytes).with_context(failed);
    }
    let name = path.file_name().with_context(|| format!("{} is no file", path.display()))?;
    let beside = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    written.inspect_err(|_| drop(std::fs::remove_file(&beside))).with_context(failed)
}
