//! Plans and definitions that hide something: each must end in something else than a pass.

use std::fs;
use std::path::PathBuf;

use crate::support::{self, options, testdata};
use openai_data_controls::facts::Fact;
use openai_data_controls::input::InputKind;
use openai_data_controls::{Options, check, facts};
use serde_json::{Value, json};

/// An organization whose evidence lacks nothing but the amendment: a project in the EU is a violation.
const POOR: &str = r#"
organization {
  residency_approved = true
  data_retention     = "zero_data_retention"
  abuse_monitoring_approval {
    controls              = ["enhanced_zero_data_retention"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
}
"#;

/// A plan of one EU project, existing with a known id, and its retention setting.
fn plan() -> Value {
    let project =
        json!({"id": "proj_1", "project_id": "proj_1", "name": "eu", "geography": "EU", "external_key_id": null});
    let setting = json!({"project_id": "proj_1", "type": "zero_data_retention"});
    let change = |kind: &str, values: &Value| {
        json!({
            "address": format!("{kind}.p"), "mode": "managed", "type": kind, "name": "p",
            "provider_name": "registry.terraform.io/openai/openai",
            "change": {"actions": ["no-op"], "before": values, "after": values, "after_unknown": {}, "before_sensitive": {}, "after_sensitive": {}},
        })
    };
    let block = |kind: &str| json!({"address": format!("{kind}.p"), "mode": "managed", "type": kind, "name": "p", "provider_config_key": "openai"});
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": [change("openai_project", &project), change("openai_project_data_retention", &setting)],
        "configuration": {"root_module": {"resources": [block("openai_project"), block("openai_project_data_retention")]}},
        "errored": false, "complete": true, "applyable": false,
    })
}

fn run(text: &str, organization: &str, kind: Option<InputKind>) -> openai_data_controls::report::Report {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("plan.json"), text).unwrap();
    fs::write(directory.path().join("org.hcl"), organization).unwrap();
    let options = Options {
        kind,
        organization: vec![directory.path().join("org.hcl")],
        ..options(vec![directory.path().join("plan.json")])
    };
    check(&options, &mut std::io::empty()).0
}

#[test]
fn the_plan_that_is_damaged_below_is_a_violation_and_passes_with_the_amendment() {
    assert_eq!(run(&plan().to_string(), POOR, None).summary.exit_code, 3);
    let full =
        POOR.replace("residency_approved", "zdr_amendment = { executed_on = \"2025-03-10\" }\n  residency_approved");
    assert_eq!(run(&plan().to_string(), &full, None).summary.exit_code, 0);
}

