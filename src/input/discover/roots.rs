//! The root modules below a directory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::{Discovered, Found, Module, held, left_out};
use crate::error::Error;
use crate::hcl::{called_directories, is_source};
use crate::input::Options;
use crate::limits::{self, read_text};
use crate::location::display_path;

/// The directories with the examples of the rules that a policy directory holds: `examples/<group>/<name>` of
/// `<group>/<name>.rego`. Others of that name are looked into.
fn examples_of(directory: &Path) -> Vec<PathBuf> {
    let real = std::fs::canonicalize(directory.join("examples")).ok();
    let policy = real.as_deref().filter(|real| std::fs::canonicalize(directory).is_ok_and(|own| real.starts_with(own)));
    let below = |path: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let mut found = Vec::new();
    for group in below(&directory.join("examples")) {
        for rule in below(&group) {
            let (Some(group), Some(name)) = (group.file_name(), rule.file_name()) else { continue };
            let file = format!("{}.rego", name.to_string_lossy().replace('-', "_"));
            if directory.join(group).join(file).is_file() {
                // A link leads to what lies elsewhere.
                let real =
                    std::fs::canonicalize(&rule).ok().filter(|real| policy.is_some_and(|own| real.starts_with(own)));
                found.extend(real);
            }
        }
    }
    found
}

/// The directories that are modules of others: what the calls of those that nobody calls lead to. Directories that only call
/// each other are none.
fn modules(calls: &BTreeMap<PathBuf, Vec<PathBuf>>) -> BTreeSet<PathBuf> {
    let others = |(caller, called): (&PathBuf, &Vec<PathBuf>)| -> Vec<PathBuf> {
        called.iter().filter(|called| *called != caller).cloned().collect()
    };
    let somewhere: BTreeSet<PathBuf> = calls.iter().flat_map(others).collect();
    let mut left: Vec<&PathBuf> = calls.keys().filter(|directory| !somewhere.contains(*directory)).collect();
    let mut reached: BTreeSet<PathBuf> = BTreeSet::new();
    while let Some(directory) = left.pop() {
        for called in calls.get(directory).into_iter().flatten() {
            if called != directory && reached.insert(called.clone()) {
                left.push(called);
            }
        }
    }
    reached
}

/// Whether `terraform init` ran in a directory: by itself, as a root module, or to try a module out.
fn is_initialised(directory: &Path) -> bool {
    [".terraform", ".terraform.lock.hcl"].iter().any(|name| directory.join(name).exists())
}

/// Whether a directory holds what only a root module has: values of its own, a state or a place for it.
fn is_applied(directory: &Path) -> bool {
    // What is longer is no file that somebody wrote.
    const MOST: u64 = 1 << 20;
    let names = std::fs::read_dir(directory).into_iter().flatten().flatten();
    names.map(|entry| entry.file_name().to_string_lossy().into_owned()).any(|name| {
        let stem = name.strip_suffix(".json").unwrap_or(&name);
        let keeps_state = || {
            let text = read_text(&directory.join(&name), MOST).unwrap_or_default();
            let opens =
                |line: &str| line.starts_with("backend ") || line.starts_with("cloud {") || line.starts_with("cloud{");
            match name.ends_with(".json") {
                true => text.contains("\"backend\"") || text.contains("\"cloud\""),
                false => text.lines().map(str::trim_start).any(opens),
            }
        };
        let is_state = name.starts_with("terraform.tfstate");
        is_state || stem.ends_with(".tfvars") || (is_source(&name) && keeps_state())
    })
}

