//! From paths to inputs, and from files to bytes.

mod left_out;
mod roots;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::{InputKind, Options};
use crate::error::Error;
use crate::hcl::is_source;
use crate::limits;
use crate::location::display_path;

/// The name of the files of settings, which belong to the whole of a run: a walk tells of those that it passes.
pub(crate) const SETTINGS: &str = ".openai-data-controls.hcl";

/// What paths stand for.
#[derive(Debug, Default)]
pub(super) struct Discovered {
    /// In the order of the paths; those of a directory sorted by name.
    pub(super) inputs: Vec<Found>,
    /// The directories with source that are not among them, since others call them as modules.
    pub(super) modules: Vec<Module>,
    /// What can't be read as an input.
    pub(super) problems: Vec<Error>,
    /// What lies beside inputs, is not read, and may give them values.
    pub(super) notes: Vec<String>,
}

/// A directory that others call as a module.
#[derive(Debug)]
pub(super) struct Module {
    /// As the walk found it.
    pub(super) directory: PathBuf,
    /// Without links.
    pub(super) real: PathBuf,
    /// The directories that it calls itself, without links.
    pub(super) calls: Vec<PathBuf>,
    /// Whether `terraform init` ran in it.
    pub(super) is_initialised: bool,
}

/// An input.
#[derive(Debug)]
pub(super) enum Found {
    /// A file, or `-`.
    File(PathBuf),
    /// The directory of a root module.
    Root(PathBuf),
    /// A definition beside source, where all inputs are to be taken for source.
    Beside(PathBuf),
}

impl Found {
    pub(super) fn path(&self) -> &Path {
        match self {
            Found::File(path) | Found::Root(path) | Found::Beside(path) => path,
        }
    }
}

/// Whether a file is a definition that a directory is read for, by its name.
pub fn is_definition(name: &str) -> bool {
    let named = |extension: &str| {
        name.strip_suffix(extension).is_some_and(|stem| stem == "openai" || stem.ends_with(".openai"))
    };
    named(".hcl") || named(".json")
}

/// Expands directories to the root module and the definitions that lie in them.
pub(super) fn discover(paths: &[PathBuf], options: &Options) -> Discovered {
    let mut found = Discovered::default();
    for path in paths {
        if path == Path::new("-") {
            found.inputs.push(Found::File(path.clone()));
            continue;
        }
        let full = options.working_directory.join(path);
        let shown = display_path(path, &options.working_directory);
        match std::fs::metadata(&full) {
            Err(e) => found.problems.push(cannot(&shown, &full, &e)),
            Ok(kind) if kind.is_dir() => in_directory(&full, &shown, options, &mut found),
            // A file of a root module stands for all of it.
            Ok(_) if belongs_to_source(&full) && options.kind.is_none_or(|k| k == InputKind::TerraformSource) => {
                let directory = full.parent().filter(|parent| !parent.as_os_str().is_empty());
                found.inputs.push(Found::Root(directory.unwrap_or(Path::new(".")).to_owned()));
            }
            Ok(_) if file_name(&full) == SETTINGS && options.kind.is_none() => {
                let message = "a file of settings is no input";
                let help = "it is found beside the input, or above it; or name it with --settings";
                found.problems.push(Error::new(shown, message).help(help));
            }
            Ok(_) if is_values(&file_name(&full)) && options.kind.is_none() => {
                let message = "a file of values for variables is no input";
                let help = "name the directory of the root module, and give it the file with --var-file";
                found.problems.push(Error::new(shown, message).help(help));
            }
            Ok(_) => found.inputs.push(Found::File(full)),
        }
    }
    let takes_values = found.inputs.iter().any(|input| matches!(input, Found::Root(_)));
    if !takes_values && !options.variables.given.is_empty() {
        found.problems.extend(options.variables.wrong(&options.working_directory));
        let note = "--var and --var-file give values to the variables of source, and no input is source";
        found.notes.push(note.to_owned());
    }
    found
}

