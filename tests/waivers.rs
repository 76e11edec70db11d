//! Waivers, ignores and acknowledgements: what they cover, when they hold, and that nothing is hidden silently.

use std::fs;

use crate::support::{self, TODAY, options, testdata, write_files};
use openai_data_controls::report::{Format, Report, Style, WaiverState};
use openai_data_controls::{Options, check};

const SETTINGS: &str = ".openai-data-controls.hcl";

/// Two projects in the European region, each with a use that stores, without the amendment.
const DEFINITION: &str = r#"organization {
  residency_approved  = true
  data_retention      = "modified_abuse_monitoring"
  responsible_contact = "ai@example.com"
  abuse_monitoring_approval {
    controls              = ["modified_abuse_monitoring"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
}
project "eu-a" {
  region   = "EU"
  base_url = "https://api.openai.com/v1"
  use "/v1/chat/completions" {
    model = "gpt-4.1-2025-04-14"
    store = true
  }
  use "/v1/responses" {
    model = "gpt-4.1"
  }
}
project "eu-b" {
  region   = "EU"
  base_url = "https://eu.api.openai.com/v1"
  use "/v1/chat/completions" {
    model = "gpt-4.1-2025-04-14"
    store = true
  }
}
"#;

const AMENDMENT: &str = "residency/non-us-region-without-zdr-amendment";
const STORE: &str = "residency/chat-store-outside-us";
const ALIAS: &str = "residency/model-alias-not-pinned";
const HOST: &str = "residency/regional-host-required";

fn run(files: &[(&str, &str)]) -> Report {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), files);
    check(&options(vec![directory.path().to_owned()]), &mut std::io::empty()).0
}

fn with_settings(settings: &str) -> Report {
    run(&[("openai.hcl", DEFINITION), (SETTINGS, settings)])
}

fn waiver(rule: &str, subject: &str) -> String {
    format!(
        "waiver \"{rule}\" {{\n  subject = \"{subject}\"\n  reason = \"SEC-12\"\n  expires = \"2026-12-31\"\n  approved_by = \"dpo@example.com\"\n}}\n"
    )
}

/// The names of the subjects of a rule whose findings are waived, and of those whose are not.
fn by_waiver(report: &Report, rule: &str) -> (Vec<String>, Vec<String>) {
    let of = |waived: bool| {
        let found = report.findings.iter().filter(|f| f.rule.as_str() == rule && f.waiver.is_some() == waived);
        found.map(|f| f.subject.name.clone()).collect()
    };
    (of(true), of(false))
}

fn states(report: &Report) -> Vec<WaiverState> {
    report.waivers.iter().map(|w| w.state).collect()
}

