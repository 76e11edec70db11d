//! Every kind of change that Terraform plans: what was before, what is after, and what the rules on changes say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{options, testdata};
use openai_data_controls::input::Inputs;
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, check, facts};
use serde_json::{Value, json};

const RULES: [&str; 2] = ["residency/region-changed-after-creation", "retention/control-weakened"];

fn read(paths: Vec<PathBuf>) -> Inputs {
    let (inputs, problems) = facts(&options(paths), &mut std::io::empty());
    let inputs = inputs.unwrap();
    assert!(problems.is_empty() && inputs.problems.is_empty(), "{:?}", inputs.problems);
    inputs
}

/// The projects of a plan by the last part of their address.
fn projects(paths: Vec<PathBuf>) -> BTreeMap<String, Value> {
    let json = serde_json::to_value(&read(paths).facts).unwrap();
    let projects = json["projects"].as_object().unwrap().iter();
    projects.map(|(id, project)| (id.rsplit(['.', '#']).next().unwrap().to_owned(), project.clone())).collect()
}

/// What the two rules on changes say: name of the subject → verdict of each that applies.
fn verdicts(paths: Vec<PathBuf>) -> BTreeMap<String, [Option<Verdict>; 2]> {
    let options = Options { verdicts: true, ..options(paths) };
    let report = check(&options, &mut std::io::empty()).0;
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    let mut said: BTreeMap<String, [Option<Verdict>; 2]> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.verdict != Verdict::NotApplicable) {
        if let Some(index) = RULES.iter().position(|rule| *rule == finding.rule.as_str()) {
            said.entry(finding.subject.name.clone()).or_default()[index] = Some(finding.verdict);
        }
    }
    said
}

fn plan(name: &str) -> PathBuf {
    testdata("plans").join(name).join("plan.json")
}

/// Actions, region before and after, control before and after.
fn shown(project: &Value) -> Value {
    let change = &project["change"];
    let before = &change["before"];
    json!([
        change["actions"],
        [before["region"], project["region"]],
        [before["effective"]["data_retention"], project["effective"]["data_retention"]]
    ])
}

#[test]
fn before_and_after_are_facts_of_every_kind_of_change() {
    let (zdr, mam) = ("zero_data_retention", "modified_abuse_monitoring");
    let found = projects(vec![plan("changes")]);
    for (name, expected) in [
        ("created", json!([["create"], [null, "EU"], [null, zdr]])),
        ("updated", json!([["update"], ["US", "EU"], [zdr, mam]])),
        ("renamed", json!([["update"], ["JP", "JP"], [mam, zdr]])),
        ("kept", json!([["no-op"], ["EU", "EU"], [zdr, zdr]])),
        ("imported", json!([["update"], [null, "EU"], [null, zdr]])),
        ("imported_bare", json!([["no-op"], [null, null], [null, null]])),
        ("moved", json!([["no-op"], ["EU", "EU"], [null, null]])),
        ("left", json!([["no-op"], ["EU", "EU"], [zdr, zdr]])),
        ("taken_up", json!([["no-op"], ["EU", "EU"], [null, zdr]])),
    ] {
        assert_eq!(shown(&found[name]), expected, "{name}");
    }
    assert_eq!(found.len(), 9, "what is deleted or forgotten is no project any more: {:?}", found.keys());
    assert_eq!(found["created"]["change"]["before"], Value::Null);
    assert_eq!(found["imported"]["change"]["before"]["unknown"]["region"], "not reported by openai/openai");
    for (name, project) in &found {
        let released: &[&str] = if name == "left" { &["data_retention"] } else { &[] };
        assert_eq!(project["change"]["no_longer_managed"], json!(released), "{name}");
    }
}

