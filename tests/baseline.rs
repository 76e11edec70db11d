//! `--baseline`: only what is new fails; what is known or gone is said.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{self, options, testdata, write_files};
use openai_data_controls::report::{Format, Report, Style};
use openai_data_controls::verdict::BaselineState;
use openai_data_controls::{Options, check};
use serde_json::Value;

const ORGANIZATION: &str = "organization {\n  residency_approved = true\n  data_retention = \"none\"\n}\n";

fn project(name: &str) -> String {
    format!("project \"{name}\" {{\n  region = \"EU\"\n}}\n")
}

fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap()
}

fn with_baseline(paths: Vec<PathBuf>, baseline: &Path) -> Report {
    check(&Options { baseline: Some(baseline.to_owned()), ..options(paths) }, &mut std::io::empty()).0
}

/// A directory in which files come and go.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        write_files(self.0.path(), &[(name, text)]);
        self.0.path().join(name)
    }

    /// The report of these paths as a baseline.
    fn baseline(&self, paths: Vec<PathBuf>) -> PathBuf {
        self.write("baseline.json", &json(&support::report(paths)))
    }
}

fn counts(report: &Report) -> (usize, usize, usize) {
    let baseline = report.baseline.as_ref().unwrap();
    (baseline.known, baseline.new, baseline.gone.len())
}

