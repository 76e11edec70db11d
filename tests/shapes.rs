//! Plans and states of shapes that Terraform does not write: what stands in them is not passed over.

use std::fs;

use crate::support;
use crate::support::made::{OPENAI, plan, resource, run, unchecked};
use openai_data_controls::input::InputKind;
use openai_data_controls::report::Report;
use openai_data_controls::{Options, check};
use serde_json::{Value, json};

/// A project in a region that no edition knows, as a tree of values shows it.
fn stored(mode: &str) -> Value {
    json!({
        "address": if mode == "data" { "data.openai_project.p" } else { "openai_project.p" }, "mode": mode,
        "type": "openai_project", "name": "p", "provider_name": format!("registry.terraform.io/{OPENAI}"),
        "values": if mode == "data" {
            json!({"id": "proj_1", "project_id": "proj_1", "name": "p"})
        } else {
            json!({"id": "proj_1", "project_id": "proj_1", "name": "p", "geography": "Narnia"})
        },
        "sensitive_values": {}
    })
}

fn values(mode: &str) -> Value {
    json!({"root_module": {"resources": [stored(mode)]}})
}

fn violating() -> Value {
    plan(vec![resource("openai_project.p", OPENAI, json!({"name": "p", "geography": "Narnia"}), json!({"id": true}))])
}

/// The report on a text.
fn of_text(text: &str) -> Report {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("input.json");
    fs::write(&path, text).unwrap();
    support::report(vec![path])
}

fn why(report: &Report) -> Vec<&str> {
    report.unchecked.iter().map(|u| u.why.as_str()).collect()
}

#[test]
fn two_plans_in_one_file_are_refused() {
    let (bad, clean) = (violating().to_string(), plan(Vec::new()).to_string());
    assert_eq!(of_text(&format!("{{\"plan\":{bad},\"run\":{{}}}}")).summary.exit_code, 3);
    for (text, says) in [
        (format!("{{\"plan\":{bad},\"plan\":{clean},\"run\":{{}}}}"), "stands twice"),
        (format!("{{\"plan\":{bad},\"run\":{{}},\"pl\\u0061n\":{clean}}}"), "stands twice"),
        (format!("{{\"plan\":{bad},\"plan\":null,\"run\":{{}}}}"), "stands twice"),
        (format!("{{\"plan\":{bad},\"run\":{{}},\"tfplan\":{clean},\"tfrun\":{{}}}}"), "two plans in one file"),
        (format!("{{\"tfplan\":{clean},\"tfrun\":{{}},\"plan\":{bad},\"run\":{{}}}}"), "two plans in one file"),
        (format!("{{\"plan\":{clean},\"run\":{{}},{}", bad.trim_start_matches('{')), "two plans in one file"),
    ] {
        let report = of_text(&text);
        assert_eq!(report.summary.exit_code, 5, "{text}");
        assert!(why(&report).iter().any(|w| w.contains(says)), "{text}: {:?}", why(&report));
    }
}

#[test]
fn a_prior_state_of_another_shape_is_damage() {
    let with = |prior: &str| {
        let text = plan(Vec::new()).to_string();
        of_text(&format!("{},\"prior_state\":{prior}}}", text.strip_suffix('}').unwrap()))
    };
    let data = values("data").to_string();
    for sound in [
        "{\"format_version\":\"1.0\"}".to_owned(),
        "{\"format_version\":\"1.0\",\"terraform_version\":\"1.11.4\"}".to_owned(),
        "{\"format_version\":\"1.0\",\"values\":{\"root_module\":{}}}".to_owned(),
        "null".to_owned(),
        format!("{{\"format_version\":\"1.0\",\"values\":{data}}}"),
    ] {
        assert_eq!(why(&with(&sound)), Vec::<&str>::new(), "{sound}");
    }
    for damaged in [
        format!("[{{\"values\":{data}}}]"),
        "\"x\"".to_owned(),
        "7".to_owned(),
        "{}".to_owned(),
        format!("{{\"format_version\":\"1.0\",\"value\":{data}}}"),
        format!("{{\"values\":{data},\"values\":{{\"root_module\":{{}}}}}}"),
        format!("{{\"values\":{}}}", data.replace("root_module", "rootmodule")),
        "{\"values\":{}}".to_owned(),
    ] {
        let report = with(&damaged);
        assert_eq!(report.summary.exit_code, 5, "{damaged}");
        assert!(why(&report).iter().any(|w| w.contains("\"prior_state\": ")), "{damaged}: {:?}", why(&report));
    }
}

