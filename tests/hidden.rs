//! Values that could be sensitive stand in no report: not in quoted lines, not in ids, not in messages.

use std::fs;
use std::path::PathBuf;

use crate::support::made::{OPENAI, plan, resource};
use crate::support::options;
use openai_data_controls::report::{Format, Style};
use openai_data_controls::{Options, check, facts};
use serde_json::{Value, json};

const SECRET: &str = "SUPERSECRETVALUE";

/// All that is said of these files: the report in all formats and the facts.
fn said(files: &[(&str, String)]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| directory.path().join(name)).collect();
    for (path, (_, text)) in paths.iter().zip(files) {
        fs::write(path, text).unwrap();
    }
    let inputs = paths.into_iter().filter(|path| path.extension().is_some_and(|e| e != "tf")).collect();
    let options = Options { sources: vec![directory.path().to_owned()], verdicts: true, ..options(inputs) };
    let (report, map) = check(&options, &mut std::io::empty());
    let mut out = Vec::new();
    for format in Format::ALL {
        report.write(format, Style::default(), &map, &mut out).unwrap();
    }
    let (inputs, problems) = facts(&options, &mut std::io::empty());
    let facts = inputs.map(|inputs| serde_json::to_string(&inputs.facts).unwrap()).unwrap_or_default();
    format!("{}{facts}{problems:?}", String::from_utf8(out).unwrap())
}

/// A project in the EU and a workload; its source, with `block` for the workload's.
fn workload(kind: &str, after: Value, sensitive: Value, block: &str) -> [(&'static str, String); 2] {
    let address = format!("{kind}.w");
    let project = json!({"id": "proj_1", "project_id": "proj_1", "name": "chat", "geography": "EU"});
    let mut changed = resource(&address, "a/b", after, json!({"id": true}));
    changed["change"]["after_sensitive"] = sensitive;
    let mut input = plan(vec![resource("openai_project.chat", OPENAI, project, json!({})), changed]);
    let of = |kind: &str, name: &str| json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name});
    input["configuration"] = json!({"root_module": {"resources": [of("openai_project", "chat"), of(kind, "w")]}});
    let project = "resource \"openai_project\" \"chat\" {\n  name      = \"chat\"\n  geography = \"EU\"\n}\n";
    [("plan.json", input.to_string()), ("main.tf", format!("{project}{block}\n"))]
}

#[test]
fn a_line_of_source_is_quoted_only_where_no_part_of_it_is_sensitive() {
    let plain = json!({"OPENAI_BASE_URL": "https://api.openai.com/v1", "OPENAI_PROJECT": "proj_1", "other": "x"});
    let open = "resource \"terraform_data\" \"w\" {\n  input = { OPENAI_BASE_URL = \"https://api.openai.com/v1\", other = \"SHOWN\" }\n}";
    let shown = said(&workload("terraform_data", json!({"input": plain}), json!({}), open));
    assert!(shown.contains("SHOWN"), "the line is quoted: {shown}");
    let line = format!("input = {{ OPENAI_BASE_URL = \"https://api.openai.com/v1\", other = \"{SECRET}\" }}");
    for block in [
        format!("resource \"terraform_data\" \"w\" {{\n  {line}\n}}"),
        format!("resource \"terraform_data\" \"w\" {{ {line} }}"),
    ] {
        let hidden =
            said(&workload("terraform_data", json!({"input": plain}), json!({"input": {"other": true}}), &block));
        assert!(hidden.contains("terraform_data.w") && !hidden.contains(SECRET), "{hidden}");
    }
    let nested = format!("resource \"x_y\" \"w\" {{ env {{ variables = {{ other = \"{SECRET}\" }} }} }}");
    let after = json!({"env": [{"variables": plain}]});
    let hidden = said(&workload("x_y", after, json!({"env": [{"variables": {"other": true}}]}), &nested));
    assert!(hidden.contains("x_y.w") && !hidden.contains(SECRET), "{hidden}");
}

