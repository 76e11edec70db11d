//! Who calls the API in real plans: workloads of other providers, with host and project, and resources that are API calls.

use std::collections::BTreeSet;

use crate::support::made::{plan, resource, run};
use crate::support::{options, testdata};
use openai_data_controls::facts;
use openai_data_controls::input::Inputs;

fn read(fixture: &str) -> Inputs {
    let file = if fixture.ends_with("state") || fixture.ends_with(".json") {
        testdata(fixture)
    } else {
        testdata(fixture).join("plan.json")
    };
    let (inputs, problems) = facts(&options(vec![file]), &mut std::io::empty());
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

/// Where a client is, its host, its project, and what tells the project.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str);

const POD: &str = "kubernetes_deployment_v1.assistant@spec[0].template[0].spec[0].container";

/// The clients of `clients/kubernetes`, with the two containers of its deployment.
fn kubernetes<'a>(first: &'a str, second: &'a str) -> Vec<Row<'a>> {
    vec![
        ("kubernetes_config_map_v1.search@data", EU, SEARCH, "environment"),
        (first, EU, CHAT, "environment"),
        (second, GLOBAL, "", ""),
        ("kubernetes_secret_v1.openai@data", "", CHAT, "reference"),
    ]
}

#[test]
fn workloads_of_every_provider_are_clients_of_their_projects() {
    let [first, second] = [0, 1].map(|index| format!("{POD}[{index}]"));
    let expected: [(&str, Vec<Row<'_>>); 6] = [
        ("clients/kubernetes", kubernetes(&first, &second)),
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
        let own = |c: &Row<'_>| (c.0.to_owned(), c.1.to_owned(), c.2.to_owned(), c.3.to_owned());
        assert_eq!(clients(fixture), clients_of.iter().map(own).collect(), "{fixture}");
    }
}

#[test]
fn workloads_in_a_state_are_clients_of_their_projects() {
    let [first, second] = [0, 1].map(|index| format!("{POD}[{index}]"));
    let expected: [(&str, Vec<Row<'_>>); 4] = [
        ("clients/kubernetes", kubernetes(&first, &second)),
        (
            "clients/google",
            vec![("google_cloud_run_v2_service.chat@template[0].containers[0]", GLOBAL, CHAT, "environment")],
        ),
        (
            "clients/aws",
            vec![
                ("aws_ecs_task_definition.batch@container_definitions[0]", "", SEARCH, "environment"),
                ("aws_ecs_task_definition.search@container_definitions[0]", GLOBAL, "", ""),
                ("aws_instance.worker@user_data", EU, "", ""),
                ("aws_lambda_function.chat@environment[0].variables", EU, CHAT, "reference"),
            ],
        ),
        ("plans/mkdev-changes", vec![("terraform_data.worker@input.env", "", "openai_project.kept", "environment")]),
    ];
    for (fixture, clients_of) in expected {
        let own = |c: &Row<'_>| (c.0.to_owned(), c.1.to_owned(), c.2.to_owned(), c.3.to_owned());
        for state in ["state.json", "applied.tfstate"] {
            let found = clients(&format!("{fixture}/{state}"));
            assert_eq!(found, clients_of.iter().map(own).collect(), "{fixture}/{state}");
        }
    }
}

/// Resources that call the API, as a state has them.
#[test]
fn calls_in_a_state_are_uses() {
    for state in ["state.json", "applied.tfstate"] {
        let facts = read(&format!("plans/mkdev-changes/{state}")).facts;
        let found: Vec<(String, String)> =
            facts.uses.values().map(|call| (call.origin.address.clone().unwrap(), shown(call))).collect();
        let expected = [
            ("openai_chat_completion.created", "model=gpt-4o-2024-08-06 store=true of a project"),
            ("openai_embedding.kept", "model=text-embedding-3-small"),
            ("openai_response.replaced", "model=gpt-4.1-2025-04-14"),
            ("openai_vector_store.renamed", ""),
        ];
        assert_eq!(found, expected.map(|(address, says)| (address.to_owned(), says.to_owned())), "{state}");
    }
}

#[test]
fn a_workload_whose_text_is_not_known_is_named() {
    let notes = read("clients/aws").notes.join("\n");
    assert!(notes.contains("aws_ecs_task_definition.batch refers to a project"), "{notes}");
    assert!(!notes.contains("aws_lambda_function"), "{notes}");
}

/// Where one variable of a set is sensitive, all of the set is marked: which project it is of is told all the same.
#[test]
fn a_client_beside_a_sensitive_value_has_its_project_and_an_open_host() {
    let of = |id: &str| {
        let pair = |name: &str, value: &str| serde_json::json!({"name": name, "value": value});
        let url = pair("OPENAI_BASE_URL", "https://api.openai.com/v1");
        let env = serde_json::json!({"env": [pair("DB_PASSWORD", "x"), pair("OPENAI_PROJECT", id), url]});
        let mut client = resource("acme_job.j", "acme/acme", env, serde_json::json!({}));
        client["change"]["after_sensitive"] = serde_json::json!({"env": true});
        let after = serde_json::json!({"name": "a", "geography": "EU", "id": "proj_a", "project_id": "proj_a"});
        run(&plan(vec![client, resource("openai_project.a", "openai/openai", after, serde_json::json!({}))]))
    };
    let (report, facts) = of("proj_a");
    let client = &facts["clients"]["p#acme_job.j@value"];
    assert_eq!((&client["project"], &client["unknown"]["host"]), (&"p#openai_project.a".into(), &"sensitive".into()));
    let open = report.findings.iter().any(|f| f.rule.as_str() == "residency/regional-host-required");
    assert!(open && report.summary.exit_code != 0);
    let (_, facts) = of("proj_canary");
    assert!(facts["clients"]["p#acme_job.j@value"]["project"].is_null() && !facts.to_string().contains("proj_canary"));
}

/// A variable that is known tells nothing of a text beside it, which refers to a project.
#[test]
fn a_workload_with_a_known_variable_beside_such_a_text_is_named() {
    let of = |known: serde_json::Value| {
        let unknown = serde_json::json!({"data": {"app.env": true}, "id": true});
        let map = resource("kubernetes_config_map_v1.m", "hashicorp/kubernetes", known, unknown);
        let after = serde_json::json!({"name": "a", "geography": "EU"});
        let project = resource("openai_project.a", "openai/openai", after, serde_json::json!({"id": true}));
        let mut plan = plan(vec![map, project]);
        plan["configuration"] = serde_json::json!({"root_module": {"resources": [{
            "address": "kubernetes_config_map_v1.m", "mode": "managed", "type": "kubernetes_config_map_v1", "name": "m",
            "expressions": {"data": {"references": ["openai_project.a.id", "openai_project.a"]}}}]}});
        run(&plan).0.notes.join("\n")
    };
    let named = "kubernetes_config_map_v1.m refers to a project";
    assert!(of(serde_json::json!({"data": {}})).contains(named));
    let notes = of(serde_json::json!({"data": {"OPENAI_BASE_URL": "https://eu.api.openai.com/v1"}}));
    assert!(notes.contains(named), "{notes}");
}

#[test]
fn workloads_that_name_a_variable_and_are_not_understood_are_named_in_one_note() {
    let worker = |name: &str, text: &str| {
        let values = serde_json::json!({ "input": text });
        resource(&format!("terraform_data.{name}"), "builtin/terraform", values, serde_json::json!({}))
    };
    let of = |workers: Vec<serde_json::Value>| run(&plan(workers)).0.notes;
    let notes = of(vec![
        worker("understood", "OPENAI_BASE_URL=https://eu.api.openai.com/v1"),
        worker("first", "[Environment]::SetEnvironmentVariable('OPENAI_BASE_URL', $url)"),
        worker("second", "give OPENAI_API_KEY to the job"),
        worker("comment", "# OPENAI_API_KEY is set by hand"),
        worker("other", "AZURE_OPENAI_API_KEY=x"),
    ]);
    let told: Vec<&String> = notes.iter().filter(|n| n.contains("was not understood")).collect();
    assert_eq!(told.len(), 1, "{notes:?}");
    assert!(told[0].contains("terraform_data.first and 1 more name a variable"), "{told:?}");
    let notes = of(vec![worker("understood", "OPENAI_PROJECT=proj_1"), worker("comment", "// OPENAI_PROJECT")]);
    assert!(!notes.iter().any(|n| n.contains("was not understood")), "{notes:?}");
}

/// A use: what of it is known, as `model=… store=…`; its project.
fn shown(call: &openai_data_controls::facts::Use) -> String {
    let mut words = Vec::new();
    let mut list = |name: &str, fact: &openai_data_controls::facts::Fact<Vec<String>>| {
        words.extend(fact.known().map(|items| format!("{name}={}", items.join(","))));
    };
    list("tools", &call.tools);
    list("inputs", &call.inputs);
    list("outputs", &call.outputs);
    for (name, fact) in [("model", &call.model), ("file_upload", &call.file_upload)] {
        words.extend(fact.known().map(|text| format!("{name}={text}")));
        words.extend(fact.reason().map(|why| format!("{name}?{why}")));
    }
    words.extend(call.store.known().map(|store| format!("store={store}")));
    words.extend(call.project.iter().map(|_| "of a project".to_owned()));
    words.join(" ")
}

#[test]
fn resources_that_call_the_api_are_uses() {
    let facts = read("plans/uses").facts;
    let found: BTreeSet<(String, String, String)> = facts
        .uses
        .iter()
        .map(|(id, call)| {
            assert_eq!(
                id.split_once('#').unwrap().1,
                format!("{}{}", call.origin.address.as_deref().unwrap(), call.endpoint)
            );
            (call.origin.address.clone().unwrap(), call.endpoint.clone(), shown(call))
        })
        .collect();
    let expected = [
        ("openai_audio_transcription.call", "audio/transcriptions", "inputs=audio outputs=text model=whisper-1"),
        ("openai_audio_translation.call", "audio/translations", "inputs=audio outputs=text model=whisper-1"),
        ("openai_batch.nightly", "batches", "file_upload=file_id"),
        (
            "openai_chat_completion.greeting",
            "chat/completions",
            "tools=function model=gpt-4o-2024-08-06 store=true of a project",
        ),
        ("openai_embedding.documents", "embeddings", "model=text-embedding-3-small"),
        ("openai_file.examples", "files", "of a project"),
        ("openai_fine_tuning_job.tone", "fine_tuning/jobs", "model=gpt-4o-mini-2024-07-18 file_upload=file_id"),
        ("openai_image_edit.logo", "images/edits", "inputs=text,image outputs=image model?known after apply"),
        ("openai_image_generation.logo", "images/generations", "inputs=text outputs=image model=gpt-image-1"),
        ("openai_image_variation.logo", "images/variations", "inputs=image outputs=image model?known after apply"),
        ("openai_moderation.texts", "moderations", "model?known after apply"),
        ("openai_response.summary", "responses", "tools=web_search,file_search model=gpt-4.1-2025-04-14"),
        ("openai_speech_to_text.call", "audio/transcriptions", "inputs=audio outputs=text model=gpt-4o-transcribe"),
        ("openai_text_to_speech.answer", "audio/speech", "inputs=text outputs=audio model=tts-1"),
        ("openai_vector_store.documents", "vector_stores", ""),
        ("openai_vector_store_file.documents", "vector_stores", "file_upload=file_id"),
        ("openai_vector_store_file_batch.documents", "vector_stores", "file_upload?known after apply"),
    ];
    let own = |(address, path, says): (&str, &str, &str)| (address.to_owned(), format!("/v1/{path}"), says.to_owned());
    assert_eq!(found, expected.map(own).into());
}

/// Two projects, a service account of `b` with its key, and a function with these variables, whose map refers to these.
fn function(known: serde_json::Value, unknown: serde_json::Value, references: &[&str]) -> serde_json::Value {
    use serde_json::json;
    let made = |kind: &str, name: &str, values, unknown| {
        resource(&format!("{kind}.{name}"), "mkdev-me/openai", values, unknown)
    };
    let of = |kind: &str, name: &str, expressions: serde_json::Value| json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "expressions": expressions});
    let account = "openai_project_service_account";
    let environment = |variables: serde_json::Value| json!({"environment": [{"variables": variables}]});
    let mut lambda = made("aws_lambda_function", "l", environment(known), environment(unknown));
    lambda["provider_name"] = json!("registry.terraform.io/hashicorp/aws");
    let ids = json!({"id": true, "project_id": true, "api_key_value": true});
    let mut input = plan(vec![
        made("openai_project", "a", json!({"name": "a"}), json!({"id": true})),
        made("openai_project", "b", json!({"name": "b"}), json!({"id": true})),
        made(account, "sa", json!({"name": "x"}), ids),
        lambda,
    ]);
    let of_b = json!({"project_id": {"references": ["openai_project.b.id", "openai_project.b"]}});
    input["configuration"] = json!({"root_module": {"resources": [
        of("openai_project", "a", json!({})),
        of("openai_project", "b", json!({})),
        of(account, "sa", of_b),
        of("aws_lambda_function", "l", environment(json!({"references": references}))),
    ]}});
    input
}

#[test]
fn only_a_key_that_is_not_known_is_told_by_what_its_map_refers_to() {
    use serde_json::{Value, json};
    let (name, id) =
        (["var.key", "openai_project.b.name", "openai_project.b"], ["openai_project.b.id", "openai_project.b"]);
    let (account, key) = ("openai_project_service_account.sa", "openai_project_service_account.sa.api_key_value");
    let literal = json!({"OPENAI_API_KEY": "abc", "LABEL": "b"});
    let owner = |input: &Value| {
        let facts = run(input).1;
        facts["clients"].as_object().unwrap().values().next().unwrap()["project"].clone()
    };
    let told = json!("p#openai_project.b");
    for (known, unknown, references, project) in [
        (json!({}), json!({"OPENAI_API_KEY": true}), vec![key, account], &told),
        (json!({}), json!({"OPENAI_PROJECT": true}), id.to_vec(), &told),
        // A label beside it.
        (json!({"LABEL": "b"}), json!({"OPENAI_API_KEY": true}), vec![key, account, name[1], name[2]], &told),
        (
            json!({"LABEL": "a"}),
            json!({"OPENAI_API_KEY": true}),
            vec![key, account, "openai_project.a.name", "openai_project.a"],
            &told,
        ),
        (literal.clone(), json!({}), name.to_vec(), &Value::Null),
        (literal.clone(), json!({"OTHER": true}), id.to_vec(), &Value::Null),
        (
            json!({"OPENAI_API_KEY": "x"}),
            json!({}),
            vec!["openai_project_service_account.sa.name", account],
            &Value::Null,
        ),
        (
            json!({}),
            json!({"OPENAI_API_KEY": true}),
            vec!["openai_project_service_account.sa.name", account],
            &Value::Null,
        ),
    ] {
        assert_eq!(owner(&function(known.clone(), unknown, &references)), *project, "{known} {references:?}");
    }
    // Sensitive, but known: it was compared with the keys.
    let mut input = function(literal, json!({}), &name);
    input["resource_changes"][3]["change"]["after_sensitive"] =
        json!({"environment": [{"variables": {"OPENAI_API_KEY": true}}]});
    assert_eq!(owner(&input), Value::Null);
}