/// What is read for a directory, of the kind that is asked for.
fn in_directory(path: &Path, shown: &str, options: &Options, found: &mut Discovered) {
    if let Some(kind) = options.kind.filter(|kind| !matches!(kind, InputKind::Definition | InputKind::TerraformSource))
    {
        let message = format!("is a directory, and what --as {} names is a file", kind.name().replace('_', "-"));
        found.problems.push(Error::new(shown, message).help("name the file in it"));
        return;
    }
    let (before, told) = (found.inputs.len(), found.problems.len());
    match options.recursive {
        true => roots::below(path, shown, options, found),
        false => directory(path, shown, &options.working_directory, found),
    }
    if options.kind == Some(InputKind::Definition) {
        found.modules.clear();
    }
    let there = found.inputs.split_off(before);
    let any = !there.is_empty();
    // Whoever names a pipe wants to wait for it; the name of a file in a directory is no such wish.
    let is_special = |path: &Path| std::fs::metadata(path).is_ok_and(|kind| !kind.is_file() && !kind.is_dir());
    let (special, there): (Vec<Found>, Vec<Found>) = there.into_iter().partition(|input| is_special(input.path()));
    for path in special.iter().map(Found::path) {
        let shown = display_path(path, &options.working_directory);
        let message = "is called like a definition, and is no file";
        found.problems.push(Error::new(shown, message).help("take it away, or name it to read from it"));
    }
    if any
        && options.kind == Some(InputKind::TerraformSource)
        && !there.iter().any(|input| matches!(input, Found::Root(_)))
    {
        let message = "the directory holds no Terraform source (*.tf, *.tofu)";
        found.problems.push(Error::new(shown, message).help("name the directory of a root module, or leave out --as"));
        return;
    }
    found.inputs.extend(there.into_iter().filter_map(|input| match (options.kind, input) {
        (Some(InputKind::Definition), Found::Root(_)) => None,
        (Some(InputKind::TerraformSource), Found::File(path)) => Some(Found::Beside(path)),
        (_, input) => Some(input),
    }));
    if any && found.inputs.len() == before && found.problems.len() == told {
        let message = "the directory holds no definition (openai.hcl, openai.json, *.openai.hcl, *.openai.json)";
        found.problems.push(Error::new(shown, message).help("name the file of the definition, or leave out --as"));
    }
}

/// Whether a file gives values to variables, by its name.
fn is_values(name: &str) -> bool {
    name.ends_with(".tfvars") || name.ends_with(".tfvars.json")
}

/// Whether a file is one of a root module: of its declarations, or of the values that it reads without being told.
fn belongs_to_source(path: &Path) -> bool {
    let name = file_name(path);
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    let is_read = stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars");
    let beside = || {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let names = std::fs::read_dir(directory).into_iter().flatten().flatten();
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).any(|name| is_source(&name))
    };
    is_source(&name) || (is_read && beside())
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The root module and the definitions in one directory.
fn directory(path: &Path, shown: &str, working_directory: &Path, found: &mut Discovered) {
    let before = found.inputs.len();
    match held(path) {
        Ok((held, beside)) => {
            if !held.is_empty() {
                found.notes.extend(left_out::below(path, shown, working_directory));
            }
            found.inputs.extend(held);
            found.notes.extend(beside.map(|beside| beside.note(shown)));
        }
        Err(e) => return found.problems.push(cannot(shown, path, &e)),
    }
    if found.inputs.len() == before {
        found.problems.push(
            Error::new(
                shown,
                "the directory holds no definition (openai.hcl, openai.json, *.openai.hcl, *.openai.json) and no Terraform \
                 source (*.tf, *.tofu)",
            )
            .help(
                "plans are named one by one: openai-data-controls check plan.json; --recursive looks below the directory",
            ),
        );
    }
}

/// What gives modules their values, and is not read.
#[derive(Debug, Clone, Copy)]
enum Beside {
    Stack,
    Terragrunt,
}

