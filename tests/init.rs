//! The first minutes: `init`, then `check`; completions and manual pages.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{TODAY, binary, peer, root, testdata};

fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_openai-data-controls")).args(arguments).current_dir(directory).output().unwrap()
}

fn left(output: &Output, code: i32) -> String {
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(code), "{shown}{}", String::from_utf8_lossy(&output.stderr));
    shown
}

fn init(directory: &Path, more: &[&str]) -> Output {
    run(directory, &[&["init", "--today", TODAY], more].concat())
}

const SETTINGS: &str = ".openai-data-controls.hcl";

/// What is commented out: no space follows the `#`, or the indentation of a block.
fn switched_on(text: &str) -> String {
    let is_code = |line: &str| line.starts_with('#') && (!line.starts_with("# ") || line.starts_with("#  "));
    let switched = |line: &str| if is_code(line.trim_start()) { line.replacen('#', "", 1) } else { line.to_owned() };
    text.lines().map(|line| switched(line) + "\n").collect()
}

#[test]
fn an_empty_directory_gets_both_files_and_they_are_valid() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let shown = left(&init(here, &[]), 0);
    assert!(shown.contains("wrote  organization.hcl\n       .openai-data-controls.hcl\n"), "{shown}");
    assert!(shown.contains("next   put a plan, ") && shown.ends_with("       openai-data-controls check\n"), "{shown}");
    fs::write(here.join("openai.hcl"), "project \"us\" {}\n").unwrap();
    let shown = left(&run(here, &["check", "--today", TODAY, "--format", "json"]), 0);
    let report: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(report["settings"]["path"], SETTINGS);
    assert_eq!(report["inputs"][1]["path"], "organization.hcl");
}

/// What stands in comments is valid, too, once the days are put in.
#[test]
fn what_is_commented_out_can_be_switched_on() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let projects =
        "project \"ae\" {\n  region = \"AE\"\n  handles_phi = true\n}\nproject \"eu\" {\n  region = \"EU\"\n}\n";
    fs::write(here.join("openai.hcl"), projects).unwrap();
    let shown = left(&init(here, &["--data-retention", "zero_data_retention"]), 0);
    assert!(shown.contains("2 projects in 1 input\n       regions AE, EU\n"), "{shown}");
    let before = left(&run(here, &["check", "--today", TODAY]), 3);
    assert!(before.contains("zdr_amendment = { executed_on"), "{before}");
    for file in [SETTINGS, "organization.hcl"] {
        let text = switched_on(&fs::read_to_string(here.join(file)).unwrap());
        // A directory that is not there.
        let text = text.replace("YYYY-MM-DD", "2026-01-01").replace("policies = [", "# policies = [");
        fs::write(here.join(file), text).unwrap();
    }
    let settings = fs::read_to_string(here.join(SETTINGS)).unwrap();
    for key in ["edition = \"", "fail_on = \"", "organization = [", "rule \"", "unchecked \"", "provider \""] {
        assert!(settings.lines().any(|line| line.starts_with(key)), "{key}: {settings}");
    }
    let organization = fs::read_to_string(here.join("organization.hcl")).unwrap();
    for key in [
        "data_retention = \"zero_data_retention\"",
        "residency_approved = false",
        "abuse_monitoring_approval {",
        "modified_retention_amendment {",
        "region_approval \"AE\" {",
        "business_associate_agreement {",
        "requirements {",
    ] {
        assert!(organization.lines().any(|line| line.starts_with(&format!("  {key}"))), "{key}: {organization}");
    }
    let output = run(here, &["check", "--today", TODAY, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["unchecked"], serde_json::json!([]), "{report}");
    let still: Vec<&str> = report["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
    assert!(
        !still.iter().any(|rule| rule.contains("amendment") || rule.contains("approval") || rule.contains("baa")),
        "{still:?}"
    );
}

/// An ordinary organization is not undetermined everywhere.
#[test]
fn check_says_what_evidence_is_missing_and_where_it_goes() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let projects = "project \"eu\" {\n  region = \"EU\"\n}\nproject \"jp\" {\n  region = \"JP\"\n}\n";
    fs::write(here.join("openai.hcl"), projects).unwrap();
    let undetermined = |arguments: &[&str]| {
        let output = run(here, &[&["check", "--today", TODAY, "--format", "json"], arguments].concat());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["summary"]["undetermined"].as_u64().unwrap()
    };
    let before = undetermined(&[]);
    let shown = left(&init(here, &[]), 0);
    assert!(shown.contains("regions EU, JP") && shown.contains("next   openai-data-controls check\n"), "{shown}");
    let after = undetermined(&[]);
    assert!(after < before, "{after} after, {before} before");
    let shown = left(&run(here, &["check", "--today", TODAY]), 3);
    assert!(shown.contains("--> organization.hcl:"), "{shown}");
    assert!(shown.contains("Add the amendment to the definition of the organization"), "{shown}");
}

