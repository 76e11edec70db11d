//! What a text is, by its content.

use std::collections::BTreeSet;
use std::ops::Range;

use super::InputKind;
use super::definition;
use crate::document::{MAX_HCL_BYTES, RawEntries, SyntaxError, parse_hcl_body, raw_json, span_of};
use crate::error::Error;

const SHOW: &str = "terraform show -json tfplan > plan.json";

/// A recognised text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recognised {
    pub(super) kind: InputKind,
    /// JSON, not HCL.
    pub(super) json: bool,
}

/// The text of an input: UTF-8, a byte order mark is dropped.
pub(super) fn text_of(bytes: Vec<u8>) -> Result<String, Error> {
    let refuse = |message: &str, help: &str| Err(Error::new("", message).help(help));
    let plan = format!("make JSON of it: {SHOW}");
    match bytes.as_slice() {
        [] => return refuse("the file is empty: expected a plan or a definition", &plan),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            return refuse("this is UTF-32: expected UTF-8", "write it as UTF-8");
        }
        [b'P', b'K', 3, 4, ..] => return refuse("this is a saved plan file, and its values can't be read here", &plan),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            return refuse(
                "this is UTF-16: expected UTF-8",
                "in PowerShell write it with: … | Out-File -Encoding utf8 plan.json",
            );
        }
        _ => {}
    }
    let bytes = match bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    match String::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => refuse("the file is empty: expected a plan or a definition", &plan),
        Ok(text) => Ok(text),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let before = &e.as_bytes()[..at];
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            refuse(
                &format!("not UTF-8: the byte at line {line} (offset {at}) is no character"),
                "write the file as UTF-8",
            )
        }
    }
}

fn wrong(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> SyntaxError {
    SyntaxError { span, message: message.into(), help: Some(help.into()) }
}

/// What a kind says that is known and not read by this version.
pub(super) fn not_read_yet(kind: InputKind, span: Range<usize>) -> SyntaxError {
    let what = match kind {
        InputKind::TerraformState => "Terraform state",
        InputKind::TerraformSource => "Terraform source",
        InputKind::AdminApi => "an answer of the Administration API",
        InputKind::TerraformPlan | InputKind::Definition => "an input",
    };
    wrong(
        span,
        format!("this is {what}, which this version does not read"),
        format!("give a plan ({SHOW}) or a definition"),
    )
}

/// The longest JSON text that is read as a definition, in bytes.
const MAX_DEFINITION_BYTES: usize = 64 << 20;

/// Whether a text is too long for a definition.
pub(super) fn too_large(text: &str) -> Option<SyntaxError> {
    (text.len() > MAX_DEFINITION_BYTES).then(|| SyntaxError {
        span: 0..1,
        message: format!("larger than {} MiB, the most that is read as a definition", MAX_DEFINITION_BYTES >> 20),
        help: Some("split it into several files".to_owned()),
    })
}

/// Recognises a text, or takes it for `forced`.
pub(super) fn recognise(text: &str, forced: Option<InputKind>) -> Result<Recognised, SyntaxError> {
    let start = text.len() - text.trim_start().len();
    let json = text[start..].starts_with(['{', '[', '"']);
    let found = if json { recognise_json(text, start..start + 1) } else { recognise_other(text, start..start + 1) };
    match (found, forced) {
        (Ok(found), Some(kind)) => Ok(Recognised { kind, ..found }),
        // What can't be recognised may still be what the user says it is: its reader tells what is wrong with it.
        (Err(_), Some(kind)) => Ok(Recognised { kind, json }),
        (found, None) => found,
    }
}

fn recognise_json(text: &str, start: Range<usize>) -> Result<Recognised, SyntaxError> {
    let is = |kind| Ok(Recognised { kind, json: true });
    let raw = match raw_json(text) {
        Ok(raw) => raw,
        Err(problem) if is_stream(text) => {
            return Err(wrong(
                problem.span,
                "this is the output of `terraform plan -json`, which holds no values",
                format!("plan with -out=tfplan, then: {SHOW}"),
            ));
        }
        Err(problem) => return Err(problem),
    };
    if raw.get().starts_with('[') {
        let items: Vec<&serde_json::value::RawValue> =
            serde_json::from_str(raw.get()).map_err(|e| crate::document::json_error(text, raw.get(), &e))?;
        let exported =
            items.first().is_some_and(|item| keys(item.get()).is_some_and(|k| object_word(item.get(), &k).is_some()));
        return is(if exported { InputKind::AdminApi } else { InputKind::Definition });
    }
    let Some(keys) = keys(raw.get()) else {
        return Err(wrong(
            span_of(text, raw),
            "this is JSON, but no object and no list",
            "give a plan or a definition",
        ));
    };
    let has = |key: &str| keys.contains(key);
    if has("format_version") {
        if ["resource_changes", "planned_values", "prior_state", "configuration", "errored"].iter().any(|k| has(k)) {
            return is(InputKind::TerraformPlan);
        }
        return is(InputKind::TerraformState);
    }
    if has("version") && (has("lineage") || has("resources")) {
        return is(InputKind::TerraformState);
    }
    if (has("plan") && has("run")) || has("tfplan") || (has("terraform") && has("spacelift")) {
        return Err(wrong(
            start,
            "this is a plan wrapped by a platform, which this version does not unwrap",
            format!("give the plan itself: {SHOW}"),
        ));
    }
    if has("remote_plan_format") {
        return Err(wrong(
            start,
            "this only points to a plan in HCP Terraform",
            format!("write the plan itself: {SHOW}"),
        ));
    }
    if has("encrypted_data") || has("encryption_version") {
        return Err(wrong(
            start,
            "this file is encrypted by OpenTofu",
            "decrypt it: tofu show -json tfplan > plan.json",
        ));
    }
    if has("@level") || has("@message") {
        return Err(wrong(
            start,
            "this is the output of `terraform plan -json`, which holds no values",
            format!("plan with -out=tfplan, then: {SHOW}"),
        ));
    }
    if object_word(raw.get(), &keys).is_some() || keys.iter().any(|k| k.starts_with("/v1/")) {
        return is(InputKind::AdminApi);
    }
    if keys.is_empty() || definition::KEYS.iter().any(|k| has(k)) {
        return is(InputKind::Definition);
    }
    let held: Vec<&str> = keys.iter().map(String::as_str).take(5).collect();
    Err(wrong(
        start,
        format!("this is no input of a known kind: its keys are {}", held.join(", ")),
        format!("give a plan ({SHOW}) or a definition with \"organization\" and \"projects\""),
    ))
}

fn recognise_other(text: &str, start: Range<usize>) -> Result<Recognised, SyntaxError> {
    if text.len() > MAX_HCL_BYTES {
        let help = "no definition is that large; plans are JSON";
        return Err(wrong(
            start,
            format!("larger than {} MiB, the most that is read as HCL", MAX_HCL_BYTES >> 20),
            help,
        ));
    }
    let first = text.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with(['#', '/'])).unwrap_or_default();
    let yaml = !text.trim_start().starts_with("/*")
        && (text.trim_start().starts_with("---")
            || first.split_once(':').is_some_and(|(key, rest)| {
                !key.contains(['"', '=', '{', ' ']) && (rest.is_empty() || rest.starts_with(' '))
            }));
    if yaml {
        return Err(wrong(
            start,
            "this looks like YAML, which is not read",
            "write the definition as HCL (openai.hcl) or JSON (openai.json)",
        ));
    }
    let body = parse_hcl_body(text)?;
    let source = ["resource", "module", "variable", "provider", "terraform", "data", "locals", "output"];
    if body.blocks().any(|b| source.contains(&b.ident.as_str())) {
        return Ok(Recognised { kind: InputKind::TerraformSource, json: false });
    }
    Ok(Recognised { kind: InputKind::Definition, json: false })
}

