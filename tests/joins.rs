//! Which project a setting belongs to: compared with what the real Terraform joined when it applied the same source.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::{self, directories, options, testdata};
use openai_data_controls::facts::{Fact, Facts};
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, facts};

/// Setting → the project it truly belongs to; `None`: one that this configuration does not manage.
type Truth = BTreeMap<String, Option<String>>;

fn read(plan: &Path, options: impl Fn(Options) -> Options) -> Facts {
    let options = options(support::options(vec![plan.to_owned()]));
    let (inputs, problems) = facts(&options, &mut std::io::empty());
    assert!(problems.is_empty(), "{problems:?}");
    let inputs = inputs.unwrap();
    assert!(inputs.problems.is_empty(), "{}: {:?}", plan.display(), inputs.problems);
    inputs.facts
}

/// The values that settings of type `openai_project_data_retention` have in a plan, by address.
fn retention(plan: &Path) -> BTreeMap<String, String> {
    let plan: serde_json::Value = serde_json::from_str(&fs::read_to_string(plan).unwrap()).unwrap();
    let changes = plan["resource_changes"].as_array().unwrap();
    let settings = changes.iter().filter(|c| c["type"] == "openai_project_data_retention");
    let value = |c: &serde_json::Value| c["change"]["after"]["type"].as_str().map(str::to_owned);
    settings.filter_map(|c| Some((c["address"].as_str()?.to_owned(), value(c)?))).collect()
}

/// How many joins were made; a wrong one, or a setting that vanished, fails.
fn compare(name: &str, facts: &Facts, truth: &Truth, values: &BTreeMap<String, String>) -> usize {
    let mut joined = 0;
    for (setting, value) in values {
        let project = truth.get(setting).unwrap_or_else(|| panic!("{name}: {setting} is not in expected.json"));
        let unjoined = facts.unjoined.values().any(|u| u.address == *setting);
        let Some(project) = project else {
            // It is that of a project which only its id is known of.
            let apart = facts.projects.values().any(|p| p.origin.address.is_none() && p.project_id.known().is_some());
            assert!(unjoined || apart, "{name}: {setting} belongs to no project of the plan");
            continue;
        };
        let found = facts.projects.values().find(|p| p.origin.address.as_ref() == Some(project)).unwrap();
        match &found.data_retention {
            Fact::Known(known) => {
                assert_eq!(known, value, "{name}: {project} by {setting}");
                joined += 1;
            }
            Fact::Unknown(_) => {}
            Fact::Absent => panic!("{name}: {project} has no data retention, but {setting} sets it"),
        }
    }
    // A project that nothing sets must not have got a value.
    for project in facts.projects.values() {
        let address = project.origin.address.clone();
        if let Fact::Known(known) = &project.data_retention {
            let set = truth.iter().any(|(s, p)| *p == address && values.get(s) == Some(known));
            assert!(set, "{name}: {address:?} has {known}, which nothing sets");
        }
    }
    joined
}

/// What `terraform plan -out` writes of a root module's source: a zip of every module that the plan calls.
fn saved_plan(directory: &Path, plan: &Path, to: &Path) {
    let plan: serde_json::Value = serde_json::from_str(&fs::read_to_string(plan).unwrap()).unwrap();
    let mut zip = zip::ZipWriter::new(fs::File::create(to).unwrap());
    let mut modules = Vec::new();
    let mut left = vec![(String::new(), directory.to_owned(), plan["configuration"]["root_module"].clone())];
    while let Some((key, at, module)) = left.pop() {
        let relative = at.strip_prefix(directory).unwrap().display().to_string();
        modules.push(serde_json::json!({"Key": key, "Dir": if relative.is_empty() { "." } else { &relative }}));
        for entry in fs::read_dir(&at).unwrap().map(|e| e.unwrap().path()) {
            let name = entry.file_name().unwrap().to_string_lossy().into_owned();
            if name.ends_with(".tf") || name.ends_with(".tf.json") {
                zip.start_file(format!("tfconfig/m-{key}/{name}"), zip::write::SimpleFileOptions::default()).unwrap();
                std::io::copy(&mut fs::File::open(entry).unwrap(), &mut zip).unwrap();
            }
        }
        for (name, call) in module["module_calls"].as_object().into_iter().flatten() {
            let inner = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            let source = at.join(call["source"].as_str().unwrap());
            let source = fs::canonicalize(source).unwrap();
            left.push((inner, source, call["module"].clone()));
        }
    }
    zip.start_file("tfconfig/modules.json", zip::write::SimpleFileOptions::default()).unwrap();
    serde_json::to_writer(&mut zip, &modules).unwrap();
    zip.finish().unwrap();
}