fn text(report: &Report, quiet: bool) -> String {
    let mut out = Vec::new();
    let style = Style { quiet, ..Style::default() };
    report.write(Format::Text, style, &Default::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_waiver_covers_what_its_subject_names() {
    for (rule, subject, waived) in [
        (AMENDMENT, "eu-a", &["eu-a"][..]),
        (AMENDMENT, "eu-*", &["eu-a", "eu-b"]),
        (AMENDMENT, "EU-A", &[]),
        (AMENDMENT, "organization", &[]),
        (STORE, "eu-a", &["eu-a:/v1/chat/completions"]),
        (STORE, "eu-a:/v1/chat/completions", &["eu-a:/v1/chat/completions"]),
        (STORE, "*:/v1/chat/completions", &["eu-a:/v1/chat/completions", "eu-b:/v1/chat/completions"]),
        (STORE, "eu-a:/v1/responses", &[]),
        (ALIAS, "eu-a:/v1/responses", &["eu-a:/v1/responses"]),
        (HOST, "eu-a", &["eu-a@base_url"]),
    ] {
        let report = with_settings(&waiver(rule, subject));
        assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
        let (covered, _) = by_waiver(&report, rule);
        assert_eq!(covered, waived, "{rule} {subject}");
        let state = if waived.is_empty() { WaiverState::Unused } else { WaiverState::Used };
        assert_eq!((states(&report), report.waivers[0].covers), (vec![state], waived.len()), "{rule} {subject}");
        assert!(report.findings.iter().all(|f| f.waiver.is_none() || f.rule.as_str() == rule));
    }
}

#[test]
fn an_address_covers_what_stands_there() {
    let fixture = testdata("quickstart");
    for (subject, covered) in [
        ("openai_project.eu_support", 1),
        (r#"openai_project.team[\"research-jp\"]"#, 1),
        ("openai_project.team[*]", 1),
        ("openai_project.*", 2),
        ("openai_project.team", 0),
        ("*", 2),
        ("*.team[*]", 1),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let settings = directory.path().join("settings.hcl");
        fs::write(&settings, waiver(AMENDMENT, subject)).unwrap();
        let asked = Options { settings: Some(settings), ..options(support::inputs(&fixture)) };
        let report = check(&asked, &mut std::io::empty()).0;
        assert_eq!(by_waiver(&report, AMENDMENT).0.len(), covered, "{subject}");
    }
}

#[test]
fn a_waived_finding_keeps_its_verdict_and_counts_as_waived_alone() {
    let before = run(&[("openai.hcl", DEFINITION)]);
    let report = with_settings(&waiver(AMENDMENT, "eu-a"));
    let finding = report.findings.iter().find(|f| f.waiver.is_some()).unwrap();
    assert_eq!(finding.verdict.name(), "violation");
    assert_eq!(finding.waiver.as_deref(), Some("SEC-12 (until 2026-12-31, approved by dpo@example.com)"));
    let (was, is) = (&before.summary, &report.summary);
    assert_eq!((is.waived, is.violation), (1, was.violation - 1));
    assert_eq!((is.pass, is.undetermined, is.not_applicable), (was.pass, was.undetermined, was.not_applicable));
    assert_eq!(report.failures, before.failures - 1);
    assert!(report.conftest_line().ends_with(&format!("{} failures, 1 exceptions", before.failures - 1)));
    assert_eq!(before.findings.len(), report.findings.len());
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["waivers"][0]["state"], "used");
    assert_eq!(json["waivers"][0]["rule"], AMENDMENT);
    assert_eq!(json["waivers"][0]["subject"], "eu-a");
    assert_eq!(json["waivers"][0]["approved_by"], "dpo@example.com");
    assert_eq!(json["waivers"][0]["line"], 1);
}

#[test]
fn when_all_is_waived_the_run_passes_and_says_what_it_hides() {
    let all: String = [AMENDMENT, STORE, ALIAS, HOST].iter().map(|rule| waiver(rule, "*")).collect();
    let report = with_settings(&all);
    assert_eq!((report.summary.exit_code, report.failures, report.summary.waived), (0, 0, 6), "{:?}", report.summary);
    for quiet in [true, false] {
        let shown = text(&report, quiet);
        assert!(shown.starts_with("waived\n") || shown.contains("\nwaived\n"), "{shown}");
        assert_eq!(shown.matches("    waived: SEC-12 (until 2026-12-31, approved by dpo@example.com)").count(), 6);
        assert!(!shown.contains("violation, critical[residency/non-us-region-without-zdr-amendment]: "), "{shown}");
        assert!(shown.trim_end().ends_with(" 0 failures, 6 exceptions"), "{shown}");
    }
}

#[test]
fn an_undetermined_verdict_can_be_waived() {
    let open =
        "organization {\n  residency_approved = true\n  data_retention = null\n}\nproject \"eu\" { region = \"EU\" }\n";
    let rule = "residency/non-us-region-without-abuse-monitoring-control";
    let before = run(&[("openai.hcl", open)]);
    let report = run(&[("openai.hcl", open), (SETTINGS, &waiver(rule, "eu"))]);
    assert_eq!(report.summary.undetermined, before.summary.undetermined - 1);
    assert_eq!(report.summary.waived, 1);
    assert_eq!(by_waiver(&report, rule).0, ["eu"]);
}

#[test]
fn a_waiver_holds_through_its_last_day() {
    for (day, state, waived) in [
        ("2026-12-30", WaiverState::Used, 1),
        ("2026-12-31", WaiverState::Used, 1),
        ("2027-01-01", WaiverState::Expired, 0),
    ] {
        let directory = tempfile::tempdir().unwrap();
        write_files(directory.path(), &[("openai.hcl", DEFINITION), (SETTINGS, &waiver(AMENDMENT, "eu-a"))]);
        let asked = Options { today: day.to_owned(), ..options(vec![directory.path().to_owned()]) };
        let report = check(&asked, &mut std::io::empty()).0;
        assert_eq!((states(&report), report.summary.waived), (vec![state], waived), "{day}");
        assert_eq!(report.waivers[0].covers, 1, "{day}: what it would cover");
        let said = text(&report, true)
            .contains("expired: residency/non-us-region-without-zdr-amendment for eu-a: its last day was 2026-12-31");
        assert_eq!(said, waived == 0, "{day}");
    }
}

/// Compared with a text that is no day, nothing would ever expire.
#[test]
fn without_a_day_no_run_passes() {
    for day in ["", "2026-02-30", "today"] {
        let directory = tempfile::tempdir().unwrap();
        write_files(directory.path(), &[("openai.hcl", "organization {\n  data_sharing = false\n}\n")]);
        let asked = Options { today: day.to_owned(), ..options(vec![directory.path().to_owned()]) };
        let report = check(&asked, &mut std::io::empty()).0;
        assert_eq!(report.summary.exit_code, 5, "{day}");
        let told: Vec<_> = report.unchecked.iter().map(|entry| entry.what.as_str()).collect();
        assert_eq!(told, ["--today"], "{day}: {:?}", report.unchecked);
    }
}

#[test]
fn malformed_waivers_hide_nothing_are_reported_and_no_reason_for_5() {
    let block = |inner: &str| format!("waiver \"{AMENDMENT}\" {{\n{inner}}}\n");
    let unwaivable = format!("rule \"{AMENDMENT}\" {{ waivable = false }}\n{}", waiver(AMENDMENT, "eu-a"));
    for (settings, why) in [
        (block("  subject = \"eu-a\"\n  expires = \"2026-12-31\"\n"), "no reason"),
        (block("  subject = \"eu-a\"\n  reason = \" \"\n  expires = \"2026-12-31\"\n"), "no reason"),
        (block("  subject = \"eu-a\"\n  reason = \"\u{200b}-\"\n  expires = \"2026-12-31\"\n"), "no reason"),
        (block("  subject = \"eu-a\"\n  reason = \"x\"\n"), "no expiry"),
        (block("  subject = \"eu-a\"\n  reason = \"x\"\n  expires = null\n"), "no expiry"),
        (block("  subject = \"eu-a\"\n  reason = \"x\"\n  expires = \"2026-02-30\"\n"), "no day of the calendar"),
        (block("  subject = \"eu-a\"\n  reason = \"x\"\n  expires = \"never\"\n"), "no day of the calendar"),
        (block("  subject = \"eu-a\"\n  reason = \"x\"\n  expires = 20261231\n"), "no expiry"),
        (block("  reason = \"x\"\n  expires = \"2026-12-31\"\n"), "no subject"),
        (unwaivable, "not waivable"),
    ] {
        let report = with_settings(&settings);
        assert_eq!(states(&report), [WaiverState::Malformed], "{settings}");
        assert!(report.waivers[0].why.as_ref().unwrap().contains(why), "{settings}: {:?}", report.waivers[0].why);
        assert_eq!((report.summary.waived, report.summary.exit_code), (0, 3), "{settings}");
        assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
        assert!(report.findings.iter().all(|f| f.waiver.is_none()));
        let shown = text(&report, true);
        assert!(shown.contains("waivers that hide nothing") && shown.contains(why), "{shown}");
    }
}

#[test]
fn expired_and_unused_waivers_are_no_reason_for_5_in_a_run_that_passes() {
    let fine = "organization { data_retention = \"none\" }\nproject \"us\" {}\n";
    let old = waiver(AMENDMENT, "us").replace("2026-12-31", "2020-01-01");
    let broken = waiver(AMENDMENT, "us").replace("reason", "# reason");
    let settings = format!("{old}{broken}{}", waiver(AMENDMENT, "us"));
    let report = run(&[("openai.hcl", fine), (SETTINGS, &settings)]);
    assert_eq!(states(&report), [WaiverState::Expired, WaiverState::Malformed, WaiverState::Unused]);
    assert_eq!(report.summary.exit_code, 0, "{:?}", report.unchecked);
    assert!(text(&report, false).contains("unused: residency/non-us-region-without-zdr-amendment for us"));
    assert!(!text(&report, true).contains("unused: "), "no finding, nothing hidden");
}

#[test]
fn settings_are_strict() {
    for (settings, at, says) in [
        (waiver("residency/no-such-rule", "eu-a"), "1:8", "there is no rule \"residency/no-such-rule\""),
        (waiver("residency/chat-store-outside-uss", "eu-a"), "1:8", "did you mean \"residency/chat-store-outside-us\""),
        (waiver(STORE, "eu-a").replace("approved_by", "aproved_by"), "5:3", "did you mean \"approved_by\"?"),
        (format!("waiver \"{STORE}\" {{\n"), "1:43", "broken HCL"),
        ("waiver { subject = \"a\" }\n".to_owned(), "1:1", "needs one label"),
        ("waivers = []\n".to_owned(), "1:1", "must be written as a block with a label"),
        ("unchecked \"module.a\" {\n  resaon = \"x\"\n}\n".to_owned(), "2:3", "did you mean \"reason\"?"),
        (format!("rule \"{STORE}\" {{ waivable = \"no\" }}\n"), "1:53", "must be a boolean"),
    ] {
        let report = with_settings(&settings);
        assert_eq!(report.summary.exit_code, 5, "{settings}");
        let entry = &report.unchecked[0];
        assert_eq!(format!("{}:{}", entry.line.unwrap(), entry.column.unwrap()), at, "{settings}: {}", entry.why);
        assert!(entry.why.contains(says), "{settings}: {}", entry.why);
        assert!(report.findings.iter().all(|f| f.waiver.is_none()), "nothing is waived by settings that are wrong");
    }
}

#[test]
fn a_disabled_rule_has_no_findings_and_leaves_its_waiver_unused() {
    let report = with_settings(&format!("rule \"{STORE}\" {{ enabled = false }}\n{}", waiver(STORE, "eu-a")));
    assert_eq!(states(&report), [WaiverState::Unused]);
    assert!(report.findings.iter().all(|f| f.rule.as_str() != STORE));
}

/// The definition with a comment at the end of the line of the first `store`, and on the one above.
fn with_comments(end: &str, above: &str) -> String {
    let above = if above.is_empty() { String::new() } else { format!("    {above}\n") };
    DEFINITION.replacen("    store = true\n", &format!("{above}    store = true {end}\n"), 1)
}

#[test]
fn an_ignore_covers_its_line_or_the_one_below() {
    let ignore = format!("openai-data-controls:ignore {STORE} until 2026-12-31: SEC-12");
    for (end, above) in [
        (format!("# {ignore}"), String::new()),
        (format!("// {ignore}"), String::new()),
        (format!("#{ignore}"), String::new()),
        (String::new(), format!("# {ignore}")),
        (String::new(), format!("//{ignore}")),
        (String::new(), format!("# {ignore}\n    # openai-data-controls:ignore {ALIAS} until 2026-12-31: x")),
    ] {
        let report = run(&[("openai.hcl", &with_comments(&end, &above))]);
        let (waived, open) = by_waiver(&report, STORE);
        assert_eq!(waived, ["eu-a:/v1/chat/completions"], "{end} {above}");
        assert_eq!(open, ["eu-b:/v1/chat/completions"]);
        assert_eq!(report.waivers[0].state, WaiverState::Used);
        assert!(
            report.waivers[0]
                .subject
                .ends_with(&format!("openai.hcl:{}", if above.is_empty() { 16 } else { 16 + above.lines().count() })),
            "{:?}",
            report.waivers
        );
        assert_eq!(report.findings.iter().find_map(|f| f.waiver.clone()).unwrap(), "SEC-12 (until 2026-12-31)");
    }
}

#[test]
fn what_only_looks_like_an_ignore_is_none() {
    let ignore = format!("openai-data-controls:ignore {STORE} until 2026-12-31: SEC-12");
    for (end, above) in [
        (String::new(), format!("# {ignore}\n")),
        (String::new(), format!("/* {ignore} */")),
        (format!("/* {ignore} */"), String::new()),
        (String::new(), format!("# see {ignore}")),
        (String::new(), format!("model_note = \"# {ignore}\"")),
    ] {
        let report = run(&[("openai.hcl", &with_comments(&end, &above))]);
        assert!(report.findings.iter().all(|f| f.waiver.is_none()), "{end} {above}");
        assert!(states(&report).iter().all(|state| *state == WaiverState::Unused), "{end} {above}");
    }
    let text = format!("a = \"# {ignore}\"\nb = <<EOT\n# {ignore}\nEOT\n");
    let source = format!("locals {{\n{text}}}\n");
    let report = run(&[("openai.hcl", DEFINITION), ("main.tf", &source)]);
    assert!(report.waivers.is_empty(), "{:?}", report.waivers);
}

#[test]
fn an_ignore_needs_day_and_reason_and_its_rule_to_be_there() {
    for (said, state, why) in [
        (format!("{STORE} until 2026-11-21: x"), WaiverState::Expired, ""),
        (format!("{STORE} until 2026-12-31"), WaiverState::Malformed, "no reason"),
        (format!("{STORE} until 2026-12-31:"), WaiverState::Malformed, "no reason"),
        (format!("{STORE}: x"), WaiverState::Malformed, "no expiry"),
        (format!("{STORE} until 2026-02-30: x"), WaiverState::Malformed, "no day of the calendar"),
        (String::new(), WaiverState::Malformed, "names no rule"),
    ] {
        let report = run(&[("openai.hcl", &with_comments(&format!("# openai-data-controls:ignore {said}"), ""))]);
        assert_eq!(states(&report), [state], "{said}");
        assert!(report.waivers[0].why.clone().unwrap_or_default().contains(why), "{said}: {:?}", report.waivers);
        assert!(report.findings.iter().all(|f| f.waiver.is_none()), "{said}");
        assert_eq!((report.summary.exit_code, report.unchecked.len()), (3, 0), "{said}");
    }
    let settings = format!("rule \"{STORE}\" {{ waivable = false }}\n");
    let comment = format!("# openai-data-controls:ignore {STORE} until 2026-12-31: x");
    let report = run(&[("openai.hcl", &with_comments(&comment, "")), (SETTINGS, &settings)]);
    assert_eq!((states(&report), report.summary.waived), (vec![WaiverState::Malformed], 0));
    let comment = "# openai-data-controls:ignore residency/chat-store-outside-uss until 2026-12-31: x";
    let report = run(&[("openai.hcl", &with_comments(comment, ""))]);
    assert_eq!((report.summary.exit_code, report.unchecked[0].line), (5, Some(16)));
    assert!(report.unchecked[0].why.contains("did you mean \"residency/chat-store-outside-us\""));
}

/// A project whose region is written in its source.
const SOURCE: &str = r#"terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}
resource "openai_project" "eu" {
  name      = "eu"
  geography = "EU"
}
"#;

#[test]
fn terraform_source_has_ignores_too() {
    let ignore = "# openai-data-controls:ignore residency/residency-not-approved until 2026-12-31: asked for";
    let source = SOURCE.replace("\"EU\"", &format!("\"EU\" {ignore}"));
    let report = run(&[("main.tf", &source)]);
    let (waived, open) = by_waiver(&report, "residency/residency-not-approved");
    assert_eq!((waived, open), (vec!["eu".to_owned()], Vec::new()));
    let other = run(&[("main.tf", &SOURCE.replace("\"eu\"\n  geo", &format!("\"eu\" {ignore}\n  geo")))]);
    assert_eq!((states(&other), other.summary.waived), (vec![WaiverState::Unused], 0), "another line");
}

#[test]
fn a_downloaded_module_excuses_nothing() {
    let ignore = "# openai-data-controls:ignore residency/residency-not-approved until 2026-12-31: x";
    let module = SOURCE.replace("\"EU\"", &format!("\"EU\" {ignore}"));
    let root = "module \"ai\" {\n  source = \"foo/ai/openai\"\n}\n";
    let manifest = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"ai","Source":"registry.terraform.io/foo/ai/openai","Version":"1.0.0","Dir":".terraform/modules/ai"}]}"#;
    let report = run(&[
        ("main.tf", root),
        (".terraform/modules/ai/main.tf", &module),
        (".terraform/modules/modules.json", manifest),
    ]);
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    assert_eq!((states(&report), report.summary.waived), (vec![WaiverState::Malformed], 0));
    // Nor does it stop a run: who runs it can't mend it.
    let module = module.replace("residency/residency-not-approved", "residency/of-another-version");
    let report = run(&[
        ("main.tf", root),
        (".terraform/modules/ai/main.tf", &module),
        (".terraform/modules/modules.json", manifest),
    ]);
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
}

