//! What a plan does not show: resources with count or for_each of which it has no instance.

use std::fs;

use crate::support::made::{OPENAI, resource, run, unchecked};
use crate::support::{self, testdata, write_files};
use serde_json::{Value, json};

/// A plan that shows nothing, of a block with this `count` or `for_each`.
fn hidden(kind: &str, repeat: Value) -> Value {
    let mut block = json!({"address": format!("{kind}.p"), "mode": "managed", "type": kind, "name": "p"});
    block.as_object_mut().unwrap().extend(repeat.as_object().unwrap().clone());
    json!({
        "format_version": "1.2", "errored": false, "resource_changes": [],
        "variables": {"none": {"value": 0}, "empty": {"value": {}}, "some": {"value": ["a"]}, "no": {"value": false}},
        "configuration": {"root_module": {"resources": [block]}}
    })
}

#[test]
fn repeated_resources_that_a_plan_hides_are_unchecked_unless_it_proves_that_there_are_none() {
    let count = |expression: Value| json!({"count_expression": expression});
    let each = |expression: Value| json!({"for_each_expression": expression});
    let (of, is) = (|name: &str| json!({"references": [name]}), |value: Value| json!({"constant_value": value}));
    let project = "openai_project";
    for (kind, repeat) in [
        (project, count(is(json!(2)))),
        (project, count(of("var.some"))),
        (project, count(of("var.no"))),
        (project, count(of("var.missing"))),
        (project, count(of("local.none"))),
        (project, count(json!({"references": ["var.none", "var.empty"]}))),
        (project, count(json!({}))),
        (project, each(of("var.some"))),
        (project, each(is(json!({"a": "b"})))),
        ("openai_project_data_retention", each(of("var.some"))),
        ("openai_chat_completion", count(is(json!(1)))),
        ("openai_project_quantum", count(is(json!(1)))),
    ] {
        let input = hidden(kind, repeat.clone());
        let (report, _) = run(&input);
        assert_eq!(report.summary.exit_code, 5, "{kind} {repeat}");
        assert!(!report.inputs[0].complete);
        let told = unchecked(&input);
        assert!(told.len() == 1 && told[0].contains("shows no instance") && told[0].contains("-target"), "{told:?}");
        let mut stated = input;
        stated["complete"] = json!(true);
        assert_eq!(unchecked(&stated), Vec::<String>::new(), "Terraform says that there is none");
    }
    for (kind, repeat) in [
        (project, count(is(json!(0)))),
        (project, count(of("var.none"))),
        (project, each(of("var.empty"))),
        (project, each(is(json!({})))),
        (project, each(is(json!([])))),
        ("openai_project_user", count(is(json!(2)))),
    ] {
        assert_eq!(unchecked(&hidden(kind, repeat.clone())), Vec::<String>::new(), "{kind} {repeat}");
    }
    // One instance that is shown, also one that goes, is proof that the resource was planned.
    let mut shown = hidden(project, each(of("var.some")));
    let mut instance = resource("openai_project.p", OPENAI, json!({"name": "p"}), json!({}));
    (instance["address"], instance["index"]) = (json!("openai_project.p[\"a\"]"), json!("a"));
    shown["resource_changes"] = json!([instance]);
    assert_eq!(unchecked(&shown), Vec::<String>::new());
}

#[test]
fn repeated_modules_that_a_plan_hides_are_unchecked_too() {
    let block = json!({"address": "openai_project.p", "mode": "managed", "type": "openai_project", "name": "p"});
    let of = |outer: Value, inner: Value| {
        let mut block = block.clone();
        block.as_object_mut().unwrap().extend(inner.as_object().unwrap().clone());
        let mut call = json!({"source": "./m", "module": {"resources": [block]}});
        call.as_object_mut().unwrap().extend(outer.as_object().unwrap().clone());
        json!({
            "format_version": "1.2", "resource_changes": [], "variables": {"none": {"value": 0}},
            "configuration": {"root_module": {"module_calls": {"m": call}}}
        })
    };
    let by_variable = json!({"count_expression": {"references": ["var.none"]}});
    let two = json!({"count_expression": {"constant_value": 2}});
    let told = unchecked(&of(two.clone(), json!({})));
    assert!(told.len() == 1 && told[0].starts_with("module.m.openai_project.p: "), "{told:?}");
    // A variable of the module is another than that of the root with its name.
    assert_eq!(unchecked(&of(two.clone(), by_variable.clone())).len(), 1);
    assert_eq!(unchecked(&of(by_variable, two)), Vec::<String>::new());
}

