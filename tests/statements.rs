//! Every statement of the founding document is answered: by rules that fire on their examples, or by a test or an output.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use crate::support::{Example, binary, examples, inputs, is_published, options, report, root, testdata};
use openai_data_controls::policy::{embedded, list};
use openai_data_controls::rule::Rule;
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, check, edition};
use serde::Deserialize;
use serde_json::{Value, json};

/// A statement of the founding document, in words of our own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    id: String,
    section: String,
    says: String,
    /// `rule`, `fact`, `advice`.
    kind: Vec<String>,
    shows: Vec<Shown>,
}

/// Where a fact or an advice shows.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Shown {
    Test { test: String },
    Output { command: Vec<String>, says: String },
}

fn statements() -> Vec<Statement> {
    serde_json::from_str(&fs::read_to_string(testdata("statements.json")).unwrap()).unwrap()
}

fn rules() -> Vec<Rule> {
    let (rules, problems) = list(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    rules
}

/// Whether the rule speaks of its example as the example's name says.
fn fires(example: &Example) -> bool {
    let wanted = match example.kind.as_str() {
        "fail" => Verdict::Violation,
        "unknown" => Verdict::Undetermined,
        _ => return false,
    };
    let report = report(inputs(&example.path));
    report.findings.iter().any(|f| f.rule.as_str() == example.rule && f.verdict == wanted)
}

#[test]
fn every_statement_is_answered() {
    let (statements, rules, examples) = (statements(), rules(), examples());
    let ids: Vec<String> = (1..=45).map(|n| format!("S{n:02}")).collect();
    assert_eq!(statements.iter().map(|s| s.id.clone()).collect::<Vec<_>>(), ids);
    for rule in &rules {
        for id in &rule.statements {
            assert!(ids.contains(id), "{} answers {id}, which is no statement", rule.id);
        }
    }
    for statement in &statements {
        let kinds: BTreeSet<&str> = statement.kind.iter().map(String::as_str).collect();
        assert!(!kinds.is_empty() && kinds.is_subset(&["rule", "fact", "advice"].into()), "{}", statement.id);
        if kinds.contains("rule") {
            let answering: Vec<&Rule> = rules.iter().filter(|rule| rule.statements.contains(&statement.id)).collect();
            assert!(!answering.is_empty(), "{}: no rule answers it", statement.id);
            for rule in answering {
                let fired = examples.iter().any(|e| e.rule == rule.id.as_str() && e.kind == "fail" && fires(e));
                assert!(fired, "{}: {} fires on none of its failing examples", statement.id, rule.id);
            }
        }
        if kinds.contains("fact") || kinds.contains("advice") {
            assert!(!statement.shows.is_empty(), "{}: nothing shows it", statement.id);
        }
    }
}

#[test]
fn what_shows_a_fact_is_there() {
    let mut outputs: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for statement in statements() {
        for shown in &statement.shows {
            match shown {
                Shown::Test { test } => {
                    let (path, name) = test.split_once("::").unwrap();
                    let text = fs::read_to_string(root().join(path)).unwrap_or_default();
                    let declared = [format!("fn {name}("), format!("{name} if ")];
                    assert!(declared.iter().any(|d| text.contains(d)), "{}: there is no test {test}", statement.id);
                }
                Shown::Output { command, says } => {
                    let output = outputs.entry(command.clone()).or_insert_with(|| {
                        let output = binary().args(command).output().unwrap();
                        String::from_utf8(output.stdout).unwrap()
                    });
                    let joined = output.split_whitespace().collect::<Vec<_>>().join(" ");
                    let says = says.split_whitespace().collect::<Vec<_>>().join(" ");
                    assert!(joined.contains(&says), "{}: {command:?} does not say {says:?}", statement.id);
                }
            }
        }
    }
}

#[test]
fn the_page_of_statements_is_made_of_them() {
    let (statements, rules, examples) = (statements(), rules(), examples());
    let mut page = String::from(
        "# Every statement of the founding document\n\n\
         The page \"Data controls in the OpenAI platform\" as it was when this project began (edition 2025-06), sentence by sentence in our\n\
         own words, with the rules that judge it, and the examples on which they fire. A fact shapes what is computed and shown; advice\n\
         stands in outputs and fails nothing. A test holds that each rule fires on its failing examples, and that each test and output\n\
         named here is there. This page is made from METADATA, `testdata/statements.json` and `testdata/rules`: \
         `UPDATE_DOCS=1 cargo test`.\n\n\
         | | section | it says | kind | rules | examples | shows in |\n|---|---|---|---|---|---|---|\n",
    );
    for statement in &statements {
        let answering: Vec<&Rule> = rules.iter().filter(|rule| rule.statements.contains(&statement.id)).collect();
        let links: Vec<String> = answering.iter().map(|rule| format!("[{}](rules/{}.md)", rule.id, rule.id)).collect();
        let of: Vec<String> = answering
            .iter()
            .filter_map(|rule| {
                let own: Vec<&Example> = examples.iter().filter(|e| e.rule == rule.id.as_str()).collect();
                let first = own.iter().find(|e| e.kind == "fail" || e.kind == "unknown")?;
                let name = first.path.file_name().unwrap().to_string_lossy();
                Some(format!("[{name}](../testdata/rules/{}/{name}) of {}", rule.id, own.len()))
            })
            .collect();
        let shows: Vec<String> = statement
            .shows
            .iter()
            .map(|shown| match shown {
                Shown::Test { test } => {
                    let (path, name) = test.split_once("::").unwrap();
                    format!("test [{name}](../{path})")
                }
                Shown::Output { command, .. } => format!("`openai-data-controls {}`", command[..2].join(" ")),
            })
            .collect();
        let mut shown: Vec<String> = Vec::new();
        for one in shows {
            if !shown.contains(&one) {
                shown.push(one);
            }
        }
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} |",
            statement.id,
            statement.section,
            statement.says,
            statement.kind.join(", "),
            links.join("<br>"),
            of.join("<br>"),
            shown.join("<br>")
        );
    }
    let others: Vec<String> = rules
        .iter()
        .filter(|rule| rule.statements.is_empty())
        .map(|rule| format!("- [{}](rules/{}.md): {}", rule.id, rule.id, rule.title))
        .collect();
    let _ = write!(page, "\n## Rules that answer no statement of that edition\n\n{}\n", others.join("\n"));
    is_published("docs/statements.md", &page);
}

