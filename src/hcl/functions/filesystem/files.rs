//! Which files may be read, and what a path leads to.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::path;
use crate::hcl::functions::work;

/// Where files may be read: below these directories, links followed.
#[derive(Debug, Clone, Default)]
pub(in crate::hcl) struct Files {
    /// The directory that relative paths start from; `None`: no file may be read.
    pub base: Option<PathBuf>,
    /// The directories below which files may lie.
    pub allowed: Vec<PathBuf>,
    /// The files that were opened, without links.
    pub opened: Rc<RefCell<BTreeSet<PathBuf>>>,
}

/// Why a file outside of the directories is not known.
pub(super) const OUTSIDE: &str = "the file lies outside the module";
/// Why a file is not known that can't be opened.
pub(super) const UNREADABLE: &str = "the file can't be read here";

/// What a path leads to.
pub(super) enum Found {
    /// Nothing is there.
    Missing,
    /// Nothing can be there: a part of the path is a file, or the path is none.
    Wrong,
    /// A regular file: its path without links.
    File(PathBuf),
    /// A directory: its path without links.
    Directory(PathBuf),
    /// Something else.
    Other,
    /// That is not known, and why.
    Unknown(&'static str),
}

impl Files {
    /// Where files may lie, without links.
    fn allowed(&self) -> Vec<PathBuf> {
        self.allowed.iter().filter_map(|directory| directory.canonicalize().ok()).collect()
    }

    /// What a path leads to. Nothing outside of the directories where files may lie is looked at.
    pub(super) fn find(&self, path: &str) -> Found {
        // Each part is asked for.
        work(1 << 10);
        let Some(base) = self.base.as_ref().and_then(|base| base.canonicalize().ok()) else {
            return Found::Unknown("no files are read here");
        };
        let path = path::clean(path);
        if path.contains('\0') {
            return Found::Wrong;
        }
        let mut full = if path.starts_with('/') { PathBuf::from("/") } else { base };
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    full.pop();
                }
                _ => full.push(part),
            }
        }
        let allowed = self.allowed();
        let inside = |path: &Path| allowed.iter().any(|directory| path.starts_with(directory));
        if !inside(&full) {
            return Found::Unknown(OUTSIDE);
        }
        match full.canonicalize() {
            Ok(real) if !inside(&real) => Found::Unknown(OUTSIDE),
            Ok(real) => match real.metadata() {
                Ok(metadata) if metadata.is_file() => Found::File(real),
                Ok(metadata) if metadata.is_dir() => Found::Directory(real),
                Ok(_) => Found::Other,
                Err(_) => Found::Unknown(UNREADABLE),
            },
            Err(error) if error.kind() == ErrorKind::InvalidFilename => Found::Wrong,
            Err(error) => match (error.kind(), existing_above(&full)) {
                (_, None) => Found::Unknown("a link leads to nothing"),
                (_, Some(above)) if !inside(&above) => Found::Unknown(OUTSIDE),
                (ErrorKind::NotFound, _) => Found::Missing,
                (ErrorKind::NotADirectory, _) => Found::Wrong,
                _ => Found::Unknown(UNREADABLE),
            },
        }
    }
}

/// The nearest directory or file above a path that exists, without links; `None` where a link leads to nothing.
fn existing_above(path: &Path) -> Option<PathBuf> {
    let mut path = path;
    loop {
        if path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
            return None;
        }
        path = path.parent()?;
        if let Ok(real) = path.canonicalize() {
            return Some(real);
        }
    }
}
