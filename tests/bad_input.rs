//! Bad input: one error with its place, exit 5, the other inputs still checked; never a pass, never a panic.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{TODAY, binary, options, testdata};
use openai_data_controls::report::Report;
use openai_data_controls::{Options, check};

/// A compliant definition: what stands beside bad input and must still be judged.
const GOOD: &str = r#"
organization {
  residency_approved = true
  data_retention     = "zero_data_retention"
  abuse_monitoring_approval {
    controls              = ["zero_data_retention"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
  zdr_amendment { executed_on = "2025-03-10" }
}
project "eu" { region = "EU" }
"#;

struct Case {
    name: &'static str,
    content: Vec<u8>,
    /// `line:column` of the error, where the text has a place.
    at: Option<&'static str>,
    says: &'static str,
    helps: &'static str,
}

fn case(
    name: &'static str,
    content: impl Into<Vec<u8>>,
    at: Option<&'static str>,
    says: &'static str,
    helps: &'static str,
) -> Case {
    Case { name, content: content.into(), at, says, helps }
}

fn run(directory: &Path, paths: &[&str]) -> Report {
    let paths: Vec<PathBuf> = paths.iter().map(|p| directory.join(p)).collect();
    check(&options(paths), &mut std::io::empty()).0
}

fn cases() -> Vec<Case> {
    let deep = format!("{{\"projects\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_hcl = format!("project \"a\" {{ tools = {}{} }}\n", "[".repeat(100_000), "]".repeat(100_000));
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16).chain("{}".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    vec![
        case("empty.json", "", None, "empty", "terraform show -json"),
        case("blank.hcl", " \n\n", None, "empty", ""),
        case("broken.json", "{\"projects\": [}", Some("1:15"), "broken JSON", ""),
        case("cut.json", "{\"projects\": [", Some("1:14"), "EOF", "cut off"),
        case("two.json", "{\"projects\": []}\n{}", Some("2:1"), "trailing", "one JSON document"),
        case("broken.hcl", "project \"a\" {\n  region = \n}\n", Some("2:"), "broken HCL", ""),
        case(
            "key.hcl",
            "project \"a\" {\n  regoin = \"EU\"\n}\n",
            Some("2:3"),
            "unknown key \"regoin\"",
            "did you mean \"region\"",
        ),
        case("top.hcl", "projct \"a\" {}\n", Some("1:1"), "unknown key \"projct\"", "did you mean \"project\""),
        case(
            "type.json",
            "{\"projects\": [{\"name\": \"a\", \"region\": 7}]}",
            Some("1:39"),
            "must be a string, but is a number",
            "",
        ),
        case(
            "word.hcl",
            "project \"a\" {\n  data_retention = \"zero_data_retentoin\"\n}\n",
            Some("2:20"),
            "is no word for \"data_retention\"",
            "did you mean \"zero_data_retention\"",
        ),
        case(
            "duplicate.json",
            "{\"projects\": [{\"name\": \"a\", \"name\": \"b\"}]}",
            Some("1:29"),
            "stands twice",
            "keep one",
        ),
        case(
            "date.hcl",
            "organization {\n  zdr_amendment { executed_on = \"2025-02-30\" }\n}\n",
            Some("2:33"),
            "day of the calendar",
            "",
        ),
        case(
            "url.hcl",
            "project \"a\" {\n  base_url = \"eu.api.openai.com\"\n}\n",
            Some("2:14"),
            "no base URL",
            "https://",
        ),
        case(
            "endpoint.hcl",
            "project \"a\" {\n  use \"https://api.openai.com/v1/responses\" {}\n}\n",
            Some("2:7"),
            "must be a path",
            "",
        ),
        case(
            "noendpoint.json",
            "[{\"name\": \"a\", \"uses\": [{\"model\": \"m\"}]}]",
            Some("1:25"),
            "needs an \"endpoint\"",
            "",
        ),
        case("twice.hcl", "project \"a\" {}\nproject \"a\" {}\n", Some("2:9"), "two projects are named", "`id`"),
        case("noname.json", "{\"projects\": [{}]}", Some("1:15"), "needs a \"name\"", ""),
        case(
            "residency.hcl",
            "project \"a\" {\n  region = \"EU\"\n  residency = \"JP_STORAGE\"\n}\n",
            Some("3:15"),
            "stands beside",
            "one region",
        ),
        case(
            "reference.hcl",
            "project \"a\" {\n  region = var.region\n}\n",
            Some("2:12"),
            "not a literal",
            "references",
        ),
        case("nothing.json", "{}", Some("1:1"), "declares nothing", "at least one project"),
        case("none.json", "[]", Some("1:1"), "declares nothing", ""),
        case("unknown.json", "{\"foo\": 1}", Some("1:1"), "no input of a known kind", "definition"),
        case("number.json", "7", Some("1:1"), "", ""),
        case("yaml.yaml", "projects:\n  - name: a\n", Some("1:1"), "YAML", "HCL"),
        case("tfplan", *b"PK\x03\x04rest", None, "saved plan file", "terraform show -json tfplan"),
        case("utf16.json", utf16, None, "UTF-16", "utf8"),
        case("latin1.hcl", *b"project \"caf\xe9\" {}\n", None, "not UTF-8", "UTF-8"),
        case("deep.json", deep, Some("1:"), "nested deeper", ""),
        case("deep.hcl", deep_hcl, Some("1:"), "broken HCL", ""),
        case(
            "state.json",
            "{\"version\": 3, \"lineage\": \"x\", \"modules\": []}",
            Some("1:13"),
            "version 3 of a state is not known",
            "terraform show -json > state.json",
        ),
        case("stream.json", "{\"@level\":\"info\"}\n{\"@level\":\"info\"}\n", Some("2:1"), "plan -json", "-out=tfplan"),
        case("pointer.json", "{\"remote_plan_format\": 1}", Some("1:1"), "HCP Terraform", "terraform show -json"),
        case("main.tf", "resource \"a\" \"b\" {\n", Some("1:19"), "broken HCL", ""),
        case(
            "organization.hcl",
            "organization {\n  data_retention = \"organization_default\"\n}\n",
            Some("2:20"),
            "is no word",
            "",
        ),
        case(
            "models.hcl",
            "project \"a\" {\n  models = { mode = \"allow_list\" }\n}\n",
            Some("2:12"),
            "needs a \"mode\" and \"ids\"",
            "",
        ),
        case(
            "count.json",
            "[{\"name\": \"a\", \"requirements\": {\"max_abuse_log_days\": -1}}]",
            Some("1:55"),
            "whole number from 0",
            "",
        ),
    ]
}

#[test]
fn each_case_is_one_error_with_its_place_and_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("good.hcl"), GOOD).unwrap();
    let mut wrong = Vec::new();
    for case in cases() {
        fs::write(directory.path().join(case.name), &case.content).unwrap();
        let report = run(directory.path(), &[case.name, "good.hcl"]);
        let told: Vec<String> = report
            .unchecked
            .iter()
            .map(|u| format!("{}:{}: {}", u.line.unwrap_or(0), u.column.unwrap_or(0), u.why))
            .collect();
        let fits = report.unchecked.len() == 1
            && report.unchecked[0].why.contains(case.says)
            && report.unchecked[0].why.contains(case.helps)
            && case.at.is_none_or(|at| told[0].starts_with(at))
            && report.unchecked[0]
                .path
                .as_deref()
                .or(Some(&report.unchecked[0].what))
                .is_some_and(|p| p.ends_with(case.name));
        if !fits || report.summary.exit_code != 5 || report.summary.pass == 0 {
            wrong.push(format!(
                "{}: {told:?} exit {} pass {}",
                case.name, report.summary.exit_code, report.summary.pass
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn paths_that_are_not_there_or_hold_nothing() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("empty")).unwrap();
    fs::write(directory.path().join("good.hcl"), GOOD).unwrap();
    for (path, says) in [("missing.json", "no such file"), ("empty", "holds no definition")] {
        let report = run(directory.path(), &[path, "good.hcl"]);
        assert_eq!(report.summary.exit_code, 5, "{path}");
        assert!(report.summary.pass > 0, "{path}: the other input is still checked");
        assert!(report.unchecked[0].why.contains(says), "{path}: {}", report.unchecked[0].why);
    }
}

#[test]
fn a_good_definition_passes_and_its_absence_does_not() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("openai.hcl"), GOOD).unwrap();
    assert_eq!(run(directory.path(), &["openai.hcl"]).summary.exit_code, 0);
    assert_eq!(run(directory.path(), &["."]).summary.exit_code, 0, "a directory is read for its definitions");
    let without: String = GOOD.lines().filter(|l| !l.contains("zdr_amendment")).collect::<Vec<_>>().join("\n");
    fs::write(directory.path().join("openai.hcl"), without).unwrap();
    let report = run(directory.path(), &["openai.hcl"]);
    assert_eq!(report.summary.exit_code, 3);
    let finding =
        report.findings.iter().find(|f| f.rule.as_str() == "residency/non-us-region-without-zdr-amendment").unwrap();
    assert_eq!(finding.locations[0].start.line, 11, "at the line of `region`");
    let undeclared: String = GOOD.lines().filter(|l| !l.contains("data_retention ")).collect::<Vec<_>>().join("\n");
    fs::write(directory.path().join("openai.hcl"), undeclared).unwrap();
    assert_eq!(run(directory.path(), &["openai.hcl"]).summary.exit_code, 4, "the control in effect is not declared");
}

#[test]
fn damaged_plans_never_pass() {
    let (mut damaged, mut valid) = (0, 0);
    for entry in fs::read_dir(testdata("plans/damaged")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".json") {
            continue;
        }
        let report = check(&options(vec![path]), &mut std::io::empty()).0;
        if name.starts_with("valid") {
            valid += 1;
            assert!(report.unchecked.is_empty(), "{name}: {:?}", report.unchecked);
        } else {
            damaged += 1;
            assert_eq!(report.summary.exit_code, 5, "{name}");
            assert!(!report.unchecked.is_empty(), "{name}");
        }
    }
    assert!(damaged >= 9 && valid >= 1, "{damaged} damaged plans and {valid} valid ones were found");
}

