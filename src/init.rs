//! `init`: the first settings and the first definition of an organization, from what a directory holds.

mod write;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::facts::ORGANIZATION_DEFAULT;
use crate::hcl::split_address;
use crate::input::{self, InputKind, Inputs};
use crate::location::display_path;
use crate::policy;
use crate::run::{Options, Run};
use crate::scaffold::create_all;
use crate::settings::{self, FILE_NAME};

/// The name of the definition that `init` writes.
pub const ORGANIZATION_FILE: &str = "organization.hcl";

/// What `init` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The files that it wrote, relative to the working directory.
    pub written: Vec<String>,
    /// A file that was there and stays as it is.
    pub kept: Option<String>,
    /// What it found, one fact a line.
    pub found: Vec<String>,
    /// Whether there was anything to read.
    pub anything: bool,
    /// The arguments of the command to go on with.
    pub next: Vec<String>,
    /// What could not be read, modules apart that are not on disk.
    pub problems: Vec<Error>,
}

/// Writes settings and a definition of the organization into `directory`, from the Terraform source, definitions and plans
/// that it holds. `control` is the one selected for the organization, `today` the day that ends are counted from,
/// `YYYY-MM-DD`.
///
/// # Errors
/// Settings that are there or above, a directory that can't be read, a file that can't be written. Nothing is written then.
pub fn init(directory: &Path, control: &str, today: &str) -> Result<Start, Error> {
    let working_directory = std::env::current_dir().unwrap_or_default();
    let shown = |path: &Path| display_path(path, &working_directory);
    let full = working_directory.join(directory);
    let names = names(&full).map_err(|e| {
        Error::new(shown(directory), format!("can't be read: {e}")).help("give a directory that is there")
    })?;
    let settings_file = full.join(FILE_NAME);
    if let Some(there) = settings::find(&[directory.to_owned()], &working_directory, None)? {
        let (message, help) = match there.is_file() {
            true => (
                "there are settings already, and they hold for this directory",
                "nothing was written; edit it, or take it away and run init again",
            ),
            false => {
                ("something of the name of the settings is there, and is no file", "nothing was written; take it away")
            }
        };
        return Err(Error::new(shown(&there), message).help(help));
    }

    let policies: Vec<PathBuf> =
        Some(full.join("policy")).filter(|path| holds_rules(path, &working_directory)).into_iter().collect();
    let (inputs, next) = read(directory, &full, &names, &policies, today);
    let Some(inputs) = inputs else {
        let help = "nothing was written; take a release, which has editions in it";
        return Err(Error::new("init", "no edition of the page is known").help(help));
    };
    let found = Found::new(&inputs);
    let declared = found.declared_in.is_some();
    let kept = names.iter().any(|name| name == ORGANIZATION_FILE);
    let organization_file = full.join(ORGANIZATION_FILE);
    if kept && !organization_file.is_file() {
        let message = "something of the name of the definition is there, and is no file";
        return Err(Error::new(shown(&organization_file), message).help("nothing was written; take it away"));
    }
    let mut files = Vec::new();
    if !declared && !kept {
        files.push((organization_file.clone(), write::organization(&found, control)));
    }
    files.push((settings_file, write::settings(&found, !declared, !policies.is_empty(), today)));
    create_all(&files)
        .map_err(|(path, e)| Error::new(shown(path), format!("can't be written: {e}")).help("nothing was written"))?;
    Ok(Start {
        written: files.iter().map(|(path, _)| shown(path)).collect(),
        kept: kept.then(|| shown(&organization_file)),
        found: found.lines(),
        anything: found.inputs > 0,
        next,
        problems: found.problems,
    })
}

