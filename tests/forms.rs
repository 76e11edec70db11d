//! The forms in which plans and states arrive: wrapped, of OpenTofu, of other format versions, on one line; and what is wrong
//! with some of them.

use std::fs;
use std::path::PathBuf;

use crate::support::{options, testdata};
use openai_data_controls::report::Report;
use openai_data_controls::{check, facts};
use serde_json::{Value, json};

fn fixture(name: &str) -> String {
    fs::read_to_string(testdata(name)).unwrap()
}

/// The text as a file of its own, checked; and its facts without the path in ids and origins.
fn run(text: &str) -> (Report, Value, String) {
    let directory = tempfile::tempdir().unwrap();
    let path: PathBuf = directory.path().join("plan.json");
    fs::write(&path, text).unwrap();
    let report = check(&options(vec![path.clone()]), &mut std::io::empty()).0;
    let inputs = facts(&options(vec![path.clone()]), &mut std::io::empty()).0.unwrap();
    let mut facts = serde_json::to_value(&inputs.facts).unwrap();
    let object = facts.as_object_mut().unwrap();
    object.remove("inputs");
    let facts = facts.to_string().replace(&path.to_string_lossy().into_owned(), "plan.json");
    (report, serde_json::from_str(&facts).unwrap(), inputs.notes.join("\n"))
}

#[test]
fn wrapped_plans_give_the_facts_of_the_plan_in_them() {
    let plan = fixture("plans/regions/plan.json");
    let plan = plan.trim_end();
    let (bare, facts, _) = run(plan);
    assert_eq!(bare.inputs[0].projects, 3);
    for wrapped in [
        format!("{{\"plan\": {plan}, \"run\": {{\"id\": \"run-1\", \"workspace\": {{\"name\": \"prod\"}}}}}}"),
        format!("{{\"run\": null,\n\n  \"plan\": {plan}}}"),
        format!("{{\"tfrun\": {{\"source\": \"vcs\"}}, \"tfplan\": {plan}}}"),
        format!("{{\"terraform\": {plan}, \"spacelift\": {{\"run\": {{\"id\": \"01\"}}}}}}"),
    ] {
        let start = &wrapped[..40];
        let (report, of_wrapped, _) = run(&wrapped);
        assert_eq!(of_wrapped, facts, "{start}");
        assert_eq!(report.inputs[0].kind, bare.inputs[0].kind, "{start}");
        assert_eq!((report.summary.violation, report.summary.pass), (bare.summary.violation, bare.summary.pass));
        // Places are those in the file that was given, not in the plan within.
        let found = report.findings.iter().find(|f| f.attribute.as_deref() == Some("region")).unwrap();
        let (line, column) = (found.locations[0].start.line, found.locations[0].start.column);
        let text = wrapped.split('\n').nth(line - 1).unwrap();
        assert!(text[column - 1..].starts_with("\"JP\""), "{start}: {line}:{column}");
    }
}