fn acknowledged(what: &str, expires: &str) -> String {
    format!("unchecked \"{what}\" {{\n  reason = \"holds no OpenAI resources\"\n  expires = \"{expires}\"\n}}\n")
}

const CALL: &str = "module \"network\" {\n  source = \"foo/network/aws\"\n}\n";

#[test]
fn what_can_not_be_checked_can_be_acknowledged() {
    for (settings, code, state) in [
        (String::new(), 5, None),
        (acknowledged("module.network", "2027-06-30"), 0, Some(WaiverState::Used)),
        (acknowledged("module.*", "2027-06-30"), 0, Some(WaiverState::Used)),
        (acknowledged("module.net", "2027-06-30"), 5, Some(WaiverState::Unused)),
        (acknowledged("module.network", "2026-11-22"), 0, Some(WaiverState::Used)),
        (acknowledged("module.network", "2026-11-21"), 5, Some(WaiverState::Expired)),
        (acknowledged("module.network", "soon"), 5, Some(WaiverState::Malformed)),
        (acknowledged("module.network", "2027-06-30").replace("reason", "# "), 5, Some(WaiverState::Malformed)),
    ] {
        let report = run(&[("main.tf", CALL), (SETTINGS, &settings)]);
        assert_eq!(report.summary.exit_code, code, "{settings}: {:?}", report.unchecked);
        assert_eq!(report.acknowledgements.first().map(|a| a.state), state, "{settings}");
        assert_eq!(report.unchecked[0].acknowledged, code == 0, "{settings}");
        assert_eq!(report.summary.unchecked, usize::from(code == 5), "{settings}");
        let (warnings, failures) = if code == 0 { (1, 0) } else { (0, 1) };
        assert!(report.conftest_line().contains(&format!("{warnings} warnings, {failures} failures")), "{settings}");
        assert!(text(&report, true).contains("module.network: source not on disk"), "it is said all the same");
    }
}