/// The names in a directory, sorted.
fn names(directory: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Reads what the directory holds: plans, else states, else exports, by their content, with the definitions beside them; else
/// source and definitions in it and below. With the arguments of the check that reads the same.
fn read(
    directory: &Path,
    full: &Path,
    names: &[String],
    skipped: &[PathBuf],
    today: &str,
) -> (Option<Inputs>, Vec<String>) {
    let read = |paths: Vec<PathBuf>, recursive: bool| {
        let today = today.to_owned();
        let policies = skipped.to_vec();
        let options = Options { paths, recursive, today, policies, ignore_settings: true, ..Options::default() };
        Run::new(&options).read(&options, &mut std::io::empty())
    };
    let working_directory = std::env::current_dir().unwrap_or_default();
    let top = display_path(directory, &working_directory);
    let here = top == ".";
    // What begins with a hyphen would be taken for an option.
    let argument = |path: &str| if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
    let command = |arguments: Vec<String>| std::iter::once("check".to_owned()).chain(arguments).collect::<Vec<_>>();
    let file = |name: &String| if here { PathBuf::from(name) } else { Path::new(&top).join(name) };
    let by_content = names.iter().filter(|name| name.ends_with(".json") || name.ends_with(".tfstate"));
    // A pipe would be waited for.
    let by_content = by_content.filter(|name| full.join(name).is_file());
    let kinds: Vec<(InputKind, PathBuf)> =
        by_content.filter_map(|name| Some((input::kind_of(&full.join(name))?, file(name)))).collect();
    for wanted in [InputKind::TerraformPlan, InputKind::TerraformState, InputKind::AdminApi] {
        let mut paths: Vec<PathBuf> =
            kinds.iter().filter(|(kind, _)| *kind == wanted).map(|(_, path)| path.clone()).collect();
        if !paths.is_empty() {
            paths.extend(names.iter().filter(|name| input::is_definition(name)).map(file));
            let arguments = paths.iter().map(|path| argument(&path.display().to_string())).collect();
            return (read(paths, false), command(arguments));
        }
    }
    let mut arguments: Vec<String> = (!here).then(|| argument(&top)).into_iter().collect();
    match read(vec![directory.to_owned()], true) {
        Some(mut inputs) if inputs.records.is_empty() => {
            inputs.problems.clear();
            (Some(inputs), command(arguments))
        }
        inputs => {
            let deeper = inputs.iter().flat_map(|inputs| &inputs.records).any(|record| {
                let of_source = record.kind == Some(InputKind::TerraformSource);
                let path = Path::new(&record.path);
                let own = if of_source { Some(path) } else { path.parent() };
                own.map(|own| display_path(own, &working_directory)) != Some(top.clone())
            });
            arguments.extend(deeper.then(|| "--recursive".to_owned()));
            (inputs, command(arguments))
        }
    }
}

/// Whether a directory holds rules of one's own: `GROUP/NAME.rego` in a package of this product. A copy of the product's own, or
/// of its bundle, is none.
fn holds_rules(directory: &Path, working_directory: &Path) -> bool {
    if !directory.is_dir() {
        return false;
    }
    let taken = policy::embedded_for_gates();
    let (files, _) = policy::read_directories(&[directory.to_owned()], working_directory, &taken);
    let of_product = format!("{}/", display_path(&directory.join("openai"), working_directory));
    let own = files.iter().filter(|file| !file.path.starts_with(&of_product));
    own.filter(|file| file.rule_id().is_some()).any(|file| policy::wrong_package(file).is_ok())
}

/// Whether an address is that of a call of a module, not of something in it.
fn is_module_call(address: &str) -> bool {
    let parts = split_address(address);
    parts.len().is_multiple_of(2) && parts.iter().step_by(2).all(|part| *part == "module")
}

/// What the inputs say that settings and definition are written from.
#[derive(Debug, Default)]
struct Found {
    inputs: usize,
    projects: usize,
    /// Codes of the projects' regions, those that the edition knows.
    regions: BTreeSet<String>,
    /// Projects whose region is not known yet.
    unknown_regions: usize,
    /// Those of the regions that require a control.
    regulated: BTreeSet<String>,
    /// The agreements that these regions require.
    agreements: BTreeSet<String>,
    /// The regions that take a further approval.
    approvals: BTreeSet<String>,
    /// The controls that are selected somewhere, which have to be approved.
    controls: BTreeSet<String>,
    /// A project handles health information.
    health: bool,
    /// An input sets the organization's control, or may.
    control_is_set: bool,
    /// The input that declares an organization.
    declared_in: Option<String>,
    /// Modules that are not on disk, as `unchecked` names them.
    unread: BTreeSet<String>,
    problems: Vec<Error>,
    /// Name of the edition.
    edition: String,
}

impl Found {
    fn new(inputs: &Inputs) -> Found {
        let facts = &inputs.facts;
        let mut found = Found {
            inputs: inputs.records.len(),
            projects: facts.projects.len(),
            control_is_set: !facts.organization.data_retention.is_absent(),
            declared_in: declared_in(inputs),
            edition: facts.edition.name.clone(),
            ..Found::default()
        };
        found.controls.extend(facts.organization.data_retention.known().filter(|c| *c != "none").cloned());
        for project in facts.projects.values() {
            found.unknown_regions += usize::from(project.region.reason().is_some());
            let control = project.data_retention.known().filter(|c| *c != "none" && *c != ORGANIZATION_DEFAULT);
            found.controls.extend(control.cloned());
            found.health |= project.handles_phi.known() == Some(&true);
            let Some((code, region)) =
                project.region.known().and_then(|code| facts.edition.regions.get_key_value(code))
            else {
                continue;
            };
            found.regions.insert(code.clone());
            found.regulated.extend((!region.requirement_any_of.is_empty()).then(|| code.clone()));
            found.agreements.extend(region.extra_agreement.clone());
            found.approvals.extend(region.extra_approval.then(|| code.clone()));
        }
        for problem in &inputs.problems {
            let address = problem.what.split_once('#').map_or(problem.what.as_str(), |(_, address)| address);
            if is_module_call(address) && !problem.firm {
                found.unread.insert(problem.what.clone());
            } else {
                found.problems.push(problem.clone());
            }
        }
        found
    }

    fn lines(&self) -> Vec<String> {
        if self.inputs == 0 {
            return vec!["nothing to read yet".to_owned()];
        }
        let many = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let mut lines = vec![format!("{} in {}", many(self.projects, "project"), many(self.inputs, "input"))];
        if !self.regions.is_empty() {
            let regions: Vec<&str> = self.regions.iter().map(String::as_str).collect();
            lines.push(format!("regions {}", regions.join(", ")));
        }
        if self.unknown_regions > 0 {
            lines.push(format!("{} whose region is not known yet", many(self.unknown_regions, "project")));
        }
        if self.control_is_set && self.declared_in.is_none() {
            lines.push("an input sets the organization's control, or may: it is not written".to_owned());
        }
        lines.extend(self.declared_in.as_ref().map(|path| format!("the organization is declared in {path}")));
        if !self.unread.is_empty() {
            lines.push(format!("{} not on disk: terraform init brings them", many(self.unread.len(), "module")));
        }
        lines
    }
}

/// The definition that declares an organization. It comes before what other inputs say of one.
fn declared_in(inputs: &Inputs) -> Option<String> {
    let source = inputs.facts.organization.origin.source.as_ref()?;
    let known = inputs.facts.sources.get(source)?;
    (known.kind.as_deref() == Some(InputKind::Definition.name())).then(|| source.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_modules_may_hold_dots() {
        for address in ["module.a", "module.a[\"b.c\"]", "module.a[\"b.c\"].module.d[0]"] {
            assert!(is_module_call(address), "{address}");
        }
        for address in ["openai_project.a", "module.a.openai_project.b", "module.a[\"module.c\"].openai_project.b", "a"]
        {
            assert!(!is_module_call(address), "{address}");
        }
    }
}
