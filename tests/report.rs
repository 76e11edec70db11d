//! The reports: the JSON of the contract, byte-identical, without secrets; text for people.

use std::fs;

use crate::support::{self, TODAY, binary, inputs, options, testdata};
use openai_data_controls::facts::Facts;
use openai_data_controls::report::{Format, Report, Style, write_json};
use openai_data_controls::{Options, check, schemas};
use serde_json::Value;

fn quickstart() -> Vec<std::path::PathBuf> {
    inputs(&testdata("quickstart"))
}

fn json(report: &Report) -> Value {
    serde_json::to_value(report).unwrap()
}

#[test]
fn the_json_report_has_the_keys_of_the_contract() {
    let report = json(&support::report(quickstart()));
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let has = |value: &Value, wanted: &[&str]| {
        let found = keys(value);
        for key in wanted {
            assert!(found.contains(&(*key).to_owned()), "{key} is not in {found:?}");
        }
    };
    has(
        &report,
        &[
            "schema",
            "tool",
            "edition",
            "today",
            "inputs",
            "policies",
            "settings",
            "summary",
            "findings",
            "unchecked",
            "waivers",
        ],
    );
    assert_eq!(report["schema"], 1);
    assert_eq!(report["tool"]["name"], "openai-data-controls");
    has(&report["edition"], &["name", "date", "source", "sha256"]);
    has(&report["inputs"][0], &["path", "kind", "projects", "complete", "sha256"]);
    has(
        &report["summary"],
        &["pass", "violation", "undetermined", "not_applicable", "waived", "unchecked", "exit_code"],
    );
    let finding = &report["findings"][0];
    has(
        finding,
        &[
            "verdict",
            "rule",
            "severity",
            "subject",
            "attribute",
            "message",
            "remediation",
            "section",
            "help",
            "locations",
            "fingerprint",
            "waiver",
        ],
    );
    has(&finding["subject"], &["kind", "id", "name", "project", "endpoint", "address"]);
    has(&finding["locations"][0], &["path", "start", "end", "role"]);
    has(&finding["locations"][0]["start"], &["line", "column"]);
    assert_eq!(finding["locations"][0]["role"], "primary");
    assert_eq!(report["inputs"][1]["kind"], "terraform_plan");
    assert_eq!(report["inputs"][1]["path"], "testdata/quickstart/plan.json");
    assert_eq!(report["inputs"][1]["projects"], 3);
}

#[test]
fn counts_are_of_rule_and_subject_and_verdicts_lists_all_of_them() {
    let few = support::report(quickstart());
    let all = check(&Options { verdicts: true, ..options(quickstart()) }, &mut std::io::empty()).0;
    assert_eq!(few.summary, all.summary);
    let s = &all.summary;
    let pairs: std::collections::BTreeSet<(String, String)> =
        all.findings.iter().map(|f| (f.rule.to_string(), f.subject.id.clone())).collect();
    assert_eq!(pairs.len(), s.pass + s.violation + s.undetermined + s.not_applicable);
    assert_eq!(s.exit_code, 3);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let run =
        || binary().args(["check", "--format", "json", "--today", TODAY]).args(quickstart()).output().unwrap().stdout;
    let first = run();
    assert!(!first.is_empty());
    assert_eq!(first, run());
    let facts = || {
        binary().args(["facts", "--today", TODAY]).args(quickstart()).env("TZ", "Asia/Tokyo").output().unwrap().stdout
    };
    assert_eq!(facts(), facts());
}

#[test]
fn fingerprints_do_not_depend_on_lines_or_paths_and_differ() {
    let directory = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(testdata("quickstart/openai.hcl")).unwrap();
    let prints = |path: &std::path::Path, text: &str| {
        fs::write(path, text).unwrap();
        let report = support::report(vec![path.to_owned(), testdata("quickstart/plan.json")]);
        report.findings.iter().map(|f| f.fingerprint.clone()).collect::<Vec<_>>()
    };
    let first = prints(&directory.path().join("a.hcl"), &text);
    let moved = prints(&directory.path().join("b.hcl"), &format!("# moved\n\n\n{text}"));
    assert_eq!(first, moved);
    let distinct: std::collections::BTreeSet<&String> = first.iter().collect();
    assert_eq!(distinct.len(), first.len());
}