#[test]
fn the_program_complains_only_of_what_is_not_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), &[("main.tf", CALL), (SETTINGS, &acknowledged("module.network", "2027-06-30"))]);
    let mut program = support::binary();
    let output = program.current_dir(directory.path()).args(["check", "--today", TODAY]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("(acknowledged)"));
}

#[test]
fn a_part_of_a_plan_or_export_and_nothing_at_all_can_not_be_acknowledged() {
    let plan = |more: &str| format!("{{\"format_version\":\"1.2\",\"resource_changes\":[],{more}}}");
    let page = r#"{"object":"list","data":[{"object":"organization.project","id":"proj_a","name":"a","residency":"GLOBAL","status":"active","created_at":1}],"has_more":true,"last_id":"proj_a"}"#;
    for (name, input) in [
        ("plan.json", plan("\"errored\":true")),
        ("plan.json", plan("\"complete\":false")),
        ("plan.json", plan("\"complete\":true,\"deferred_changes\":[{}]")),
        ("plan.json", page.to_owned()),
        ("plan.json", "{\"format_version\": ".to_owned()),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let settings: String =
            ["plan.json", "*.json", "*"].iter().map(|what| acknowledged(what, "2027-06-30")).collect();
        write_files(directory.path(), &[(name, &input), (SETTINGS, &settings)]);
        let mut program = support::binary();
        let output = program.current_dir(directory.path()).args(["check", name, "--today", TODAY, "--format", "json"]);
        let output = output.output().unwrap();
        assert_eq!(output.status.code(), Some(5), "{input}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let entries = report["unchecked"].as_array().unwrap();
        assert!(!entries.is_empty() && entries.iter().all(|e| e["acknowledged"] == false), "{input}: {entries:?}");
    }
}

#[test]
fn a_second_subject_of_an_id_can_not_be_acknowledged() {
    let definition =
        "project \"a\" {\n  use \"/v1/responses\" {}\n}\nproject \"a/v1/responses\" {\n  region = \"EU\"\n}\n";
    let directory = tempfile::tempdir().unwrap();
    let checked = |settings: &str| {
        write_files(directory.path(), &[("openai.hcl", definition), (SETTINGS, settings)]);
        let report = check(&options(vec![directory.path().to_owned()]), &mut std::io::empty()).0;
        assert_eq!(report.summary.exit_code, 5);
        report.unchecked.into_iter().find(|u| u.why.contains("two subjects have the id")).unwrap()
    };
    let entry = checked(&acknowledged(&checked("").what, "2027-06-30"));
    assert!(!entry.acknowledged, "{entry:?}");
}

#[test]
fn an_acknowledgement_is_no_project() {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), &[("main.tf", CALL), (SETTINGS, &acknowledged("module.network", "2027-06-30"))]);
    let asked = Options { require_projects: true, ..options(vec![directory.path().to_owned()]) };
    assert_eq!(check(&asked, &mut std::io::empty()).0.summary.exit_code, 5);
}

