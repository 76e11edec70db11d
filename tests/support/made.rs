//! Plans that a test makes itself, and what becomes of them.

use std::fs;
use std::path::PathBuf;

use openai_data_controls::report::Report;
use openai_data_controls::{Options, check, facts};
use serde_json::{Value, json};

use super::options;

/// A provider.
pub const OPENAI: &str = "openai/openai";

/// A resource: `type.name`, after which it is called, or `data.type.name`; what is there after, and which of it is unknown.
pub fn resource(address: &str, provider: &str, after: Value, unknown: Value) -> Value {
    let parts: Vec<&str> = address.split('.').collect();
    let (mode, kind, name) = match parts.as_slice() {
        ["data", kind, name] => ("data", *kind, *name),
        [kind, name] => ("managed", *kind, *name),
        _ => panic!("{address}"),
    };
    let actions = if mode == "data" { json!(["read"]) } else { json!(["create"]) };
    json!({
        "address": address, "mode": mode, "type": kind, "name": name.split('[').next(),
        "provider_name": format!("registry.terraform.io/{provider}"),
        "change": {"actions": actions, "before": null, "after": after, "after_unknown": unknown,
            "before_sensitive": false, "after_sensitive": {}}
    })
}

/// A complete plan of these changes.
pub fn plan(changes: Vec<Value>) -> Value {
    json!({"format_version": "1.2", "complete": true, "errored": false, "resource_changes": changes})
}

/// Report and facts of an input, whose path there is `p`.
pub fn run_with(input: &Value, change: impl Fn(Options) -> Options) -> (Report, Value) {
    let directory = tempfile::tempdir().unwrap();
    let path: PathBuf = directory.path().join("input.json");
    fs::write(&path, input.to_string()).unwrap();
    let options = change(options(vec![path.clone()]));
    let report = check(&options, &mut std::io::empty()).0;
    let inputs = facts(&options, &mut std::io::empty()).0.unwrap();
    let facts = serde_json::to_string(&inputs.facts).unwrap().replace(&*path.to_string_lossy(), "p");
    (report, serde_json::from_str(&facts).unwrap())
}

/// The same with plain options.
pub fn run(input: &Value) -> (Report, Value) {
    run_with(input, |o| o)
}

/// What is unchecked, as `what: why`.
pub fn unchecked(input: &Value) -> Vec<String> {
    run(input).0.unchecked.iter().map(|u| format!("{}: {}", u.what, u.why)).collect()
}