#[test]
fn other_providers_update_and_delete_in_place() {
    let found = projects(vec![plan("jianyuan-changes")]);
    for (name, expected) in [
        ("created", json!([["create"], [null, "EU"], [null, null]])),
        ("kept", json!([["no-op"], ["EU", "EU"], [null, null]])),
        ("renamed", json!([["update"], ["JP", "JP"], [null, null]])),
    ] {
        assert_eq!(shown(&found[name]), expected, "{name}");
    }
    assert_eq!(found.len(), 3, "{:?}", found.keys());
    assert_eq!(found["renamed"]["models"], json!({"mode": "allow_list", "ids": ["gpt-4.1-2025-04-14"]}));
    let organization = serde_json::to_value(read(vec![plan("jianyuan-changes")]).facts.organization).unwrap();
    assert_eq!(organization["change"]["before"]["data_retention"], "modified_abuse_monitoring");
    assert_eq!(organization["data_retention"], "zero_data_retention");

    let found = projects(vec![plan("mkdev-changes")]);
    let actions: BTreeMap<&str, &Value> =
        found.iter().map(|(name, project)| (name.as_str(), &project["change"]["actions"])).collect();
    let expected = [("created", json!(["create"])), ("kept", json!(["no-op"])), ("renamed", json!(["update"]))];
    assert_eq!(actions, expected.iter().map(|(name, actions)| (*name, actions)).collect());
    // A call that is replaced is one call, with what it will be; one that is deleted is none.
    let uses = read(vec![plan("mkdev-changes")]).facts.uses;
    let models: Vec<(&str, Option<&String>)> =
        uses.values().map(|call| (call.endpoint.as_str(), call.model.known())).collect();
    let of = |model: &str| Some(model.to_owned());
    let expected = [
        ("/v1/chat/completions", of("gpt-4o-2024-08-06")),
        ("/v1/embeddings", of("text-embedding-3-small")),
        ("/v1/responses", of("gpt-4.1-2025-04-14")),
        ("/v1/vector_stores", None),
    ];
    assert_eq!(models, expected.iter().map(|(path, model)| (*path, model.as_ref())).collect::<Vec<_>>());
}

#[test]
fn a_replaced_project_changes_its_region_whichever_is_first() {
    let found = projects(vec![plan("replaced")]);
    let unknown = Value::Null;
    let expected = |actions: Value| json!([actions, ["US", "EU"], [unknown, unknown]]);
    assert_eq!(shown(&found["destroyed_first"]), expected(json!(["delete", "create"])));
    assert_eq!(shown(&found["created_first"]), expected(json!(["create", "delete"])));
    let (fails, open) = (Some(Verdict::Violation), Some(Verdict::Undetermined));
    let said = verdicts(vec![plan("replaced")]);
    assert_eq!(said["destroyed-first"], [fails, open]);
    assert_eq!(said["created-first"], [fails, open]);
    assert_eq!(said["kept"], [Some(Verdict::Pass); 2], "what its provider does not report is left alone");
}

#[test]
fn the_rules_on_changes_speak_on_a_real_plan() {
    let (fails, open, passes) = (Some(Verdict::Violation), Some(Verdict::Undetermined), Some(Verdict::Pass));
    let said = verdicts(vec![plan("changes")]);
    for (name, expected) in [
        ("updated", [fails, fails]),
        ("renamed", [passes, passes]),
        ("kept", [passes, passes]),
        ("imported", [open, passes]),
        ("imported-bare", [passes, passes]),
        ("moved", [passes, passes]),
        ("left", [passes, None]),
        ("taken-up", [passes, passes]),
        ("created", [None, None]),
        ("deleted", [None, None]),
        ("forgotten", [None, None]),
    ] {
        assert_eq!(said.get(name).copied().unwrap_or_default(), expected, "{name}");
    }
    assert_eq!(verdicts(vec![plan("residency-change")])["moving"], [fails, fails]);
}

#[test]
fn what_is_forgotten_or_read_after_apply_is_said() {
    let notes = |name: &str| read(vec![plan(name)]).notes.join("\n");
    let said = notes("changes");
    assert!(said.contains("Terraform forgets openai_project.forgotten"), "{said}");
    assert!(!said.contains("deleted"), "{said}");
    let said = notes("data-sources");
    assert!(said.contains("data.openai_project.new: what it reads is known after apply"), "{said}");
    let found = projects(vec![plan("data-sources")]);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["existing", "new"]);
    assert_eq!(found["existing"]["name"], "existing");
    assert_eq!(found["existing"]["data_retention"], "zero_data_retention");
    for fact in ["region", "models", "tools"] {
        assert_eq!(found["existing"]["unknown"][fact], "not reported by the data source of openai/openai");
    }
}

/// A plan in which a project's control changes while the project itself is shown by a data source.
fn weakened_below_a_data_source(directory: &Path) -> PathBuf {
    let text = fs::read_to_string(plan("data-sources")).unwrap();
    let mut plan: Value = serde_json::from_str(&text).unwrap();
    for change in plan["resource_changes"].as_array_mut().unwrap() {
        if change["address"] == "openai_project_data_retention.existing" {
            let change = &mut change["change"];
            change["actions"] = json!(["update"]);
            change["before"] = change["after"].clone();
            change["before"]["object"] = json!("project.data_retention");
            change["after"]["type"] = json!("none");
        }
    }
    let path = directory.join("plan.json");
    fs::write(&path, plan.to_string()).unwrap();
    path
}