fn checked(definition: Value, edition: &str) -> openai_data_controls::report::Report {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openai.json");
    fs::write(&path, definition.to_string()).unwrap();
    let asked = Options { edition: Some(edition.to_owned()), verdicts: true, ..options(vec![path]) };
    let report = check(&asked, &mut std::io::empty()).0;
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    report
}

/// Projects of every control, each with a use of every endpoint.
fn uses_of_everything(edition: &str, controls: &[&str]) -> Value {
    let endpoints: Vec<Value> =
        edition::find(edition).unwrap().edition.endpoints.iter().map(|e| json!({"endpoint": e.path})).collect();
    let projects: Vec<Value> =
        controls.iter().map(|c| json!({"name": c, "region": "US", "data_retention": c, "uses": endpoints})).collect();
    json!({ "projects": projects })
}

#[test]
fn modified_abuse_monitoring_leaves_every_endpoint_usable() {
    for edition in ["2025-06", "2026-03", "2026-10"] {
        let report =
            checked(uses_of_everything(edition, &["modified_abuse_monitoring", "zero_data_retention"]), edition);
        let of = |project: &str| {
            let speaks = report.findings.iter().filter(|f| {
                let open = matches!(f.verdict, Verdict::Violation | Verdict::Undetermined);
                open && f.subject.project.as_deref() == Some(project)
                    && f.rule.as_str().starts_with("retention/endpoint-")
            });
            speaks.map(|f| (f.rule.to_string(), f.subject.endpoint.clone())).collect::<Vec<_>>()
        };
        let under_mam = of("modified_abuse_monitoring");
        // The newer page has an endpoint that takes no control at all.
        assert!(under_mam.iter().all(|(rule, _)| rule == "retention/endpoint-needs-control-none"), "{under_mam:?}");
        assert_eq!(under_mam.is_empty(), edition != "2026-03", "{edition}: {under_mam:?}");
        assert!(of("zero_data_retention").len() > 5, "{edition}");
    }
}

#[test]
fn residency_is_judged_under_modified_abuse_monitoring() {
    let project = |control: &str| json!({"name": control, "region": "EU", "data_retention": control, "uses": [{"endpoint": "/v1/completions"}]});
    let controls = ["modified_abuse_monitoring", "zero_data_retention"];
    let report = checked(json!({"projects": controls.map(project)}), "2025-06");
    for control in controls {
        let judged = report.findings.iter().filter(|f| {
            f.verdict == Verdict::Violation
                && f.subject.project.as_deref() == Some(control)
                && f.rule.as_str() == "residency/endpoint-not-in-region"
        });
        assert_eq!(judged.count(), 1, "{control}");
    }
}

#[test]
fn zero_data_retention_does_for_modified_abuse_monitoring() {
    let project = |control: &str| json!({"name": control, "region": "EU", "data_retention": control});
    for (approved, control, accepted) in [
        ("zero_data_retention", "modified_abuse_monitoring", true),
        ("enhanced_zero_data_retention", "enhanced_modified_abuse_monitoring", true),
        ("enhanced_zero_data_retention", "modified_abuse_monitoring", true),
        ("modified_abuse_monitoring", "zero_data_retention", false),
    ] {
        let organization = json!({"abuse_monitoring_approval": {"controls": [approved], "approved_on": "2025-01-01"}});
        let report = checked(json!({"organization": organization, "projects": [project(control)]}), "2025-06");
        let verdict = |rule: &str| {
            report.findings.iter().find(|f| f.rule.as_str() == rule && f.subject.project.is_some()).unwrap().verdict
        };
        assert_eq!(verdict("retention/control-not-among-approved") == Verdict::Pass, accepted, "{approved} {control}");
        assert_eq!(verdict("residency/non-us-region-without-abuse-monitoring-control"), Verdict::Pass, "{control}");
    }
}

#[test]
fn image_inputs_are_noted_where_the_page_says_so() {
    for endpoint in ["/v1/chat/completions", "/v1/responses", "/v1/images/generations", "/v1/embeddings"] {
        let call = json!({"endpoint": endpoint, "inputs": ["image"]});
        let definition = json!({"projects": [{"name": "a", "data_retention": "zero_data_retention", "uses": [call]}]});
        let report = checked(definition, "2025-06");
        let noted = report
            .findings
            .iter()
            .any(|f| f.rule.as_str() == "retention/image-input-review-exception" && f.verdict == Verdict::Violation);
        assert_eq!(noted, endpoint != "/v1/embeddings", "{endpoint}");
    }
}

#[test]
fn the_region_is_a_project_s() {
    let report = checked(json!({"projects": [{"name": "a", "region": "EU"}, {"name": "b"}]}), "2025-06");
    let amendment =
        report.findings.iter().filter(|f| f.rule.as_str() == "residency/non-us-region-without-zdr-amendment");
    let verdicts: Vec<(String, Verdict)> = amendment.map(|f| (f.subject.name.clone(), f.verdict)).collect();
    assert_eq!(verdicts, [("a".to_owned(), Verdict::Violation), ("b".to_owned(), Verdict::NotApplicable)]);
}