#[test]
fn no_setting_is_ever_joined_to_the_wrong_project() {
    let elsewhere = tempfile::tempdir().unwrap();
    let mut with_source = BTreeMap::new();
    let mut without = BTreeMap::new();
    for directory in directories(&testdata("joins")) {
        let name = directory.file_name().unwrap().to_string_lossy().into_owned();
        let plan = directory.join("plan.json");
        let truth: Truth = serde_json::from_str(&fs::read_to_string(directory.join("expected.json")).unwrap()).unwrap();
        let values = retention(&plan);
        let alone = elsewhere.path().join(format!("{name}.json"));
        fs::copy(&plan, &alone).unwrap();
        with_source.insert(name.clone(), compare(&name, &read(&plan, |o| o), &truth, &values));
        without.insert(name.clone(), compare(&name, &read(&alone, |o| o), &truth, &values));
        let given = read(&alone, |o| Options { sources: vec![directory.clone()], ..o });
        assert_eq!(
            compare(&name, &given, &truth, &values),
            with_source[&name],
            "{name}: --source is the own directory"
        );
        let tfplan = elsewhere.path().join(format!("{name}.tfplan"));
        saved_plan(&fs::canonicalize(&directory).unwrap(), &plan, &tfplan);
        let given = read(&alone, |o| Options { sources: vec![tfplan.clone()], ..o });
        assert_eq!(compare(&name, &given, &truth, &values), with_source[&name], "{name}: --source is the saved plan");
    }
    assert!(with_source.len() >= 30);
    for name in [
        "each-key",
        "each-key-project-id",
        "count-index",
        "literal-index",
        "module-each-key",
        "module-instance",
        "unequal-keys",
    ] {
        assert!(with_source[name] > 0, "{name} is joined with source");
    }
    for name in
        ["each-key", "count-index", "conditional-key", "transformed-key", "each-value-key", "try", "swapped-map"]
    {
        assert_eq!(without[name], 0, "{name} can't be joined without source");
    }
    for name in
        ["conditional-key", "transformed-key", "count-plus-one", "each-value-key", "conditional", "shadowed-each"]
    {
        assert!(with_source[name] > 0, "{name} is computed from the source");
    }
    // What `try` gives may still become an error; what a resource makes of an id is not known.
    for name in ["try", "terraform-data"] {
        assert_eq!(with_source[name], 0, "{name} is no id of one instance");
    }
    let all: usize = with_source.values().sum();
    assert!(all > 60, "{all} settings joined");
    assert!(without["literal-index"] > 0 && without["known-ids"] > 0, "{without:?}");
}

#[test]
fn equal_keys_are_proof_only_where_the_user_says_so() {
    let elsewhere = tempfile::tempdir().unwrap();
    let alone = |name: &str| {
        let path = elsewhere.path().join(format!("{name}.json"));
        fs::copy(testdata("joins").join(name).join("plan.json"), &path).unwrap();
        read(&path, |o| Options { assume_equal_keys: true, ..o })
    };
    let known = |facts: &Facts| facts.projects.values().filter(|p| p.data_retention.known().is_some()).count();
    assert!(known(&alone("each-key")) > 0);
    assert_eq!(known(&alone("unequal-keys")), 0, "the key sets differ");
}

#[test]
fn a_setting_that_cannot_be_joined_leaves_its_attribute_unknown_for_all_it_could_belong_to() {
    let elsewhere = tempfile::tempdir().unwrap();
    // `p["x-${each.key}"]`, `p[count.index + 1]`, `try(a.id, b.id)`, `managed[each.value.project_key]`, and a condition.
    for (name, projects, settings) in [
        ("transformed-key", 4, 2),
        ("count-plus-one", 3, 2),
        ("try", 2, 2),
        ("each-value-key", 3, 3),
        ("conditional-key", 2, 2),
    ] {
        let plan = testdata("joins").join(name).join("plan.json");
        let alone = elsewhere.path().join(format!("{name}.json"));
        fs::copy(&plan, &alone).unwrap();
        let with_source = [(plan, "is computed, and is not the id of one instance")];
        let alone = [(alone, "give the source with --source")];
        for (path, says) in with_source.into_iter().filter(|_| name == "try").chain(alone) {
            let facts = read(&path, |o| o);
            assert_eq!((facts.projects.len(), facts.unjoined.len()), (projects, settings), "{name}");
            for (id, project) in &facts.projects {
                let reason = project.data_retention.reason().unwrap_or_else(|| panic!("{name}: {id} has a control"));
                assert!(reason.contains("may set it") && reason.contains(says), "{name}: {id}: {reason}");
            }
            for setting in facts.unjoined.values() {
                assert_eq!(setting.candidates, facts.projects.keys().cloned().collect::<Vec<_>>(), "{name}");
                assert!(setting.reason.contains(says), "{name}: {}", setting.reason);
            }
            let report = openai_data_controls::check(&options(vec![path]), &mut std::io::empty()).0;
            let rule = "residency/non-us-region-without-abuse-monitoring-control";
            let open = report.findings.iter().filter(|f| f.rule.as_str() == rule);
            assert!(open.clone().count() > 0 && open.clone().all(|f| f.verdict == Verdict::Undetermined), "{name}");
        }
    }
}