fn text(report: &Report) -> String {
    let mut out = Vec::new();
    report.write(Format::Text, Style { quiet: true, ..Style::default() }, &Default::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_is_known_does_not_fail_and_is_said() {
    let place = Place::new();
    let input = place.write("openai.hcl", &format!("{ORGANIZATION}{}", project("eu")));
    let before = support::report(vec![input.clone()]);
    assert_eq!(before.summary.exit_code, 3);
    let baseline = place.baseline(vec![input.clone()]);
    let report = with_baseline(vec![input], &baseline);
    assert_eq!(counts(&report), (before.findings.len(), 0, 0));
    assert_eq!((report.summary.exit_code, report.failures), (0, 0));
    assert_eq!(report.summary.violation, before.summary.violation, "the verdicts are what they were");
    assert!(report.findings.iter().all(|f| f.baseline == Some(BaselineState::Known)));
    let shown = text(&report);
    assert!(shown.contains("known from") && shown.contains("residency/non-us-region-without-zdr-amendment"), "{shown}");
    assert!(
        shown.trim_end().ends_with(&format!("{} warnings, 0 failures, 0 exceptions", report.findings.len())),
        "{shown}"
    );
    let fingerprints = |r: &Report| r.findings.iter().map(|f| f.fingerprint.clone()).collect::<Vec<_>>();
    assert_eq!(fingerprints(&report), fingerprints(&before));
}

#[test]
fn only_what_is_new_fails_and_what_is_gone_is_said() {
    let place = Place::new();
    let input = place.write("openai.hcl", &format!("{ORGANIZATION}{}{}", project("old"), project("kept")));
    let baseline = place.baseline(vec![input.clone()]);
    let each = support::report(vec![input.clone()]).findings.len() / 2;
    place.write("openai.hcl", &format!("{ORGANIZATION}{}{}", project("kept"), project("new")));
    let report = with_baseline(vec![input], &baseline);
    assert_eq!(counts(&report), (each, each, each));
    assert_eq!(report.summary.exit_code, 3);
    for finding in &report.findings {
        let state = if finding.subject.name == "new" { BaselineState::New } else { BaselineState::Known };
        assert_eq!(finding.baseline, Some(state), "{}", finding.subject.name);
    }
    assert!(report.baseline.as_ref().unwrap().gone.iter().all(|gone| gone.subject == "old"));
    let shown = text(&report);
    assert!(shown.contains("gone since") && shown.contains("] old: "), "{shown}");
}

#[test]
fn moved_lines_and_renamed_files_and_directories_change_nothing() {
    let place = Place::new();
    let source = fs::read_to_string(testdata("quickstart/main.tf")).unwrap();
    let definition = fs::read_to_string(testdata("quickstart/openai.hcl")).unwrap();
    place.write("here/main.tf", &source);
    place.write("here/openai.hcl", &definition);
    let baseline = place.baseline(vec![place.0.path().join("here")]);
    place.write("there/deeper/projects.tf", &format!("# moved\n\n\n{source}"));
    place.write("there/deeper/ai.openai.hcl", &format!("\n\n# moved\n{definition}"));
    let report = with_baseline(vec![place.0.path().join("there/deeper")], &baseline);
    assert!(report.findings.len() >= 4);
    assert_eq!(counts(&report), (report.findings.len(), 0, 0));
    assert_eq!(report.summary.exit_code, 0, "{:?}", report.unchecked);
}

#[test]
fn duplicates_are_counted_and_the_new_one_is_told() {
    let place = Place::new();
    let plan = fs::read_to_string(testdata("quickstart/plan.json")).unwrap();
    let second = place.write("b/plan.json", &plan);
    let baseline = place.baseline(vec![second.clone()]);
    let once = support::report(vec![second.clone()]).findings.len();
    // The same addresses in another root, before the one that was there.
    let first = place.write("a/plan.json", &plan);
    let report = with_baseline(vec![first.clone(), second.clone()], &baseline);
    let organization = report.findings.iter().filter(|f| f.subject.id == "organization").count();
    assert_eq!(counts(&report), (once, once - organization, 0));
    for finding in &report.findings {
        let state = if finding.subject.id.contains("/a/") { BaselineState::New } else { BaselineState::Known };
        assert_eq!(finding.baseline, Some(state), "{}", finding.subject.id);
    }
    let both = place.baseline(vec![first.clone(), second]);
    assert_eq!(counts(&with_baseline(vec![first], &both)), (once, 0, once - organization));
}

#[test]
fn a_verdict_that_got_worse_is_new_and_one_that_got_better_is_not() {
    let place = Place::new();
    let input = place.write("openai.hcl", &format!("{ORGANIZATION}{}", project("eu")));
    let baseline = place.baseline(vec![input.clone()]);
    let as_open = fs::read_to_string(&baseline).unwrap().replace("\"violation\",", "\"undetermined\",");
    let was_open = place.write("open.json", &as_open);
    let report = with_baseline(vec![input.clone()], &was_open);
    assert_eq!(counts(&report), (0, report.findings.len(), 0), "worse, and not gone");
    let open = place.write("openai.hcl", &project("eu"));
    let was_violated = fs::read_to_string(place.baseline(vec![open.clone()])).unwrap();
    let was_violated = place.write("violated.json", &was_violated.replace("\"undetermined\",", "\"violation\","));
    let report = with_baseline(vec![open], &was_violated);
    assert!(report.findings.iter().any(|f| f.verdict.name() == "undetermined"));
    assert_eq!(counts(&report), (report.findings.len(), 0, 0));
}

#[test]
fn a_waiver_that_was_in_force_is_no_baseline() {
    let place = Place::new();
    let input = place.write("openai.hcl", &format!("{ORGANIZATION}{}", project("eu")));
    let rule = "residency/non-us-region-without-zdr-amendment";
    let waiver = |day: &str| {
        place.write(
            ".openai-data-controls.hcl",
            &format!("waiver \"{rule}\" {{\n  subject = \"eu\"\n  reason = \"x\"\n  expires = \"{day}\"\n}}\n"),
        )
    };
    waiver("2026-12-31");
    let baseline = place.baseline(vec![input.clone()]);
    let of = |report: &Report| report.findings.iter().find(|f| f.rule.as_str() == rule).unwrap().clone();
    let report = with_baseline(vec![input.clone()], &baseline);
    assert_eq!((of(&report).baseline, report.summary.exit_code), (None, 0), "waived, not known");
    waiver("2026-11-21");
    let report = with_baseline(vec![input.clone()], &baseline);
    assert_eq!((of(&report).baseline, report.summary.exit_code), (Some(BaselineState::New), 3), "expired");
    // What is waived by now is not gone.
    let baseline = place.baseline(vec![input.clone()]);
    waiver("2026-12-31");
    assert_eq!(counts(&with_baseline(vec![input], &baseline)).2, 0);
}

#[test]
fn what_stands_behind_a_waived_finding_of_its_kind_is_known() {
    let place = Place::new();
    let inputs = ["a.openai.hcl", "b.openai.hcl"].map(|name| {
        place.write(name, &format!("{}{}", if name.starts_with('a') { ORGANIZATION } else { "" }, project("eu")))
    });
    // Both have one fingerprint but for its number; the waiver names the first by its message's place alone.
    let all = support::report(inputs.to_vec());
    let twins: Vec<_> = all.findings.iter().filter(|f| f.rule.as_str() == "residency/models-not-restricted").collect();
    assert_eq!(twins.len(), 2, "{twins:?}");
    let mut baseline: Value = serde_json::from_str(&json(&all)).unwrap();
    for finding in baseline["findings"].as_array_mut().unwrap() {
        if finding["fingerprint"] == json_text(&twins[0].fingerprint) {
            finding["waiver"] = serde_json::json!({"reason": "x", "expires": "2099-01-01"});
        }
    }
    let baseline = place.write("baseline.json", &baseline.to_string());
    let report = with_baseline(inputs.to_vec(), &baseline);
    let state = |id: &str| {
        let is_it = |f: &&openai_data_controls::verdict::Finding| f.fingerprint == id;
        report.findings.iter().find(is_it).and_then(|f| f.baseline)
    };
    assert_eq!(state(&twins[0].fingerprint), Some(BaselineState::New));
    assert_eq!(state(&twins[1].fingerprint), Some(BaselineState::Known));
    assert_eq!((counts(&report).1, counts(&report).2), (1, 0));
}

fn json_text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
fn what_could_not_be_checked_is_never_known() {
    let place = Place::new();
    let input = place.write("openai.hcl", "project \"a\" {\n");
    let baseline = place.baseline(vec![input.clone()]);
    assert_eq!(with_baseline(vec![input], &baseline).summary.exit_code, 5);
}

#[test]
fn another_edition_of_the_baseline_is_said() {
    let place = Place::new();
    let input = place.write("openai.hcl", &format!("{ORGANIZATION}{}", project("eu")));
    let earlier = Options { edition: Some("2026-03".to_owned()), ..options(vec![input.clone()]) };
    let baseline = place.write("baseline.json", &json(&check(&earlier, &mut std::io::empty()).0));
    let report = with_baseline(vec![input], &baseline);
    assert!(
        report.notes.iter().any(|note| note.contains("the edition 2026-03 judged the baseline")),
        "{:?}",
        report.notes
    );
}

#[test]
fn what_is_no_baseline_ends_in_5_with_its_place() {
    let place = Place::new();
    let input = place.write("openai.hcl", &project("eu"));
    let good = json(&support::report(vec![input.clone()]));
    let line = |text: &str| good.lines().position(|l| l.contains(text)).unwrap() + 1;
    let schema = format!("{}:13", line("\"schema\": 1"));
    let tool = format!("{}:11", line("\"tool\": {"));
    let name = line("\"fingerprint\"");
    for (text, at, says) in [
        (good.replace("\"schema\": 1", "\"schema\": 2"), schema.as_str(), "its schema is 2, and 1 is read"),
        (good.replace("\"schema\": 1", "\"schema\": \"1\""), &schema, "its schema is \"1\""),
        ("{}".to_owned(), "1:1", "no \"schema\""),
        ("[]".to_owned(), "1:1", "an object"),
        (String::new(), "1:1", "broken JSON"),
        ("{\"schema\": 1,\n \"tool\": }".to_owned(), "2:10", "broken JSON"),
        (good.replace("\"name\": \"openai-data-controls\"", "\"name\": \"other\""), &tool, "a report of \"other\""),
        (good.replacen("\"fingerprint\"", "\"finger\"", 1), "", "missing field `fingerprint`"),
        ("{\"schema\": 1, \"tool\": {\"name\": \"openai-data-controls\"}}".to_owned(), "1:1", "no \"findings\""),
    ] {
        let baseline = place.write("baseline.json", &text);
        let report = with_baseline(vec![input.clone()], &baseline);
        assert_eq!(report.summary.exit_code, 5, "{says}");
        let entry = report.unchecked.iter().find(|e| e.what.ends_with("baseline.json")).unwrap();
        assert!(entry.why.contains(says), "{says}: {}", entry.why);
        let place = format!("{}:{}", entry.line.unwrap(), entry.column.unwrap());
        assert!(place == at || (at.is_empty() && entry.line.unwrap().abs_diff(name) < 30), "{says}: {place}, not {at}");
        assert!(report.baseline.is_none() && report.findings.iter().all(|f| f.baseline.is_none()));
    }
    let report = with_baseline(vec![input.clone()], &place.0.path().join("none.json"));
    assert_eq!(report.summary.exit_code, 5);
    let baseline = place.0.path().join("utf16.json");
    fs::write(&baseline, [0xff, 0xfe, b'{', 0]).unwrap();
    assert!(with_baseline(vec![input], &baseline).unchecked[0].why.contains("not UTF-8"));
}

#[test]
fn the_program_writes_and_reads_a_baseline() {
    let run = |arguments: &[&str]| {
        let output = support::binary().args(["check", "--today", support::TODAY]).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let inputs = ["testdata/quickstart/plan.json", "testdata/quickstart/openai.hcl"];
    let place = Place::new();
    let (code, report) = run(&[&inputs[..], &["--format", "json"]].concat());
    assert_eq!(code, Some(3));
    let baseline = place.write("baseline.json", &format!("\u{feff}{report}"));
    let asked = [&inputs[..], &["--baseline", baseline.to_str().unwrap()]].concat();
    let (code, text) = run(&asked);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("baseline  ") && text.contains(" known, 0 new, 0 gone"), "{text}");
    let (_, report) = run(&[&asked[..], &["--format", "json"]].concat());
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["findings"][0]["baseline"], "known");
    // A report with a baseline is a baseline as well.
    let next = place.write("next.json", &report.to_string());
    assert_eq!(run(&[&inputs[..], &["--baseline", next.to_str().unwrap()]].concat()).0, Some(0));
    assert_eq!(run(&[&inputs[..], &["--baseline", "testdata/quickstart/plan.json"]].concat()).0, Some(5));
}

#[test]
fn what_is_left_open_beside_a_known_violation_counts() {
    let place = Place::new();
    let write = |ids: &str| {
        let models = format!("models = {{ mode = \"allow_list\", ids = [{ids}] }}");
        place.write("openai.hcl", &format!("{ORGANIZATION}project \"eu\" {{\n  region = \"EU\"\n  {models}\n}}\n"))
    };
    let of = |report: &Report| {
        let own = report.findings.iter().filter(|f| f.rule.as_str() == "residency/allowed-model-not-in-region");
        let mut own: Vec<_> = own.map(|f| (f.verdict.name(), f.baseline == Some(BaselineState::Known))).collect();
        own.sort();
        own
    };
    let input = write("\"nope\"");
    let violated = place.baseline(vec![input.clone()]);
    write("\"nope\", \"ft:gpt-4.1-2025-04-14:acme\"");
    let report = with_baseline(vec![input.clone()], &violated);
    assert_eq!(of(&report), [("undetermined", false), ("violation", true)]);
    assert_eq!((report.summary.exit_code, counts(&report).1, counts(&report).2), (4, 1, 0));
    // A report of both shows the violation alone, and knows what is behind it.
    let both = place.baseline(vec![input.clone()]);
    let before = support::report(vec![input.clone()]);
    assert_eq!((of(&before), before.behind.len()), (vec![("violation", false)], 1));
    let report = with_baseline(vec![input.clone()], &both);
    assert_eq!(of(&report), [("undetermined", true), ("violation", true)]);
    assert_eq!((report.summary.exit_code, counts(&report).1, counts(&report).2), (0, 0, 0));
    // Behind a new violation it may stand still, and is not gone.
    write("\"nope\", \"other\", \"ft:gpt-4.1-2025-04-14:acme\"");
    let report = with_baseline(vec![input], &both);
    assert_eq!(of(&report), [("violation", false), ("violation", true)]);
    assert_eq!((report.summary.exit_code, counts(&report).1, counts(&report).2), (3, 1, 0));
}
