//! The user's own rules: the Rego files of policy directories.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::bundle::File;
use crate::error::Error;
use crate::location::display_path;

/// The directory of a policy directory that holds the examples of its rules, not rules.
pub const EXAMPLES: &str = "examples";

/// The most files of one directory.
const MAX_FILES: usize = 2_000;

/// The deepest directory.
const MAX_DEPTH: usize = 8;

/// The largest file, in bytes: the engine takes no larger one.
const MAX_BYTES: u64 = 1 << 20;

/// Reads the `.rego` files in and below policy directories, their tests included. `taken` are the files of the product: a
/// file that would take the place of one of them, or of one read before, is a problem and left out.
pub fn read_directories(directories: &[PathBuf], working_directory: &Path, taken: &[File]) -> (Vec<File>, Vec<Error>) {
    let mut places: BTreeMap<String, String> =
        taken.iter().map(|file| (file.package().to_owned(), "the product's own rules".to_owned())).collect();
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    let mut read = std::collections::BTreeSet::new();
    for directory in directories {
        // Settings and the command line may name the same directory.
        let same = std::fs::canonicalize(working_directory.join(directory));
        if same.is_ok_and(|same| !read.insert(same)) {
            continue;
        }
        let root = working_directory.join(directory);
        let shown = display_path(directory, working_directory);
        if !root.is_dir() {
            let why = if root.exists() { "is no directory" } else { "is not there" };
            let help = "--policy and the settings' `policies` take a directory with GROUP/NAME.rego";
            problems.push(Error::new(&shown, format!("the policy directory {why}")).help(help));
            continue;
        }
        let mut found = Vec::new();
        collect(&root, &root, 0, &mut found, &mut problems);
        found.sort();
        if found.is_empty() {
            problems.push(
                Error::new(&shown, "the policy directory holds no .rego file")
                    .help("`openai-data-controls rules --scaffold GROUP/NAME --policy DIR` writes a first rule"),
            );
        }
        for (relative, path) in found {
            match file(&relative, &path, working_directory) {
                Ok(file) => match places.get(file.package()) {
                    Some(other) => problems.push(shadowed(&file, other)),
                    None => {
                        places.insert(file.package().to_owned(), file.path.clone());
                        files.push(file);
                    }
                },
                Err(problem) => problems.push(problem),
            }
        }
    }
    (files, problems)
}

fn shadowed(file: &File, other: &str) -> Error {
    let what = match file.rule_id() {
        Some(id) => format!("the rule {id} is already in {other}, so this file would stand in its shadow"),
        None => format!("the package {} is already in {other}, so this file would stand in its shadow", file.package()),
    };
    Error::new(&file.path, what).at(file.at(1, 1)).help("rename the file and its package")
}

/// Below `root`: path relative to it, with `/`, and the path itself.
fn collect(root: &Path, directory: &Path, depth: usize, found: &mut Vec<(String, PathBuf)>, problems: &mut Vec<Error>) {
    let unread = |why: String| Error::new(directory.display().to_string(), why);
    if depth > MAX_DEPTH {
        problems.push(unread(format!("directories nested deeper than {MAX_DEPTH}")));
        return;
    }
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(e) => return problems.push(unread(format!("the policy directory can't be read: {e}"))),
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            let skipped = name.starts_with('.') || (depth == 0 && name == EXAMPLES);
            if !skipped {
                collect(root, &path, depth + 1, found, problems);
            }
        } else if name.ends_with(".rego") {
            if found.len() == MAX_FILES {
                problems.push(unread(format!("more than {MAX_FILES} files")));
                return;
            }
            let relative = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            found.push((parts.join("/"), path));
        }
    }
}

fn file(relative: &str, path: &Path, working_directory: &Path) -> Result<File, Error> {
    use std::io::Read;
    let shown = display_path(path, working_directory);
    let unread = |why: String| Error::new(&shown, format!("the rule can't be read: {why}"));
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|e| unread(e.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(unread(format!("larger than {MAX_BYTES} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| unread("not UTF-8".to_owned()))?;
    let file = File::of_directory(shown, relative, text.trim_start_matches('\u{feff}').to_owned());
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let parts: Vec<&str> = file.package().split('.').skip(1).collect();
    if let Some(bad) = parts.iter().find(|part| !is_name(part)) {
        return Err(Error::new(&file.path, format!("{bad:?} can't be part of a package"))
            .at(file.at(1, 1))
            .help("small letters, digits and underscores: GROUP/NAME_OF_THE_RULE.rego"));
    }
    if parts.len() > 2 {
        return Err(Error::new(&file.path, "a rule lies in the directory of its group, not deeper")
            .at(file.at(1, 1))
            .help("move it to GROUP/NAME.rego below the policy directory"));
    }
    Ok(file)
}
