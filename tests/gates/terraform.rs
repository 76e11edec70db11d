//! Terraform itself: the lines of the page, with the real one where it and a mirror of the providers are.

use std::fs;

use super::{blocks, left, quickstart, shell};
use crate::support::{TODAY, on_path};

#[test]
fn a_plan_that_violates_is_not_applied() {
    let mirror = std::env::var("TF_CLI_CONFIG_FILE").unwrap_or_default();
    let has_mirror = fs::read_to_string(&mirror).is_ok_and(|text| text.contains("_mirror"));
    if on_path("terraform").is_none() || !has_mirror {
        eprintln!("not run: there is no terraform, or TF_CLI_CONFIG_FILE names no mirror of providers");
        return;
    }
    let directory = quickstart();
    fs::remove_file(directory.path().join("plan.json")).unwrap();
    fs::rename(directory.path().join("openai.hcl"), directory.path().join("organization.hcl")).unwrap();
    let init = shell("terraform init -input=false -no-color", directory.path()).output().unwrap();
    left(&init, 0);
    let line = blocks("terraform.md", "sh")[0].replace("check plan.json", &format!("check plan.json --today {TODAY}"));
    let mut command = shell(&line, directory.path());
    let output = command.env("OPENAI_ADMIN_KEY", "unused").output().unwrap();
    let shown = left(&output, 3);
    assert!(shown.contains("openai_project.team[\"research-jp\"]") && shown.contains("main.tf:"), "{shown}");
    assert!(!directory.path().join("terraform.tfstate").exists(), "it was applied");
}

/// What the service behind a run task runs, on the plan as HCP Terraform hands it over and as others wrap it.
#[test]
fn a_run_task_gets_its_outcome() {
    let directory = quickstart();
    fs::rename(directory.path().join("openai.hcl"), directory.path().join("organization.hcl")).unwrap();
    let plan = fs::read_to_string(directory.path().join("plan.json")).unwrap();
    let line = blocks("terraform.md", "sh")[1].replace("check -", &format!("check - --today {TODAY}"));
    for text in [plan.clone(), format!("{{\"plan\": {plan}, \"run\": {{\"id\": \"run-1\"}}}}")] {
        fs::write(directory.path().join("plan.json"), text).unwrap();
        let output = shell(&line, directory.path()).output().unwrap();
        left(&output, 3);
        let outcome = fs::read_to_string(directory.path().join("outcome.md")).unwrap();
        assert!(outcome.contains("residency/non-us-region-without-zdr-amendment"), "{outcome}");
        assert!(outcome.chars().count() < 10_000, "the body of an outcome has at most 10,000 characters");
    }
}
