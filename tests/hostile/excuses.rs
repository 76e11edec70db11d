//! Settings, waivers and baselines: what is wrong in them never ends in a pass, and what they excuse is shown all the same.

use std::collections::BTreeSet;
use std::path::Path;

use openai_data_controls::report::Report;
use openai_data_controls::settings::{self, FILE_NAME, Settings};
use openai_data_controls::{Options, check};

use super::files::{split, text};
use super::judging::lies_inside;
use super::shuffle;
use super::support::{options, write_files};

/// Violates rules of two severities at least, and leaves something open.
const VIOLATES: &str = r#"organization {
  residency_approved = true
  data_retention     = "modified_abuse_monitoring"
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
"#;

/// What a finding is about, whatever is excused.
type About = BTreeSet<(String, String, String, String)>;

fn about(report: &Report) -> About {
    let about = |f: &openai_data_controls::verdict::Finding| {
        (f.rule.to_string(), f.subject.id.clone(), f.message.clone(), f.verdict.name().to_owned())
    };
    report.findings.iter().map(about).collect()
}

fn run(directory: &Path, change: impl FnOnce(&mut Options)) -> Report {
    let mut options = options(vec![directory.join("openai.hcl")]);
    change(&mut options);
    check(&options, &mut std::io::empty()).0
}

/// The settings in a text, as far as they are read at all.
fn settings_of(directory: &Path) -> Option<Settings> {
    let known: Vec<String> = openai_data_controls::policy::rule_ids(&openai_data_controls::policy::embedded())
        .iter()
        .map(ToString::to_string)
        .collect();
    let path = directory.join(FILE_NAME);
    let bytes = std::fs::read(&path).unwrap();
    let read = settings::read(&path, &mut |_| known.clone(), directory, None);
    let text = text(&bytes);
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        assert!(read.is_err() || shuffle::is_hcl(text), "no HCL, and no error");
    }
    match read {
        Ok(settings) => Some(settings),
        Err(problems) => {
            assert!(!problems.is_empty(), "refused, and no error");
            for problem in &problems {
                assert!(!problem.message.trim().is_empty());
                if let (Some(location), Some(text)) = (&problem.location, text) {
                    lies_inside(location, text);
                }
            }
            None
        }
    }
}

pub fn settings(data: &[u8]) {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    std::fs::write(here.join("openai.hcl"), VIOLATES).unwrap();
    std::fs::write(here.join(FILE_NAME), data).unwrap();
    let read = settings_of(here);
    let report = run(here, |_| {});
    let Some(read) = read else {
        assert_eq!(report.summary.exit_code, 5, "the settings are refused: {:?}", report.unchecked);
        let plain = run(here, |options| options.ignore_settings = true);
        assert_eq!(about(&report), about(&plain), "broken settings change what is found");
        return;
    };
    is_shown(here, &report, &read);
}

/// Nothing disappears that the settings do not switch off.
fn is_shown(here: &Path, report: &Report, read: &Settings) {
    if read.edition.is_some() || !read.organization.is_empty() || !read.policies.is_empty() {
        return;
    }
    let plain = run(here, |options| options.ignore_settings = true);
    let is_off = |rule: &str| read.rules.get(rule).is_some_and(|rule| rule.enabled == Some(false));
    let expected: About = about(&plain).into_iter().filter(|(rule, ..)| !is_off(rule)).collect();
    let found = about(report);
    let lost: Vec<_> = expected.difference(&found).collect();
    assert!(lost.is_empty(), "nothing switches these off: {lost:?}");
    for finding in &report.findings {
        assert!(!is_off(finding.rule.as_str()), "{} is switched off", finding.rule);
    }
    let fails = report.findings.iter().any(|f| f.waiver.is_none() && f.severity >= report.fail_on);
    assert!(!fails || report.summary.exit_code != 0, "a finding at or above fail_on, and a pass");
}

/// Settings with waivers, and behind a line `# file: openai.hcl` a definition with ignores.
pub fn waivers(data: &[u8]) {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let mut files = split(data, FILE_NAME);
    files.retain(|(name, _)| name == FILE_NAME || name == "openai.hcl");
    if !files.iter().any(|(name, _)| name == "openai.hcl") {
        files.push(("openai.hcl".to_owned(), VIOLATES.as_bytes().to_vec()));
    }
    write_files(here, &files);
    let report = run(here, |_| {});
    let has_settings = here.join(FILE_NAME).exists();
    let read = if has_settings { settings_of(here) } else { Some(Settings::default()) };
    let Some(read) = read else {
        assert_eq!(report.summary.exit_code, 5, "the settings are refused: {:?}", report.unchecked);
        return;
    };
    is_shown(here, &report, &read);
    // What is excused has a reason and a day that is not over.
    let waived = report.findings.iter().filter(|finding| finding.waiver.is_some()).count();
    let holding: Vec<_> = report
        .waivers
        .iter()
        .filter(|waiver| waiver.state == openai_data_controls::report::WaiverState::Used)
        .collect();
    assert!(waived == 0 || !holding.is_empty(), "{waived} are waived, and no waiver holds");
    for waiver in holding {
        assert!(waiver.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty()), "{waiver:?}");
        assert!(waiver.expires.as_deref().is_some_and(|day| day >= report.today.as_str()), "{waiver:?}");
        let rule = read.rules.get(&waiver.rule);
        assert!(rule.is_none_or(|rule| rule.waivable != Some(false)), "{waiver:?}");
    }
    // An input that is refused is acknowledged by nobody.
    let definition = files.iter().find(|(name, _)| name == "openai.hcl").and_then(|(_, bytes)| text(bytes));
    if definition.is_none_or(|text| {
        !text.trim().is_empty() && !text.trim_start().starts_with(['{', '[']) && !shuffle::is_hcl(text)
    }) {
        assert_ne!(report.summary.exit_code, 0, "the definition is refused");
    }
}

pub fn baseline(data: &[u8]) {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    std::fs::write(here.join("openai.hcl"), VIOLATES).unwrap();
    let file = here.join("baseline.json");
    std::fs::write(&file, data).unwrap();
    let report = run(here, |options| {
        options.ignore_settings = true;
        options.baseline = Some(file.clone());
    });
    let is_json = text(data).is_some_and(shuffle::is_json);
    assert!(is_json || report.summary.exit_code == 5, "no JSON, and no error");
    if let (Some(text), false) = (text(data), is_json) {
        let place = report.unchecked.iter().find_map(|entry| entry.line.zip(entry.column));
        if let Some((line, column)) = place {
            let line = text.split('\n').nth(line - 1).unwrap_or_else(|| panic!("line {line} of the baseline"));
            assert!(column <= line.chars().count() + 1, "column {column} of {line:?}");
        }
    }
    let plain = run(here, |options| options.ignore_settings = true);
    assert_eq!(about(&report), about(&plain), "a baseline changes what is found");
    let known = |report: &Report| {
        let is_known = |f: &&openai_data_controls::verdict::Finding| {
            f.baseline == Some(openai_data_controls::verdict::BaselineState::Known)
        };
        report.findings.iter().filter(is_known).count()
    };
    // No more is known than it holds.
    let said = String::from_utf8_lossy(data);
    let held = said.matches("\"fingerprint\"").count();
    let known_now = known(&report);
    assert!(known_now <= held || said.contains('\\'), "{known_now} are known, and the baseline holds {held}");
    let open = report.findings.len() - known_now;
    let fails = report.findings.iter().filter(|f| f.severity >= report.fail_on).count() > known_now;
    assert!(!fails || report.summary.exit_code != 0, "{open} findings are not known, and a pass");
}
