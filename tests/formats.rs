//! The formats: one sample report in all of them, each read back by a reader that is not the writer; thousands of
//! reports of hostile text; and the command line that asks for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use crate::parsers::{self, read_back};
use crate::reports::{self, Counts};
use crate::support::{self, TODAY, binary, peer, testdata};
use openai_data_controls::location::SourceMap;
use openai_data_controls::report::{Format, Report, Style};
use openai_data_controls::rule::Severity;
use openai_data_controls::verdict::{Finding, Verdict};
use serde_json::Value;
use snapbox::{Assert, Data};

fn written(report: &Report, format: Format, map: &SourceMap) -> String {
    let mut out = Vec::new();
    report.write(format, Style::default(), map, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn name(format: Format) -> &'static str {
    match format {
        Format::Text => "report.txt",
        Format::Json => "report.json",
        Format::Sarif => "report.sarif",
        Format::Junit => "junit.xml",
        Format::Github => "github.txt",
        Format::Gitlab => "gitlab.json",
        Format::Azure => "azure.txt",
        Format::Tap => "report.tap",
        Format::Markdown => "comment.md",
        Format::Conftest => "conftest.json",
    }
}

#[test]
fn the_sample_in_every_format() {
    let (report, map, counts) = reports::sample();
    for format in Format::ALL {
        let document = written(&report, format, &map);
        read_back(format, &document, &report, counts);
        let golden = Data::read_from(&testdata("formats").join(name(format)), Some(snapbox::data::DataFormat::Text));
        Assert::new().action_env("SNAPSHOTS").eq(Data::text(document).raw(), golden.raw());
    }
}

#[test]
fn a_run_of_nothing_is_a_document_in_every_format() {
    let mut report = Report::new(TODAY, Severity::Medium, false);
    for passes in [0, 7] {
        report.summary.pass = passes;
        for format in Format::ALL {
            let document = written(&report, format, &SourceMap::default());
            read_back(format, &document, &report, Counts::default());
        }
    }
}

/// How many random reports; `FORMAT_REPORTS` asks for more.
fn random_reports() -> u64 {
    std::env::var("FORMAT_REPORTS").ok().and_then(|count| count.parse().ok()).unwrap_or(3_000)
}

#[test]
fn hostile_text_breaks_no_document_and_forges_no_command() {
    let half = random_reports() / 2;
    let longest: Vec<usize> = std::thread::scope(|scope| {
        let workers: Vec<_> =
            [0, half].map(|from| scope.spawn(move || judged(from..from + half))).into_iter().collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|e| std::panic::resume_unwind(e))).collect()
    });
    assert!(half < 1_500 || longest.iter().all(|most| *most >= 1_000_000), "{longest:?}: no long message");
}

fn judged(seeds: std::ops::Range<u64>) -> usize {
    let mut longest = 0;
    for seed in seeds {
        let (report, counts) = reports::hostile(seed);
        longest = longest.max(report.findings.iter().map(|f| f.message.len()).max().unwrap_or(0));
        for format in Format::ALL {
            let document = written(&report, format, &SourceMap::default());
            let read = std::panic::catch_unwind(|| read_back(format, &document, &report, counts));
            assert!(
                read.is_ok(),
                "seed {seed}, {}: {}",
                format.name(),
                document.chars().take(4000).collect::<String>()
            );
        }
    }
    longest
}

#[test]
fn a_comment_of_thousands_of_findings_is_short_and_says_what_it_leaves_out() {
    let (mut report, map, _) = reports::sample();
    let pattern = report.findings[0].clone();
    report.findings = (0..3000)
        .map(|number| {
            let mut finding = pattern.clone();
            finding.rule = reports::rule(&format!("residency.rule_{}", number % 97));
            finding.subject.id = format!("{number}");
            finding.message = format!("{number} {}", "😀".repeat(300));
            finding
        })
        .collect();
    let counts = reports::count(&mut report);
    let document = written(&report, Format::Markdown, &map);
    parsers::markdown(&document);
    assert!(document.encode_utf16().count() > 30_000 && document.contains(" more are not shown here"), "{counts:?}");
}

