//! Terraform source, evaluated: what is known of it is what the real Terraform plans.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{self, inputs, options, testdata};
use openai_data_controls::facts::{Fact, Facts, Project};
use openai_data_controls::hcl::VariableInputs;
use openai_data_controls::{Options, facts};

/// Directories with source below `top` that a plan without a state before it was made from.
fn planned(top: &Path, found: &mut Vec<PathBuf>) {
    let holds = |name: &str| top.join(name).is_file();
    let source = holds("main.tf") || holds("main.tf.json");
    if source && holds("plan.json") && !holds("terraform.tfstate") && !holds("plan.args") && !holds("plan.fails") {
        found.push(top.to_owned());
    }
    for entry in fs::read_dir(top).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        planned(&entry, found);
    }
}

fn read(paths: Vec<PathBuf>, workspace: Option<&str>) -> Facts {
    let variables = VariableInputs { workspace: workspace.map(str::to_owned), ..VariableInputs::default() };
    let options = Options { variables, ..options(paths) };
    facts(&options, &mut std::io::empty()).0.unwrap().facts
}

/// Every difference between a known fact of the source and that of the plan.
fn differences(source: &Project, plan: &Project) -> (Vec<String>, usize) {
    let mut wrong = Vec::new();
    let mut known = 0;
    let mut compare = |name: &str, source: &str, plan: &str, is_known: bool| {
        if is_known {
            known += 1;
            if source != plan {
                wrong.push(format!("{name}: {source}, planned is {plan}"));
            }
        }
    };
    fn shown<T: std::fmt::Debug>(fact: &Fact<T>) -> (String, bool) {
        match fact {
            Fact::Known(value) => (format!("{value:?}"), true),
            Fact::Absent => ("absent".to_owned(), true),
            Fact::Unknown(_) => ("unknown".to_owned(), false),
        }
    }
    for (name, (s, known), (p, _)) in [
        ("name", shown(&source.name.clone()), shown(&plan.name.clone())),
        ("region", shown(&source.region), shown(&plan.region)),
        ("residency", shown(&source.residency), shown(&plan.residency)),
        ("data_retention", shown(&source.data_retention), shown(&plan.data_retention)),
        ("tools", shown(&source.tools), shown(&plan.tools)),
    ] {
        compare(name, &s, &p, known);
    }
    let models = |project: &Project| {
        project.models.known().map(|models| {
            let mut ids = models.ids.clone();
            ids.sort();
            (models.mode.clone(), ids)
        })
    };
    if !source.unknown_parts.contains_key("models.ids") && source.models.reason().is_none() {
        compare("models", &format!("{:?}", models(source)), &format!("{:?}", models(plan)), true);
    }
    (wrong, known)
}

#[test]
fn what_is_known_of_source_is_what_terraform_plans() {
    let mut directories = Vec::new();
    planned(&testdata(""), &mut directories);
    let (mut wrong, mut known, mut projects, mut open) = (Vec::new(), 0, 0, Vec::new());
    for directory in &directories {
        let source = read(vec![directory.clone()], Some("default"));
        // With the definitions beside it, which the directory is read with.
        let plan = read(inputs(directory), None);
        let by_address = |facts: &Facts| -> BTreeMap<String, Project> {
            facts.projects.values().filter_map(|p| Some((p.origin.address.clone()?, p.clone()))).collect()
        };
        let (source, plan) = (by_address(&source), by_address(&plan));
        for (address, project) in &source {
            if address.contains("[*]") {
                open.push(format!("{}: {address}", directory.display()));
                continue;
            }
            let Some(planned) = plan.get(address) else {
                if !address.contains("data.") {
                    wrong.push(format!("{}: {address} is not planned", directory.display()));
                }
                continue;
            };
            projects += 1;
            let (differs, count) = differences(project, planned);
            known += count;
            wrong.extend(differs.into_iter().map(|d| format!("{}: {address}: {d}", directory.display())));
        }
        for address in plan.keys().filter(|a| !source.contains_key(*a)) {
            let covered = source.keys().any(|own| own.contains("[*]"));
            if !covered && !address.contains("data.") {
                wrong.push(format!("{}: {address} is planned and not read", directory.display()));
            }
        }
    }
    let figures =
        format!("{} modules, {projects} projects, {known} known facts, {} differ", directories.len(), wrong.len());
    eprintln!("{figures}");
    eprintln!("not known how many there are: {open:#?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    support::stands_in_language_page(&figures);
    assert!(directories.len() >= 40 && projects >= 100, "{} modules, {projects} projects", directories.len());
}

#[test]
fn the_one_wrong_project_of_a_repository_is_found_at_its_line() {
    let repository = testdata("source/repository");
    let organization = repository.join("organization.hcl");
    let of = |options: Options| openai_data_controls::check(&options, &mut std::io::empty()).0;
    let report = of(Options { recursive: true, organization: vec![organization], ..options(vec![repository.clone()]) });
    assert_eq!(report.summary.exit_code, 3, "{:?}", report.unchecked);
    let roots: Vec<&str> = report.inputs.iter().filter(|i| i.projects > 0).map(|i| i.path.as_str()).collect();
    assert_eq!(roots.len(), 2, "a directory that is called as a module is no root: {roots:?}");
    let failing: Vec<_> = report.findings.iter().filter(|f| f.severity >= report.fail_on).collect();
    let [finding] = failing.as_slice() else { panic!("{failing:#?}") };
    assert_eq!(finding.subject.name, "production-research");
    let place = &finding.locations[0];
    assert!(place.path.ends_with("environments/production/terraform.tfvars"), "{place:?}");
    assert_eq!((place.start.line, place.start.column), (14, 17));
    let through: Vec<&str> = finding.locations.iter().map(|l| l.path.as_str()).collect();
    assert!(through.iter().any(|path| path.ends_with("modules/project/main.tf")), "{through:?}");
    assert!(through.iter().any(|path| path.ends_with("environments/production/main.tf")), "{through:?}");
}
