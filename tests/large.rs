//! Inputs made to be slow: what they cost grows with their size, not with its square.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::made::{OPENAI, plan, resource};
use crate::support::options;
use openai_data_controls::input::Inputs;
use openai_data_controls::{Options, facts};
use serde_json::{Value, json};

/// The facts of these inputs, which even a slow machine has by then; by the square it would take far longer.
fn in_time(inputs: &[&Value]) -> Inputs {
    in_time_with(inputs, |options| options)
}

fn in_time_with(inputs: &[&Value], change: impl Fn(Options) -> Options) -> Inputs {
    const ENOUGH: Duration = Duration::from_secs(15);
    let directory = tempfile::tempdir().unwrap();
    let path = |number: usize| directory.path().join(format!("{number}.json"));
    for (number, input) in inputs.iter().enumerate() {
        fs::write(path(number), input.to_string()).unwrap();
    }
    let (start, worked) = (Instant::now(), processor_time());
    let options = change(options((0..inputs.len()).map(path).collect()));
    let found = facts(&options, &mut std::io::empty()).0.unwrap();
    // Other programs may hold it up, and other tests work beside it: only what is long by both clocks is slow.
    let worked = worked.zip(processor_time()).map(|(before, after)| after.saturating_sub(before));
    let took = start.elapsed().min(worked.unwrap_or(Duration::MAX));
    assert!(took < ENOUGH, "{took:?}");
    found
}

/// The time that the processors worked for this process; `None` where the system has no such file.
fn processor_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, behind) = stat.rsplit_once(')')?;
    let ticks: u64 = behind.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 10))
}

/// Instances of a resource: their values by number, of which the id may be sensitive.
fn instances(kind: &str, count: usize, is_hidden: bool, values: impl Fn(usize) -> Value) -> Vec<Value> {
    let one = |n: usize| {
        let mut made = resource(&format!("{kind}.p"), OPENAI, values(n), json!({}));
        made["address"] = json!(format!("{kind}.p[\"k{n}\"]"));
        made["index"] = json!(format!("k{n}"));
        made["change"]["actions"] = json!(["no-op"]);
        made["change"]["before"] = values(n);
        if is_hidden {
            made["change"]["before_sensitive"] = json!({"id": true, "project_id": true});
            made["change"]["after_sensitive"] = json!({"id": true, "project_id": true});
        }
        made
    };
    (0..count).map(one).collect()
}

fn project(id: &str) -> Value {
    json!({"name": "n", "geography": "EU", "id": id, "project_id": id})
}

const SETTING: &str = "openai_project_data_retention";

#[test]
fn blocks_that_add_to_addresses() {
    const MANY: usize = 3000;
    let input = plan(instances("openai_project", MANY, false, |n| project(&format!("proj_{n}"))));
    let block = |n: usize| json!({"name": format!("n{n}"), "address": format!("openai_project.p[\"k{n}\"]"), "handles_phi": n == 7});
    let definition = json!({"projects": (0..MANY).map(block).collect::<Vec<_>>()});
    let inputs = in_time(&[&input, &definition]);
    assert!(inputs.problems.is_empty());
    assert_eq!(inputs.facts.projects.values().filter(|p| p.handles_phi.known() == Some(&true)).count(), 1);
}

#[test]
fn settings_by_id_beside_projects_that_hide_theirs() {
    let hidden = plan(instances("openai_project", 2000, true, |_| project("x")));
    let setting = |n: usize| json!({"project_id": format!("proj_{n}"), "type": "none"});
    let settings = plan(instances(SETTING, 2000, false, setting));
    let facts = in_time(&[&hidden, &settings]).facts;
    assert!(facts.projects.values().all(|p| p.data_retention.reason().is_some_and(|r| r.contains("hidden"))));
    assert_eq!(facts.unjoined.len(), 2000);
    assert!(facts.unjoined.values().all(|u| u.candidates.len() == 100), "only so many are named");
}

#[test]
fn settings_that_may_belong_to_any_of_many_resources() {
    let many = |kind: &str, values: Value, unknown: Value| {
        (0..2000)
            .map(move |n| resource(&format!("{kind}.p{n}"), OPENAI, values.clone(), unknown.clone()))
            .collect::<Vec<_>>()
    };
    let projects =
        many("openai_project", json!({"name": "n", "geography": "EU"}), json!({"id": true, "project_id": true}));
    let settings = many(SETTING, json!({"type": "none"}), json!({"project_id": true}));
    let facts = in_time(&[&plan(projects.into_iter().chain(settings).collect())]).facts;
    assert_eq!(facts.unjoined.len(), 2000);
    assert!(facts.unjoined.values().all(|u| u.candidates.len() == 100), "only so many are named");
}

