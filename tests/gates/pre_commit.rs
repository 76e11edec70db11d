//! The hooks of pre-commit, run by the real one in a git repository.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::{left, path, yaml};
use crate::support::{peer, root};

fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]).args(arguments);
    left(&git.current_dir(directory).output().unwrap(), 0).trim().to_owned()
}

/// A repository of hooks like this one, as pre-commit clones it.
fn hooks(directory: &Path) -> String {
    fs::create_dir(directory).unwrap();
    fs::copy(root().join(".pre-commit-hooks.yaml"), directory.join(".pre-commit-hooks.yaml")).unwrap();
    git(directory, &["init", "-q"]);
    git(directory, &["add", "."]);
    git(directory, &["commit", "-qm", "hooks"]);
    git(directory, &["rev-parse", "HEAD"])
}

#[test]
fn the_hook_stops_a_commit_that_violates() {
    if peer("pre-commit").is_none() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let revision = hooks(&at("hooks"));
    fs::create_dir_all(at("work/envs/prod")).unwrap();
    let work = at("work");
    git(&work, &["init", "-q"]);
    let config = format!(
        "repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n      - id: openai-data-controls-system\n",
        at("hooks").display()
    );
    fs::write(work.join(".pre-commit-config.yaml"), config).unwrap();
    let run = |arguments: &[&str]| -> Output {
        let mut command = peer("pre-commit").unwrap();
        command.args(arguments).current_dir(&work).env("PATH", path()).env("PRE_COMMIT_HOME", at("cache"));
        command.env("HOME", directory.path()).env("NO_COLOR", "1").output().unwrap()
    };
    left(&run(&["validate-config"]), 0);

    fs::write(work.join("envs/prod/openai.hcl"), "project \"eu\" {\n  region = \"EU\"\n}\n").unwrap();
    git(&work, &["add", "."]);
    let shown = left(&run(&["run"]), 1);
    assert!(shown.contains("exit code: 3"), "{shown}");
    assert!(shown.contains("critical[residency/non-us-region-without-zdr-amendment]"), "{shown}");
    assert!(shown.contains("envs/prod/openai.hcl:2:"), "{shown}");

    fs::write(work.join("envs/prod/openai.hcl"), "project \"us\" {\n  region = \n}\n").unwrap();
    git(&work, &["add", "."]);
    let shown = left(&run(&["run"]), 1);
    assert!(shown.contains("exit code: 5"), "{shown}");

    let passing = "organization {\n  data_retention = \"none\"\n  data_sharing = false\n}\n";
    fs::write(work.join("envs/prod/openai.hcl"), passing).unwrap();
    git(&work, &["add", "."]);
    let shown = left(&run(&["run"]), 0);
    assert!(shown.contains("Passed"), "{shown}");

    // A commit that only takes a file away is one that counts.
    fs::write(work.join("envs/prod/eu.openai.hcl"), "project \"eu\" {\n  region = \"EU\"\n}\n").unwrap();
    let amendment = "organization {\n  zdr_amendment { executed_on = \"2025-03-10\" }\n}\n";
    fs::write(work.join("envs/prod/amendment.openai.hcl"), amendment).unwrap();
    git(&work, &["add", "."]);
    let shown = left(&run(&["run"]), 1);
    assert!(!shown.contains("non-us-region-without-zdr-amendment"), "{shown}");
    git(&work, &["commit", "-qm", "all"]);
    git(&work, &["rm", "-q", "envs/prod/amendment.openai.hcl"]);
    let shown = left(&run(&["run"]), 1);
    assert!(shown.contains("critical[residency/non-us-region-without-zdr-amendment]"), "{shown}");
}

#[test]
fn the_manifest_is_valid_and_no_commit_is_left_out() {
    if let Some(mut pre_commit) = peer("pre-commit") {
        left(&pre_commit.arg("validate-manifest").arg(root().join(".pre-commit-hooks.yaml")).output().unwrap(), 0);
    }
    let hooks = yaml(&fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap());
    for hook in hooks.as_array().unwrap() {
        assert_eq!((&hook["always_run"], &hook["files"]), (&"true".into(), &serde_json::Value::Null));
        assert_eq!(hook["pass_filenames"], "false");
    }
}
