//! Atlantis: the step of the page, and what Atlantis makes of its output by the expressions of its source
//! (`server/events/project_command_runner.go`, `server/events/models/models.go`, August 2026).

use std::path::Path;
use std::process::Command;

use regex_automata::meta::Regex;

use super::{blocks, left, quickstart, shell, yaml};
use crate::support::{TODAY, testdata};

/// Whether Atlantis lets a custom policy check pass that prints this.
fn passes(output: &str) -> bool {
    let failed = Regex::new(r#"([1-9][0-9]* failure|failures": \[)"#).unwrap();
    !output.is_empty() && !failed.is_match(output) && !output.trim().starts_with("FAIL")
}

/// The line that Atlantis puts into its comment.
fn summary(output: &str) -> Option<&str> {
    let line =
        r"[0-9]+ tests?, [0-9]+ passed, [0-9]+ warnings?, [0-9]+ failures?, [0-9]+ exceptions?(, [0-9] skipped)?";
    Regex::new(line).unwrap().find(output).map(|found| &output[found.range()])
}

/// Runs the step of the page, with more arguments, and the output as Atlantis takes it: both streams.
fn step(directory: &Path, more: &str) -> (i32, String) {
    let page = yaml(&blocks("atlantis.md", "yaml")[0]);
    assert_eq!(page["repos"][0]["custom_policy_check"], "true");
    let steps = page["workflows"]["data-controls"]["policy_check"]["steps"].as_array().unwrap();
    assert_eq!(steps[0], "show");
    let script = steps[1]["run"].as_str().unwrap();
    assert!(script.contains("--exit-zero"));
    // The settings of the server, outside of the clone.
    let server = tempfile::tempdir().unwrap();
    std::fs::write(server.path().join("settings.hcl"), "").unwrap();
    let settings = server.path().join("settings.hcl").display().to_string();
    assert!(script.contains(" --settings /etc/openai/settings.hcl "));
    let script = script.replace("/etc/openai/organization.hcl", "organization.hcl");
    let script = script.replace("/etc/openai/settings.hcl", &settings);
    let mut command = shell(&format!("{{ {script} --today {TODAY} {more}; }} 2>&1"), directory);
    command.env("BASE_BRANCH_NAME", "main");
    let output = command.env("SHOWFILE", directory.join("plan.json")).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Makes the directory a clone with the base branch, as the strategy `merge` leaves it.
fn cloned(directory: &Path) {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]).args(arguments);
        left(&git.current_dir(directory).output().unwrap(), 0);
    };
    git(&["init", "-q"]);
    git(&["add", "main.tf"]);
    git(&["commit", "-qm", "base"]);
    git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
}

#[test]
fn both_shapes_stop_what_the_check_stops() {
    let directory = quickstart();
    cloned(directory.path());
    let organization = directory.path().join("organization.hcl");
    std::fs::rename(directory.path().join("openai.hcl"), organization).unwrap();
    for shape in ["", "--format conftest"] {
        let (code, shown) = step(directory.path(), shape);
        assert_eq!(code, 0, "{shown}");
        assert!(!passes(&shown), "{shown}");
    }
    let (_, shown) = step(directory.path(), "");
    assert_eq!(summary(&shown), shown.lines().last(), "{shown}");
    assert!(summary(&shown).unwrap().ends_with(" 4 failures, 0 exceptions"), "{shown}");
}

#[test]
fn settings_and_ignores_of_the_change_excuse_nothing() {
    let directory = quickstart();
    cloned(directory.path());
    let at = |name: &str| directory.path().join(name);
    std::fs::rename(at("openai.hcl"), at("organization.hcl")).unwrap();
    let off = "rule \"residency/non-us-region-without-zdr-amendment\" { enabled = false }\n";
    std::fs::write(at(".openai-data-controls.hcl"), off).unwrap();
    let ignore =
        "# openai-data-controls:ignore residency/non-us-region-without-abuse-monitoring-control until 2026-12-31: now";
    let source = std::fs::read_to_string(at("main.tf")).unwrap();
    let line = source.lines().find(|line| line.contains("region = \"JP\"")).unwrap();
    std::fs::write(at("main.tf"), source.replace(line, &format!("{line} {ignore}"))).unwrap();
    let (_, shown) = step(directory.path(), "");
    assert!(summary(&shown).unwrap().ends_with(" 4 failures, 0 exceptions"), "{shown}");
}

#[test]
fn both_shapes_let_a_passing_plan_through() {
    let directory = tempfile::tempdir().unwrap();
    let plan = r#"{"format_version":"1.2","terraform_version":"1.11.0","planned_values":{"root_module":{}},"resource_changes":[]}"#;
    std::fs::write(directory.path().join("plan.json"), plan).unwrap();
    std::fs::copy(testdata("quickstart/main.tf"), directory.path().join("main.tf")).unwrap();
    cloned(directory.path());
    std::fs::write(directory.path().join("organization.hcl"), "organization {\n  data_sharing = false\n}\n").unwrap();
    for shape in ["", "--format conftest"] {
        let (code, shown) = step(directory.path(), shape);
        assert!(code == 0 && passes(&shown), "{code} {shown}");
    }
}

/// What could not be read in part counts as a failure; where nothing could be read, the step itself fails.
#[test]
fn both_shapes_stop_what_could_not_be_checked() {
    let directory = quickstart();
    cloned(directory.path());
    std::fs::write(directory.path().join("organization.hcl"), "organization {\n  data_retention = nothing\n}\n")
        .unwrap();
    for shape in ["", "--format conftest"] {
        let (code, shown) = step(directory.path(), shape);
        assert!(code != 0 || !passes(&shown), "{shown}");
    }
    std::fs::write(directory.path().join("plan.json"), "{\"format_version\":").unwrap();
    for shape in ["", "--format conftest"] {
        let (code, shown) = step(directory.path(), shape);
        assert!(code == 5 && !passes(&shown), "{code} {shown}");
    }
}