#[test]
fn no_damage_to_a_violating_plan_makes_it_pass() {
    type Damage = fn(&mut Value);
    let damages: Vec<(&str, Damage)> = vec![
        ("no changes", |p| p["resource_changes"] = json!([])),
        ("changes null", |p| p["resource_changes"] = Value::Null),
        ("changes an object", |p| p["resource_changes"] = json!({})),
        ("no changes and no values", |p| {
            p.as_object_mut().unwrap().remove("resource_changes");
            p.as_object_mut().unwrap().remove("planned_values");
        }),
        ("the project's change is gone", |p| {
            p["resource_changes"].as_array_mut().unwrap().remove(0);
        }),
        ("no actions", |p| p["resource_changes"][0]["change"]["actions"] = json!([])),
        ("actions no list", |p| p["resource_changes"][0]["change"]["actions"] = json!("no-op")),
        ("unknown mode", |p| p["resource_changes"][0]["mode"] = json!("Managed")),
        ("mode data", |p| p["resource_changes"][0]["mode"] = json!("data")),
        ("deposed is no text", |p| p["resource_changes"][0]["deposed"] = json!(false)),
        ("deposed", |p| p["resource_changes"][0]["deposed"] = json!("abc")),
        ("another type", |p| p["resource_changes"][0]["type"] = json!("openai_project_v2")),
        ("another provider", |p| {
            p["resource_changes"][0]["provider_name"] = json!("registry.terraform.io/acme/openai")
        }),
        ("no provider", |p| p["resource_changes"][0]["provider_name"] = Value::Null),
        ("after null", |p| p["resource_changes"][0]["change"]["after"] = Value::Null),
        ("after gone", |p| {
            p["resource_changes"][0]["change"].as_object_mut().unwrap().remove("after");
        }),
        ("after a list", |p| p["resource_changes"][0]["change"]["after"] = json!([])),
        ("change a list", |p| p["resource_changes"][0]["change"] = json!([["no-op"], null, null, null, null, null])),
        ("change gone", |p| {
            p["resource_changes"][0].as_object_mut().unwrap().remove("change");
        }),
        ("region a number", |p| p["resource_changes"][0]["change"]["after"]["geography"] = json!(7)),
        ("region unknown", |p| p["resource_changes"][0]["change"]["after_unknown"] = json!({"geography": true})),
        ("all unknown", |p| p["resource_changes"][0]["change"]["after_unknown"] = json!(true)),
        ("region sensitive", |p| p["resource_changes"][0]["change"]["after_sensitive"] = json!({"geography": true})),
        ("mark of another shape", |p| {
            p["resource_changes"][0]["change"]["after_sensitive"] = json!({"geography": "true"})
        }),
        ("mark of parts", |p| p["resource_changes"][0]["change"]["after_unknown"] = json!({"geography": {"x": true}})),
        ("deep after", |p| {
            let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
            // Deeper than the parser of this test reads, so put in as text below.
            p["resource_changes"][0]["change"]["after"]["external_key_id"] = json!(format!("DEEP{deep}DEEP"));
        }),
        ("configuration a list", |p| p["configuration"] = json!([])),
        ("format 2", |p| p["format_version"] = json!("2.0")),
        ("no format", |p| {
            p.as_object_mut().unwrap().remove("format_version");
        }),
        ("errored as text", |p| p["errored"] = json!("true")),
        ("incomplete as text", |p| p["complete"] = json!("false")),
        ("deferred", |p| p["deferred_changes"] = json!([{"reason": "unknown"}])),
    ];
    let mut passed = Vec::new();
    for (name, damage) in damages {
        let mut plan = plan();
        damage(&mut plan);
        let text = plan.to_string().replace("\"DEEP", "").replace("DEEP\"", "");
        let report = run(&text, POOR, None);
        if report.summary.exit_code == 0 {
            passed.push(name);
        }
    }
    assert_eq!(passed, Vec::<&str>::new());
}

#[test]
fn a_key_that_stands_twice_in_values_or_marks_is_an_error() {
    let text = plan().to_string();
    for (from, to) in [
        ("\"geography\":\"EU\"", "\"geography\":\"EU\",\"geography\":\"US\""),
        ("\"after_unknown\":{}", "\"after_unknown\":{\"geography\":true,\"geography\":false}"),
        ("\"after_sensitive\":{}", "\"after_sensitive\":{\"name\":true,\"name\":false}"),
    ] {
        assert!(text.contains(from), "{from}");
        let report = run(&text.replace(from, to), POOR, None);
        assert_eq!(report.summary.exit_code, 5, "{to}");
        assert!(report.unchecked.iter().any(|u| u.why.contains("stands twice")), "{to}: {:?}", report.unchecked);
    }
}

/// A plan with the setting `none`, which the organization's control must not replace.
fn with_none(change: impl Fn(&mut Value)) -> Vec<Fact<String>> {
    let mut plan = plan();
    plan["resource_changes"][1]["change"]["after"]["type"] = json!("none");
    change(&mut plan);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("plan.json");
    fs::write(&path, plan.to_string()).unwrap();
    let (inputs, _) = facts(&options(vec![path]), &mut std::io::empty());
    inputs.unwrap().facts.projects.values().map(|p| p.data_retention.clone()).collect()
}

#[test]
fn a_setting_of_a_project_that_hides_its_id_is_not_lost() {
    assert_eq!(with_none(|_| {}), [Fact::Known("none".to_owned())]);
    let hidden = with_none(|p| {
        let change = &mut p["resource_changes"][0]["change"];
        change["after_sensitive"] = json!({"id": true, "project_id": true});
        change["before_sensitive"] = json!({"id": true, "project_id": true});
    });
    assert!(hidden[0].reason().is_some_and(|r| r.contains("hides the id")), "{hidden:?}");
    let unknown = with_none(|p| {
        let change = &mut p["resource_changes"][0]["change"];
        change["actions"] = json!(["update"]);
        change["after_unknown"] = json!({"id": true, "project_id": true});
    });
    assert_eq!(unknown, [Fact::Known("none".to_owned())], "the id before the update tells");
}

