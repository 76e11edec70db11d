//! What commands write.

use std::io::{Result, StdoutLock, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use openai_data_controls::report;

/// Standard output. A reader that goes before the end has what it wants: the rest is dropped, and the exit code stays.
pub(crate) struct Out(Option<StdoutLock<'static>>);

/// Standard output, for all that commands write there.
pub(crate) fn out() -> Out {
    Out(Some(std::io::stdout().lock()))
}

impl Out {
    fn unless_closed<T>(&mut self, closed: T, write: impl FnOnce(&mut StdoutLock<'static>) -> Result<T>) -> Result<T> {
        let Some(out) = &mut self.0 else { return Ok(closed) };
        match write(out) {
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => {
                self.0 = None;
                Ok(closed)
            }
            written => written,
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.unless_closed(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> Result<()> {
        self.unless_closed((), Write::flush)
    }
}

/// Writes a value as indented JSON to standard output, where nothing in it drives a terminal or a pipeline.
pub(crate) fn write_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(out());
    report::write_json(value, &mut out)?;
    out.flush()?;
    Ok(())
}

/// Writes a file at once: a reader sees the old one or the new one, and a write that fails leaves the old one.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    Staged::new(path, bytes)?.put()
}

/// A file that is written beside its place and not yet in it. Dropped, it is gone.
pub(crate) struct Staged<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    beside: Option<PathBuf>,
}

impl<'a> Staged<'a> {
    /// Writes the file beside its place.
    pub(crate) fn new(path: &'a Path, bytes: &'a [u8]) -> anyhow::Result<Staged<'a>> {
        let found = std::fs::metadata(path).ok();
        if found.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            anyhow::bail!("{} can't be written: it is a directory", path.display());
        }
        // A device or a pipe is written as it is.
        if found.is_some_and(|found| !found.is_file()) {
            return Ok(Staged { path, bytes, beside: None });
        }
        let name = path.file_name().with_context(|| format!("{} is no file", path.display()))?;
        let beside = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
        // What another program put there is not followed.
        let _ = std::fs::remove_file(&beside);
        let made = std::fs::OpenOptions::new().write(true).create_new(true).open(&beside);
        let mut file = made.with_context(|| failed(path))?;
        let staged = Staged { path, bytes, beside: Some(beside) };
        file.write_all(bytes).and_then(|()| file.sync_all()).with_context(|| failed(path))?;
        Ok(staged)
    }

    /// Puts the file in its place.
    pub(crate) fn put(mut self) -> anyhow::Result<()> {
        match &self.beside {
            Some(beside) => {
                std::fs::rename(beside, self.path).with_context(|| failed(self.path))?;
                self.beside = None;
                Ok(())
            }
            None => match std::fs::write(self.path, self.bytes) {
                Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e).with_context(|| failed(self.path)),
                Ok(()) | Err(_) => Ok(()),
            },
        }
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            let _ = std::fs::remove_file(beside);
        }
    }
}

fn failed(path: &Path) -> String {
    format!("{} can't be written", path.display())
}
