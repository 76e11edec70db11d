//! The JSON form of source: the same blocks as nested objects, read as Terraform reads them.

use std::fs;

use crate::support::{facts_and_report, write_files};
use openai_data_controls::facts::{Fact, Facts};
use openai_data_controls::report::Report;

const PROVIDER: &str = "terraform {\n  required_providers {\n    openai = { source = \"openai/openai\" }\n  }\n}\n";

fn run(files: &[(&str, &str)]) -> (Facts, Report) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("providers.tf"), PROVIDER).unwrap();
    write_files(directory.path(), files);
    facts_and_report(directory.path())
}

/// The region of each project.
fn regions(facts: &Facts) -> Vec<String> {
    let region = |fact: &Fact<String>| match fact {
        Fact::Known(region) => region.clone(),
        Fact::Absent => "-".to_owned(),
        Fact::Unknown(_) => "?".to_owned(),
    };
    facts.projects.values().map(|project| region(&project.region)).collect()
}

#[track_caller]
fn expect(files: &[(&str, &str)], expected: &[&str]) {
    let (facts, report) = run(files);
    assert_eq!(regions(&facts), expected, "{files:?}");
    assert!(report.unchecked.is_empty(), "{files:?}: {:?}", report.unchecked);
}

/// Which words are blocks depends on the block around them.
#[test]
fn arguments_may_be_called_as_blocks_of_other_kinds() {
    for word in
        ["connection", "provisioner", "backend", "cloud", "validation", "precondition", "postcondition", "dynamic"]
    {
        let call = format!("{{\"module\": {{\"m\": {{\"source\": \"./m\", \"{word}\": {{\"region\": \"US\"}}}}}}}}");
        let module = format!(
            "variable \"{word}\" {{\n  default = {{ region = \"EU\" }}\n}}\nresource \"openai_project\" \"p\" {{\n  name = \"p\"\n  geography = var.{word}.region\n}}\n"
        );
        expect(&[("main.tf.json", &call), ("m/providers.tf", PROVIDER), ("m/main.tf", &module)], &["US"]);
    }
    // The backend of remote state is an argument, and a provider may have one called like a block of `terraform`.
    let main = r#"{
      "terraform": {"backend": {"local": {"path": "x"}}, "required_providers": {"//": "none"}},
      "provider": {"openstack": {"cloud": "US"}},
      "data": {"terraform_remote_state": {"s": {"backend": "local", "config": {"path": "x"}}}},
      "resource": {
        "google_compute_backend_service": {"b": {"backend": [{"group": "g", "balancing_mode": "RATE"}]}},
        "openai_project": {"p": {"name": "p", "geography": "EU", "lifecycle": {"precondition": {"condition": true, "error_message": "!"}}}}
      }
    }"#;
    expect(&[("main.tf.json", main)], &["EU"]);
}

#[test]
fn a_comment_is_no_local_value() {
    let main = r#"{"locals": [{"//": "a", "x": "E"}, {"//": "b", "y": "U"}],
      "resource": {"openai_project": {"p": {"//": "c", "name": "p", "geography": "${local.x}${local.y}"}}}}"#;
    expect(&[("main.tf.json", main)], &["EU"]);
}

/// A project that exists is not read back: whether it has a region is not known.
#[test]
fn an_import_of_an_instance_is_seen_in_both_forms() {
    let project = |key: &str| format!("resource \"openai_project\" \"p\" {{\n  {key}\n  name = \"p\"\n}}\n");
    let json = r#"{"import": {"to": "ADDRESS", "id": "proj_1"}}"#;
    for (key, address) in [
        ("", "openai_project.p"),
        ("for_each = toset([\"eu\"])", r#"openai_project.p[\"eu\"]"#),
        ("count = 1", "openai_project.p[0]"),
        ("for_each = toset([\"eu\"])", r#"${openai_project.p[\"eu\"]}"#),
    ] {
        let import = json.replace("ADDRESS", address);
        expect(&[("main.tf", &project(key)), ("import.tf.json", &import)], &["?"]);
    }
    expect(&[("main.tf", &project(""))], &["-"]);
}

#[test]
fn ignored_changes_are_found_behind_their_keys() {
    let main = r#"{"resource": {"openai_project": {"p": {
      "name": "p", "geography": "US", "lifecycle": {"ignore_changes": ["geography[0].code"]}}}}}"#;
    expect(&[("main.tf.json", main)], &["?"]);
}

/// Each client: where it is, its host or `?`.
fn clients(files: &[(&str, &str)]) -> Vec<String> {
    let (facts, _) = run(files);
    let shown = facts.clients.iter().map(|(id, client)| {
        let host = match &client.host {
            Fact::Known(host) => host.as_str(),
            Fact::Absent => "-",
            Fact::Unknown(_) => "?",
        };
        format!("{} {host}", id.split_once('#').unwrap().1)
    });
    shown.collect()
}

