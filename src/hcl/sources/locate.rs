//! Where the modules lie that a module calls.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Installed, ModuleAt};
use crate::hcl::declarations::ModuleCall;

/// A module whose calls are to be followed.
pub(super) struct Visit {
    pub(super) at: ModuleAt,
    pub(super) path: Vec<Arc<str>>,
    /// Its directory from that of the root module.
    pub(super) relative: Option<PathBuf>,
    /// The modules around it, outermost first.
    pub(super) above: Vec<ModuleAt>,
}

pub(super) fn locate(
    visit: &Visit,
    path: &[Arc<str>],
    call: &ModuleCall,
    installed: &Result<Installed, Arc<str>>,
    root: Option<&Path>,
) -> Result<Visit, Arc<str>> {
    let key: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
    let key = key.join(".");
    if let ModuleAt::Saved(archive, _) = &visit.at {
        let at = ModuleAt::Saved(archive.clone(), key);
        return Ok(Visit { at, path: path.to_vec(), relative: None, above: visit.above.clone() });
    }
    let Some(source) = &call.source else { return Err("the call has no source".into()) };
    let source = source.expression.as_text();
    let local = source.filter(|source| source.starts_with("./") || source.starts_with("../"));
    let (at, relative) = match (local, &visit.relative, root) {
        (Some(source), Some(relative), Some(root)) => {
            let relative = without_links(root, &clean(&relative.join(source)));
            (clean(&root.join(&relative)), Some(relative))
        }
        (_, _, root) => match (installed.as_ref().map_err(Arc::clone)?.get(&key), root) {
            (Some(module), Some(root)) => {
                if !module.is_of(source, call.version.as_ref().and_then(|version| version.expression.as_text())) {
                    return Err("another source or version is installed: run terraform init".into());
                }
                (clean(&root.join(&module.dir)), Some(PathBuf::from(&module.dir)))
            }
            _ => {
                return Err(match source {
                    Some(_) => "source not on disk: run terraform init".into(),
                    None => "its source is computed, and is not followed".into(),
                });
            }
        },
    };
    if !at.is_dir() {
        return Err("source not on disk: its directory is not there".into());
    }
    let at = ModuleAt::Directory(at);
    if visit.above.contains(&at) {
        return Err("the module calls itself".into());
    }
    let mut above = visit.above.clone();
    above.push(at.clone());
    Ok(Visit { at, path: path.to_vec(), relative, above })
}

/// The directory that the modules of a root module are found from: its own, or where that leads if it is a link.
pub(super) fn base_of(directory: &Path, working_directory: &Path) -> PathBuf {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    match (real(directory), real(working_directory)) {
        (Some(root), Some(here)) if clean(&here.join(directory)) != root => match root.strip_prefix(&here) {
            Ok(inside) => working_directory.join(inside),
            Err(_) => root,
        },
        _ => directory.to_owned(),
    }
}

/// A path from a directory with what links on it lead to in their place, as Terraform keeps a module's directory. Where
/// something is not there, the rest stays as it is.
fn without_links(base: &Path, path: &Path) -> PathBuf {
    const MOST_LINKS: usize = 255;
    let mut resolved = PathBuf::new();
    let parts =
        |path: &Path| -> Vec<OsString> { path.components().rev().map(|part| part.as_os_str().into()).collect() };
    let mut left = parts(path);
    let mut links = 0;
    while let Some(part) = left.pop() {
        if part == "." {
            continue;
        }
        if part == ".." {
            if resolved.file_name().is_some() {
                resolved.pop();
            } else {
                resolved.push(part);
            }
            continue;
        }
        resolved.push(&part);
        if let Ok(target) = std::fs::read_link(base.join(&resolved)) {
            links += 1;
            if links > MOST_LINKS {
                return path.to_owned();
            }
            resolved.pop();
            left.extend(parts(&target));
        }
    }
    resolved
}

pub(super) fn shown_relative(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    if text.is_empty() { ".".to_owned() } else { text }
}

/// A path without `.` and, where that can be told from the text, without `..`.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if cleaned.file_name().is_some() => {
                cleaned.pop();
            }
            other => cleaned.push(other),
        }
    }
    cleaned
}