#[test]
fn what_is_found_decides_what_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    // A definition declares the organization.
    fs::create_dir(at("declared")).unwrap();
    fs::write(at("declared/openai.hcl"), "organization {\n  data_sharing = false\n}\nproject \"us\" {}\n").unwrap();
    let shown = left(&init(&at("declared"), &[]), 0);
    assert!(
        shown.contains("the organization is declared in openai.hcl") && !at("declared/organization.hcl").exists(),
        "{shown}"
    );
    assert!(!fs::read_to_string(at("declared").join(SETTINGS)).unwrap().contains("organization ="));
    // Terraform sets the organization's control.
    fs::create_dir(at("set")).unwrap();
    let source = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\nresource \"openai_organization_data_retention\" \"this\" {\n  type = \"none\"\n}\nmodule \"net\" {\n  source = \"acme/net/any\"\n}\n";
    fs::write(at("set/main.tf"), source).unwrap();
    let shown = left(&init(&at("set"), &[]), 0);
    assert!(
        shown.contains("an input sets the organization's control, or may") && shown.contains("1 module not on disk"),
        "{shown}"
    );
    let organization = fs::read_to_string(at("set/organization.hcl")).unwrap();
    assert!(!organization.lines().any(|line| line.trim_start().starts_with("data_retention")), "{organization}");
    let settings = fs::read_to_string(at("set").join(SETTINGS)).unwrap();
    assert!(
        settings.contains("#unchecked \"module.net\" {\n") && settings.contains("#  expires = \"2027-05-22\"\n"),
        "{settings}"
    );
    left(&run(&at("set"), &["check", "--today", TODAY]), 5);
    let from = settings.find("#unchecked").unwrap();
    let acknowledged = settings[..from].to_owned() + &switched_on(settings[from..].split("\n\n").next().unwrap());
    fs::write(at("set").join(SETTINGS), acknowledged).unwrap();
    left(&run(&at("set"), &["check", "--today", TODAY]), 0);
    // A plan is read where there is one, and definitions below make the walk.
    fs::create_dir_all(at("planned")).unwrap();
    fs::copy(testdata("quickstart/plan.json"), at("planned/plan.json")).unwrap();
    fs::write(at("planned/package.json"), "{\"name\": \"x\"}").unwrap();
    let shown = left(&init(&at("planned"), &[]), 0);
    assert!(
        shown.contains("next   openai-data-controls check plan.json\n") && shown.contains("regions EU, JP"),
        "{shown}"
    );
    fs::create_dir_all(at("below/envs/prod")).unwrap();
    fs::write(at("below/envs/prod/openai.hcl"), "project \"us\" {}\n").unwrap();
    let shown = left(&init(directory.path(), &["below"]), 0);
    assert!(shown.contains("next   openai-data-controls check below --recursive\n"), "{shown}");
    assert!(shown.contains("wrote  below/organization.hcl\n       below/.openai-data-controls.hcl\n"), "{shown}");
}

/// What a first user met: each proposal has to lead on.
#[test]
fn the_proposed_command_reads_what_init_read() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let next = |here: &Path, arguments: &[&str]| {
        let shown = left(&init(here, arguments), 0);
        let line = shown.lines().find_map(|line| line.strip_prefix("next   openai-data-controls ")).unwrap().to_owned();
        (line, shown)
    };
    // Root modules one level below.
    fs::create_dir_all(at("below/prod")).unwrap();
    fs::copy(testdata("quickstart/main.tf"), at("below/prod/main.tf")).unwrap();
    fs::write(at("below/main.tf"), "terraform {\n  required_version = \">= 1.5\"\n}\n").unwrap();
    assert_eq!(next(&at("below"), &[]).0, "check --recursive");
    left(&run(&at("below"), &["check", "--recursive", "--today", TODAY]), 3);
    // One directory, however it is named.
    for (number, name) in ["tt", "tt/", "./tt", "tt/."].iter().enumerate() {
        let work = at(&format!("named{number}"));
        fs::create_dir_all(work.join("tt")).unwrap();
        fs::write(work.join("tt/openai.hcl"), "project \"us\" {}\n").unwrap();
        assert_eq!(next(&work, &[name]).0, "check tt", "{name}");
    }
    // A plan with a definition beside it, and a state of its usual name.
    fs::create_dir_all(at("both")).unwrap();
    for file in ["plan.json", "openai.hcl", "main.tf"] {
        fs::copy(testdata("quickstart").join(file), at("both").join(file)).unwrap();
    }
    let (line, shown) = next(&at("both"), &[]);
    assert_eq!(line, "check plan.json openai.hcl");
    assert!(
        shown.contains("the organization is declared in openai.hcl") && !at("both/organization.hcl").exists(),
        "{shown}"
    );
    left(&run(&at("both"), &["check", "plan.json", "openai.hcl", "--today", TODAY]), 3);
    fs::create_dir_all(at("state")).unwrap();
    fs::copy(testdata("inputs/same/applied.tfstate"), at("state/terraform.tfstate")).unwrap();
    assert_eq!(next(&at("state"), &[]).0, "check terraform.tfstate");
    left(&run(&at("state"), &["check", "terraform.tfstate", "--today", TODAY]), 3);
}