#[test]
fn a_comment_counts_the_notes_that_it_leaves_out() {
    let (mut report, map, _) = reports::sample();
    report.notes = (0..25).map(|number| format!("note {number}")).collect();
    report.compared_edition = None;
    let document = written(&report, Format::Markdown, &map);
    assert!(document.contains("\n5 more are not shown here"), "{document}");
}

/// Where a waiver covers the violation alone, the case is what is left open beside it.
#[test]
fn a_case_is_what_makes_it_fail() {
    let (mut report, map, _) = reports::sample();
    let finding = |verdict, message: &str, waiver: Option<&str>| Finding {
        waiver: waiver.map(str::to_owned),
        ..reports::finding(verdict, reports::rule("residency.x"), Severity::High, "eu", message)
    };
    report.findings = vec![
        finding(Verdict::Violation, "is violated", Some("excused")),
        finding(Verdict::Undetermined, "is left open", None),
    ];
    reports::count(&mut report);
    let junit = written(&report, Format::Junit, &map);
    assert!(junit.contains("type=\"undetermined\"") && !junit.contains("type=\"violation\""), "{junit}");
    let conftest: Value = serde_json::from_str(&written(&report, Format::Conftest, &map)).unwrap();
    let outcomes = conftest.as_array().unwrap().iter().flat_map(|file| file["failures"].as_array()).flatten();
    let own: Vec<&Value> = outcomes.filter(|o| o["metadata"]["rule"] == "residency/x").collect();
    assert_eq!(own.len(), 1);
    assert_eq!((&own[0]["metadata"]["verdict"], &own[0]["metadata"]["waiver"]), (&"undetermined".into(), &Value::Null));
    for format in [Format::Junit, Format::Conftest, Format::Tap, Format::Markdown] {
        let document = written(&report, format, &map);
        assert!(
            document.contains("is left open") && !document.contains("is violated"),
            "{}: {document}",
            format.name()
        );
    }
}

/// Some documents of a format: the sample, an empty report, and hostile ones.
fn documents(format: Format) -> Vec<String> {
    let (sample, map, _) = reports::sample();
    let mut documents = vec![written(&sample, format, &map)];
    documents.push(written(&Report::new(TODAY, Severity::Low, true), format, &map));
    documents.extend((0..300).map(|seed| written(&reports::hostile(seed).0, format, &SourceMap::default())));
    documents
}

/// A file that is published elsewhere, where somebody put it and says so.
fn published(variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).map(PathBuf::from);
    if path.is_none() {
        eprintln!("not compared: {variable} names no file");
    }
    path
}

/// `SARIF_SCHEMA`: the schema of SARIF 2.1.0, as its authors publish it.
#[test]
fn sarif_is_valid_against_the_published_schema() {
    let Some(path) = published("SARIF_SCHEMA") else { return };
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("https://example.com/sarif.json", schema).unwrap();
    let mut schemas = boon::Schemas::new();
    let sarif = compiler.compile("https://example.com/sarif.json", &mut schemas).unwrap();
    for document in documents(Format::Sarif) {
        let document: Value = serde_json::from_str(&document).unwrap();
        if let Err(wrong) = schemas.validate(&document, sarif) {
            panic!("{wrong:#}");
        }
    }
    let broken = serde_json::json!({ "version": "2.1.0", "runs": [{}] });
    assert!(schemas.validate(&broken, sarif).is_err(), "the schema is none");
}

/// The validator of SARIF's authors, which knows rules that no schema can say.
#[test]
fn sarif_is_what_its_own_validator_wants() {
    let Some(mut validator) = peer("sarif-multitool") else { return };
    let directory = tempfile::tempdir().unwrap();
    let (sample, map, _) = reports::sample();
    fs::write(directory.path().join("sample.sarif"), written(&sample, Format::Sarif, &map)).unwrap();
    let output = run(&["sarif"]);
    fs::write(directory.path().join("quickstart.sarif"), &output.stdout).unwrap();
    for file in ["sample.sarif", "quickstart.sarif"] {
        let file = directory.path().join(file);
        validator.env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
        let output = validator.arg("validate").arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("completed successfully"), "{said}");
        // A finding without a line is about the whole file, which the standard says by leaving the region out.
        let wrong =
            |line: &&str| line.contains(": error ") || line.contains(": warning ") && !line.contains(" SARIF2017: ");
        let found: Vec<&str> = said.lines().filter(wrong).collect();
        assert!(found.is_empty(), "{said}");
        validator = peer("sarif-multitool").unwrap();
    }
}