#[test]
fn every_project_with_the_id_of_a_setting_gets_it() {
    let both = with_none(|p| {
        let mut second = p["resource_changes"][0].clone();
        second["address"] = json!("openai_project.q");
        second["name"] = json!("q");
        p["resource_changes"].as_array_mut().unwrap().push(second);
    });
    assert_eq!(both, [Fact::Known("none".to_owned()), Fact::Known("none".to_owned())]);
}

#[test]
fn a_setting_that_fits_no_project_is_told() {
    let mut plan = plan();
    plan["resource_changes"].as_array_mut().unwrap().remove(0);
    plan["configuration"]["root_module"]["resources"].as_array_mut().unwrap().remove(0);
    plan["resource_changes"][0]["change"]["after_unknown"] = json!({"project_id": true});
    let report = run(&plan.to_string(), POOR, None);
    assert_eq!(report.summary.exit_code, 5, "{:?}", report.unchecked);
    plan["resource_changes"][0]["change"]["after_unknown"] = json!({});
    let report = run(&plan.to_string(), POOR, None);
    let judged = report.findings.iter().any(|finding| finding.subject.id.ends_with("#proj_1"));
    assert!(judged && report.summary.exit_code == 4, "{report:?}");
}

#[test]
fn lists_that_are_known_in_part_are_not_taken_for_whole() {
    let allow = |after: Value, unknown: Value, sensitive: Value| {
        let mut plan = plan();
        let change = &mut plan["resource_changes"][1];
        change["type"] = json!("openai_project_model_permissions");
        change["address"] = json!("openai_project_model_permissions.p");
        change["change"]["after"] = json!({"project_id": "proj_1", "mode": "allow_list", "model_ids": after});
        change["change"]["after_unknown"] = unknown;
        change["change"]["after_sensitive"] = sensitive;
        plan["configuration"]["root_module"]["resources"][1]["type"] = json!("openai_project_model_permissions");
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("plan.json");
        fs::write(&path, plan.to_string()).unwrap();
        let (inputs, _) = facts(&options(vec![path]), &mut std::io::empty());
        let text = serde_json::to_value(&inputs.unwrap().facts).unwrap();
        let project = text["projects"].as_object().unwrap().values().next().unwrap().clone();
        (project["models"]["ids"].clone(), project["unknown"]["models.ids"].clone())
    };
    let whole = allow(json!(["a"]), json!({}), json!({"model_ids": [false]}));
    assert_eq!(whole, (json!(["a"]), Value::Null));
    for (after, unknown, sensitive) in [
        (json!(["a", null]), json!({"model_ids": [false, true]}), json!({})),
        (json!(["a"]), json!({"model_ids": [false, true]}), json!({})),
        (json!(["a", null]), json!({}), json!({})),
        (json!(["a", "SECRET"]), json!({}), json!({"model_ids": [false, true]})),
        (json!(["a", "SECRET"]), json!({}), json!({"model_ids": [false, [true]]})),
    ] {
        let (ids, reason) = allow(after, unknown, sensitive);
        assert_eq!(ids, json!(["a"]));
        assert!(reason.is_string(), "{reason}");
    }
}

#[test]
fn as_does_not_make_a_plan_of_anything() {
    for text in [
        "{}",
        "{\"foo\": 1}",
        "[]",
        "{\"version\": 4, \"resources\": []}",
        "{\"projects\": [{\"name\": \"eu\", \"region\": \"EU\"}]}",
    ] {
        assert_eq!(run(text, POOR, Some(InputKind::TerraformPlan)).summary.exit_code, 5, "{text}");
    }
}

#[test]
fn other_output_of_terraform_is_no_empty_state() {
    for text in [
        "{\"format_version\": \"1.0\", \"valid\": true, \"error_count\": 0, \"diagnostics\": []}",
        "{\"format_version\": \"1.0\", \"provider_schemas\": {}}",
        "{\"format_version\": \"1.0\", \"root_module\": {}}",
        "{\"format_version\": \"1.0\", \"vales\": {}}",
    ] {
        for kind in [None, Some(InputKind::TerraformState), Some(InputKind::TerraformPlan)] {
            let report = run(text, POOR, kind);
            assert_eq!((report.summary.exit_code, report.unchecked.len()), (5, 1), "{text} as {kind:?}");
            assert!(report.unchecked[0].why.contains("terraform show -json"), "{:?}", report.unchecked);
        }
    }
    let plan = run(&plan().to_string(), POOR, Some(InputKind::TerraformState));
    assert_eq!(plan.summary.exit_code, 5, "a plan is no state: {:?}", plan.unchecked);
    let empty =
        run("{\"format_version\": \"1.0\", \"terraform_version\": \"1.11.4\"}", POOR, Some(InputKind::TerraformState));
    assert!(empty.unchecked.is_empty(), "{:?}", empty.unchecked);
}