#[test]
fn the_last_line_counts_in_conftests_words() {
    let text = |arguments: &[&str]| {
        let output = binary().arg("check").args(arguments).args(["--today", TODAY]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let quickstart = ["testdata/quickstart/plan.json", "testdata/quickstart/openai.hcl"];
    let last = text(&quickstart).lines().last().unwrap().to_owned();
    assert_eq!(last, "55 tests, 49 passed, 2 warnings, 4 failures, 0 exceptions");
    let relaxed = text(&[&quickstart[..], &["--fail-on", "critical"]].concat());
    assert_eq!(relaxed.lines().last().unwrap(), "55 tests, 49 passed, 3 warnings, 3 failures, 0 exceptions");
    let broken = text(&["no-such-file"]);
    assert_eq!(broken.lines().last().unwrap(), "1 tests, 0 passed, 0 warnings, 1 failures, 0 exceptions");
}

#[test]
fn exit_codes_follow_the_options() {
    let code = |arguments: &[&str]| {
        binary().arg("check").args(arguments).args(["--today", TODAY]).output().unwrap().status.code()
    };
    let fail = "testdata/quickstart/plan.json";
    assert_eq!(code(&[fail]), Some(3));
    assert_eq!(code(&[fail, "--exit-zero"]), Some(0));
    assert_eq!(code(&["no-such-file", "--exit-zero"]), Some(5), "nothing was checked");
    let open = "testdata/rules/residency/non-us-region-without-abuse-monitoring-control";
    let open = support::directories(&support::root().join(open))
        .into_iter()
        .find(|d| d.to_string_lossy().contains("unknown-"))
        .unwrap();
    let open = inputs(&open);
    let open: Vec<&str> = open.iter().map(|p| p.to_str().unwrap()).collect();
    assert_eq!(code(&open), Some(4));
    assert_eq!(code(&[&open[..], &["--allow-undetermined"]].concat()), Some(0));
}

#[test]
fn colour_only_where_asked_for() {
    let output = |color: &str| {
        binary()
            .args(["check", "testdata/quickstart/plan.json", "--color", color, "--today", TODAY])
            .output()
            .unwrap()
            .stdout
    };
    assert!(!output("never").contains(&0x1b));
    assert!(!output("auto").contains(&0x1b), "a pipe is no terminal");
    assert!(output("always").contains(&0x1b));
}

#[test]
fn control_characters_of_the_input_never_reach_the_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    fs::write(&path, "[{\"name\": \"a\\u001b[31m\\u202eb\\nc\", \"region\": \"na\\u001brnia\"}]").unwrap();
    let options = options(vec![path]);
    let (report, map) = check(&options, &mut std::io::empty());
    let mut out = Vec::new();
    report.write(Format::Text, Style::default(), &map, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("narnia") || text.contains("\\u{1b}"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
}

/// What is hidden in these two plans, by values or in their source.
const CANARY: &str = "canary";

#[test]
fn sensitive_values_and_keys_appear_in_no_output() {
    for (fixture, says, damages) in [("plans/sensitive", "sensitive", 7), ("plans/sensitive-clients", "not kept", 5)] {
        let plan = testdata(fixture).join("plan.json");
        assert!(fs::read_to_string(&plan).unwrap().matches(CANARY).count() > 3);
        // Damaged, so that errors speak of what stands there.
        let directory = tempfile::tempdir().unwrap();
        let mut paths: Vec<_> =
            ["plan.json", "state.json", "applied.tfstate"].iter().map(|name| testdata(fixture).join(name)).collect();
        let text = fs::read_to_string(&plan).unwrap();
        for (number, (from, to)) in [
            ("\"after_sensitive\":{", "\"after_sensitive\":[{"),
            ("\"after_unknown\":{", "\"after_unknown\":7,\"x\":{"),
            ("\"geography\":", "\"geography\":[],\"geography_\":"),
            ("\"name\":", "\"name\":{\"a\":7},\"name_\":"),
            ("\"OPENAI_BASE_URL\":\"", "\"OPENAI_BASE_URL\":\"canary-host "),
            ("\"EU\"", "\"canary-region\""),
            ("\"modified_abuse_monitoring\"", "\"canary-control\""),
        ]
        .iter()
        .enumerate()
        {
            // The region of the second is no secret.
            if number >= damages {
                break;
            }
            let path = directory.path().join(format!("{number}.json"));
            fs::write(&path, text.replace(from, to)).unwrap();
            paths.push(path);
        }
        // The source itself, where defaults hold what is sensitive.
        paths.push(testdata(fixture));
        let written = tempfile::tempdir().unwrap();
        let formats = Format::ALL.map(|f| format!("--format={}={}", f.name(), written.path().join(f.name()).display()));
        let in_files: Vec<&str> = formats.iter().map(String::as_str).collect();
        for path in &paths {
            let path = path.to_str().unwrap();
            binary().args(["check", path, "--verdicts"]).args(&in_files).output().unwrap();
            for format in Format::ALL {
                let text = fs::read_to_string(written.path().join(format.name())).unwrap();
                assert!(!text.contains(CANARY), "{path} in {}: {text}", format.name());
            }
            for arguments in [
                &["retention", path][..],
                &["retention", path, "--format", "csv"],
                &["check", path, "--compare-edition", "2025-06"],
                &["check", path, "--limit", "steps=1"],
                &["check", path, "--var", "name=canary-of-mine", "--var", "secrets=canary-of-mine"],
                &["check", path],
                &["check", path, "--format", "json", "--verdicts"],
                &["check", path, "--color", "always", "--verdicts"],
                &["check", path, "--quiet", "--exit-zero"],
                &["check", path, "--as", "definition"],
                &["check", path, "--as", "terraform-state"],
                &["check", path, "--as", "admin-api"],
                &["check", path, "--source", testdata(fixture).to_str().unwrap(), "--verdicts"],
                &["facts", path],
            ] {
                let output = binary().args(arguments).output().unwrap();
                let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
                let leak = shown.lines().find(|line| line.contains(CANARY));
                assert!(leak.is_none(), "{arguments:?} shows {leak:?}");
                assert!(!shown.is_empty(), "{arguments:?}");
            }
        }
        let facts = binary().args(["facts", plan.to_str().unwrap()]).output().unwrap();
        assert!(String::from_utf8(facts.stdout).unwrap().contains(says), "{fixture}");
    }
}

#[test]
fn standard_input_is_an_input() {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = binary()
        .args(["check", "-", "--today", TODAY, "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"project \"eu\" { region = \"EU\" }\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["inputs"][0]["path"], "-");
    assert_eq!(report["findings"][0]["subject"]["id"], "-#eu");
}

#[test]
fn colours_are_as_the_environment_asks() {
    let is_coloured = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = binary();
        command.args(["check", "testdata/quickstart/plan.json", "--today", TODAY]).args(arguments);
        command.envs(variables.iter().copied()).output().unwrap().stdout.contains(&0x1b)
    };
    assert!(!is_coloured(&[], &[]));
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], &[]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "0")], &[]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(is_coloured(&[("NO_COLOR", "1")], &["--color", "always"]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::Stdio;
    let mut child = binary()
        .args(["check", "testdata/plans/big-500/plan.json", "--verdicts", "--today", TODAY])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_schemas_are_what_is_published() {
    for name in schemas::NAMES {
        let mut made = Vec::new();
        write_json(&schemas::made(name).unwrap(), &mut made).unwrap();
        let path = support::root().join(format!("docs/schemas/{name}.json"));
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &made).unwrap();
            // The program holds them from its next build on.
            continue;
        }
        let published = fs::read_to_string(&path).unwrap_or_default();
        assert!(published.as_bytes() == made, "docs/schemas/{name}.json is old: run the tests with UPDATE_SCHEMAS=1");
        let output = binary().args(["schema", name]).output().unwrap();
        assert!(output.status.success());
        assert!(published.as_bytes() == output.stdout, "schema {name}");
    }
}

/// The facts carry every attribute as a value, as null, or as unknown: never as nothing.
#[test]
fn every_attribute_of_a_project_is_there_null_or_unknown() {
    let schema: Value = serde_json::to_value(schemars::schema_for!(Facts)).unwrap();
    let properties = schema["$defs"]["Project"]["properties"].as_object().unwrap();
    for fixture in support::fixtures() {
        let (Some(inputs), _) = openai_data_controls::facts(&options(fixture), &mut std::io::empty()) else {
            continue;
        };
        let facts: Value = serde_json::to_value(&inputs.facts).unwrap();
        for (id, project) in facts["projects"].as_object().unwrap() {
            for key in properties.keys() {
                let there = project.get(key).is_some();
                let unknown = project["unknown"].get(key).is_some();
                assert!(there != unknown, "{id}: {key}");
            }
        }
    }
}

#[test]
fn no_command_prints_what_an_agent_would_carry_out() {
    let directory = tempfile::tempdir().unwrap();
    let command = "##vso[task.setvariable variable=x]y";
    let input = directory.path().join("openai.json");
    fs::write(&input, serde_json::json!([{ "name": command }]).to_string()).unwrap();
    let policy = directory.path().join("policy");
    fs::create_dir_all(policy.join("acme")).unwrap();
    let rule = include_str!("../src/scaffold/rule.txt").replace("PACKAGE", "openai.acme.x");
    let section = rule.lines().find(|line| line.starts_with("#   section:")).unwrap().to_owned();
    let rule = rule.replace(&section, &format!("#   section: '{command}'"));
    fs::write(policy.join("acme/x.rego"), rule).unwrap();
    let edition = directory.path().join("edition.json");
    let text = openai_data_controls::edition::text("2026-10").unwrap();
    let mut changed: Value = serde_json::from_str(text).unwrap();
    changed["source"]["url"] = command.into();
    fs::write(&edition, changed.to_string()).unwrap();
    let (input, policy, edition) = (input.to_str().unwrap(), policy.to_str().unwrap(), edition.to_str().unwrap());
    for arguments in [
        &["facts", input][..],
        &["retention", input, "--format", "json"],
        &["retention", input, "--format", "csv"],
        &["explain", "acme/x", "--policy", policy],
        &["explain", "acme/x", "--policy", policy, "--format", "json"],
        &["rules", "--policy", policy, "--format", "json"],
        &["editions", edition],
        &["editions", edition, "--format", "json"],
    ] {
        let output = support::binary().args(arguments).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            said.len() > 100 && !said.contains("##vso["),
            "{arguments:?} {}",
            String::from_utf8_lossy(&output.stderr)
        );
        if arguments.ends_with(&["--format", "json"]) || arguments[0] == "facts" {
            assert!(serde_json::from_str::<Value>(&said).unwrap().to_string().contains(command), "{arguments:?}");
        }
    }
}
