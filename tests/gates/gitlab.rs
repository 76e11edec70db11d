//! The job of GitLab: its script in a merge request, and the reports that it promises.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{blocks, left, quickstart, shell, yaml};
use crate::support::{TODAY, peer};

#[test]
fn the_job_leaves_both_reports_where_it_says() {
    let [text] = &blocks("gitlab.md", "yaml")[..] else { panic!("one block") };
    let job = &yaml(text)["data-controls"];
    let directory = quickstart();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]).args(arguments);
        left(&git.current_dir(directory.path()).output().unwrap(), 0).trim().to_owned()
    };
    // The target branch once excused all that it was told of, and withdrew that. The merge request begins before, from a clone
    // that lacks the branch.
    let target = tempfile::tempdir().unwrap();
    let origin = target.path().to_str().unwrap();
    git(&["init", "-q", "--bare", origin]);
    git(&["init", "-q"]);
    git(&["remote", "add", "origin", origin]);
    let waiver = |rule: &str| format!("rule \"{rule}\" {{ enabled = false }}\n");
    let rules =
        ["residency/non-us-region-without-zdr-amendment", "residency/non-us-region-without-abuse-monitoring-control"];
    fs::write(directory.path().join(".openai-data-controls.hcl"), rules.map(waiver).concat()).unwrap();
    git(&["add", "."]);
    git(&["commit", "-qm", "excused"]);
    git(&["checkout", "-q", "-b", "change"]);
    git(&["checkout", "-q", "-b", "target"]);
    git(&["rm", "-q", ".openai-data-controls.hcl"]);
    git(&["commit", "-qm", "withdrawn"]);
    git(&["push", "-q", "origin", "target:main"]);
    git(&["checkout", "-q", "change"]);
    git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    let script: Vec<&str> = job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let dated = script.join("\n").replace("check .", &format!("check . --today {TODAY}"));
    let mut command = shell(&dated, directory.path());
    command.env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main");
    let log = left(&command.output().unwrap(), 3);
    assert!(
        log.contains("critical[residency/non-us-region-without-zdr-amendment]") && !log.contains('\u{1b}'),
        "{log}"
    );
    let reports = &job["artifacts"]["reports"];
    assert_eq!(job["artifacts"]["when"], "always");
    let read = |kind: &str| fs::read_to_string(directory.path().join(reports[kind].as_str().unwrap())).unwrap();
    let quality: Value = serde_json::from_str(&read("codequality")).unwrap();
    let issues = quality.as_array().unwrap();
    assert!(issues.len() > 3);
    for issue in issues {
        for key in ["description", "check_name", "fingerprint", "severity"] {
            assert!(issue[key].as_str().is_some_and(|text| !text.is_empty()), "{issue}");
        }
        assert!(
            ["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()),
            "{issue}"
        );
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(directory.path().join(path).is_file() && !path.starts_with("./"), "{issue}");
        assert!(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{issue}");
    }
    assert!(roxmltree::Document::parse(&read("junit")).unwrap().root_element().has_tag_name("testsuites"));
}

#[test]
fn the_job_is_valid() {
    let Some(mut schemas) = peer("check-jsonschema") else { return };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join(".gitlab-ci.yml");
    fs::write(&file, &blocks("gitlab.md", "yaml")[0]).unwrap();
    let arguments = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"];
    left(&schemas.args(arguments).arg(&file).output().unwrap(), 0);
}
