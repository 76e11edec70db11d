//! Where root modules and the modules that they call are found: links, installed modules, directories below.

use std::fs;
use std::path::Path;

use crate::support::{options, write_files};
use openai_data_controls::facts::{Fact, Facts};
use openai_data_controls::hcl::{VariableInput, VariableInputs};
use openai_data_controls::report::Report;
use openai_data_controls::{Options, check, facts};

const PROVIDER: &str = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n";

fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let provider = |name: &str| if name.ends_with("main.tf") { PROVIDER } else { "" };
    let files: Vec<_> = files.iter().map(|(name, text)| (name, format!("{}{text}", provider(name)))).collect();
    write_files(directory.path(), &files);
    directory
}

fn run(path: &Path, change: impl FnOnce(Options) -> Options) -> (Facts, Report) {
    let options = change(options(vec![path.to_owned()]));
    let facts = facts(&options, &mut std::io::empty()).0.unwrap().facts;
    (facts, check(&options, &mut std::io::empty()).0)
}

/// The region of each project, by name.
fn regions(facts: &Facts) -> Vec<(String, String)> {
    let region = |region: &Fact<String>| region.known().cloned().unwrap_or_else(|| "?".to_owned());
    let mut found: Vec<(String, String)> =
        facts.projects.values().map(|p| (p.name.known().cloned().unwrap_or_default(), region(&p.region))).collect();
    found.sort();
    found
}

fn project(name: &str, region: &str) -> String {
    format!("resource \"openai_project\" \"{name}\" {{\n  name = \"{name}\"\n  geography = {region}\n}}\n")
}

/// A module's directory is where a link to it leads, and `..` goes up from there.
#[cfg(unix)]
#[test]
fn links_to_modules_are_followed_before_dots() {
    use std::os::unix::fs::symlink;

    let call = |name: &str, source: &str| {
        format!("module \"{name}\" {{\n  source = \"{source}\"\n}}\noutput \"r\" {{\n  value = module.{name}.r\n}}\n")
    };
    let project = "resource \"openai_project\" \"p\" {\n  name = \"p\"\n  geography = module.l.r\n}\n";
    let output = |region: &str| format!("output \"r\" {{\n  value = \"{region}\"\n}}\n");
    let main = format!("{}{project}", call("l", "./link"));
    let (deep, right, wrong) = (call("s", "../sib"), output("EU"), output("US"));
    let files = [
        ("root/main.tf", main.as_str()),
        ("root/other/deep/d.tf", &deep),
        ("root/other/sib/s.tf", &right),
        ("root/sib/s.tf", &wrong),
    ];
    let directory = directory(&files);
    let root = directory.path().join("root");
    symlink("other/deep", root.join("link")).unwrap();
    assert_eq!(regions(&run(&root, |o| o).0)[0].1, "EU");
    // A root module that is a link itself: its own `..` goes up from where it leads.
    fs::create_dir_all(directory.path().join("far/away")).unwrap();
    let up = format!("{PROVIDER}{}{project}", call("l", "../near"));
    fs::write(directory.path().join("far/away/main.tf"), up).unwrap();
    fs::create_dir_all(directory.path().join("far/near")).unwrap();
    fs::write(directory.path().join("far/near/n.tf"), output("JP")).unwrap();
    fs::create_dir_all(directory.path().join("near")).unwrap();
    fs::write(directory.path().join("near/n.tf"), output("US")).unwrap();
    symlink("far/away", directory.path().join("away")).unwrap();
    assert_eq!(regions(&run(&directory.path().join("away"), |o| o).0)[0].1, "JP");
    // Links that lead to themselves lead nowhere.
    fs::remove_file(root.join("link")).unwrap();
    symlink("link", root.join("link")).unwrap();
    let (_, report) = run(&root, |o| o);
    assert_eq!(report.summary.exit_code, 5);
    assert!(report.unchecked.iter().any(|u| u.why.contains("not on disk")), "{:?}", report.unchecked);
}

#[test]
fn roots_that_call_each_other_are_roots_and_ignore_files_of_others_hide_nothing() {
    let call = |to: &str| format!("module \"m\" {{\n  source = \"../{to}\"\n}}\n");
    let (a, b) =
        (format!("{}{}", project("a", "\"EU\""), call("b")), format!("{}{}", project("b", "\"EU\""), call("a")));
    let (c, d) = (format!("{}{}", project("c", "\"US\""), call("d")), project("d", "\"US\""));
    let files =
        [("a/main.tf", a.as_str()), ("b/main.tf", &b), ("c/main.tf", &c), ("d/main.tf", &d), (".ignore", "c\n")];
    let directory = directory(&files);
    let recursive = |o: Options| Options { recursive: true, ..o };
    let (_, report) = run(directory.path(), recursive);
    let read: Vec<&str> = report.inputs.iter().filter_map(|input| input.path.rsplit('/').next()).collect();
    assert_eq!(read, ["a", "b", "c"], "what only others call is left out");
    assert_eq!(report.summary.exit_code, 5);
    fs::write(directory.path().join(".gitignore"), "a\n").unwrap();
    let (_, report) = run(directory.path(), recursive);
    let read: Vec<&str> = report.inputs.iter().filter_map(|input| input.path.rsplit('/').next()).collect();
    assert!(!read.contains(&"a") && read.contains(&"c"), "{read:?}");
}