#[test]
fn a_control_falls_also_where_its_project_is_managed_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let path = weakened_below_a_data_source(directory.path());
    assert_eq!(verdicts(vec![path.clone()])["existing"], [Some(Verdict::Pass), Some(Verdict::Violation)]);
    // A definition that says where the project lies does not make the plan move it.
    let definition = directory.path().join("openai.hcl");
    fs::write(&definition, "project \"existing\" {\n  id     = \"proj_example_existing\"\n  region = \"EU\"\n}\n")
        .unwrap();
    let both = vec![path, definition];
    assert_eq!(verdicts(both.clone())["existing"], [Some(Verdict::Pass), Some(Verdict::Violation)]);
    assert_eq!(projects(both)["existing"]["change"]["before"]["region"], "EU");
}

#[test]
fn a_definition_that_fills_in_what_no_provider_reports_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let definition = directory.path().join("openai.hcl");
    let text = "project \"kept\" {\n  address        = \"openai_project.kept\"\n  data_retention = \"none\"\n}\n";
    fs::write(&definition, text).unwrap();
    let organization = directory.path().join("organization.hcl");
    fs::write(&organization, "organization {\n  data_retention = \"zero_data_retention\"\n}\n").unwrap();
    let said = verdicts(vec![plan("replaced"), definition, organization]);
    assert_eq!(said["kept"], [Some(Verdict::Pass); 2]);
}