#[test]
fn another_edition_is_compared_with_waivers() {
    let directory = tempfile::tempdir().unwrap();
    let all: String = [AMENDMENT, STORE, ALIAS, HOST].iter().map(|rule| waiver(rule, "*")).collect();
    write_files(directory.path(), &[("openai.hcl", DEFINITION), (SETTINGS, &all)]);
    let asked = Options { compare_edition: Some("2026-10".to_owned()), ..options(vec![directory.path().to_owned()]) };
    let report = check(&asked, &mut std::io::empty()).0;
    assert_eq!(report.compared_edition.unwrap().exit_code, 0);
    assert_eq!(report.waivers.iter().map(|w| w.covers).sum::<usize>(), 6, "counted once");
}

/// A rule that denies one attribute of a project and leaves another open.
const BOTH: &str = r#"# METADATA
# title: A region, and an open control
# description: A rule of a test.
# related_resources:
#   - ref: https://example.com
# custom:
#   severity: high
#   subject: project
#   remediation: Nothing.
#   section: None
#   statements: []
package openai.acme.both

import data.openai.lib
import rego.v1

applies contains id if some id, _ in input.projects

deny contains lib.finding(id, "region", "a region", {}) if {
	some id, p in input.projects
	p.region == "EU"
}

undetermined contains lib.finding(id, "data_retention", "open", {}) if {
	some id, p in input.projects
	p.models == null
}
"#;