/// `JUNIT_XSD`: the schema of JUnit XML that Jenkins publishes, with a validator of Python.
#[test]
fn junit_is_valid_against_the_published_schema() {
    let Some(schema) = published("JUNIT_XSD") else { return };
    let mut validator = peer("xmlschema-validate").expect("xmlschema-validate, since JUNIT_XSD is set");
    let directory = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = documents(Format::Junit)
        .into_iter()
        .enumerate()
        .map(|(number, document)| {
            let file = directory.path().join(format!("{number}.xml"));
            fs::write(&file, document).unwrap();
            file
        })
        .collect();
    let broken = directory.path().join("broken.xml");
    fs::write(&broken, "<testsuites><testcase/></testsuites>").unwrap();
    let mut validate = |files: &[PathBuf]| validator.arg("--schema").arg(&schema).args(files).output().unwrap();
    let output = validate(&files);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(!validate(&[broken]).status.success(), "the schema is none");
}

#[test]
fn the_real_conftest_renders_the_results() {
    if peer("conftest").is_none() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("results.json");
    let (sample, map, counts) = reports::sample();
    let random = (0..40).map(|seed| (reports::hostile(seed).0, None));
    for (report, known) in [(sample, Some(counts))].into_iter().chain(random) {
        fs::write(&file, written(&report, Format::Conftest, &map)).unwrap();
        for output in ["stdout", "json", "tap", "table", "junit", "github", "azuredevops", "sarif"] {
            let made = peer("conftest").unwrap().args(["reformat", "-o", output]).arg(&file).output().unwrap();
            assert!(made.status.success(), "{output}: {}", String::from_utf8_lossy(&made.stderr));
            let shown = String::from_utf8(made.stdout).unwrap();
            if output == "stdout" {
                // Its own counts are ours, in its grammar.
                let plural = |line: &str| line.replace("(s)", "s").replace("\u{1b}[0m", "");
                let last = plural(shown.trim_end().lines().last().unwrap());
                let numbers = |line: &str| {
                    let line = line.split('m').next_back().filter(|_| line.starts_with('\u{1b}')).unwrap_or(line);
                    line.split(|c: char| !c.is_ascii_digit())
                        .filter(|n| !n.is_empty())
                        .map(str::to_owned)
                        .collect::<Vec<_>>()
                };
                let last = last
                    .rsplit_once("\u{1b}[")
                    .map_or(last.as_str(), |(_, rest)| rest.split_once('m').unwrap().1)
                    .to_owned();
                assert_eq!(numbers(&last), numbers(&report.conftest_line()));
            }
            if output == "stdout" && known.is_some() {
                assert_eq!(shown.matches("FAIL").count(), counts.failures);
                assert!(
                    shown.contains("infra/variables.tf:7:13: residency/region-without-amendment: project"),
                    "{shown}"
                );
            }
            if output == "github" {
                let commands = parsers::github_commands(&shown);
                let harmless = ["error", "warning", "notice", "group", "endgroup"];
                assert!(commands.iter().all(|c| harmless.contains(&c.name.as_str())), "{commands:?}");
            }
        }
    }
}

// ---- the command line

const QUICKSTART: [&str; 4] = ["testdata/quickstart/plan.json", "testdata/quickstart/openai.hcl", "--today", TODAY];

fn run(formats: &[&str]) -> Output {
    let formats = formats.iter().flat_map(|format| ["--format", format]);
    binary().arg("check").args(QUICKSTART).args(formats).output().unwrap()
}