#[test]
fn a_source_that_makes_another_value_of_a_setting_joins_nothing() {
    let elsewhere = tempfile::tempdir().unwrap();
    let own = testdata("joins/swapped-map");
    let (plan, source) = (elsewhere.path().join("plan.json"), elsewhere.path().join("source"));
    fs::copy(own.join("plan.json"), &plan).unwrap();
    fs::create_dir(&source).unwrap();
    let text = fs::read_to_string(own.join("main.tf")).unwrap();
    let known = |text: &str| {
        fs::write(source.join("main.tf"), text).unwrap();
        let facts = read(&plan, |o| Options { sources: vec![source.clone()], ..o });
        facts.projects.values().filter(|p| p.data_retention.known().is_some()).count()
    };
    assert_eq!(known(&text), 3);
    let other = text.replace("c = \"none\"", "c = \"zero_data_retention\"");
    assert!(other != text);
    assert_eq!(known(&other), 0, "one of them may be of any project");
}

#[test]
fn a_value_of_a_variable_that_the_plan_does_not_say_is_not_the_default() {
    let directory = tempfile::tempdir().unwrap();
    let source = "variable \"primary\" {\n  default = \"us\"\n}\n\
        resource \"openai_project\" \"p\" {\n  for_each = toset([\"us\", \"eu\"])\n  name     = each.key\n}\n\
        resource \"openai_project_data_retention\" \"r\" {\n  project_id = openai_project.p[var.primary].id\n  type       = \"none\"\n}\n";
    fs::write(directory.path().join("main.tf"), source).unwrap();
    let change = |kind: &str, name: &str, index: Option<&str>, after: serde_json::Value, unknown: serde_json::Value| {
        let key = index.map_or(String::new(), |index| format!("[\"{index}\"]"));
        let mut change = serde_json::json!({
            "address": format!("{kind}.{name}{key}"), "mode": "managed", "type": kind, "name": name,
            "provider_name": "registry.terraform.io/openai/openai",
            "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": unknown},
        });
        if let Some(index) = index {
            change["index"] = index.into();
        }
        change
    };
    let project = |key: &str| {
        change("openai_project", "p", Some(key), serde_json::json!({"name": key}), serde_json::json!({"id": true}))
    };
    let setting = change(
        "openai_project_data_retention",
        "r",
        None,
        serde_json::json!({"type": "none"}),
        serde_json::json!({"id": true, "project_id": true}),
    );
    let expressions = serde_json::json!({
        "project_id": {"references": ["openai_project.p", "var.primary"]}, "type": {"constant_value": "none"},
    });
    let plan = serde_json::json!({
        "format_version": "1.2", "complete": true, "errored": false, "variables": "VARIABLES",
        "resource_changes": [project("eu"), project("us"), setting],
        "configuration": {
            "provider_config": {"openai": {"name": "openai", "full_name": "registry.terraform.io/openai/openai"}},
            "root_module": {"resources": [
                {"address": "openai_project.p", "mode": "managed", "type": "openai_project", "name": "p",
                 "provider_config_key": "openai", "for_each_expression": {}},
                {"address": "openai_project_data_retention.r", "mode": "managed", "type": "openai_project_data_retention",
                 "name": "r", "provider_config_key": "openai", "expressions": expressions},
            ]},
        },
    });
    let of = |variables: &str| {
        let path = directory.path().join("plan.json");
        fs::write(&path, plan.to_string().replace("\"VARIABLES\"", variables)).unwrap();
        let (inputs, _) = facts(&options(vec![path]), &mut std::io::empty());
        let inputs = inputs.unwrap();
        let own = |key: &str| {
            let of = |p: &&openai_data_controls::facts::Project| p.name.known().is_some_and(|name| name == key);
            inputs.facts.projects.values().find(of).map(|project| project.data_retention.clone())
        };
        (own("us"), own("eu"), inputs.problems.len())
    };
    let none = || Some(Fact::Known("none".to_owned()));
    assert_eq!(of(r#"{"primary": {"value": "eu"}}"#), (Some(Fact::Absent), none(), 0));
    assert_eq!(of(r#"{"primary": {"value": "us"}}"#), (none(), Some(Fact::Absent), 0));
    for silent in [r#"{"primary": {}}"#, r#"{"primary": 1}"#] {
        let (us, eu, _) = of(silent);
        assert!([us, eu].iter().all(|fact| matches!(fact, Some(Fact::Unknown(_)))), "{silent}");
    }
    // A plan that contradicts itself is not read.
    let twice = r#"{"primary": {"value": "eu"}, "x": {"value": 1, "value": 2}}"#;
    assert_eq!(of(twice), (None, None, 1));
}