impl Beside {
    fn of(name: &str) -> Option<Beside> {
        let stack = [".tfcomponent.hcl", ".tfstack.hcl", ".tfdeploy.hcl", ".tfcomponent.json", ".tfdeploy.json"];
        match name {
            "terragrunt.hcl" | "terragrunt.hcl.json" | "terragrunt.stack.hcl" => Some(Beside::Terragrunt),
            _ if stack.iter().any(|ending| name.ends_with(ending)) => Some(Beside::Stack),
            _ => None,
        }
    }

    fn note(self, shown: &str) -> String {
        let (what, from) = match self {
            Beside::Stack => ("a Terraform Stack", "its deployments"),
            Beside::Terragrunt => ("a Terragrunt unit", "terragrunt show -json"),
        };
        format!(
            "{shown} holds {what}, which is not read: what it gives modules is not known here; check plans, from {from}"
        )
    }
}

/// What lies in one directory, and what is not read there.
fn held(path: &Path) -> std::io::Result<(Vec<Found>, Option<Beside>)> {
    let mut names: Vec<std::ffi::OsString> = Vec::new();
    for entry in std::fs::read_dir(path)? {
        names.push(entry?.file_name());
    }
    names.sort();
    let mut held = Vec::new();
    if names.iter().any(|name| is_source(&name.to_string_lossy()) && !path.join(name).is_dir()) {
        held.push(Found::Root(path.to_owned()));
    }
    let definitions = names.iter().filter(|name| is_definition(&name.to_string_lossy())).map(|name| path.join(name));
    held.extend(definitions.filter(|path| !path.is_dir()).map(Found::File));
    Ok((held, names.iter().find_map(|name| Beside::of(&name.to_string_lossy()))))
}

fn cannot(shown: &str, path: &Path, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound if path.is_symlink() => {
            Error::new(shown, "is a link to nothing").help("make what it leads to, or take the link away")
        }
        std::io::ErrorKind::NotFound => Error::new(shown, "there is no such file or directory")
            .help("check the path; it is relative to the working directory"),
        std::io::ErrorKind::IsADirectory => {
            Error::new(shown, "is a directory, and a file is expected").help("name the file in it")
        }
        _ => Error::new(shown, format!("can't be read: {error}")).help("let the user of this run read it"),
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
            let behind = || {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(middle as u64))?;
                file.read_exact(second)
            };
            let behind = std::thread::Builder::new().spawn_scoped(scope, behind)?;
            let first = file.read_exact(first);
            first.and(behind.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        if halves.is_ok() {
            file.seek(SeekFrom::Start(bytes.len() as u64))?;
            return Ok(bytes.len());
        }
        // It grew shorter meanwhile, or there is no thread.
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

/// The bytes of a file, or of standard input for `-`; no more than `most`.
pub(super) fn load(path: &Path, standard_input: &mut dyn Read, most: u64) -> Result<Vec<u8>, Error> {
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        standard_input.take(most + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut file| {
            // What the file is said to hold is read at once, and then what else there is.
            let length = file.metadata().map_or(0, |m| m.len()).min(most);
            bytes = vec![0; usize::try_from(length).unwrap_or(0)];
            let filled = fill(path, &mut file, &mut bytes)?;
            bytes.truncate(filled);
            file.take(most + 1 - filled as u64).read_to_end(&mut bytes)
        })
    };
    match read {
        Err(e) => Err(cannot(&shown, path, &e)),
        Ok(_) if bytes.len() as u64 > most => {
            let message = format!("larger than {}, the most that is read", limits::bytes(most));
            Err(Error::new(shown, message).help(limits::raised_by("input-bytes")))
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
            assert!(load(&path, &mut std::io::empty(), u64::MAX >> 1).unwrap() == bytes, "{length}");
            // What it is said to hold may not be what it holds when it is read.
            let mut file = File::open(&path).unwrap();
            let mut longer = vec![0; length + IN_HALVES];
            assert_eq!(fill(&path, &mut file, &mut longer).unwrap(), length);
            assert!(longer[..length] == bytes, "{length}");
        }
    }
}
