//! `--format`, which may be given several times, and where each goes.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use openai_data_controls::location::SourceMap;
use openai_data_controls::report::{Format, Report, Style};

use super::Reading;
use super::output::{Staged, out};

/// One `--format`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    /// The format.
    pub(crate) format: Format,
    /// The file; `None` is standard output.
    pub(crate) file: Option<PathBuf>,
}

/// Reads `FORMAT` or `FORMAT=FILE`.
pub(crate) fn output(text: &str) -> Result<Output, String> {
    let (format, file) = match text.split_once('=') {
        Some((_, "")) => return Err("a file name is missing behind =".to_owned()),
        Some((format, "-")) => (format, None),
        Some((format, file)) => (format, Some(PathBuf::from(file))),
        None => (text, None),
    };
    Ok(Output { format: format.parse()?, file })
}

/// Refuses formats that would overwrite each other, or what is read.
pub(crate) fn check_outputs(outputs: &[Output], reading: &Reading) -> anyhow::Result<()> {
    let given = [&reading.paths, &reading.organization, &reading.source, &reading.var_file].into_iter().flatten();
    let given: Vec<PathBuf> = given.chain(&reading.settings).filter(|path| path.is_file()).map(|p| same(p)).collect();
    for (at, one) in outputs.iter().enumerate() {
        let earlier = outputs.iter().take(at);
        let Some(file) = &one.file else {
            if let Some(other) = earlier.clone().find(|other| other.file.is_none()) {
                let (a, b) = (other.format.name(), one.format.name());
                bail!("--format: {a} and {b} would both go to standard output: give one of them a file, {b}=FILE");
            }
            continue;
        };
        // Any number may go to a device.
        if std::fs::metadata(file).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            continue;
        }
        let path = same(file);
        if let Some(other) = earlier.clone().find(|other| other.file.as_deref().is_some_and(|o| same(o) == path)) {
            let (a, b) = (other.format.name(), one.format.name());
            bail!("--format: {a} and {b} would both go to {}: give each its own file", file.display());
        }
        if given.contains(&path) {
            bail!("--format: {} is an input, which the report would overwrite", file.display());
        }
        if is_written_by_hand(&path) {
            bail!(
                "--format: {} is the name of source, values, settings, rules or state: give the report another",
                file.display()
            );
        }
    }
    Ok(())
}

/// Whether a file is source, values, settings, rules or state, by its name: whatever was read of it, no report takes its place.
fn is_written_by_hand(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let ends = ["tf", "tofu", "tfvars", "tf.json", "tofu.json", "tfvars.json", "tfstate", "hcl", "rego", "openai.json"];
    let is = |end: &str| name.strip_suffix(end).is_some_and(|stem| stem.is_empty() || stem.ends_with('.'));
    ends.iter().any(|end| is(end)) || [".gitignore", "modules.json"].contains(&name.as_str())
}

/// Refuses to overwrite what was read: files that inputs, settings and options led to.
pub(crate) fn keep_what_was_read<'p>(outputs: &[Output], read: impl Iterator<Item = &'p Path>) -> anyhow::Result<()> {
    let files: Vec<&Path> =
        outputs.iter().filter_map(|output| output.file.as_deref()).filter(|p| p.is_file()).collect();
    if files.is_empty() {
        return Ok(());
    }
    let read: HashSet<PathBuf> = read.filter_map(|path| std::fs::canonicalize(path).ok()).collect();
    match files.iter().find(|file| read.contains(&same(file))) {
        Some(file) => bail!("--format: {} was read, and the report would overwrite it", file.display()),
        None => Ok(()),
    }
}

/// The one path of a file, however it is named; the file need not exist.
fn same(path: &Path) -> PathBuf {
    let whole = std::fs::canonicalize(path).ok();
    whole.unwrap_or_else(|| {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let directory = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
        path.file_name().map_or_else(|| path.to_owned(), |name| directory.join(name))
    })
}

/// Writes the report in all formats. Files come into their places when all of them could be written.
pub(crate) fn write_report(report: &Report, outputs: &[Output], style: Style, map: &SourceMap) -> anyhow::Result<()> {
    let mut rendered = Vec::with_capacity(outputs.len());
    for output in outputs {
        // A file is no terminal.
        let style = if output.file.is_none() { style } else { Style { color: false, width: None, ..style } };
        let mut bytes = Vec::new();
        report.write(output.format, style, map, &mut bytes).context("the report can't be written")?;
        rendered.push((output, bytes));
    }
    let mut staged = Vec::new();
    for (output, bytes) in &rendered {
        if let Some(file) = &output.file {
            staged.push(Staged::new(file, bytes).context("--format")?);
        }
    }
    for file in staged {
        file.put().context("--format")?;
    }
    for (_, bytes) in rendered.iter().filter(|(output, _)| output.file.is_none()) {
        let mut out = out();
        out.write_all(bytes).and_then(|()| out.flush()).context("the report can't be written")?;
    }
    Ok(())
}