#[test]
fn a_template_that_is_rendered_many_times_is_read_once() {
    let directory = tempfile::tempdir().unwrap();
    let main = "locals {\n  all = [for i in range(300) : templatefile(\"${path.module}/t.tpl\", { i = i })]\n}\nresource \"terraform_data\" \"t\" {\n  input = local.all[299]\n}\n";
    fs::write(directory.path().join("main.tf"), main).unwrap();
    fs::write(directory.path().join("t.tpl"), format!("%{{if false}}{}%{{endif}}EU", "${i}".repeat(10_000))).unwrap();
    let (start, worked) = (Instant::now(), processor_time());
    let found = facts(&options(vec![directory.path().to_owned()]), &mut std::io::empty()).0.unwrap();
    let worked = worked.zip(processor_time()).map(|(before, after)| after.saturating_sub(before));
    let took = start.elapsed().min(worked.unwrap_or(Duration::MAX));
    assert!(found.problems.is_empty() && took < Duration::from_secs(15), "{took:?} {:?}", found.problems);
}

#[test]
fn workloads_with_many_environments() {
    const MANY: usize = 1500;
    let container = |n: usize| json!({"env": [{"name": "OPENAI_API_KEY", "value": "k"}, {"name": "OPENAI_PROJECT", "value": format!("proj_{n}")}]});
    let marks: Vec<Value> = (0..MANY).map(|_| json!({"env": [{"value": true}, {}]})).collect();
    let values = json!({"container": (0..MANY).map(container).collect::<Vec<_>>()});
    let mut deployment = resource("kubernetes_deployment.d", "hashicorp/kubernetes", values, json!({}));
    deployment["change"]["after_sensitive"] = json!({"container": marks});
    assert_eq!(in_time(&[&plan(vec![deployment])]).facts.clients.len(), MANY);
}

#[test]
fn settings_of_projects_with_equal_keys() {
    const MANY: usize = 8000;
    let create = |mut made: Value, unknown: Value| {
        made["change"]["actions"] = json!(["create"]);
        made["change"]["before"] = Value::Null;
        made["change"]["after_unknown"] = unknown;
        made
    };
    let projects = instances("openai_project", MANY, false, |_| json!({"name": "n", "geography": "EU"}));
    let projects = projects.into_iter().map(|made| create(made, json!({"id": true, "project_id": true})));
    let settings = instances(SETTING, MANY, false, |_| json!({"type": "none"}));
    let settings = settings.into_iter().map(|made| create(made, json!({"project_id": true})));
    let mut input = plan(projects.chain(settings).collect());
    let block = |kind: &str, expressions: Value| {
        json!({"address": format!("{kind}.p"), "mode": "managed", "type": kind, "name": "p", "expressions": expressions,
            "for_each_expression": {"references": ["var.keys"]}})
    };
    let link = json!({"project_id": {"references": ["openai_project.p", "each.key"]}});
    input["configuration"] =
        json!({"root_module": {"resources": [block("openai_project", json!({})), block(SETTING, link)]}});
    let facts = in_time_with(&[&input], |options| Options { assume_equal_keys: true, ..options }).facts;
    assert!(facts.projects.values().all(|p| p.data_retention.known().is_some_and(|c| c == "none")), "not joined");
}

#[test]
fn projects_and_settings_of_one_id() {
    let projects = instances("openai_project", 2000, false, |_| project("proj_1"));
    let with = |control: &dyn Fn(usize) -> String| {
        let setting = |n: usize| json!({"project_id": "proj_1", "type": control(n)});
        let settings = instances(SETTING, 2000, false, setting);
        (plan(projects.iter().chain(&settings).cloned().collect()), plan(settings))
    };
    let (same, settings) = with(&|_| "none".to_owned());
    for inputs in [vec![&same], vec![&plan(projects.clone()), &settings]] {
        let facts = in_time(&inputs).facts;
        assert!(facts.projects.values().all(|p| p.data_retention.known().is_some_and(|c| c == "none")));
    }
    let (different, _) = with(&|n| format!("word{n}"));
    let facts = in_time(&[&different]).facts;
    assert!(facts.projects.values().all(|p| p.data_retention.reason().is_some()));
}

#[test]
fn names_of_helm_without_values() {
    let name = |n: usize| json!({"name": format!("env[{n}].name"), "value": "OPENAI_PROJECT"});
    let set: Vec<Value> = (0..30_000).map(name).collect();
    let input = plan(vec![resource("helm_release.r", "hashicorp/helm", json!({"set": set}), json!({}))]);
    assert!(in_time(&[&input]).facts.clients.is_empty());
}

#[test]
fn names_in_one_line_of_text() {
    let text = "- name: \"OPENAI_BASE_URL\" ".repeat(50_000);
    let input = plan(vec![resource("terraform_data.w", "builtin/terraform", json!({"input": text}), json!({}))]);
    assert!(in_time(&[&input]).facts.clients.is_empty());
}

#[test]
fn maps_of_one_thing_that_each_set_a_variable() {
    let map =
        |number: usize| (format!("secret_{number}"), json!({"OPENAI_BASE_URL": format!("https://h{number}.example")}));
    let maps: serde_json::Map<String, Value> = (0..30_000).map(map).collect();
    let workload = resource("aws_lambda_function.f", "hashicorp/aws", json!({"environment": maps}), json!({}));
    let read = in_time(&[&plan(vec![workload])]);
    assert_eq!(read.facts.clients.len(), 30_000);
}
