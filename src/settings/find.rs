//! Where the settings of a run are: in files, or in a revision of a git repository.

use std::path::{Path, PathBuf};

use super::{FILE_NAME, MAX_BYTES};
use crate::error::Error;
use crate::git::{Revision, is_behind_link, root_of, root_of_file, top_of};
use crate::limits::read_file;
use crate::location::display_path;

/// The settings file for inputs: beside each input, or above it up to the root of its repository; with a revision, as
/// that has it.
///
/// # Errors
/// Inputs that lead to different files; a revision that can't be read.
pub fn find(
    inputs: &[PathBuf],
    working_directory: &Path,
    revision: Option<&Revision>,
) -> Result<Option<PathBuf>, Error> {
    let mut found: Option<(Option<PathBuf>, &Path)> = None;
    for input in inputs {
        let Some(beside) = directory_of(input, working_directory) else { continue };
        let here = match revision {
            Some(revision) => in_revision(&beside, revision)?,
            None => find_above(&beside),
        };
        match &found {
            None => found = Some((here, input)),
            Some((other, _)) if *other == here => {}
            Some((other, first)) => {
                let name = |path: &Option<PathBuf>| {
                    path.as_ref().map_or("none".to_owned(), |p| display_path(p, working_directory))
                };
                return Err(Error::new(
                    "settings",
                    format!(
                        "inputs lead to different settings: {} to {}, {} to {}",
                        display_path(first, working_directory),
                        name(other),
                        display_path(input, working_directory),
                        name(&here)
                    ),
                )
                .help("say which counts: --settings FILE"));
            }
        }
    }
    Ok(found.and_then(|(path, _)| path).map(|path| from_below(path, working_directory)))
}

/// A path above the working directory, in the same repository, as the way there: it reads alike wherever the repository lies.
fn from_below(path: PathBuf, working_directory: &Path) -> PathBuf {
    let Ok(here) = std::fs::canonicalize(working_directory) else { return path };
    let shares_root = root_of(&here).is_some_and(|root| path.starts_with(root));
    let above = here.ancestors().position(|ancestor| path.starts_with(ancestor)).filter(|_| shares_root);
    match above.and_then(|steps| Some((steps, path.strip_prefix(here.ancestors().nth(steps)?).ok()?))) {
        Some((steps, rest)) if steps > 0 => {
            Path::new("..").join(PathBuf::from_iter(std::iter::repeat_n("..", steps - 1))).join(rest)
        }
        _ => path,
    }
}

/// The directory that an input lies in, or is.
fn directory_of(input: &Path, working_directory: &Path) -> Option<PathBuf> {
    let full = working_directory.join(if input == Path::new("-") { Path::new(".") } else { input });
    if full.is_dir() { Some(full) } else { full.parent().map(Path::to_owned) }
}

/// The settings file in a directory, or above it up to the root of its repository.
pub(crate) fn find_above(directory: &Path) -> Option<PathBuf> {
    let directory = std::fs::canonicalize(directory).ok()?;
    let root = root_of(&directory).unwrap_or_else(|| directory.clone());
    above(&directory, &root).find(|path| is_there(path))
}

/// Whether anything stands at a path. What is no file, or can't be asked for, is not passed over: reading it tells what is wrong.
fn is_there(path: &Path) -> bool {
    match std::fs::symlink_metadata(path) {
        Ok(_) => true,
        Err(e) => !matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory),
    }
}

/// A settings file outside a repository is in no revision, and does not count.
fn in_revision(beside: &Path, revision: &Revision) -> Result<Option<PathBuf>, Error> {
    let Ok(directory) = std::fs::canonicalize(beside) else { return Ok(None) };
    let Some(root) = top_of(&directory) else { return Ok(None) };
    if is_behind_link(beside) {
        let shown = beside.display().to_string();
        return Err(Error::new(
            shown,
            "a link leads here, and a change may have set it: the settings of another directory would count",
        )
        .help("name the directory that it leads to"));
    }
    for path in above(&directory, &root) {
        if revision.file(&path, MAX_BYTES)?.is_some() {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn above<'a>(directory: &'a Path, root: &'a Path) -> impl Iterator<Item = PathBuf> + 'a {
    directory.ancestors().take_while(move |d| d.starts_with(root)).map(|d| d.join(FILE_NAME))
}

/// Whether a revision can be read: in the repositories of the inputs, or if none lies in one, in that of the working
/// directory.
///
/// # Errors
/// What can't be read.
pub fn check_revision(inputs: &[PathBuf], working_directory: &Path, revision: &Revision) -> Result<(), Error> {
    let directories = inputs.iter().filter_map(|input| directory_of(input, working_directory));
    let real = directories.filter_map(|directory| std::fs::canonicalize(directory).ok());
    let inside: Vec<PathBuf> = real.filter(|directory| root_of(directory).is_some()).collect();
    if inside.is_empty() {
        return revision.commit(working_directory).map(|_| ());
    }
    inside.iter().try_for_each(|directory| revision.commit(directory).map(|_| ()))
}

/// The bytes of a settings file, and the path that reports show. With a revision a file that lies in a repository is read
/// as that has it; one outside is no part of a change.
pub(super) fn load(
    path: &Path,
    working_directory: &Path,
    revision: Option<&Revision>,
) -> Result<(Vec<u8>, String), Error> {
    let shown = display_path(path, working_directory);
    let full = working_directory.join(path);
    match revision.filter(|_| root_of_file(&full).is_some()) {
        None => match read_file(&full, MAX_BYTES) {
            Ok(bytes) => Ok((bytes, shown)),
            Err(e) => Err(Error::new(&shown, format!("the settings can't be read: {e}"))
                .help("mend or take away what lies there, or name another file: --settings FILE")),
        },
        Some(revision) => {
            let shown = revision.shown(&full);
            match revision.file(&full, MAX_BYTES)? {
                Some(bytes) => Ok((bytes, shown)),
                None => Err(Error::new(&shown, "the revision has no such settings")
                    .help("with --waivers-from settings count as the base has them; keep the file outside the repository, or merge it first")),
            }
        }
    }
}