#[test]
fn an_installed_module_of_another_source_or_version_is_not_read() {
    let main = |source: &str, version: &str| {
        format!(
            "module \"m\" {{\n  source = \"{source}\"\n  version = \"{version}\"\n}}\n{}",
            project("p", "module.m.r")
        )
    };
    let manifest = r#"{"Modules": [{"Key": "m", "Source": "registry.terraform.io/foo/bar/baz", "Version": "1.2.0", "Dir": "i/m"}]}"#;
    for (source, version, region) in
        [("foo/bar/baz", "~> 1.1", "EU"), ("foo/other/baz", "~> 1.1", "?"), ("foo/bar/baz", "~> 2.0", "?")]
    {
        let main = main(source, version);
        let output = "output \"r\" {\n  value = \"EU\"\n}\n";
        let files = [("main.tf", main.as_str()), (".terraform/modules/modules.json", manifest), ("i/m/o.tf", output)];
        let directory = directory(&files);
        let (facts, report) = run(directory.path(), |o| o);
        assert_eq!(regions(&facts), [("p".to_owned(), region.to_owned())], "{source} {version}");
        let told = report.unchecked.iter().any(|told| told.why.contains("another source or version"));
        assert_eq!(told, region == "?", "{:?}", report.unchecked);
    }
}

#[test]
fn a_file_of_a_root_module_stands_for_it_and_other_values_for_nothing() {
    let main = format!("variable \"r\" {{\n  type = string\n}}\n{}", project("p", "var.r"));
    let values = "r = \"EU\"\nrr = \"US\"\n";
    let directory = directory(&[("main.tf", &main), ("terraform.tfvars", values), ("x.tfvars", "r = \"US\"\n")]);
    for name in ["main.tf", "terraform.tfvars"] {
        let (facts, report) = run(&directory.path().join(name), |o| o);
        assert_eq!(regions(&facts), [("p".to_owned(), "EU".to_owned())], "{name}");
        let note = report.notes.iter().find(|note| note.contains("terraform.tfvars:2:6")).unwrap();
        assert!(note.contains("did you mean \"r\"") || note.contains("no variable is declared"), "{note}");
    }
    let (_, report) = run(&directory.path().join("x.tfvars"), |o| o);
    assert_eq!(report.summary.exit_code, 5);
    assert!(report.unchecked[0].why.contains("no input"), "{:?}", report.unchecked);
}

/// What an override file says counts instead of all else: without it nothing is known, and nobody can say that it does not matter.
#[test]
fn an_override_file_that_can_not_be_read_is_not_acknowledged() {
    let acknowledged = "unchecked \"*\" {\n  reason  = \"not ours\"\n  expires = \"2027-06-30\"\n}\n";
    let broken = "resource \"openai_project\" \"p\" {\n  geography = \"EU\n}\n";
    for (name, text) in [
        ("x_override.tf", broken),
        ("override.tf.json", "{\"resource\": "),
        ("override.tf", "resource \"openai_project\" \"q\" {\n}\n"),
    ] {
        let files = [("main.tf", &*project("p", "US")), (name, text), (".openai-data-controls.hcl", acknowledged)];
        let directory = directory(&files);
        let (_, report) = run(directory.path(), |o| o);
        assert_eq!(report.summary.exit_code, 5, "{name}");
        assert!(report.unchecked.iter().any(|entry| !entry.acknowledged), "{name}: {:?}", report.unchecked);
    }
}

#[test]
fn what_is_left_out_and_would_be_read_is_said() {
    let source = project("a", "\"EU\"");
    let files = [
        ("main.tf", source.as_str()),
        (".gitignore", "live/\nempty/\n"),
        ("live/prod/main.tf", &source),
        ("live/openai.hcl", "project \"b\" {}\n"),
        (".hidden/main.tf", &source),
        ("empty/notes.txt", ""),
        (".terraform/modules/m/main.tf", &source),
    ];
    let directory = directory(&files);
    let (_, report) = run(directory.path(), |o| Options { recursive: true, ..o });
    let said: Vec<&String> = report.notes.iter().filter(|note| note.contains("leaves out")).collect();
    let expected = "3 directories that .gitignore or a leading dot leaves out hold Terraform source or definitions: ";
    assert!(said.len() == 1 && said[0].starts_with(expected) && said[0].ends_with("/.hidden"), "{:?}", report.notes);
    let (_, report) = run(&directory.path().join("live/prod"), |o| Options { recursive: true, ..o });
    assert!(!report.notes.iter().any(|note| note.contains("leaves out")), "{:?}", report.notes);
}