/// A retention resource: its name, project and control before, and after.
type Setting = (&'static str, Option<(&'static str, &'static str)>, Option<(&'static str, &'static str)>);

/// A plan of projects that stay in the EU, and of retention resources: name, project and control before, and after.
fn plan_of(projects: &[&str], settings: &[Setting]) -> (tempfile::TempDir, PathBuf) {
    let resource = |kind: &str, name: &str, before: Value, after: Value| {
        let actions = match (before.is_null(), after.is_null()) {
            (true, _) => json!(["create"]),
            (_, true) => json!(["delete"]),
            _ if before == after => json!(["no-op"]),
            _ => json!(["update"]),
        };
        json!({
            "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
            "provider_name": "registry.terraform.io/openai/openai",
            "change": {"actions": actions, "before": before, "after": after, "after_unknown": {}, "before_sensitive": {},
                "after_sensitive": {}}
        })
    };
    let mut changes = Vec::new();
    for name in projects {
        let values = json!({"id": format!("proj_{name}"), "project_id": format!("proj_{name}"), "name": name, "geography": "EU"});
        changes.push(resource("openai_project", name, values.clone(), values));
    }
    let setting = |of: &Option<(&str, &str)>| {
        of.map_or(Value::Null, |(project, control)| json!({"project_id": format!("proj_{project}"), "type": control}))
    };
    for (name, before, after) in settings {
        changes.push(resource("openai_project_data_retention", name, setting(before), setting(after)));
    }
    let plan = json!({
        "format_version": "1.2", "complete": true, "errored": false, "resource_changes": changes,
        "configuration": {"root_module": {}}
    });
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("plan.json");
    fs::write(&path, plan.to_string()).unwrap();
    (directory, path)
}

#[test]
fn settings_that_change_places_weaken_what_they_weaken() {
    let (zdr, mam, none) = ("zero_data_retention", "modified_abuse_monitoring", "none");
    let weakened = |projects: &[&str], settings: &[Setting]| {
        let (_directory, path) = plan_of(projects, settings);
        let said = verdicts(vec![path.clone()]);
        let controls = projects_of(&path);
        let of = |name: &&str| (controls[*name].clone(), said.get(*name).copied().unwrap_or_default()[1]);
        projects.iter().map(of).collect::<Vec<_>>()
    };
    let (fails, passes) = (Some(Verdict::Violation), Some(Verdict::Pass));
    let shown = |control: &str, verdict| (control.to_owned(), verdict);
    // The resource gets another name, and the control another value: destroyed here, created there.
    for settings in [
        [("old", Some(("a", zdr)), None), ("new", None, Some(("a", none)))],
        [("new", None, Some(("a", none))), ("old", Some(("a", zdr)), None)],
    ] {
        assert_eq!(weakened(&["a"], &settings), [shown(none, fails)]);
    }
    // Two settings trade their projects.
    let swapped = [("x", Some(("a", zdr)), Some(("b", mam))), ("y", Some(("b", mam)), Some(("a", none)))];
    assert_eq!(weakened(&["a", "b"], &swapped), [shown(none, fails), shown(mam, passes)]);
    let turned = [swapped[1], swapped[0]];
    assert_eq!(weakened(&["a", "b"], &turned), [shown(none, fails), shown(mam, passes)]);
    // One leaves for another project: the first keeps what it had, unseen.
    let left = [("x", Some(("a", zdr)), Some(("b", zdr)))];
    assert_eq!(weakened(&["a", "b"], &left), [shown(zdr, None), shown(zdr, passes)]);
}

/// Control by name of the project.
fn projects_of(path: &Path) -> BTreeMap<String, String> {
    let text = |project: &Value| project["data_retention"].as_str().unwrap_or_default().to_owned();
    projects(vec![path.to_owned()]).into_iter().map(|(name, project)| (name, text(&project))).collect()
}

#[test]
fn the_organizations_control_falls_also_under_another_name() {
    let text = fs::read_to_string(testdata("rules/retention/control-weakened/fail-organization/plan.json")).unwrap();
    let mut plan: Value = serde_json::from_str(&text).unwrap();
    let changes = plan["resource_changes"].as_array_mut().unwrap();
    let index = changes.iter().position(|c| c["type"] == "openai_organization_data_retention").unwrap();
    let mut created = changes[index].clone();
    created["address"] = json!("openai_organization_data_retention.renamed");
    created["name"] = json!("renamed");
    created["change"]["actions"] = json!(["create"]);
    created["change"]["before"] = Value::Null;
    changes[index]["change"]["actions"] = json!(["delete"]);
    changes[index]["change"]["after"] = Value::Null;
    for at in [index, changes.len()] {
        let mut plan = plan.clone();
        plan["configuration"] = json!({"root_module": {}});
        plan["resource_changes"].as_array_mut().unwrap().insert(at, created.clone());
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("plan.json");
        fs::write(&path, plan.to_string()).unwrap();
        assert_eq!(verdicts(vec![path])["organization"][1], Some(Verdict::Violation), "at {at}");
    }
}

#[test]
fn of_two_inputs_that_change_the_organizations_control_neither_is_lost() {
    let text = fs::read_to_string(testdata("rules/retention/control-weakened/fail-organization/plan.json")).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut plan: Value = serde_json::from_str(&text).unwrap();
        let changes = plan["resource_changes"].as_array_mut().unwrap();
        changes.retain(|c| c["type"] == "openai_organization_data_retention");
        change(&mut changes[0]["change"]);
        plan["configuration"] = json!({"root_module": {}});
        let path = directory.path().join(name);
        fs::write(&path, plan.to_string()).unwrap();
        path
    };
    let weakens = write("weakens.json", &|_| {});
    let keeps = write("keeps.json", &|change| {
        change["actions"] = json!(["no-op"]);
        change["before"] = change["after"].clone();
    });
    let other = write("other.json", &|change| change["before"]["type"] = json!("none"));
    let lets_go = write("lets-go.json", &|change| {
        change["actions"] = json!(["delete"]);
        change["before"] = change["after"].clone();
        change["after"] = Value::Null;
    });
    let said = |paths: [&PathBuf; 2]| verdicts(paths.map(PathBuf::clone).to_vec())["organization"][1];
    for [one, two] in [[&weakens, &keeps], [&keeps, &weakens]] {
        assert_eq!(said([one, two]), Some(Verdict::Violation));
    }
    for [one, two] in [[&weakens, &other], [&other, &weakens]] {
        assert_eq!(said([one, two]), Some(Verdict::Undetermined), "what it was is not known");
    }
    // As long as one manages it, it is managed.
    let released = |paths: &[&PathBuf]| {
        let facts = read(paths.iter().map(|path| (*path).clone()).collect()).facts;
        facts.organization.change.unwrap().no_longer_managed
    };
    assert_eq!(released(&[&lets_go]), ["data_retention"]);
    for paths in [[&lets_go, &keeps], [&keeps, &lets_go]] {
        assert_eq!(released(&paths), Vec::<String>::new());
    }
}