#[test]
fn partial_plans_are_judged_and_never_pass() {
    for name in ["errored", "targeted"] {
        let report = check(&options(vec![testdata(&format!("plans/{name}/plan.json"))]), &mut std::io::empty()).0;
        assert_eq!(report.summary.exit_code, 5, "{name}");
        assert!(report.unchecked.iter().any(|u| u.why.contains("shows only a part")), "{name}: {:?}", report.unchecked);
        assert!(!report.inputs[0].complete, "{name}");
        assert!(
            report.summary.pass + report.summary.violation + report.summary.undetermined > 0,
            "{name}: what it shows is judged"
        );
    }
}

#[test]
fn a_plan_of_a_provider_that_is_not_read_never_passes_unless_it_is_named_as_a_fork() {
    let directory = tempfile::tempdir().unwrap();
    let plan = fs::read_to_string(testdata("plans/regions/plan.json")).unwrap();
    let fork = plan.replace("registry.terraform.io/openai/openai", "registry.acme.example/acme/openai");
    fs::write(directory.path().join("plan.json"), fork).unwrap();
    let report = run(directory.path(), &["plan.json"]);
    assert_eq!((report.summary.exit_code, report.inputs[0].projects), (5, 0));
    assert!(report.unchecked.iter().any(|u| u.why.contains("acme/openai")), "{:?}", report.unchecked);
    for name in ["acme/openai", "registry.acme.example/acme/openai"] {
        let settings = format!("provider {name:?} {{ mapping = \"openai/openai\" }}\n");
        fs::write(directory.path().join(".openai-data-controls.hcl"), settings).unwrap();
        let report = run(directory.path(), &["plan.json"]);
        assert_eq!((report.summary.unchecked, report.inputs[0].projects), (0, 3), "{name}: {:?}", report.unchecked);
    }
    for settings in [
        "provider \"acme/openai\" { mapping = \"opnai/openai\" }\n",
        "provider \"acme/openai\" {}\n",
        "provider \"openai\" { mapping = \"openai/openai\" }\n",
    ] {
        fs::write(directory.path().join(".openai-data-controls.hcl"), settings).unwrap();
        let report = run(directory.path(), &["plan.json"]);
        assert_eq!(report.summary.exit_code, 5, "{settings}");
        assert!(
            report.unchecked.iter().any(
                |u| u.line.is_some() && u.path.as_deref().is_some_and(|p| p.ends_with(".openai-data-controls.hcl"))
            ),
            "{settings}: {:?}",
            report.unchecked
        );
    }
}