#[test]
fn a_project_without_a_name_is_an_error() {
    for text in [
        "{\"projects\": [{\"name\": null, \"region\": \"EU\"}]}",
        "[{\"name\": \"\", \"region\": \"EU\"}]",
        "[{\"name\": \" \"}]",
    ] {
        let report = run(text, POOR, None);
        assert_eq!(report.summary.exit_code, 5, "{text}");
        assert_eq!(report.unchecked.len(), 1, "{:?}", report.unchecked);
    }
}

#[test]
fn an_override_file_counts() {
    let directory = tempfile::tempdir().unwrap();
    let from = testdata("joins/each-key");
    for name in ["main.tf", "plan.json"] {
        fs::copy(from.join(name), directory.path().join(name)).unwrap();
    }
    let known = |directory: &std::path::Path| {
        let path: PathBuf = directory.join("plan.json");
        let (inputs, _) = facts(&options(vec![path]), &mut std::io::empty());
        inputs.unwrap().facts.projects.values().filter(|p| p.data_retention.known().is_some()).count()
    };
    let joined = known(directory.path());
    let text = fs::read_to_string(from.join("main.tf")).unwrap();
    let name = text
        .lines()
        .find_map(|l| l.strip_prefix("resource \"openai_project_data_retention\" "))
        .unwrap()
        .trim_end_matches(" {");
    let swap = format!(
        "resource \"openai_project_data_retention\" {name} {{\n  project_id = openai_project.p[each.key == \"a\" ? \"b\" : \"a\"].id\n}}\n"
    );
    fs::write(directory.path().join("a.b_override.tf"), swap).unwrap();
    assert!(known(directory.path()) < joined, "two settings lead to one project now");
}

#[cfg(unix)]
#[test]
fn file_names_that_are_no_text_are_read_each() {
    use std::os::unix::ffi::OsStrExt;
    let directory = tempfile::tempdir().unwrap();
    let name = |bytes: &[u8]| directory.path().join(std::ffi::OsStr::from_bytes(bytes));
    let good = "[{\"name\": \"us\", \"data_retention\": \"none\"}]";
    let bad = "[{\"name\": \"eu\", \"region\": \"EU\", \"data_retention\": \"none\"}]";
    if fs::write(name(b"a\xff.openai.json"), good).is_err() {
        return; // A file system that takes text only.
    }
    fs::write(name(b"a\xfe.openai.json"), bad).unwrap();
    let report = support::report(vec![name(b"a\xff.openai.json"), name(b"a\xfe.openai.json")]);
    assert_eq!(report.summary.exit_code, 3);
    let report = support::report(vec![directory.path().to_owned()]);
    assert_eq!(report.summary.exit_code, 3, "a directory is read for both");
}

/// The facts of a plan and a definition beside it.
fn merged(plan: &Value, definition: &str) -> (Value, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    let paths = vec![directory.path().join("plan.json"), directory.path().join("openai.hcl")];
    fs::write(&paths[0], plan.to_string()).unwrap();
    fs::write(&paths[1], definition).unwrap();
    let (inputs, _) = facts(&options(paths), &mut std::io::empty());
    let inputs = inputs.unwrap();
    let told = inputs.problems.iter().map(ToString::to_string).collect();
    let facts = serde_json::to_value(&inputs.facts).unwrap();
    (facts["projects"].as_object().unwrap().values().next().unwrap().clone(), told)
}