#[test]
fn only_modules_are_proposed_as_acknowledged_and_only_own_rules_are_switched_on() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let provider = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n";
    fs::create_dir_all(at("modules/p")).unwrap();
    fs::write(at("main.tf"), format!("{provider}module \"p\" {{\n  source = \"./modules/p\"\n}}\n")).unwrap();
    // An attribute that is not known is no module that is not there.
    let project = "resource \"openai_project\" \"in\" {\n  name   = \"in\"\n  region = \"EU\"\n}\n";
    fs::write(at("modules/p/main.tf"), format!("{provider}{project}")).unwrap();
    // What conftest calls its own.
    fs::create_dir_all(at("policy/openai/residency")).unwrap();
    fs::write(at("policy/base.rego"), "package main\n").unwrap();
    fs::write(at("policy/openai/residency/x.rego"), "package openai.residency.x\n").unwrap();
    let shown = left(&init(directory.path(), &[]), 5);
    assert!(!shown.contains("not on disk"), "{shown}");
    let settings = fs::read_to_string(at(SETTINGS)).unwrap();
    assert!(!settings.contains("openai_project.in") && settings.contains("#policies = "), "{settings}");

    let own = tempfile::tempdir().unwrap();
    left(&run(own.path(), &["rules", "--scaffold", "acme/x"]), 0);
    fs::write(own.path().join("openai.hcl"), "project \"us\" {}\n").unwrap();
    let shown = left(&init(own.path(), &[]), 0);
    assert!(shown.contains("found  1 project in 1 input\n"), "examples of rules are no projects: {shown}");
    let settings = fs::read_to_string(own.path().join(SETTINGS)).unwrap();
    assert!(settings.lines().any(|line| line == "policies = [\"policy\"]"), "{settings}");
    let output = run(own.path(), &["check", "--recursive", "--today", TODAY, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let read: Vec<&str> = report["inputs"].as_array().unwrap().iter().map(|i| i["path"].as_str().unwrap()).collect();
    assert_eq!(read, ["openai.hcl", "organization.hcl"]);
    let shown = run(own.path(), &["check", "--recursive", "--today", TODAY]).stdout;
    assert!(String::from_utf8_lossy(&shown).contains("examples of your own rules are not judged: "));
    // Others that lie there are judged: only what belongs to a rule is an example.
    fs::create_dir_all(own.path().join("policy/examples/prod/eu")).unwrap();
    fs::write(own.path().join("policy/examples/prod/eu/openai.hcl"), "project \"eu\" {\n  region = \"EU\"\n}\n")
        .unwrap();
    left(&run(own.path(), &["check", "--recursive", "--today", TODAY]), 3);
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    fs::write(here.join("organization.hcl"), "organization {\n  data_sharing = false\n}\n").unwrap();
    let shown = left(&init(here, &[]), 0);
    assert!(shown.contains("kept   organization.hcl\n"), "{shown}");
    assert_eq!(
        fs::read_to_string(here.join("organization.hcl")).unwrap(),
        "organization {\n  data_sharing = false\n}\n"
    );
    let settings = fs::read_to_string(here.join(SETTINGS)).unwrap();
    assert!(settings.contains("organization = [\"organization.hcl\"]"), "{settings}");

    let again = init(here, &[]);
    left(&again, 5);
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(said.contains("there are settings already") && said.contains(SETTINGS), "{said}");
    assert_eq!(fs::read_to_string(here.join(SETTINGS)).unwrap(), settings);

    for arguments in
        [&["missing"][..], &["--data-retention", "zero"], &["--today", "2026-02-30"], &["organization.hcl"]]
    {
        left(&run(here, &[&["init"], arguments].concat()), 5);
    }
    fs::create_dir_all(here.join("blocked").join(SETTINGS)).unwrap();
    left(&init(here, &["blocked"]), 5);
    assert_eq!(fs::read_dir(here.join("blocked")).unwrap().count(), 1, "nothing half-written");
}

#[test]
fn what_can_not_be_read_is_told_and_the_files_are_written() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), "resource \"openai_project\" {\n").unwrap();
    let output = init(directory.path(), &[]);
    left(&output, 5);
    assert!(String::from_utf8_lossy(&output.stderr).contains("main.tf:1:"), "{output:?}");
    assert!(directory.path().join(SETTINGS).is_file() && directory.path().join("organization.hcl").is_file());
}