#[test]
fn an_ignored_violation_uncovers_what_is_left_open_beside_it() {
    let ignore = |more: &str| format!("project \"eu\" {{\n  region = \"EU\"{more}\n}}\n");
    let comment = " # openai-data-controls:ignore acme/both until 2026-12-31: x";
    let all = waiver("acme/both", "eu");
    for (definition, settings, said) in [
        (ignore(""), "", &[("violation", false)][..]),
        (ignore(comment), "", &[("undetermined", false), ("violation", true)]),
        (ignore(""), all.as_str(), &[("violation", true)]),
        (ignore(comment), all.as_str(), &[("violation", true)]),
    ] {
        let directory = tempfile::tempdir().unwrap();
        write_files(directory.path(), &[("openai.hcl", definition.as_str()), ("policy/acme/both.rego", BOTH)]);
        write_files(directory.path(), &[(SETTINGS, &format!("policies = [\"policy\"]\n{settings}"))]);
        let report = check(&options(vec![directory.path().to_owned()]), &mut std::io::empty()).0;
        assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
        let found = report.findings.iter().filter(|f| f.rule.as_str() == "acme/both");
        let mut found: Vec<_> = found.map(|f| (f.verdict.name(), f.waiver.is_some())).collect();
        found.sort();
        assert_eq!(found, said, "{definition} {settings}");
        let prints: std::collections::BTreeSet<&String> = report.findings.iter().map(|f| &f.fingerprint).collect();
        assert_eq!(prints.len(), report.findings.len());
        let waived = usize::from(said == [("violation", true)]);
        assert_eq!(report.summary.waived, waived, "{definition} {settings}");
    }
}