#[test]
fn a_definition_does_not_overrule_the_region_of_a_plan() {
    let adds = |what: &str| format!("project \"x\" {{\n  address = \"openai_project.p\"\n  {what}\n}}\n");
    for other in
        ["residency = \"US_STORAGE_PROCESSING\"", "region = \"US\"", "residency = \"GLOBAL\"", "region = \"GLOBAL\""]
    {
        let (project, told) = merged(&plan(), &adds(other));
        assert_eq!(project["region"], "EU", "{other}");
        assert!(told.iter().any(|t| t.contains("has another value")), "{other}: {told:?}");
    }
    for same in ["residency = \"EU_STORAGE_PROCESSING\"", "region = \"Europe (EEA + Switzerland)\""] {
        let (project, told) = merged(&plan(), &adds(same));
        assert_eq!((&project["region"], told.len()), (&json!("EU"), 0), "{same}: {told:?}");
    }
    let mut unknown = plan();
    unknown["resource_changes"][0]["change"]["after_unknown"] = json!({"geography": true});
    let (project, _) = merged(&unknown, &adds("residency = \"US_STORAGE_PROCESSING\""));
    assert_eq!(project["unknown"]["region"], "known after apply");
    // What the provider does not report can be told.
    let mut silent = plan();
    for state in ["before", "after"] {
        silent["resource_changes"][0]["change"][state]["geography"] = Value::Null;
    }
    let (project, _) = merged(&silent, &adds(""));
    assert!(project["unknown"]["region"].as_str().unwrap().starts_with("not reported by"));
    let (project, told) = merged(&silent, &adds("region = \"EU\""));
    assert_eq!((&project["region"], told.len()), (&json!("EU"), 0), "{told:?}");
    // Created without a region: GLOBAL says the same, a region does not.
    let mut created = silent;
    created["resource_changes"][0]["change"]["actions"] = json!(["create"]);
    created["resource_changes"][0]["change"]["before"] = Value::Null;
    assert_eq!(merged(&created, &adds("residency = \"GLOBAL\"")).1, Vec::<String>::new());
    assert_eq!(merged(&created, &adds("region = \"EU\"")).1.len(), 1);
}

#[test]
fn a_replaced_project_does_not_inherit_the_settings_of_its_predecessor() {
    let mut plan = plan();
    let change = &mut plan["resource_changes"][0]["change"];
    change["actions"] = json!(["delete", "create"]);
    change["after"] = json!({"name": "eu", "geography": "EU"});
    change["after_unknown"] = json!({"id": true, "project_id": true});
    let (project, _) = merged(&plan, "organization { data_sharing = false }\n");
    assert_eq!(project["data_retention"], Value::Null, "the setting names the project that goes");
}

#[test]
fn a_setting_of_another_plan_reaches_a_project_that_hides_its_id() {
    let mut hidden = plan();
    let change = &mut hidden["resource_changes"][0]["change"];
    change["after_sensitive"] = json!({"id": true, "project_id": true});
    change["before_sensitive"] = json!({"id": true, "project_id": true});
    hidden["resource_changes"].as_array_mut().unwrap().remove(1);
    hidden["configuration"]["root_module"]["resources"].as_array_mut().unwrap().remove(1);
    let mut setting = plan();
    setting["resource_changes"].as_array_mut().unwrap().remove(0);
    setting["configuration"]["root_module"]["resources"].as_array_mut().unwrap().remove(0);
    let directory = tempfile::tempdir().unwrap();
    let paths = vec![directory.path().join("a.json"), directory.path().join("b.json")];
    fs::write(&paths[0], hidden.to_string()).unwrap();
    fs::write(&paths[1], setting.to_string()).unwrap();
    let (inputs, _) = facts(&options(paths), &mut std::io::empty());
    let facts = inputs.unwrap().facts;
    let project = facts.projects.values().next().unwrap();
    assert!(project.data_retention.reason().is_some_and(|r| r.contains("hidden")), "{:?}", project.data_retention);
}

#[test]
fn the_facts_of_what_could_not_be_read_say_so() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let whole = at("whole.json", "[{\"name\": \"a\"}]");
    let broken = at("broken.json", "[{");
    let wrong = at("wrong.json", "[{\"name\": \"b\", \"regon\": \"EU\"}]");
    let paths = vec![whole, broken, wrong, directory.path().join("none.json")];
    let (inputs, _) = openai_data_controls::facts(&support::options(paths), &mut std::io::empty());
    let sources = inputs.unwrap().facts.sources;
    let complete: Vec<(&str, bool)> =
        sources.iter().map(|(name, known)| (name.rsplit('/').next().unwrap(), known.complete)).collect();
    let expected = [("broken.json", false), ("none.json", false), ("whole.json", true), ("wrong.json", false)];
    assert_eq!(complete, expected);
}