#[test]
fn values_without_a_root_module_are_damage() {
    let misspelt = values("managed").to_string().replace("root_module", "rootmodule");
    for text in [
        format!("{{\"format_version\":\"1.0\",\"values\":{misspelt}}}"),
        "{\"format_version\":\"1.0\",\"values\":{}}".to_owned(),
        format!("{{\"format_version\":\"1.0\",\"complete\":true,\"errored\":false,\"planned_values\":{misspelt}}}"),
    ] {
        let report = of_text(&text);
        assert_eq!(report.summary.exit_code, 5, "{text}");
        assert!(why(&report).iter().any(|w| w.contains("root_module")), "{:?}", why(&report));
    }
    for sound in [
        "{\"format_version\":\"1.0\",\"values\":{\"outputs\":{},\"root_module\":{}}}",
        "{\"format_version\":\"1.0\",\"complete\":true,\"planned_values\":{\"root_module\":{}},\"resource_changes\":[]}",
    ] {
        assert_eq!(of_text(sound).summary.exit_code, 0, "{sound}");
    }
}

#[test]
fn only_a_text_is_the_key_of_a_deposed_object() {
    let changes = |name: &str, key: &Value| {
        let mut input = violating();
        input["resource_changes"][0][name] = key.clone();
        run(&input).0
    };
    let planned = |name: &str, key: &Value| {
        let mut input = json!({"format_version": "1.2", "complete": true, "planned_values": values("managed")});
        input["planned_values"]["root_module"]["resources"][0][name] = key.clone();
        run(&input).0
    };
    let raw = |key: &Value| {
        let instance = json!({"attributes": {"id": "proj_1", "name": "p", "geography": "Narnia"}, "deposed": key});
        let resource = json!({"mode": "managed", "type": "openai_project", "name": "p", "instances": [instance],
            "provider": "provider[\"registry.terraform.io/openai/openai\"]"});
        run(&json!({"version": 4, "lineage": "x", "resources": [resource]})).0
    };
    let both = |name: &str, key: &Value| {
        [changes(name, key).summary.exit_code, planned(name, key).summary.exit_code, raw(key).summary.exit_code]
    };
    for name in ["deposed", "deposed_key"] {
        assert_eq!(both(name, &Value::Null), [3, 3, 3], "{name}");
        assert_eq!(both(name, &json!("abcdef01")), [0, 0, 0], "{name}");
        for key in [json!(""), json!(false), json!(0), json!([]), json!({})] {
            assert_eq!(both(name, &key), [5, 5, 5], "{name} {key}");
        }
    }
    assert!(why(&raw(&json!(false)))[0].contains("deposed key of openai_project.p is no text"));
    // The same object twice is told, however its missing key is written.
    let mut twice = violating();
    let mut second = twice["resource_changes"][0].clone();
    second["deposed"] = Value::Null;
    twice["resource_changes"].as_array_mut().unwrap().push(second);
    assert!(unchecked(&twice).iter().any(|w| w.contains("stands twice")));
}

#[test]
fn an_empty_list_of_changes_does_not_hide_what_is_planned() {
    let mut input = plan(Vec::new());
    input["planned_values"] = values("managed");
    let (report, facts) = run(&input);
    assert_eq!(report.summary.exit_code, 3, "{:?}", report.notes);
    assert_eq!(facts["projects"].as_object().unwrap().len(), 1);
    assert!(report.notes.iter().any(|n| n.contains("what is there now is judged")), "{:?}", report.notes);
}

#[test]
fn a_state_that_holds_nothing_passes_only_where_a_state_is_asked_for() {
    let text = "{\"format_version\":\"1.0\"}";
    assert_eq!(of_text(text).summary.exit_code, 5);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.json");
    fs::write(&path, text).unwrap();
    let options = Options { kind: Some(InputKind::TerraformState), ..support::options(vec![path]) };
    assert_eq!(check(&options, &mut std::io::empty()).0.summary.exit_code, 0);
}

#[test]
fn what_goes_by_its_actions_and_has_values_all_the_same_is_damage() {
    for actions in [json!(["delete"]), json!(["forget"])] {
        let mut input = violating();
        input["resource_changes"][0]["change"]["actions"] = actions.clone();
        let report = run(&input).0;
        assert_eq!(report.summary.exit_code, 5, "{actions}");
        assert!(why(&report).iter().any(|w| w.contains("goes by its \"actions\"")), "{:?}", why(&report));
        input["resource_changes"][0]["change"]["after"] = Value::Null;
        assert_eq!(why(&run(&input).0), Vec::<&str>::new(), "{actions}");
        let client = json!({"input": {"OPENAI_PROJECT": "proj_1"}});
        let mut foreign = plan(vec![resource("terraform_data.w", "hashicorp/null", client, json!({}))]);
        foreign["resource_changes"][0]["change"]["actions"] = actions;
        assert_eq!(run(&foreign).0.summary.exit_code, 5);
    }
}