/// The same directory gives the same bytes.
#[test]
fn init_is_repeatable() {
    let written = || {
        let directory = tempfile::tempdir().unwrap();
        fs::copy(testdata("quickstart/main.tf"), directory.path().join("main.tf")).unwrap();
        left(&init(directory.path(), &[]), 0);
        [SETTINGS, "organization.hcl"].map(|file| fs::read(directory.path().join(file)).unwrap())
    };
    assert_eq!(written(), written());
}

const COMMANDS: [&str; 12] = [
    "check",
    "facts",
    "retention",
    "rules",
    "explain",
    "editions",
    "bundle",
    "verify",
    "init",
    "completions",
    "man",
    "schema",
];

#[test]
fn completions_are_for_every_shell_and_parse_there() {
    for (shell, interpreter) in
        [("bash", Some("bash")), ("zsh", Some("zsh")), ("fish", Some("fish")), ("powershell", None), ("elvish", None)]
    {
        let text = left(&binary().args(["completions", shell]).output().unwrap(), 0);
        for command in COMMANDS {
            assert!(text.contains(command), "{shell}: {command}");
        }
        assert!(text.contains("waivers-from"), "{shell}");
        if let Some(mut interpreter) = interpreter.and_then(peer) {
            let directory = tempfile::tempdir().unwrap();
            let file = directory.path().join("completions");
            fs::write(&file, &text).unwrap();
            left(&interpreter.arg("-n").arg(&file).output().unwrap(), 0);
        }
    }
    // Bash completes as a person would ask it to.
    if let Some(mut bash) = peer("bash") {
        let program = Path::new(env!("CARGO_BIN_EXE_openai-data-controls"));
        let script = "eval \"$(\"$PROGRAM\" completions bash)\"\n\
            COMP_WORDS=(openai-data-controls check --for); COMP_CWORD=2\n\
            _openai__data__controls openai-data-controls --for check; echo \"${COMPREPLY[*]}\"";
        let shown = left(&bash.args(["--norc", "-c", script]).env("PROGRAM", program).output().unwrap(), 0);
        assert_eq!(shown.trim(), "--format");
    }
    left(&binary().args(["completions", "tcsh"]).output().unwrap(), 5);
}

#[test]
fn manual_pages_are_for_every_command_and_well_formed() {
    let one = left(&binary().arg("man").output().unwrap(), 0);
    assert!(one.contains(".TH openai-data-controls 1") && one.contains("openai\\-data\\-controls\\-check(1)"), "{one}");
    let directory = tempfile::tempdir().unwrap();
    left(&binary().args(["man", "--output"]).arg(directory.path().join("man1")).output().unwrap(), 0);
    let mut pages: Vec<String> = fs::read_dir(directory.path().join("man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    pages.sort();
    let mut wanted: Vec<String> = COMMANDS.map(|command| format!("openai-data-controls-{command}.1")).to_vec();
    wanted.push("openai-data-controls.1".to_owned());
    wanted.sort();
    assert_eq!(pages, wanted);
    assert_eq!(fs::read_to_string(directory.path().join("man1/openai-data-controls.1")).unwrap(), one);
    if let Some(mut mandoc) = peer("mandoc") {
        let files = pages.iter().map(|page| directory.path().join("man1").join(page));
        left(&mandoc.args(["-T", "lint", "-W", "error"]).args(files).output().unwrap(), 0);
    }
}

#[test]
fn help_shows_the_most_common_lines_first() {
    let shown = left(&binary().arg("--help").output().unwrap(), 0);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "Most common:");
    assert!(lines[1..4].iter().all(|line| line.starts_with("  openai-data-controls ")), "{shown}");
    for command in COMMANDS {
        assert!(lines.iter().any(|line| line.trim_start().starts_with(command)), "{command}: {shown}");
    }
    assert!(root().join("docs/gates/README.md").is_file());
}
