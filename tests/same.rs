//! The same projects as definitions, plan, state and export of the Administration API: the same facts and verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::support::{directories, options, testdata};
use openai_data_controls::verdict::Verdict;
use openai_data_controls::{Options, check, facts};

/// (rule, name of the subject, verdict) of every pair.
fn verdicts(paths: Vec<PathBuf>) -> BTreeSet<(String, String, Verdict)> {
    let options = Options { verdicts: true, ..options(paths) };
    let report = check(&options, &mut std::io::empty()).0;
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
    report.findings.into_iter().map(|f| (f.rule.to_string(), f.subject.name, f.verdict)).collect()
}

#[test]
fn three_languages_give_the_same_verdicts() {
    let plans = directories(&testdata("plans"));
    let fixtures: Vec<_> = plans.into_iter().filter(|d| d.join("projects.hcl").exists()).collect();
    assert!(fixtures.len() >= 3);
    for fixture in fixtures {
        let hcl = verdicts(vec![fixture.join("projects.hcl")]);
        let json = verdicts(vec![fixture.join("projects.json")]);
        let plan = verdicts(vec![fixture.join("plan.json"), fixture.join("organization.hcl")]);
        assert!(hcl.iter().any(|(_, _, v)| *v == Verdict::Pass), "{}", fixture.display());
        assert!(hcl.iter().any(|(_, _, v)| *v == Verdict::Violation), "{}", fixture.display());
        assert_eq!(hcl, json, "{}", fixture.display());
        assert_eq!(hcl, plan, "{}", fixture.display());
    }
}

/// The projects by name and the organization, without origin, ids, processing and what Terraform does with them.
fn shown(path: PathBuf) -> BTreeMap<String, serde_json::Value> {
    let (inputs, problems) = facts(&options(vec![path.clone()]), &mut std::io::empty());
    let inputs = inputs.unwrap();
    assert!(problems.is_empty() && inputs.problems.is_empty(), "{}: {:?}", path.display(), inputs.problems);
    let json = serde_json::to_value(&inputs.facts).unwrap();
    let mut found = BTreeMap::new();
    let mut add = |name: String, mut value: serde_json::Value| {
        let object = value.as_object_mut().unwrap();
        for key in ["origin", "project_id", "processing", "change"] {
            object.remove(key);
        }
        object["unknown"].as_object_mut().unwrap().remove("project_id");
        assert!(found.insert(name, value).is_none());
    };
    add("the organization".to_owned(), json["organization"].clone());
    for project in json["projects"].as_object().unwrap().values() {
        add(project["name"].as_str().unwrap().to_owned(), project.clone());
    }
    found
}

/// What a run knows of uses and clients, by their ids without the path; only what stands in all kinds of input alike.
fn callers(path: PathBuf) -> BTreeMap<String, serde_json::Value> {
    let json = serde_json::to_value(&facts(&options(vec![path]), &mut std::io::empty()).0.unwrap().facts).unwrap();
    let after = |id: &str| id.split_once('#').unwrap().1.to_owned();
    let mut found = BTreeMap::new();
    for (id, caller) in ["uses", "clients"].iter().flat_map(|kind| json[*kind].as_object().unwrap()) {
        let mut kept = serde_json::Map::new();
        for key in ["endpoint", "model", "store", "tools", "inputs", "outputs", "file_upload", "host", "unknown"] {
            kept.extend(caller.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        kept.insert("project".to_owned(), caller["project"].as_str().map(after).into());
        found.insert(after(id), kept.into());
    }
    found
}

#[test]
fn plan_and_state_of_every_provider_give_the_same_facts() {
    for (fixture, projects, callers_of) in [
        ("plans/mkdev-changes", 3, 5),
        ("plans/jianyuan-changes", 3, 0),
        ("clients/google", 2, 1),
        ("clients/kubernetes", 2, 4),
        ("clients/aws", 2, 4),
    ] {
        let at = |name: &str| testdata(fixture).join(name);
        let (plan, calls) = (shown(at("plan.json")), callers(at("state.json")));
        assert_eq!((plan.len(), calls.len()), (projects + 1, callers_of), "{fixture}: {:?}", calls.keys());
        assert_eq!(callers(at("applied.tfstate")), calls, "{fixture}");
        for state in ["state.json", "applied.tfstate"] {
            assert_eq!(shown(at(state)), plan, "{fixture}/{state}");
        }
        // The state knows what the plan did not know yet, and nothing else.
        for (id, planned) in callers(at("plan.json")) {
            let applied = &calls[&id];
            for (key, value) in planned.as_object().unwrap().iter().filter(|(key, _)| *key != "unknown") {
                let found_later = key == "project" && value.is_null();
                assert!(
                    found_later || applied[key] == *value,
                    "{fixture}: {key} of {id}: {value} and {}",
                    applied[key]
                );
            }
        }
    }
}

#[test]
fn plan_state_and_export_give_the_same_facts() {
    let of = |name: &str| shown(testdata("inputs/same").join(name));
    let plan = of("plan.json");
    assert_eq!(plan.len(), 4);
    assert_eq!(plan["support"]["data_retention"], "zero_data_retention");
    assert_eq!(plan["billing"]["effective"]["from"], "organization");
    for other in ["state.json", "applied.tfstate", "export.json"] {
        assert_eq!(of(other), plan, "{other}");
    }
}
