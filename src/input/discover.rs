//! From paths to files, and from files to bytes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::MAX_INPUT_BYTES;
use crate::error::Error;
use crate::location::display_path;

/// The files that paths stand for.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of the paths; those of a directory sorted by name.
    pub(super) files: Vec<PathBuf>,
    /// What can't be read as an input.
    pub(super) problems: Vec<Error>,
}

fn is_definition(name: &str) -> bool {
    let named = |extension: &str| {
        name.strip_suffix(extension).is_some_and(|stem| stem == "openai" || stem.ends_with(".openai"))
    };
    named(".hcl") || named(".json")
}

fn is_source(name: &str) -> bool {
    [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|extension| name.ends_with(extension))
}

/// Expands directories to the definitions that lie in them.
pub(super) fn discover(paths: &[PathBuf], working_directory: &Path) -> Found {
    let mut found = Found::default();
    for path in paths {
        if path == Path::new("-") {
            found.files.push(path.clone());
            continue;
        }
        let full = working_directory.join(path);
        let shown = display_path(path, working_directory);
        match std::fs::metadata(&full) {
            Err(e) => found.problems.push(cannot(&shown, &e)),
            Ok(kind) if kind.is_dir() => directory(&full, &shown, &mut found),
            Ok(_) => found.files.push(full),
        }
    }
    found
}

fn directory(path: &Path, shown: &str, found: &mut Found) {
    let mut names: Vec<std::ffi::OsString> = match std::fs::read_dir(path) {
        Ok(entries) => entries.filter_map(|e| Some(e.ok()?.file_name())).collect(),
        Err(e) => return found.problems.push(cannot(shown, &e)),
    };
    names.sort();
    let is = |kind: fn(&str) -> bool| move |name: &&std::ffi::OsString| kind(&name.to_string_lossy());
    let before = found.files.len();
    found.files.extend(names.iter().filter(is(is_definition)).map(|n| path.join(n)).filter(|p| !p.is_dir()));
    if names.iter().any(|name| is(is_source)(&name)) {
        found.problems.push(
            Error::new(shown, "Terraform source is not evaluated by this version, so its projects are not checked")
                .help("plan it and name the plan: terraform show -json tfplan > plan.json"),
        );
    } else if found.files.len() == before {
        found.problems.push(
            Error::new(
                shown,
                "the directory holds no definition (openai.hcl, openai.json, *.openai.hcl, *.openai.json)",
            )
            .help("plans are named one by one: openai-data-controls check plan.json"),
        );
    }
}

fn cannot(shown: &str, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound => Error::new(shown, "there is no such file or directory")
            .help("check the path; it is relative to the working directory"),
        _ => Error::new(shown, format!("can't be read: {error}")),
    }
}

/// From this length on a file is read in two halves side by side: most of the time goes into the system's copying.
const IN_HALVES: usize = 4 << 20;

/// Reads what fits into `bytes` from the start of a file, and leaves the file behind it. Returns how much there was.
fn fill(path: &Path, file: &mut File, bytes: &mut [u8]) -> std::io::Result<usize> {
    if bytes.len() >= IN_HALVES {
        let middle = bytes.len() / 2;
        let (first, second) = bytes.split_at_mut(middle);
        let halves = std::thread::scope(|scope| {
            let second = scope.spawn(|| {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(middle as u64))?;
                file.read_exact(second)
            });
            let first = file.read_exact(first);
            first.and(second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        if halves.is_ok() {
            file.seek(SeekFrom::Start(bytes.len() as u64))?;
            return Ok(bytes.len());
        }
        // It grew shorter meanwhile.
        file.rewind()?;
    }
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

/// The bytes of a file, or of standard input for `-`.
pub(super) fn load(path: &Path, standard_input: &mut dyn Read) -> Result<Vec<u8>, Error> {
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        standard_input.take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut file| {
            // What the file is said to hold is read at once, and then what else there is.
            let length = file.metadata().map_or(0, |m| m.len()).min(MAX_INPUT_BYTES);
            bytes = vec![0; usize::try_from(length).unwrap_or(0)];
            let filled = fill(path, &mut file, &mut bytes)?;
            bytes.truncate(filled);
            file.take(MAX_INPUT_BYTES + 1 - filled as u64).read_to_end(&mut bytes)
        })
    };
    match read {
        Err(e) => Err(cannot(&shown, &e)),
        Ok(_) if bytes.len() as u64 > MAX_INPUT_BYTES => {
            Err(Error::new(shown, format!("larger than {} MiB, the most that is read", MAX_INPUT_BYTES >> 20)))
        }
        Ok(_) => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_files_are_read_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("large.json");
        for length in [0, 1, IN_HALVES - 1, IN_HALVES, IN_HALVES + 1, 3 * IN_HALVES + 7] {
            let bytes: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            std::fs::write(&path, &bytes).unwrap();
            assert!(load(&path, &mut std::io::empty()).unwrap() == bytes, "{length}");
            // What it is said to hold may not be what it holds when it is read.
            let mut file = File::open(&path).unwrap();
            let mut longer = vec![0; length + IN_HALVES];
            assert_eq!(fill(&path, &mut file, &mut longer).unwrap(), length);
            assert!(longer[..length] == bytes, "{length}");
        }
    }
}