/// Every root module below a directory, and the definitions there: hidden directories and what `.gitignore` names are left
/// out, and so is a directory that another one calls as a module, unless it is applied by itself, too.
pub(super) fn below(top: &Path, shown: &str, options: &Options, found: &mut Discovered) {
    let mut inputs: BTreeMap<PathBuf, Vec<Found>> = BTreeMap::new();
    // The directory of each root module: those that it calls.
    let mut calls: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    // With a slash at the end, a link to a directory is the directory.
    let mut walk = WalkBuilder::new(top.join(""));
    let policies = options.policies.iter().map(|policy| options.working_directory.join(policy));
    let examples: BTreeSet<PathBuf> = policies.flat_map(|policy| examples_of(&policy)).collect();
    if !examples.is_empty() {
        let first = examples.first().map(|first| display_path(first, &options.working_directory)).unwrap_or_default();
        let more = match examples.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        found.notes.push(format!("{shown}: examples of your own rules are not judged: {first}{more}"));
        let examples = examples.clone();
        walk.filter_entry(move |entry| {
            std::fs::canonicalize(entry.path()).map_or(true, |real| !examples.contains(&real))
        });
    }
    walk.require_git(false).ignore(false).git_global(false).git_exclude(false).follow_links(false);
    let walk = walk.sort_by_file_path(Path::cmp).build();
    let mut seen: usize = 0;
    let mut looked_into: BTreeSet<PathBuf> = BTreeSet::new();
    let mut links: Vec<PathBuf> = Vec::new();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => {
                let wrong = Error::new(shown, format!("can't be looked through: {e}"));
                found.problems.push(wrong.help("let the user of this run read what is there"));
                continue;
            }
        };
        if entry.path_is_symlink() && entry.depth() > 0 {
            links.extend(Some(entry.path().to_owned()).filter(|path| path.is_dir()));
            continue;
        }
        if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            continue;
        }
        seen += 1;
        if let Some(progress) = &options.progress {
            progress.looked_into(seen);
        }
        if seen as u64 > options.limits.directories {
            let most =
                format!("more than {} directories, the most that are looked through", options.limits.directories);
            let help = format!("name the directories of the root modules; {}", limits::raised_by("directories"));
            found.problems.push(Error::new(shown, most).help(help));
            break;
        }
        looked_into.insert(entry.path().to_owned());
        match held(entry.path()) {
            Ok((here, beside)) => {
                let path = || display_path(entry.path(), &options.working_directory);
                found.notes.extend(beside.map(|beside| beside.note(&path())));
                if here.is_empty() {
                    continue;
                }
                if here.iter().any(|found| matches!(found, Found::Root(_))) {
                    let own = std::fs::canonicalize(entry.path()).unwrap_or_else(|_| entry.path().to_owned());
                    calls.insert(own, called_directories(entry.path()));
                }
                inputs.insert(entry.path().to_owned(), here);
            }
            Err(e) => found.problems.push(super::cannot(&entry.path().display().to_string(), entry.path(), &e)),
        }
    }
    if seen as u64 <= options.limits.directories {
        found.notes.extend(left_out::note(&looked_into, &examples, &options.working_directory));
        found.notes.extend(left_out::links(&links, &looked_into, &options.working_directory));
        found.notes.extend(left_out::absent(&looked_into, &options.working_directory));
        found.notes.extend(left_out::settings(top, &looked_into, &options.working_directory));
    }
    let before = found.inputs.len();
    let called = modules(&calls);
    for (directory, here) in inputs {
        let real = std::fs::canonicalize(&directory).unwrap_or_else(|_| directory.clone());
        let is_module = called.contains(&real) && !is_applied(&real);
        if is_module && here.iter().any(|found| matches!(found, Found::Root(_))) {
            let calls = calls.remove(&real).unwrap_or_default();
            let is_initialised = is_initialised(&real);
            found.modules.push(Module { directory, real, calls, is_initialised });
        }
        found.inputs.extend(here.into_iter().filter(|found| !is_module || !matches!(found, Found::Root(_))));
    }
    if found.inputs.len() == before {
        let nothing = "nothing below the directory is Terraform source or a definition";
        found
            .problems
            .push(Error::new(shown, nothing).help("plans are named one by one: openai-data-controls check plan.json"));
    }
}
