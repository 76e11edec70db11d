//! The real conftest runs the plugin, and its exit code passes through.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::fs;
use std::process::Command;

use support::{TODAY, peer, root, testdata};

#[test]
fn conftest_runs_the_plugin_with_its_exit_codes() {
    if peer("conftest").is_none() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let plugin = directory.path().join("plugin");
    let home = directory.path().join("home");
    fs::create_dir_all(&home).unwrap();
    let made = Command::new(root().join("dist/plugin"))
        .args(["--binary", env!("CARGO_BIN_EXE_openai-data-controls")])
        .arg(&plugin)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let conftest = |arguments: &[&str]| {
        let mut command = peer("conftest").unwrap();
        command.args(arguments).current_dir(root()).env("XDG_DATA_HOME", &home).env("HOME", &home);
        command.output().unwrap()
    };
    let installed = conftest(&["plugin", "install", plugin.to_str().unwrap()]);
    assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));

    let open = support::directories(&testdata("rules/residency/non-us-region-without-abuse-monitoring-control"))
        .into_iter()
        .find(|d| d.to_string_lossy().contains("unknown-"))
        .unwrap();
    let open = support::inputs(&open);
    let good = support::directories(&testdata("rules/residency/non-us-region-without-zdr-amendment"))
        .into_iter()
        .find(|d| d.ends_with("pass-in-force"))
        .unwrap();
    for (code, paths) in [
        (0, support::inputs(&good)),
        (3, vec![testdata("quickstart/plan.json")]),
        (4, open),
        (5, vec![directory.path().join("missing.json")]),
    ] {
        let mut arguments = vec!["openai-data-controls", "check", "--today", TODAY];
        arguments.extend(paths.iter().map(|p| p.to_str().unwrap()));
        let output = conftest(&arguments);
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(code), "{paths:?}: {shown} {}", String::from_utf8_lossy(&output.stderr));
        let last = shown.lines().last().unwrap_or_default();
        assert!(last.ends_with(" exceptions"), "{last}");
    }
}

#[test]
fn the_manifest_is_of_this_version() {
    let manifest = fs::read_to_string(root().join("plugin.yaml")).unwrap();
    assert!(manifest.contains(&format!("version: \"{}\"", env!("CARGO_PKG_VERSION"))));
    let keys: Vec<&str> = manifest
        .lines()
        .filter(|l| !l.starts_with([' ', '#', '-']))
        .filter_map(|l| l.split_once(':'))
        .map(|(k, _)| k)
        .collect();
    let distinct: std::collections::BTreeSet<&&str> = keys.iter().collect();
    assert_eq!(distinct.len(), keys.len(), "a key stands twice: trivy refuses that");
    for key in ["name", "version", "usage", "description", "command", "repository", "summary", "platforms"] {
        assert!(keys.contains(&key), "{key}");
    }
}