#[test]
fn an_attribute_that_is_not_read_hides_its_line_too() {
    let mut project = resource(
        "openai_project.chat",
        OPENAI,
        json!({"name": "chat", "geography": "EU", "external_key_id": SECRET}),
        json!({"id": true}),
    );
    project["change"]["after_sensitive"] = json!({"external_key_id": true});
    let mut input = plan(vec![project]);
    input["configuration"] = json!({"root_module": {"resources": [
        {"address": "openai_project.chat", "mode": "managed", "type": "openai_project", "name": "chat"}
    ]}});
    let source = |key: &str| format!("resource \"openai_project\" \"chat\" {{ external_key_id = \"{key}\" }}\n");
    let text = said(&[("plan.json", input.to_string()), ("main.tf", source(SECRET))]);
    assert!(text.contains("openai_project.chat") && !text.contains(SECRET), "{text}");
    input["resource_changes"][0]["change"]["after_sensitive"] = json!({});
    assert!(said(&[("plan.json", input.to_string()), ("main.tf", source("SHOWN"))]).contains("SHOWN"), "it is quoted");
}

#[test]
fn passwords_in_urls_are_never_quoted() {
    let url = format!("https://user:{SECRET}@api.openai.com/v1");
    let after = json!({"input": {"OPENAI_BASE_URL": url, "OPENAI_PROJECT": "proj_1"}});
    let block = format!("resource \"terraform_data\" \"w\" {{\n  input = {{ OPENAI_BASE_URL = \"{url}\" }}\n}}");
    let text = said(&workload("terraform_data", after, json!({}), &block));
    assert!(text.contains("terraform_data.w") && !text.contains(SECRET), "{text}");
    for (name, definition) in [
        ("a.hcl", format!("project \"x\" {{\n  region = \"EU\"\n  base_url = \"{url}\"\n}}\n")),
        ("a.json", format!("{{\"projects\": [{{\"name\": \"x\", \"region\": \"EU\", \"base_url\": \"{url}\"}}]}}")),
    ] {
        let text = said(&[(name, definition)]);
        assert!(text.contains("api.openai.com") && !text.contains(SECRET), "{text}");
    }
}

#[test]
fn keys_of_sensitive_maps_are_not_part_of_an_id() {
    let inner = json!({"OPENAI_BASE_URL": "https://api.openai.com/v1"});
    for (after, sensitive) in [
        (json!({"input": {SECRET: inner}}), json!({"input": true})),
        (json!({"input": {format!("sk-proj-abcdefgh{SECRET}"): inner}}), json!({})),
    ] {
        let text = said(&workload("terraform_data", after, sensitive, "resource \"terraform_data\" \"w\" {}"));
        assert!(text.contains("terraform_data.w@input[0]") && !text.contains(SECRET), "{text}");
    }
}

#[test]
fn what_looks_like_a_key_is_not_repeated_wherever_it_stands() {
    let key = format!("sk-proj-abcdefgh{SECRET}");
    let lower = SECRET.to_lowercase();
    let definition = |what: &str| json!({"projects": [{"name": "x", what: key}]}).to_string();
    let url = format!("https://{key}/v1");
    let after = json!({"input": {"OPENAI_BASE_URL": url, "OPENAI_PROJECT": "proj_1"}});
    let [client, _] = workload("terraform_data", after, json!({}), "");
    for (text, says) in [
        (json!({ key.as_str(): 1 }).to_string(), "sk-…"),
        (json!({"format_version": key, "resource_changes": []}).to_string(), "format_version"),
        (definition("data_retention"), "is no word for"),
        (definition(&key), "unknown key"),
        (json!({"projects": [{"name": "x", "region": "EU", "base_url": url}]}).to_string(), "looks like a key"),
        (client.1, "looks like a key, not kept"),
    ] {
        let text = said(&[("input.json", text)]);
        assert!(text.contains(says), "{says}: {text}");
        assert!(!text.to_lowercase().contains(&lower), "{says}: {text}");
    }
}