#[test]
fn a_submodule_that_is_not_checked_out_is_said() {
    let source = project("a", "\"EU\"");
    let modules =
        "[submodule \"prod\"]\n\tpath = live/prod\n\turl = ../prod\n[submodule \"docs\"]\n\tPATH = \"docs\"\n";
    let files = [("main.tf", source.as_str()), (".gitmodules", modules), ("docs/notes.txt", "")];
    let directory = directory(&files);
    let said = || {
        let (_, report) = run(directory.path(), |o| Options { recursive: true, ..o });
        report.notes.into_iter().filter(|note| note.contains("submodule")).collect::<Vec<_>>()
    };
    for path in ["live", "live/prod"] {
        assert!(matches!(said().as_slice(), [note] if note.starts_with("1 submodule is not checked out")), "{path}");
        std::fs::create_dir(directory.path().join(path)).unwrap();
    }
    std::fs::write(directory.path().join("live/prod/main.tf"), &source).unwrap();
    assert_eq!(said(), Vec::<String>::new());
}

#[test]
fn files_of_values_that_nothing_names_are_said() {
    let source = format!("variable \"region\" {{\n  default = null\n}}\n{}", project("a", "var.region"));
    let files = [
        ("main.tf", source.as_str()),
        ("prod.tfvars", "region = \"EU\"\n"),
        ("dev.tfvars.json", "{}"),
        ("x.auto.tfvars", ""),
    ];
    let directory = directory(&files);
    let notes = |given: Option<&str>| {
        let given: Vec<VariableInput> =
            given.map(|name| VariableInput::File(directory.path().join(name))).into_iter().collect();
        let (_, report) = run(directory.path(), |o| Options {
            variables: VariableInputs { given, ..VariableInputs::default() },
            ..o
        });
        report.notes.into_iter().filter(|note| note.contains("--var-file")).collect::<Vec<_>>()
    };
    assert!(
        matches!(notes(None).as_slice(), [note] if note.contains("dev.tfvars.json and 1 more give values")),
        "{:?}",
        notes(None)
    );
    assert_eq!(notes(Some("prod.tfvars")), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn values_behind_a_link_to_nothing_are_not_known() {
    let directory = directory(&[("main.tf", &project("a", "\"US\""))]);
    assert_ne!(run(directory.path(), |o| o).1.summary.exit_code, 5);
    std::os::unix::fs::symlink("nowhere", directory.path().join("terraform.tfvars")).unwrap();
    assert_eq!(run(directory.path(), |o| o).1.summary.exit_code, 5);
}

#[test]
fn settings_below_a_walk_are_said() {
    let source = project("a", "\"EU\"");
    let files = [("main.tf", source.as_str()), (".openai-data-controls.hcl", ""), ("team/main.tf", &source)];
    let directory = directory(&files);
    let said = || {
        let (_, report) = run(directory.path(), |o| Options { recursive: true, ..o });
        report.notes.into_iter().filter(|note| note.contains("one file of settings")).collect::<Vec<_>>()
    };
    assert_eq!(said(), Vec::<String>::new());
    fs::write(directory.path().join("team/.openai-data-controls.hcl"), "fail_on = \"low\"\n").unwrap();
    assert!(
        matches!(said().as_slice(), [note] if note.contains("team/.openai-data-controls.hcl counts only")),
        "{:?}",
        said()
    );
}

#[test]
fn a_root_module_that_another_one_calls_is_judged_all_the_same() {
    let prod = format!("variable \"region\" {{}}\n{}", project("p", "var.region"));
    let caller = "module \"prod\" {\n  source = \"../prod\"\n  region = \"US\"\n}\n";
    let own = |name: &str, text: &str| {
        let files = [("prod/main.tf", prod.as_str()), ("t/main.tf", caller), (name, text)];
        let directory = directory(&files);
        let (facts, _) = run(directory.path(), |o| Options { recursive: true, ..o });
        regions(&facts).into_iter().map(|(_, region)| region).collect::<Vec<_>>()
    };
    assert_eq!(own("prod/notes.md", ""), ["US"]);
    assert_eq!(own("prod/terraform.tfvars", "region = \"JP\"\n"), ["JP", "US"]);
    assert_eq!(own("prod/x.auto.tfvars.json", "{\"region\": \"JP\"}"), ["JP", "US"]);
    assert_eq!(own("prod/.terraform.lock.hcl", ""), ["US"]);
    assert_eq!(own("prod/terraform.tfstate.backup", ""), ["?", "US"]);
    // Where no values are missing, it was applied where it was initialised.
    assert_eq!(own("prod/.terraform.lock.hcl", ""), ["US"]);
    let with_default = "variable \"region\" {\n  default = \"JP\"\n}\n";
    let files = [
        ("prod/variables_override.tf", with_default),
        ("prod/main.tf", prod.as_str()),
        ("t/main.tf", caller),
        ("prod/.terraform.lock.hcl", ""),
    ];
    let found = directory(&files);
    let (facts, report) = run(found.path(), |o| Options { recursive: true, ..o });
    assert_eq!(regions(&facts).len(), 2, "{:?}", report.notes);
    assert_eq!(own("prod/prod.tfvars", "region = \"JP\"\n"), ["?", "US"]);
    assert_eq!(own("prod/b.tf.json", "{\"terraform\": {\"backend\": {\"s3\": {}}}}"), ["?", "US"]);
    assert_eq!(own("prod/backend.tf", "terraform {\n  backend \"s3\" {}\n}\n"), ["?", "US"]);
}

/// A call that stands for no instance takes nothing out of the run.
#[test]
fn a_directory_whose_calls_stand_for_no_instance_is_judged_by_itself() {
    let prod = project("p", "\"EU\"");
    for (call, judged) in [
        ("count = 0", true),
        ("count = length(local.on)", true),
        ("for_each = toset(local.on)", true),
        ("count = var.on", false),
        ("count = 2", false),
    ] {
        let call = format!(
            "locals {{\n  on = []\n}}\nvariable \"on\" {{}}\nmodule \"prod\" {{\n  source = \"../prod\"\n  {call}\n}}\n"
        );
        let files = [("prod/main.tf", prod.as_str()), ("t/main.tf", call.as_str())];
        let directory = directory(&files);
        let (_, report) = run(directory.path(), |o| Options { recursive: true, ..o });
        let read = report.inputs.iter().any(|input| input.path.ends_with("prod"));
        assert_eq!(read, judged, "{call} {:?}", report.notes);
        let note = if judged { "is checked by itself, too: no call" } else { "1 directory is checked as a module of" };
        assert!(report.notes.iter().any(|said| said.contains(note)), "{call} {:?}", report.notes);
        assert_ne!(report.summary.exit_code, 0, "{call}");
    }
    // One that needs values is a module alone: nobody could apply it as it is. What it calls goes with it.
    let inner = "module \"deep\" {\n  source = \"../deep\"\n}\n";
    let call = "module \"prod\" {\n  source = \"../prod\"\n  count = 0\n}\n";
    for (head, read) in [("variable \"needed\" {}\n", ["deep", "t"].as_slice()), ("", &["prod", "t"])] {
        let prod = format!("{head}{inner}");
        let files = [("prod/main.tf", prod.as_str()), ("t/main.tf", call), ("deep/main.tf", &project("p", "\"EU\""))];
        let directory = directory(&files);
        let (_, report) = run(directory.path(), |o| Options { recursive: true, ..o });
        let mut inputs: Vec<&str> = report.inputs.iter().filter_map(|input| input.path.rsplit('/').next()).collect();
        inputs.sort_unstable();
        assert_eq!(inputs, read, "{head}");
    }
}

#[test]
fn what_lies_below_a_directory_that_is_looked_into_alone_is_said() {
    let source = project("a", "\"EU\"");
    let call = "module \"m\" {\n  source = \"./modules/m\"\n}\n";
    let main = format!("{source}{call}");
    let files = [
        ("main.tf", main.as_str()),
        ("modules/m/main.tf", &source),
        (".hidden/main.tf", &source),
        (".terraform/modules/x/main.tf", &source),
    ];
    let directory = directory(&files);
    let said = |recursive: bool| {
        let (_, report) = run(directory.path(), |o| Options { recursive, ..o });
        report.notes.into_iter().filter(|note| note.contains("--recursive would check")).collect::<Vec<_>>()
    };
    assert_eq!(said(false), Vec::<String>::new());
    for path in ["envs/prod/main.tf", "envs/openai.hcl"] {
        fs::create_dir_all(directory.path().join(path).parent().unwrap()).unwrap();
        fs::write(directory.path().join(path), &source).unwrap();
    }
    let told = said(false);
    assert!(
        matches!(told.as_slice(), [note] if note.contains("2 directories below hold") && note.ends_with("envs")),
        "{told:?}"
    );
    assert_eq!(said(true), Vec::<String>::new());
}