fn at(directory: &Path, format: &str, file: &str) -> String {
    format!("{format}={}", directory.join(file).display())
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn several_formats_at_once_each_go_where_they_are_sent() {
    let directory = tempfile::tempdir().unwrap();
    let files: Vec<String> = Format::ALL.iter().map(|f| at(directory.path(), f.name(), name(*f))).collect();
    let mut formats: Vec<&str> = files.iter().map(String::as_str).collect();
    formats.push("text");
    let output = run(&formats);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    for format in Format::ALL {
        let file = fs::read(directory.path().join(name(format))).unwrap();
        assert_eq!(file, run(&[format.name()]).stdout, "{}", format.name());
    }
    assert_eq!(output.stdout, run(&[]).stdout, "text goes to standard output");
    assert_eq!(names(directory.path()).len(), Format::ALL.len(), "nothing else lies there");
    let silent = run(&[&files[2]]);
    assert!(silent.stdout.is_empty() && silent.status.code() == Some(3));
}

#[test]
fn what_can_not_be_written_ends_in_5_and_leaves_the_old_file() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    fs::write(here.join("old.sarif"), "old").unwrap();
    fs::create_dir(here.join("below")).unwrap();
    let [old, same] = [at(here, "sarif", "old.sarif"), at(here, "junit", "below/../old.sarif")];
    let [missing, below] = [at(here, "junit", "missing/junit.xml"), at(here, "junit", "below")];
    let input = here.join("plan.json");
    fs::copy(testdata("quickstart/plan.json"), &input).unwrap();
    let before = fs::read(&input).unwrap();
    for (formats, says) in [
        (vec!["sarif", "text"], "sarif and text would both go to standard output"),
        (vec!["text", "json=-"], "text and json would both go to standard output"),
        (vec![&old, &same], "sarif and junit would both go to"),
        (vec![&old, &old], "sarif and sarif would both go to"),
        (vec![&old, &missing], "missing/junit.xml can't be written"),
        (vec![&old, &below, "text"], "below can't be written: it is a directory"),
        (vec!["sarfi"], "did you mean sarif?"),
        (vec![&old, "yaml=x"], "known formats are text, json, sarif"),
        (vec!["sarif="], "a file name is missing"),
    ] {
        let output = run(&formats);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{formats:?}");
        assert!(said.contains(says) && said.contains("--format"), "{formats:?}: {said}");
        assert!(output.stdout.is_empty(), "{formats:?}");
        assert_eq!(fs::read_to_string(here.join("old.sarif")).unwrap(), "old");
        assert_eq!(names(here), ["below", "old.sarif", "plan.json"], "{formats:?}: nothing is left lying");
    }
    let output = binary().arg("check").arg(&input).args(["--format", &at(here, "json", "plan.json")]).output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is an input"));
    assert_eq!(fs::read(&input).unwrap(), before);
}

/// Whatever a run has read stays: named, found, or led to by settings and options.
#[test]
fn a_report_overwrites_nothing_that_was_read() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    for file in ["plan.json", "main.tf"] {
        fs::copy(testdata("quickstart").join(file), here.join(file)).unwrap();
    }
    fs::write(here.join("openai.hcl"), "project \"us\" {}\n").unwrap();
    fs::write(here.join("name.tpl"), "name").unwrap();
    fs::write(
        here.join("more.tf"),
        "resource \"openai_project\" \"t\" {\n  name = templatefile(\"name.tpl\", {})\n}\n",
    )
    .unwrap();
    fs::create_dir(here.join("broken")).unwrap();
    fs::write(here.join("broken/.openai-data-controls.hcl"), "fail_on = \n").unwrap();
    fs::write(here.join("organization.hcl"), "organization {\n  data_sharing = false\n}\n").unwrap();
    fs::write(here.join(".openai-data-controls.hcl"), "organization = [\"organization.hcl\"]\n").unwrap();
    let rule = fs::read_to_string(support::root().join("src/scaffold/rule.txt")).unwrap();
    fs::create_dir_all(here.join("policy/acme")).unwrap();
    fs::write(here.join("policy/acme/x.rego"), rule.replace("PACKAGE", "openai.acme.x")).unwrap();
    fs::copy(support::root().join("policies/editions/2026-10.json"), here.join("edition.json")).unwrap();
    for (arguments, file) in [
        (&["."][..], "main.tf"),
        (&["."], "openai.hcl"),
        (&["."], "name.tpl"),
        (&[".", "--edition", "nowhere"], "main.tf"),
        (&["broken", "--settings", "broken/.openai-data-controls.hcl"], "broken/.openai-data-controls.hcl"),
        (&["plan.json"], "main.tf"),
        (&["plan.json", "--source", "."], "./main.tf"),
        (&["plan.json"], "organization.hcl"),
        (&["plan.json"], ".openai-data-controls.hcl"),
        (&["plan.json", "--edition", "./edition.json"], "edition.json"),
        (&["plan.json", "--compare-edition", "./edition.json"], "edition.json"),
        (&["plan.json", "--policy", "policy"], "policy/acme/x.rego"),
    ] {
        let before = fs::read(here.join(file)).unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_openai-data-controls"))
            .arg("check")
            .args(arguments)
            .args(["--format", &format!("json={file}")])
            .current_dir(here)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(5), "{arguments:?} {file}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("was read")
                || String::from_utf8_lossy(&output.stderr).contains("is the name of source")
                || String::from_utf8_lossy(&output.stderr).contains("is an input"),
            "{output:?}"
        );
        assert_eq!(fs::read(here.join(file)).unwrap(), before, "{arguments:?} {file}");
    }
}