#[test]
fn an_opentofu_plan_of_repeated_resources_that_it_shows_is_complete() {
    let text = fs::read_to_string(testdata("plans/projects-from-map/plan.json")).unwrap();
    let mut input: Value = serde_json::from_str(&text).unwrap();
    input.as_object_mut().unwrap().remove("complete");
    assert_eq!(unchecked(&input), Vec::<String>::new());
    input["resource_changes"] = json!([]);
    assert_eq!(unchecked(&input), Vec::<String>::new(), "what is planned shows them");
    input["planned_values"] = json!({"root_module": {}});
    assert_eq!(unchecked(&input).len(), 3, "{:?}", unchecked(&input));
}

#[test]
fn parts_of_the_configuration_that_stand_twice_are_told() {
    let whole =
        json!({"format_version": "1.2", "complete": true, "errored": false, "resource_changes": []}).to_string();
    let block = r#"{"address": "openai_project.p", "mode": "managed", "type": "openai_project", "name": "p", "provider_config_key": "openai", "count_expression": {"references": ["var.n"]}}"#;
    let resources = format!(r#""resources": [{block}]"#);
    let root = format!(r#""root_module": {{{resources}}}"#);
    let calls = format!(r#""module_calls": {{"m": {{"source": "./m", "module": {{{resources}}}}}}}"#);
    let called = format!(r#""module": {{{resources}}}"#);
    for configuration in [
        format!("{root}, \"root_module\": {{}}"),
        format!(r#""root_module": {{{resources}, "resources": []}}"#),
        format!(r#""root_module": {{{calls}, "module_calls": {{}}}}"#),
        format!(r#""root_module": {{"module_calls": {{"m": {{"source": "./m", {called}, "module": {{}}}}}}}}"#),
    ] {
        let plan = whole.replacen('{', &format!("{{\"configuration\": {{{configuration}}}, "), 1);
        let directory = tempfile::tempdir().unwrap();
        write_files(directory.path(), &[("plan.json", plan)]);
        let report = support::report(vec![directory.path().join("plan.json")]);
        assert!(report.unchecked.iter().any(|entry| entry.why.contains("stands twice")), "{configuration}: {report:?}");
    }
}

/// The instances of `openai_project.p` that a plan shows, and of which the state before knows.
fn with_instances(repeat: Value, shown: &[&str], before: &[&str]) -> Value {
    let mut input = hidden("openai_project", repeat);
    let address = |key: &&str| format!("openai_project.p[{key}]");
    let values = json!({"name": "n", "geography": "US"});
    let made = |key: &&str| {
        let mut made = resource("openai_project.p", OPENAI, values.clone(), json!({}));
        made["address"] = json!(address(key));
        made["index"] = serde_json::from_str(key).unwrap();
        made
    };
    let held = |key: &&str| {
        json!({"address": address(key), "mode": "managed", "type": "openai_project", "name": "p", "values": values,
            "index": serde_json::from_str::<Value>(key).unwrap(), "provider_name": format!("registry.terraform.io/{OPENAI}")})
    };
    input["resource_changes"] = shown.iter().map(made).collect();
    let resources: Vec<Value> = before.iter().map(held).collect();
    input["prior_state"] = json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}});
    input
}

#[test]
fn what_terraform_writes_no_expression_of_may_be_repeated_all_the_same() {
    // As of `for_each = toset(["a"])`, a call of constants.
    for complete in [true, false] {
        let mut input = with_instances(json!({}), &["\"a\""], &[]);
        if complete {
            input["complete"] = json!(true);
        }
        assert_eq!(unchecked(&input), Vec::<String>::new());
        let mut gone = input.clone();
        gone["resource_changes"][0]["change"]["actions"] = json!(["delete"]);
        gone["resource_changes"][0]["change"]["before"] = gone["resource_changes"][0]["change"]["after"].take();
        assert_eq!(unchecked(&gone).len(), 1, "what goes does not stand for what is declared");
        input["resource_changes"] = json!([]);
        assert_eq!(unchecked(&input).len(), 1, "none is there");
    }
}

#[test]
fn an_instance_that_a_plan_of_opentofu_leaves_out_is_missing() {
    let references = json!({"count_expression": {"references": ["var.some"]}});
    let told = |input: &Value| unchecked(input).into_iter().filter(|why| why.contains("openai_project.p[1]")).count();
    for (repeat, before) in
        [(references.clone(), &["0", "1"][..]), (json!({"count_expression": {"constant_value": 2}}), &[])]
    {
        let part = with_instances(repeat.clone(), &["0"], before);
        assert_eq!((told(&part), run(&part).0.summary.exit_code), (1, 5), "{repeat}");
        let mut whole = with_instances(repeat.clone(), &["0", "1"], before);
        assert_eq!(unchecked(&whole), Vec::<String>::new(), "{repeat}");
        whole["resource_changes"].as_array_mut().unwrap().pop();
        whole["complete"] = json!(true);
        assert_eq!(unchecked(&whole), Vec::<String>::new(), "Terraform says that it is all: {repeat}");
    }
}