#[test]
fn what_wraps_a_plan_must_hold_one() {
    for (text, says) in [
        (r#"{"plan": 7, "run": {}}"#, "plan"),
        (r#"{"plan": {}, "run": {}}"#, "format_version"),
        (r#"{"plan": {"format_version": "1.2"}, "run": {}}"#, "resource_changes"),
        (r#"{"terraform": {"resource_changes": 7}, "spacelift": {}}"#, "resource_changes"),
        (r#"{"tfplan": null, "tfrun": {}}"#, "tfplan"),
        (r#"{"terraform": [], "spacelift": {}}"#, "terraform"),
    ] {
        let (report, _, _) = run(text);
        assert_eq!(report.summary.exit_code, 5, "{text}");
        assert!(
            report.unchecked.iter().any(|u| u.why.contains(says) && u.line == Some(1)),
            "{text}: {:?}",
            report.unchecked
        );
    }
}

fn edited(name: &str, edit: impl FnOnce(&mut Value)) -> String {
    let mut plan: Value = serde_json::from_str(&fixture(name)).unwrap();
    edit(&mut plan);
    plan.to_string()
}

#[test]
fn opentofu_and_older_formats_are_read_alike() {
    let (_, facts, notes) = run(&fixture("plans/regions/plan.json"));
    assert_eq!(notes, "");
    for version in ["1.0", "1.1", "1.2", "1.9"] {
        let (report, found, _) = run(&edited("plans/regions/plan.json", |p| p["format_version"] = json!(version)));
        assert!(report.unchecked.is_empty(), "{version}: {:?}", report.unchecked);
        assert_eq!(found, facts, "{version}");
    }
    // OpenTofu writes its own registry's name, and neither `complete` nor `applyable`.
    let tofu = edited("plans/regions/plan.json", |p| {
        p["terraform_version"] = json!("1.11.0");
        for key in ["complete", "applyable"] {
            p.as_object_mut().unwrap().remove(key);
        }
    });
    let (report, found, notes) = run(&tofu.replace("registry.terraform.io/", "registry.opentofu.org/"));
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    assert_eq!(found, facts);
    assert!(notes.contains("complete"), "{notes}");
    for version in [json!("2.0"), json!("2"), json!("0.2"), json!("next"), json!(2), json!(null)] {
        let (report, _, _) = run(&edited("plans/regions/plan.json", |p| p["format_version"] = version.clone()));
        assert_eq!(report.summary.exit_code, 5, "{version}");
        assert_eq!(report.unchecked.len(), 1, "{version}: {:?}", report.unchecked);
        let told = &report.unchecked[0];
        assert!(told.why.contains("format_version") && told.column.is_some(), "{version}: {told:?}");
    }
}

#[test]
fn a_finding_of_a_plan_points_at_the_attribute_on_one_line_and_on_many() {
    let one_line = fixture("plans/regions/plan.json");
    let plan: Value = serde_json::from_str(&one_line).unwrap();
    for text in [one_line.trim_end().to_owned(), serde_json::to_string_pretty(&plan).unwrap()] {
        let (report, _, _) = run(&text);
        let mut seen = 0;
        for finding in report.findings.iter().filter(|f| f.attribute.as_deref() == Some("region")) {
            let at = &finding.locations[0].start;
            let line = text.split('\n').nth(at.line - 1).unwrap();
            let rest = &line[at.column - 1..];
            assert!(["\"EU\"", "\"US\"", "\"JP\"", "null"].iter().any(|v| rest.starts_with(v)), "{}", &rest[..20]);
            let address = finding.subject.address.as_deref().unwrap();
            assert!(finding.subject.id.contains(address) && address.starts_with("openai_project."), "{address}");
            seen += 1;
        }
        assert!(seen > 1);
    }
}

#[test]
fn numbers_and_texts_that_json_allows_and_programs_do_not_hold() {
    let plan = fixture("plans/regions/plan.json");
    let lists = "\"resource_changes\":[";
    let foreign = |values: &str| {
        let resource = format!(
            "{{\"address\":\"a.b\",\"mode\":\"managed\",\"type\":\"a\",\"name\":\"b\",\"provider_name\":\"registry.terraform.io/x/a\",\
             \"change\":{{\"actions\":[\"create\"],\"before\":null,\"after\":{values},\"after_unknown\":{{}},\"before_sensitive\":false,\
             \"after_sensitive\":{{}}}}}},"
        );
        plan.replace(lists, &format!("{lists}{resource}"))
    };
    let (_, facts, _) = run(&plan);
    // What is not OpenAI's does no harm.
    for values in ["{\"n\":1e999}", "{\"n\":-1e-999}", "{\"n\":123456789012345678901234567890}", "{\"t\":\"\\ud800\"}"]
    {
        let (report, found, _) = run(&foreign(values));
        assert!(report.unchecked.is_empty(), "{values}: {:?}", report.unchecked);
        assert_eq!(found, facts, "{values}");
    }
    // In a project it is told, with its place, and the others are judged.
    for values in ["\"name\":\"\\ud800\"", "\"name\":1e999", "\"name\":[1e999]", "\"name\":\"\\udc00\\ud800\""] {
        let text = plan.replace("\"name\":\"support-eu\"", values);
        let text =
            if text == plan { plan.replacen("\"name\":", &format!("{values},\"name_of_old\":"), 1) } else { text };
        let (report, found, _) = run(&text);
        assert_eq!(report.summary.exit_code, 5, "{values}");
        assert!(report.unchecked.iter().any(|u| u.line == Some(1) && u.column.is_some()), "{values}");
        assert!(!found["projects"].as_object().unwrap().is_empty(), "{values}");
    }
}

#[test]
fn what_a_newer_provider_adds_does_not_slip_by() {
    let plan = fixture("plans/regions/plan.json");
    let with = |from: &str, to: &str| {
        let text = plan.replace(from, to);
        assert_ne!(text, plan);
        run(&text).0
    };
    // A resource type that no mapping knows, whatever it is called.
    for newer in ["openai_project_retention_policy", "openai_project_quantum"] {
        let report = with("openai_project_data_retention", newer);
        assert_eq!(report.summary.exit_code, 5, "{newer}");
        let told: Vec<_> = report.unchecked.iter().filter(|u| u.why.contains(newer)).collect();
        assert!(told.len() == 1 && told[0].column.is_some(), "once a type: {:?}", report.unchecked);
        assert_eq!(report.inputs[0].projects, 3, "what is known is read");
    }
    // An attribute that names data controls; one that does not; one that is there and not set.
    for (attribute, unchecked) in [
        ("\"processing_region\":\"EU\"", true),
        ("\"zero_data_retention\":false", true),
        ("\"colour\":\"blue\"", false),
        ("\"processing_region\":null", false),
    ] {
        let report = with("\"geography\":", &format!("{attribute},\"geography\":"));
        assert_eq!(!report.unchecked.is_empty(), unchecked, "{attribute}: {:?}", report.unchecked);
        assert_eq!(report.inputs[0].projects, 3);
    }
    // `residency`, with its fifteen values, is read where a provider has it.
    let residency = plan.replace("\"geography\":\"EU\"", "\"geography\":null,\"residency\":\"EU_STORAGE_PROCESSING\"");
    let (report, facts, _) = run(&residency);
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    let projects = facts["projects"].as_object().unwrap();
    let eu = projects.values().find(|p| p["region"] == "EU").unwrap();
    assert_eq!(eu["processing"], true);
    // The other registries' host names are the same providers.
    let (report, _, _) = run(&plan.replace("registry.terraform.io/", "registry.example.com/"));
    assert_eq!((report.summary.unchecked, report.inputs[0].projects), (0, 3), "{:?}", report.unchecked);
}

#[test]
fn deferred_changes_make_a_part_of_the_picture() {
    let deferred =
        json!([{"reason": "resource_config_unknown", "resource_change": {"address": "openai_project.later"}}]);
    for key in ["deferred_changes", "deferred_action_invocations"] {
        let with = |value: &Value| run(&edited("plans/regions/plan.json", |p| p[key] = value.clone())).0;
        let report = with(&deferred);
        assert_eq!(report.summary.exit_code, 5, "{key}");
        assert!(
            report.unchecked.iter().any(|u| u.why.contains("defers") && u.column.is_some()),
            "{:?}",
            report.unchecked
        );
        assert!(report.summary.violation > 0, "what it shows is judged");
        assert!(with(&json!([])).unchecked.is_empty(), "{key}: nothing is deferred");
    }
}
