//! Workloads of other providers in real plans: which are clients, which host they call, whose project they belong to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::BTreeSet;

use openai_data_controls::facts;
use openai_data_controls::input::Inputs;
use support::{options, testdata};

fn read(fixture: &str) -> Inputs {
    let (inputs, problems) = facts(&options(vec![testdata(fixture).join("plan.json")]), &mut std::io::empty());
    let inputs = inputs.unwrap();
    assert!(problems.is_empty() && inputs.problems.is_empty(), "{:?}", inputs.problems);
    inputs
}

/// Each client as (where, host or why it is not known, project, what tells the project).
fn clients(fixture: &str) -> BTreeSet<(String, String, String, String)> {
    let after = |id: &str| id.split_once('#').unwrap().1.to_owned();
    let clients = read(fixture).facts.clients;
    let shown = clients.into_iter().map(|(id, client)| {
        let host = client.host.known().or(client.host.reason().map(str::to_owned).as_ref()).cloned();
        let project = client.project.as_deref().map(after);
        (after(&id), host.unwrap_or_default(), project.unwrap_or_default(), client.linked_by.unwrap_or_default())
    });
    shown.collect()
}

const EU: &str = "eu.api.openai.com";
const GLOBAL: &str = "api.openai.com";
const CHAT: &str = "openai_project.chat";
const SEARCH: &str = "openai_project.search";

#[test]
fn each_provider_s_workloads_are_clients_of_their_projects() {
    let pod = "kubernetes_deployment_v1.assistant@spec[0].template[0].spec[0].container";
    let (first, second) = (format!("{pod}[0]"), format!("{pod}[1]"));
    let expected: [(&str, Vec<(&str, &str, &str, &str)>); 6] = [
        (
            "clients/kubernetes",
            vec![
                ("kubernetes_config_map_v1.search@data", EU, SEARCH, "environment"),
                (&first, EU, CHAT, "environment"),
                (&second, GLOBAL, "", ""),
                ("kubernetes_secret_v1.openai@data", "", CHAT, "reference"),
            ],
        ),
        (
            "clients/helm",
            vec![
                ("helm_release.chat@app.env", EU, CHAT, "environment"),
                ("helm_release.search@values[0]", GLOBAL, "", ""),
            ],
        ),
        (
            "clients/aws",
            vec![
                ("aws_lambda_function.chat@environment[0].variables", EU, CHAT, "reference"),
                ("aws_ecs_task_definition.search@container_definitions[0]", GLOBAL, "", ""),
                ("aws_instance.worker@user_data", EU, "", ""),
            ],
        ),
        (
            "clients/google",
            vec![("google_cloud_run_v2_service.chat@template[0].containers[0]", GLOBAL, CHAT, "environment")],
        ),
        ("clients/azurerm", vec![("azurerm_container_app.chat@template[0].container[0]", EU, CHAT, "environment")]),
        (
            "plans/service-accounts",
            vec![
                ("terraform_data.deployment@input.env", EU, CHAT, "environment"),
                ("terraform_data.worker@input.containers[0]", GLOBAL, CHAT, "reference"),
            ],
        ),
    ];
    for (fixture, clients_of) in expected {
        let own = |c: &(&str, &str, &str, &str)| (c.0.to_owned(), c.1.to_owned(), c.2.to_owned(), c.3.to_owned());
        assert_eq!(clients(fixture), clients_of.iter().map(own).collect(), "{fixture}");
    }
}

#[test]
fn a_workload_whose_text_is_not_known_is_named() {
    let notes = read("clients/aws").notes.join("\n");
    assert!(notes.contains("aws_ecs_task_definition.batch refers to a project"), "{notes}");
    assert!(!notes.contains("aws_lambda_function"), "{notes}");
}
