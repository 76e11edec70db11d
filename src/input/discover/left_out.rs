//! Directories that are not looked into, since `.gitignore` names them or a dot leads their name: what they hold is said. So are
//! submodules that are not checked out.

use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use super::{SETTINGS, held};
use crate::hcl::called_directories;
use crate::limits::read_file;
use crate::location::display_path;

/// What tools keep for themselves: copies, which nobody means.
const KEPT_BY_TOOLS: [&str; 4] = [".git", ".terraform", ".terragrunt-cache", "node_modules"];

/// The most directories that are looked into to tell what they hold.
const MOST: usize = 1_000;

/// What there is to say of the directories beside those that were looked into, and of those below them. `skipped` are left out
/// for another reason, which is said elsewhere.
pub(super) fn note(looked_into: &BTreeSet<PathBuf>, skipped: &BTreeSet<PathBuf>, from: &Path) -> Option<String> {
    let is_left_out = |path: &PathBuf| {
        let is_skipped = || std::fs::canonicalize(path).is_ok_and(|real| skipped.contains(&real));
        !looked_into.contains(path) && !is_skipped()
    };
    let below = |path: &Path| directories(path).into_iter().filter(is_left_out).collect::<Vec<_>>();
    let mut left: VecDeque<PathBuf> = looked_into.iter().flat_map(|path| below(path)).collect();
    let (mut seen, mut holding) = (0, BTreeSet::new());
    while seen < MOST
        && let Some(path) = left.pop_front()
    {
        seen += 1;
        left.extend(below(&path));
        if held(&path).is_ok_and(|(here, _)| !here.is_empty()) {
            holding.insert(path);
        }
    }
    let Some(first) = holding.first() else {
        let unseen = display_path(left.front()?, from);
        return Some(format!(
            "more than {MOST} directories are left out by .gitignore or a leading dot, and what they hold was not looked at from {unseen} on"
        ));
    };
    let first = display_path(first, from);
    let at_least = if left.is_empty() { "" } else { "at least " };
    let what = match holding.len() {
        1 => "1 directory that .gitignore or a leading dot leaves out holds".to_owned(),
        count => format!("{count} directories that .gitignore or a leading dot leaves out hold"),
    };
    Some(format!("{at_least}{what} Terraform source or definitions: {first}"))
}

/// What there is to say of the directories below one that is looked into alone: those that hold source or definitions, and that
/// it does not call as modules.
pub(super) fn below(top: &Path, shown: &str, from: &Path) -> Option<String> {
    let mut left: VecDeque<PathBuf> = directories(top).into();
    let (mut seen, mut holding) = (0, BTreeSet::new());
    while seen < MOST
        && let Some(path) = left.pop_front()
    {
        seen += 1;
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        left.extend(directories(&path));
        if held(&path).is_ok_and(|(here, _)| !here.is_empty()) {
            holding.insert(path);
        }
    }
    let mut calls: Vec<PathBuf> = std::fs::canonicalize(top).ok().filter(|_| !holding.is_empty()).into_iter().collect();
    let mut called: BTreeSet<PathBuf> = BTreeSet::new();
    while let Some(directory) = calls.pop().filter(|_| called.len() < MOST) {
        if called.insert(directory.clone()) {
            calls.extend(called_directories(&directory));
        }
    }
    holding.retain(|path| std::fs::canonicalize(path).map_or(true, |real| !called.contains(&real)));
    let first = display_path(holding.first()?, from);
    let at_least = if left.is_empty() { "" } else { "at least " };
    let what = match holding.len() {
        1 => "1 directory below holds".to_owned(),
        count => format!("{count} directories below hold"),
    };
    Some(format!("{shown}: {at_least}{what} Terraform source or definitions, which --recursive would check: {first}"))
}

/// What there is to say of links to directories, which are not followed: those that lead to source or definitions which are
/// not looked into otherwise.
pub(super) fn links(links: &[PathBuf], looked_into: &BTreeSet<PathBuf>, from: &Path) -> Option<String> {
    if links.is_empty() {
        return None;
    }
    let known: BTreeSet<PathBuf> = looked_into.iter().filter_map(|path| std::fs::canonicalize(path).ok()).collect();
    let leads_elsewhere = |path: &&PathBuf| std::fs::canonicalize(path).is_ok_and(|real| !known.contains(&real));
    let holds = |path: &&PathBuf| held(path).is_ok_and(|(here, _)| !here.is_empty());
    let holding: Vec<&PathBuf> = links.iter().take(MOST).filter(leads_elsewhere).filter(holds).collect();
    let Some(first) = holding.first() else {
        let unseen = display_path(links.get(MOST)?, from);
        return Some(format!(
            "more than {MOST} links to directories are not followed, and where they lead was not looked at from {unseen} on"
        ));
    };
    let first = display_path(first, from);
    let (what, are) = match holding.len() {
        1 => ("1 link to a directory leads".to_owned(), "is"),
        count => (format!("{count} links to directories lead"), "are"),
    };
    Some(format!("{what} to Terraform source or definitions and {are} not followed: {first}; name it to check it"))
}

/// The paths of the submodules that git's `.gitmodules` in a directory names.
fn submodules(directory: &Path) -> Vec<PathBuf> {
    // What is longer names more submodules than anybody has: nothing is said of it.
    const MOST_BYTES: u64 = 1 << 20;
    let text = read_file(&directory.join(".gitmodules"), MOST_BYTES).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let path_of = |line: &str| {
        let (key, value) = line.split_once('=')?;
        let path = value.trim().trim_matches('"');
        let is_below = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        (key.trim().eq_ignore_ascii_case("path") && !path.is_empty() && is_below).then(|| directory.join(path))
    };
    text.lines().filter_map(path_of).collect()
}

/// What there is to say of submodules that are not checked out: nothing stands in their place.
pub(super) fn absent(looked_into: &BTreeSet<PathBuf>, from: &Path) -> Option<String> {
    let is_empty = |path: &PathBuf| std::fs::read_dir(path).map_or(true, |mut entries| entries.next().is_none());
    let named = looked_into.iter().flat_map(|directory| submodules(directory)).take(MOST);
    let empty: Vec<PathBuf> = named.filter(is_empty).collect();
    let first = display_path(empty.first()?, from);
    let what = match empty.len() {
        1 => "1 submodule is".to_owned(),
        count => format!("{count} submodules are"),
    };
    Some(format!(
        "{what} not checked out, and what belongs there is not checked: {first}; git submodule update --init brings it"
    ))
}

/// What there is to say of settings below the directory that is looked into: one run has one file of them.
pub(super) fn settings(top: &Path, looked_into: &BTreeSet<PathBuf>, from: &Path) -> Option<String> {
    let is_below = |directory: &&PathBuf| directory.components().count() > top.components().count();
    let files = looked_into.iter().filter(is_below).map(|directory| directory.join(SETTINGS));
    let found: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    let first = display_path(found.first()?, from);
    let (more, count) = match found.len() - 1 {
        0 => (String::new(), "counts"),
        more => (format!(" and {more} more"), "count"),
    };
    Some(format!(
        "{first}{more} {count} only where its directory is checked by itself: one run has one file of settings"
    ))
}

/// The directories in a directory, those apart that tools keep, sorted.
fn directories(path: &Path) -> Vec<PathBuf> {
    let is_kept = |name: &OsStr| KEPT_BY_TOOLS.iter().any(|kept| name == *kept);
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let directories = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut paths: Vec<PathBuf> =
        directories.filter(|entry| !is_kept(&entry.file_name())).map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
