//! Workloads in source, of which not everything is known before it runs.

use std::fs;

use crate::support::{facts_and_report, write_files};
use openai_data_controls::facts::{Fact, Facts};
use openai_data_controls::report::Report;

const MAIN: &str = r#"terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "more" {}

resource "openai_project" "b" {
  name      = "b"
  geography = "EU"
}

resource "openai_project" "c" {
  name      = "c"
  geography = "EU"
}

locals {
  own  = { OPENAI_PROJECT = openai_project.b.id, OPENAI_BASE_URL = "https://api.openai.com/v1" }
  list = [for name, value in local.own : { name = name, value = value }]
}

"#;

fn run(resources: &str, others: &[(&str, &str)]) -> (Facts, Report) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), format!("{MAIN}{resources}")).unwrap();
    write_files(directory.path(), others);
    facts_and_report(directory.path())
}

/// Each client: where it is, its host or `?`, and its project.
fn clients(facts: &Facts) -> Vec<String> {
    let shown = facts.clients.iter().map(|(id, client)| {
        let host = match &client.host {
            Fact::Known(host) => host.as_str(),
            Fact::Absent => "-",
            Fact::Unknown(_) => "?",
        };
        let project = client.project.as_deref().map_or("", |id| id.split_once('#').unwrap().1);
        format!("{} {host} {project}", id.split_once('#').unwrap().1)
    });
    shown.collect()
}

#[track_caller]
fn expect(resources: &str, others: &[(&str, &str)], expected: &[&str]) {
    let (facts, report) = run(resources, others);
    assert_eq!(clients(&facts), expected, "{resources}");
    let open = expected.iter().any(|client| client.contains(" ? openai_project"));
    let wrong = expected.iter().any(|client| client.contains(" api.openai.com "));
    let hosts = report.findings.iter().filter(|finding| finding.rule.to_string() == "residency/regional-host-required");
    let status: Vec<String> = hosts.map(|finding| format!("{:?}", finding.verdict)).collect();
    assert_eq!(status.iter().any(|s| s == "Undetermined"), open, "{resources}: {status:?}");
    assert_eq!(status.iter().any(|s| s == "Violation"), wrong, "{resources}: {status:?}");
}

#[test]
fn a_text_beside_a_variable_is_a_client_of_its_own() {
    let map = |more: &str| {
        let text =
            "\"app.env\" = \"OPENAI_PROJECT=${openai_project.b.id}\\nOPENAI_BASE_URL=https://api.openai.com/v1\\n\"";
        format!("resource \"kubernetes_config_map_v1\" \"m\" {{\n  data = {{\n    {text}\n{more}  }}\n}}\n")
    };
    expect(&map(""), &[], &["kubernetes_config_map_v1.m@data ? openai_project.b"]);
    for (more, own) in [
        ("    OPENAI_BASE_URL = \"https://eu.api.openai.com/v1\"\n", "eu.api.openai.com "),
        ("    OPENAI_API_KEY = \"from-vault\"\n", "- "),
    ] {
        let own = format!("kubernetes_config_map_v1.m@data {own}");
        expect(&map(more), &[], &[&own, "kubernetes_config_map_v1.m@data.app.env ? openai_project.b"]);
    }
    // What is no text of variables is none.
    let other = "    OPENAI_BASE_URL = \"https://eu.api.openai.com/v1\"\n    OTHER = openai_project.b.id\n";
    let resource = format!("resource \"kubernetes_config_map_v1\" \"m\" {{\n  data = {{\n{other}  }}\n}}\n");
    expect(&resource, &[], &["kubernetes_config_map_v1.m@data eu.api.openai.com "]);
}

#[test]
fn an_environment_that_is_known_in_part_is_a_client_with_an_open_host() {
    let function = |variables: &str| {
        format!("resource \"aws_lambda_function\" \"f\" {{\n  environment {{\n    variables = {variables}\n  }}\n}}\n")
    };
    let open = ["aws_lambda_function.f@environment[0].variables ? openai_project.b"];
    expect(&function("merge(local.own, var.more)"), &[], &open);
    expect(&function("merge(var.more, { for k, v in local.own : k => v })"), &[], &open);
    expect(
        &function(
            "merge(local.own, aws_db_instance.x.tags_all)\n  }\n}\nresource \"aws_db_instance\" \"x\" {\n  timeouts {",
        ),
        &[],
        &open,
    );
    // Two projects: it could be of either.
    let two = "merge({ OPENAI_PROJECT = var.more ? openai_project.b.id : openai_project.c.id }, var.more)";
    expect(&function(two), &[], &["aws_lambda_function.f@environment[0].variables ? "]);
    // What names no variable of the SDKs is none.
    expect(&function("merge({ PROJECT = openai_project.b.name }, var.more)"), &[], &[]);
    expect(&function("var.more"), &[], &[]);
}

