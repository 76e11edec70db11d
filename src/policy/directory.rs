//! The user's own rules: the Rego files of policy directories.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::bundle::File;
use crate::error::Error;
use crate::limits::{bytes, read_text};
use crate::location::display_path;

/// The directory of a policy directory that holds the examples of its rules, not rules.
pub const EXAMPLES: &str = "examples";

/// The most files of one directory.
const MAX_FILES: usize = 2_000;

/// The most directories in it.
const MAX_DIRECTORIES: usize = 10_000;

/// The deepest directory.
const MAX_DEPTH: usize = 8;

/// The largest file, in bytes: the engine takes no larger one.
pub(super) const MAX_BYTES: u64 = 1 << 20;

/// Reads the `.rego` files in and below policy directories, their tests included. `taken` are the files of the product: a
/// file that would take the place of one of them, or of one read before, is a problem and left out.
pub fn read_directories(directories: &[PathBuf], working_directory: &Path, taken: &[File]) -> (Vec<File>, Vec<Error>) {
    let mut places: BTreeMap<String, String> =
        taken.iter().map(|file| (file.package().to_owned(), "the product's own rules".to_owned())).collect();
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    let mut read = BTreeSet::new();
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
        let (found, wrong) = collect(&root);
        problems.extend(wrong);
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

/// The `.rego` files in and below a directory: path relative to it, with `/`, and the path itself, sorted. Each directory is
/// looked into once, those behind links last: they may lead in a circle.
fn collect(root: &Path) -> (Vec<(String, PathBuf)>, Vec<Error>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let (mut waiting, mut links) = (vec![(root.to_owned(), 0)], Vec::new());
    let mut seen = BTreeSet::new();
    while let Some((directory, depth)) = waiting.pop().or_else(|| links.pop()) {
        let unread = |why: String, help: &str| Error::new(directory.display().to_string(), why).help(help);
        if !seen.insert(std::fs::canonicalize(&directory).unwrap_or_else(|_| directory.clone())) {
            continue;
        }
        if seen.len() > MAX_DIRECTORIES {
            problems
                .push(unread(format!("more than {MAX_DIRECTORIES} directories"), "give a directory of rules alone"));
            break;
        }
        let read = std::fs::read_dir(&directory).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let mut entries = match read {
            Ok(entries) => entries,
            Err(e) => {
                problems.push(unread(
                    format!("the policy directory can't be read: {e}"),
                    "let it be read, or move it away",
                ));
                continue;
            }
        };
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                let skipped = name.starts_with('.') || (depth == 0 && name == EXAMPLES);
                let behind_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
                if !skipped && depth == MAX_DEPTH {
                    problems.push(unread(
                        format!("directories nested deeper than {MAX_DEPTH}"),
                        "rules are GROUP/NAME.rego below the policy directory: move what lies deeper away",
                    ));
                } else if !skipped {
                    if behind_link { &mut links } else { &mut waiting }.push((path, depth + 1));
                }
            } else if !path.exists() && !name.ends_with(".rego") {
                let nowhere = format!("{name:?} is a link to nothing, and rules may lie behind it");
                problems.push(unread(nowhere, "make what it leads to, or take it away"));
            } else if name.ends_with(".rego") {
                let relative = path.strip_prefix(root).unwrap_or(&path);
                let parts: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                found.push((parts.join("/"), path));
            }
        }
        if found.len() > MAX_FILES {
            problems
                .push(unread(format!("more than {MAX_FILES} files"), "share them out to several policy directories"));
            break;
        }
    }
    found.sort();
    found.truncate(MAX_FILES);
    (found, problems)
}

fn file(relative: &str, path: &Path, working_directory: &Path) -> Result<File, Error> {
    let shown = display_path(path, working_directory);
    let text = read_text(path, MAX_BYTES).map_err(|e| {
        let help = format!("a rule is a file of text of at most {}; mend it or take it away", bytes(MAX_BYTES));
        Error::new(&shown, format!("the rule can't be read: {e}")).help(help)
    })?;
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
    match stated_rule(&file.text).filter(|_| file.rule_id().is_none()) {
        Some(line) => {
            let (why, help) = match file.is_test() {
                true => ("a file whose name ends in _test.rego holds tests alone", "rename it"),
                false => ("a file right in the policy directory is a library", "move it to GROUP/NAME.rego below it"),
            };
            let message = format!("it states a rule, which would never be asked: {why}");
            Err(Error::new(&file.path, message).at(file.at(line, 1)).help(help))
        }
        None => Ok(file),
    }
}

/// The line on which a text begins to state what only a rule has: findings, or a severity.
fn stated_rule(text: &str) -> Option<usize> {
    let mut in_metadata = false;
    text.lines()
        .position(|line| {
            let finds = ["deny", "undetermined"].iter().filter_map(|set| line.strip_prefix(set));
            // A longer name, or a function.
            let mut finds = finds.filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || "_(".contains(c)));
            in_metadata = line.trim() == "# METADATA" || (in_metadata && line.starts_with('#'));
            let comment = line.trim_start_matches(['#', ' ']);
            finds.next().is_some() || (in_metadata && comment.starts_with("severity:"))
        })
        .map(|line| line + 1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_in_a_circle_end_and_others_are_followed() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("policy");
        let shared = directory.path().join("shared");
        for path in [root.join("acme"), shared.clone()] {
            std::fs::create_dir_all(path).unwrap();
        }
        std::fs::write(root.join("acme/one.rego"), "").unwrap();
        std::fs::write(shared.join("two.rego"), "").unwrap();
        for number in 0..10 {
            std::os::unix::fs::symlink(".", root.join(format!("acme/again{number}"))).unwrap();
            std::os::unix::fs::symlink(&root, root.join(format!("a{number}"))).unwrap();
        }
        std::os::unix::fs::symlink(&shared, root.join("a_group")).unwrap();
        let (found, problems) = collect(&root);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, problems), (vec!["a_group/two.rego", "acme/one.rego"], Vec::new()));
    }

    #[test]
    fn a_link_to_nothing_is_told() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("README"), "").unwrap();
        assert_eq!(collect(root.path()).1, Vec::new());
        std::os::unix::fs::symlink("../gone/acme", root.path().join("acme")).unwrap();
        let problems = collect(root.path()).1;
        assert!(
            matches!(problems.as_slice(), [one] if one.message.starts_with("\"acme\" is a link to nothing")),
            "{problems:?}"
        );
    }

    #[test]
    fn past_the_bound_of_files_nothing_else_is_looked_into() {
        let root = tempfile::tempdir().unwrap();
        for group in ["a", "b"] {
            std::fs::create_dir(root.path().join(group)).unwrap();
            for number in 0..=MAX_FILES {
                std::fs::write(root.path().join(format!("{group}/r{number}.rego")), "").unwrap();
            }
        }
        let (found, problems) = collect(root.path());
        assert_eq!((found.len(), problems.len()), (MAX_FILES, 1), "{problems:?}");
    }
}