#[test]
fn what_a_dynamic_block_makes_is_not_known_wherever_it_stands() {
    let variables = |region: &str| {
        format!(
            "{{\"OPENAI_PROJECT\": \"${{openai_project.p.id}}\", \"OPENAI_BASE_URL\": \"https://{region}.api.openai.com/v1\"}}"
        )
    };
    let dynamic = format!(
        "\"dynamic\": {{\"environment\": {{\"for_each\": [1], \"content\": {{\"variables\": {}}}}}}}",
        variables("us")
    );
    let beside = format!("\"environment\": [{{\"variables\": {}}}]", variables("eu"));
    let project = "\"openai_project\": {\"p\": {\"name\": \"p\", \"geography\": \"EU\"}}";
    let function = |inner: &str| {
        format!(
            "{{\"resource\": {{{project}, \"aws_lambda_function\": {{\"f\": {{\"function_name\": \"f\", {inner}}}}}}}}}"
        )
    };
    let open = ["aws_lambda_function.f@environment ?"];
    assert_eq!(clients(&[("main.tf.json", &function(&dynamic))]), open);
    assert_eq!(clients(&[("main.tf.json", &function(&format!("{dynamic}, {beside}")))]), open);
    assert_eq!(clients(&[("main.tf.json", &function(&format!("{beside}, {dynamic}")))]), open);
    // In a block of the provider, too.
    let nested = r#"{"resource": {"openai_project": {"p": {"name": "p"}}, "google_cloud_run_v2_service": {"f": {"name": "f", "template": {"containers": [
      {"image": "i", "dynamic": {"env": {"for_each": {"OPENAI_PROJECT": "${openai_project.p.id}"}, "content": {"name": "${env.key}", "value": "${env.value}"}}}}]}}}}}"#;
    assert_eq!(clients(&[("main.tf.json", nested)]), ["google_cloud_run_v2_service.f@template ?"]);
}

/// What is a block in the one form is an argument in the other.
#[test]
fn an_override_takes_the_place_of_blocks_in_either_form() {
    let url = |region: &str| format!("https://{region}.api.openai.com/v1");
    let hcl = |region: &str| {
        format!(
            "resource \"aws_lambda_function\" \"f\" {{\n  environment {{\n    variables = {{ OPENAI_BASE_URL = \"{}\" }}\n  }}\n}}\n",
            url(region)
        )
    };
    let json = |region: &str| {
        format!(
            "{{\"resource\": {{\"aws_lambda_function\": {{\"f\": {{\"environment\": [{{\"variables\": {{\"OPENAI_BASE_URL\": \"{}\"}}}}]}}}}}}}}",
            url(region)
        )
    };
    let expected = ["aws_lambda_function.f@environment[0].variables us.api.openai.com"];
    assert_eq!(clients(&[("main.tf", &hcl("eu")), ("a_override.tf", &hcl("us"))]), expected);
    assert_eq!(clients(&[("main.tf", &hcl("eu")), ("a_override.tf.json", &json("us"))]), expected);
    assert_eq!(clients(&[("main.tf.json", &json("eu")), ("a_override.tf", &hcl("us"))]), expected);
    assert_eq!(clients(&[("main.tf.json", &json("eu")), ("a_override.tf.json", &json("us"))]), expected);
}

#[test]
fn what_is_waited_for_is_a_reference_in_quotes() {
    let two = |a: &str, b: &str| {
        format!(
            "{{\"resource\": {{\"openai_project\": {{\"a\": {{\"name\": \"a\", {a}}}, \"b\": {{\"name\": \"b\", {b}}}}}}}}}"
        )
    };
    let waits = |on: &str| format!("\"depends_on\": [\"openai_project.{on}\"]");
    let triggered = |on: &str| format!("\"lifecycle\": {{\"replace_triggered_by\": [\"openai_project.{on}.name\"]}}");
    for (a, b, says) in [
        (waits("b"), waits("a"), "depends on itself"),
        (triggered("b"), waits("a"), "depends on itself"),
        (waits("b"), waits("c"), "openai_project.c is not declared"),
        (waits("b"), triggered("c"), "openai_project.c is not declared"),
    ] {
        let (_, report) = run(&[("main.tf.json", &two(&a, &b))]);
        assert_eq!(report.summary.exit_code, 5);
        assert!(report.unchecked.iter().any(|entry| entry.why.contains(says)), "{a} {b}: {:?}", report.unchecked);
    }
    expect(&[("main.tf.json", &two(&waits("b"), "\"description\": \"b\""))], &["-", "-"]);
}