#[test]
fn blocks_of_which_it_is_not_known_how_many_there_are_may_be_clients() {
    let dynamic = "resource \"aws_lambda_function\" \"f\" {\n  dynamic \"environment\" {\n    for_each = var.more\n    content {\n      variables = local.own\n    }\n  }\n}\n";
    expect(dynamic, &[], &["aws_lambda_function.f@environment ? openai_project.b"]);
    let inner = "resource \"google_cloud_run_v2_service\" \"f\" {\n  template {\n    containers {\n      dynamic \"env\" {\n        for_each = merge(local.own, var.more)\n        content {\n          name = env.key\n          value = env.value\n        }\n      }\n    }\n  }\n}\n";
    expect(inner, &[], &["google_cloud_run_v2_service.f@template[0].containers[0].env ? openai_project.b"]);
    let known = inner.replace("merge(local.own, var.more)", "local.own");
    expect(&known, &[], &["google_cloud_run_v2_service.f@template[0].containers[0] api.openai.com openai_project.b"]);
}

#[test]
fn what_a_module_is_given_is_followed_into_it() {
    let call = "module \"m\" {\n  source = \"./m\"\n  env = merge(local.own, var.more)\n}\n";
    let called = "variable \"env\" {}\nlocals {\n  env = var.env\n}\nresource \"aws_lambda_function\" \"f\" {\n  environment {\n    variables = local.env\n  }\n}\n";
    let expected = ["module.m.aws_lambda_function.f@environment[0].variables ? openai_project.b"];
    expect(call, &[("m/main.tf", called)], &expected);
    let outputs = "module \"m\" {\n  source = \"./m\"\n  env = local.own\n}\nresource \"aws_lambda_function\" \"g\" {\n  environment {\n    variables = merge(module.m.env, var.more)\n  }\n}\n";
    let output = "variable \"env\" {}\noutput \"env\" {\n  value = var.env\n}\n";
    expect(outputs, &[("m/main.tf", output)], &["aws_lambda_function.g@environment[0].variables ? openai_project.b"]);
}

#[test]
fn what_is_encoded_is_read_though_a_part_of_it_is_not_known() {
    let task = |containers: &str| {
        format!(
            "resource \"aws_ecs_task_definition\" \"t\" {{\n  container_definitions = jsonencode([{containers}])\n}}\n"
        )
    };
    let first = "aws_ecs_task_definition.t@container_definitions[0] api.openai.com openai_project.b";
    expect(&task("{ name = \"x\", environment = local.list }"), &[], &[first]);
    expect(&task("{ name = \"x\", image = var.more, environment = local.list }"), &[], &[first]);
    let right = "concat(local.list, [{ name = \"OPENAI_BASE_URL\", value = \"https://eu.api.openai.com/v1\" }])";
    let right = right.replace("local.list", "[{ name = \"OPENAI_PROJECT\", value = openai_project.b.id }]");
    let right_one = "aws_ecs_task_definition.t@container_definitions[0] eu.api.openai.com openai_project.b";
    expect(&task(&format!("{{ environment = {right} }}")), &[], &[right_one]);
    // One container is known, another is not.
    let open = "aws_ecs_task_definition.t@container_definitions ? openai_project.b";
    let two = format!("{{ environment = {right} }}, {{ environment = concat(local.list, var.more) }}");
    expect(&task(&two), &[], &[open, right_one]);
    let chart = "resource \"helm_release\" \"h\" {\n  values = [yamlencode({ app = { env = local.own } })]\n}\n";
    expect(chart, &[], &["helm_release.h@values[0].app.env api.openai.com openai_project.b"]);
}