/// A definition that holds for every input is none by itself: a run that could read no other has checked nothing.
#[test]
fn exit_zero_is_for_what_was_checked() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("organization.hcl"), "organization {\n  data_sharing = false\n}\n").unwrap();
    fs::write(directory.path().join("plan.json"), "{\"format_version\":").unwrap();
    for path in ["plan.json", "missing.json"] {
        let output = binary()
            .args(["check", directory.path().join(path).to_str().unwrap(), "--exit-zero", "--organization"])
            .arg(directory.path().join("organization.hcl"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(5), "{path}");
    }
}

#[test]
fn an_old_file_is_replaced_as_a_whole() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.json"), "x".repeat(1 << 20)).unwrap();
    assert_eq!(run(&[&at(directory.path(), "json", "a.json")]).status.code(), Some(3));
    let text = fs::read_to_string(directory.path().join("a.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["schema"], 1);
}

#[test]
fn a_closed_pipe_is_no_error_in_any_format() {
    for format in Format::ALL {
        let mut child = binary()
            .args([
                "check",
                "testdata/plans/big-500/plan.json",
                "--verdicts",
                "--today",
                TODAY,
                "--format",
                format.name(),
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", format.name());
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_run_that_passes_and_one_that_finds_nothing_are_documents() {
    let pass = "testdata/rules/residency/non-us-region-without-zdr-amendment/pass-in-force/openai.hcl";
    for (path, code) in [(pass, 0), ("no-such-file", 5)] {
        for format in Format::ALL {
            let output = binary().args(["check", path, "--today", TODAY, "--format", format.name()]).output().unwrap();
            assert_eq!(output.status.code(), Some(code), "{}", format.name());
            let document = String::from_utf8(output.stdout).unwrap();
            let (report, _) = openai_data_controls::check(&support::options(vec![path.into()]), &mut std::io::empty());
            let (s, failures) = (&report.summary, report.failures);
            let warnings = s.violation + s.undetermined + report.unchecked.len() - failures;
            read_back(format, &document, &report, Counts { failures, warnings, waived: s.waived });
        }
    }
}

#[test]
fn an_annotation_is_no_longer_than_its_bound_whatever_the_subject_is_called() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.hcl");
    fs::write(&path, format!("project \"{}\" {{\n  region = \"EU\"\n}}\n", "x".repeat(70_000))).unwrap();
    for (format, mark) in [("github", "::error"), ("azure", "##vso")] {
        let output = binary().arg("check").arg(&path).args(["--format", format]).output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        let annotations: Vec<usize> = shown.lines().filter(|line| line.starts_with(mark)).map(str::len).collect();
        assert!(
            !annotations.is_empty() && annotations.iter().all(|length| *length < 5_000),
            "{format}: {annotations:?}"
        );
    }
}