/// The keys of a JSON object's top level.
fn keys(object: &str) -> Option<BTreeSet<String>> {
    let RawEntries(entries) = serde_json::from_str(object).ok()?;
    Some(entries.iter().filter_map(|(key, _)| serde_json::from_str(key.get()).ok()).collect())
}

/// The `object` of an Administration API answer.
fn object_word(object: &str, keys: &BTreeSet<String>) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Answer {
        object: String,
    }
    if !keys.contains("object") {
        return None;
    }
    let word = serde_json::from_str::<Answer>(object).ok()?.object;
    (word == "list" || word.starts_with("organization.") || word.starts_with("project.")).then_some(word)
}

/// Several JSON documents, each a message of Terraform's.
fn is_stream(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains("\"@level\"") || line.contains("\"@message\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_recognised_by_content() {
        for (text, kind) in [
            (r#"{"format_version":"1.2","resource_changes":[]}"#, InputKind::TerraformPlan),
            (r#"{"format_version":"1.2","errored":true}"#, InputKind::TerraformPlan),
            (r#"{"format_version":"1.0","values":{}}"#, InputKind::TerraformState),
            (r#"{"format_version":"1.0"}"#, InputKind::TerraformState),
            (r#"{"version":4,"lineage":"x","resources":[]}"#, InputKind::TerraformState),
            (r#"{"object":"list","data":[]}"#, InputKind::AdminApi),
            (r#"[{"object":"organization.project"}]"#, InputKind::AdminApi),
            (r#"{"/v1/organization/data_retention":{}}"#, InputKind::AdminApi),
            (r#"{"projects":[]}"#, InputKind::Definition),
            (r#"[{"name":"a"}]"#, InputKind::Definition),
            ("project \"a\" {}\n", InputKind::Definition),
            ("resource \"a\" \"b\" {}\n", InputKind::TerraformSource),
        ] {
            assert_eq!(recognise(text, None).map(|r| r.kind), Ok(kind), "{text}");
        }
    }

    #[test]
    fn what_is_not_read_names_the_way() {
        for (text, says) in [
            (r#"{"plan":{},"run":{}}"#, "wrapped"),
            (r#"{"remote_plan_format":1}"#, "HCP"),
            (r#"{"encrypted_data":"x"}"#, "OpenTofu"),
            ("{\"@level\":\"info\"}\n{\"@level\":\"info\"}", "plan -json"),
            ("projects:\n  - name: a\n", "YAML"),
            (r#"{"foo":1}"#, "no input of a known kind"),
            ("\"text\"", "no object"),
        ] {
            let refused = recognise(text, None).unwrap_err();
            assert!(refused.message.contains(says), "{text}: {}", refused.message);
        }
        assert!(text_of(b"PK\x03\x04".to_vec()).unwrap_err().help.unwrap().contains("terraform show -json"));
        assert!(text_of(vec![0xff, 0xfe, b'{', 0]).unwrap_err().message.contains("UTF-16"));
        assert!(text_of(vec![b'{', 0xff]).unwrap_err().message.contains("UTF-8"));
        assert_eq!(text_of(vec![0xef, 0xbb, 0xbf, b'{', b'}']).unwrap(), "{}");
    }
}