#[test]
fn what_looks_like_a_key_in_a_waiver_is_not_repeated() {
    let key = "sk-proj-aaaaaaaaaaaaaaaa";
    let report =
        with_settings(&format!("{}{}", waiver("residency/region-not-set", key), acknowledged(key, "2026-12-31")));
    assert_eq!((report.waivers[0].subject.as_str(), report.acknowledgements[0].what.as_str()), ("sk-…", "sk-…"));
    assert!(!serde_json::to_string(&report).unwrap().contains(key));
}

#[test]
fn rules_that_settings_switch_off_or_grade_are_said() {
    let notes = |settings: &str| {
        let notes = with_settings(settings).notes.into_iter();
        notes.filter(|note| note.starts_with("the settings")).collect::<Vec<_>>()
    };
    assert_eq!(notes(""), Vec::<String>::new());
    let off = |rule: &str| format!("rule \"{rule}\" {{\n  enabled = false\n}}\n");
    let graded = format!("rule \"{HOST}\" {{\n  severity = \"low\"\n}}\n");
    assert_eq!(
        notes(&format!("{}{graded}", off(STORE))),
        [format!("the settings switch off: {STORE}"), format!("the settings set the severity of: {HOST}")]
    );
    let all: String = [STORE, ALIAS, AMENDMENT, HOST].map(off).concat();
    assert!(matches!(notes(&all).as_slice(), [note] if note.ends_with(" and 1 more")), "{:?}", notes(&all));
}

/// Settings of the working directory are not those of an input that lies elsewhere.
#[test]
fn settings_that_do_not_count_for_the_inputs_are_said() {
    let (here, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_files(here.path(), &[(SETTINGS, "fail_on = \"low\"\n"), ("openai.hcl", DEFINITION)]);
    write_files(elsewhere.path(), &[("openai.hcl", DEFINITION)]);
    let notes = |path: &std::path::Path, more: &[&str]| {
        let mut program = support::binary();
        program.current_dir(here.path()).args(["check", "--today", TODAY, "--format", "json"]).arg(path).args(more);
        let report: serde_json::Value = serde_json::from_slice(&program.output().unwrap().stdout).unwrap();
        report["notes"].to_string()
    };
    let path = elsewhere.path().join("openai.hcl");
    assert!(notes(&path, &[]).contains("no settings count"), "{}", notes(&path, &[]));
    assert!(!notes(&path, &["--settings", SETTINGS]).contains("no settings count"));
    assert!(!notes(std::path::Path::new("openai.hcl"), &[]).contains("no settings count"));
}