#[test]
fn what_only_refers_to_a_project_is_named_in_a_note() {
    let (facts, report) = run("resource \"aws_ssm_parameter\" \"p\" {\n  value = openai_project.b.id\n}\n", &[]);
    assert!(clients(&facts).is_empty());
    let notes: Vec<&String> =
        report.notes.iter().filter(|note| note.contains("aws_ssm_parameter.p refers to")).collect();
    assert_eq!(notes.len(), 1, "{:?}", report.notes);
}

#[test]
fn what_is_asked_of_another_resource_is_followed_into_its_blocks() {
    let other = "resource \"aws_lambda_function\" \"other\" {\n  environment {\n    variables = local.own\n  }\n}\n";
    let function = |variables: &str| {
        format!("resource \"aws_lambda_function\" \"f\" {{\n  environment {{\n    variables = {variables}\n  }}\n}}\n")
    };
    let known = "aws_lambda_function.other@environment[0].variables api.openai.com openai_project.b";
    let open = ["aws_lambda_function.f@environment[0].variables ? openai_project.b", known];
    for of_other in
        ["aws_lambda_function.other.environment[0].variables", "jsondecode(jsonencode(aws_lambda_function.other))"]
    {
        let (facts, _) = run(&format!("{other}{}", function(&format!("merge({of_other}, var.more)"))), &[]);
        assert_eq!(clients(&facts), open, "{of_other}");
    }
}

#[test]
fn what_is_too_far_to_be_followed_may_be_a_client() {
    let chain = |links: usize| {
        let locals: String = (1..links).map(|i| format!("  l{i} = local.l{}\n", i - 1)).collect();
        format!(
            "locals {{\n  l0 = merge(local.own, var.more)\n{locals}}}\nresource \"aws_lambda_function\" \"f\" {{\n  environment {{\n    variables = local.l{}\n  }}\n}}\n",
            links - 1
        )
    };
    expect(&chain(200), &[], &["aws_lambda_function.f@environment[0].variables ? openai_project.b"]);
    let (_, report) = run(&chain(400), &[]);
    let told = report.notes.iter().any(|note| note.contains("aws_lambda_function.f names a variable of OpenAI's SDKs"));
    assert!(told, "{:?}", report.notes);
}

#[test]
fn two_variables_that_lead_to_different_projects_tell_none() {
    let client = |one: &str, other: &str| {
        format!(
            "resource \"terraform_data\" \"w\" {{\n  input = {{ OPENAI_PROJECT = openai_project.{one}.id, OPENAI_PROJECT_ID = openai_project.{other}.id, OPENAI_BASE_URL = \"https://eu.api.openai.com/v1\" }}\n}}\n"
        )
    };
    expect(&client("b", "b"), &[], &["terraform_data.w@input eu.api.openai.com openai_project.b"]);
    expect(&client("b", "c"), &[], &["terraform_data.w@input eu.api.openai.com "]);
    // So does the id of another one that is written beside the reference.
    let either = "variable \"x\" {}\nresource \"terraform_data\" \"w\" {\n  input = { OPENAI_PROJECT = var.x ? \"proj_9\" : openai_project.b.id, OPENAI_BASE_URL = \"https://eu.api.openai.com/v1\" }\n}\n";
    expect(either, &[], &["terraform_data.w@input eu.api.openai.com "]);
}

#[test]
fn an_id_that_is_written_leads_to_a_project_in_an_environment_that_is_known_in_part() {
    let merged = |id: &str| {
        format!(
            "resource \"terraform_data\" \"w\" {{\n  input = merge({{ OPENAI_PROJECT = {id}, OPENAI_BASE_URL = \"https://api.openai.com/v1\" }}, var.more)\n}}\n"
        )
    };
    let project = |id: &str| {
        let directory = tempfile::tempdir().unwrap();
        let definition = "project \"eu\" {\n  id     = \"proj_1\"\n  region = \"EU\"\n}\n";
        let source = format!("variable \"more\" {{}}\n{}", merged(id));
        write_files(directory.path(), &[("main.tf", &*source), ("openai.hcl", definition)]);
        let (facts, _) = facts_and_report(directory.path());
        facts.clients.values().map(|client| client.project.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(project("\"proj_1\""), [true]);
    for other in [
        "\"prod\"",
        "\"proj_${var.more}\"",
        "\"proj_1${1}\"",
        "substr(\"proj_1\", 0, 5)",
        "var.more ? \"proj_1\" : \"proj_2\"",
    ] {
        assert_eq!(project(other), Vec::<bool>::new(), "{other}");
    }
}