#[test]
fn a_plan_without_openai_passes_and_says_so_unless_projects_are_required() {
    let plan = testdata("plans/no-openai/plan.json");
    let report = check(&options(vec![plan.clone()]), &mut std::io::empty()).0;
    assert_eq!(report.summary.exit_code, 0);
    assert!(report.notes.iter().any(|n| n.contains("nothing to check")), "{:?}", report.notes);
    let options = Options { require_projects: true, ..options(vec![plan]) };
    assert_eq!(check(&options, &mut std::io::empty()).0.summary.exit_code, 5);
}

#[test]
fn every_truncation_of_a_plan_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let text = fs::read(testdata("quickstart/plan.json")).unwrap();
    for step in 1..100 {
        let cut = text.len() * step / 100;
        let path = directory.path().join("plan.json");
        fs::write(&path, &text[..cut]).unwrap();
        let report = check(&options(vec![path]), &mut std::io::empty()).0;
        assert_eq!(report.summary.exit_code, 5, "cut at {cut}");
    }
}

#[test]
fn settings_with_mistakes_end_in_5_and_the_run_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("openai.hcl"), GOOD).unwrap();
    for (text, says) in [
        ("editon = \"x\"\n", "edition"),
        ("edition = \"1999-01\"\n", "no edition is named"),
        ("edition = \"nowhere.json\"\n", "nowhere.json: the edition can't be read"),
        ("rule \"residency/no-such\" { enabled = false }\n", "there is no rule"),
        ("fail_on = \n", "broken HCL"),
    ] {
        fs::write(directory.path().join(".openai-data-controls.hcl"), text).unwrap();
        let report = run(directory.path(), &["openai.hcl"]);
        assert_eq!(report.summary.exit_code, 5, "{text}");
        let told = report.unchecked.iter().find(|u| u.why.contains(says));
        let told = told.unwrap_or_else(|| panic!("{text}: {:?}", report.unchecked));
        assert!(told.line == Some(1) && told.path.as_deref().is_some_and(|p| p.ends_with("controls.hcl")), "{told:?}");
    }
    // A block under the name that others with a label stand for.
    fs::remove_file(directory.path().join(".openai-data-controls.hcl")).unwrap();
    let twice = "organization {\n  region_approvals {\n    EU { approved_on = \"2026-01-01\" }\n  }\n  region_approval \"AE\" {\n    approved_on = \"2026-01-01\"\n  }\n}\n";
    fs::write(directory.path().join("twice.hcl"), twice).unwrap();
    let report = run(directory.path(), &["openai.hcl", "twice.hcl"]);
    let told: Vec<String> = report.unchecked.iter().map(|u| format!("{:?} {}", u.line, u.why)).collect();
    assert!(told.len() == 1 && told[0].starts_with("Some(2) \"region_approvals\" must be written"), "{told:?}");
}

#[test]
fn the_command_line_tells_on_stderr_and_leaves_with_5() {
    let output = binary().args(["check", "no/such/plan.json", "--today", TODAY]).output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.starts_with("error: no/such/plan.json: there is no such file"), "{told}");
    for arguments in
        [&["check", "--edition", "1999"][..], &["check", "--no-such"], &["nonsense"], &["check", "--today", "x"]]
    {
        let output = binary().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(5), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn a_file_of_one_very_long_line_is_refused_in_bounds() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("long.hcl");
    fs::write(&path, vec![b'a'; 64 << 20]).unwrap();
    let report = check(&options(vec![path]), &mut std::io::empty()).0;
    assert_eq!(report.summary.exit_code, 5);
    assert!(report.unchecked[0].why.contains("larger than"), "{:?}", report.unchecked[0].why);
}
