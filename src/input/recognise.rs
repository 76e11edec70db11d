//! What a text is, by its content.

mod yaml;

use std::collections::BTreeSet;
use std::ops::Range;

use super::InputKind;
use super::definition;
use super::scan::Scan;
use crate::document::{MAX_HCL_BYTES, RawEntries, SyntaxError, parse_hcl_body, raw_json};
use crate::error::Error;
use crate::limits;
use yaml::looks_like_yaml;

/// The command that writes plan JSON.
pub(super) const SHOW: &str = "terraform show -json tfplan > plan.json";
/// The command that writes state JSON.
pub(super) const SHOW_STATE: &str = "terraform show -json > state.json";

/// A recognised text.
pub(super) struct Recognised<'a> {
    pub(super) kind: InputKind,
    /// JSON, not HCL.
    pub(super) json: bool,
    /// Its top level, where it is a JSON object.
    pub(super) scan: Option<Scan<'a>>,
}

impl Recognised<'_> {
    fn hcl(kind: InputKind) -> Self {
        Recognised { kind, json: false, scan: None }
    }
}

/// The byte order mark of UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// The text of an input: UTF-8, a byte order mark is dropped. Where there is none, the reason.
pub(super) fn text_of(mut bytes: Vec<u8>) -> Result<String, (Error, Vec<u8>)> {
    let plan = format!("make JSON of it: {SHOW}");
    let utf32 = Some(("this is UTF-32: expected UTF-8", "write it as UTF-8"));
    let utf16 =
        Some(("this is UTF-16: expected UTF-8", "in PowerShell write it with: … | Out-File -Encoding utf8 plan.json"));
    let refused = match bytes.as_slice() {
        [] => Some(("the file is empty: expected a plan or a definition", plan.as_str())),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => utf32,
        [0x1f, 0x8b, ..] => Some(("this is compressed by gzip", "unpack it: gunzip FILE")),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some((
            "this is a saved plan file (or another zip): Terraform alone reads its values",
            "make JSON of it: terraform show -json tfplan > plan.json; then give it as the source: check plan.json --source tfplan",
        )),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => utf16,
        // Without a byte order mark the zeros beside the first character tell.
        [first, 0, 0, 0, ..] | [0, 0, 0, first, ..] if *first != 0 => utf32,
        [first, 0, ..] | [0, first, ..] if *first != 0 => utf16,
        _ => None,
    };
    if let Some((message, help)) = refused {
        return Err((Error::new("", message).help(help), bytes));
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => {
            let message = "the file is empty: expected a plan or a definition";
            Err((Error::new("", message).help(plan), text.into_bytes()))
        }
        Ok(text) => Ok(text),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let before = &e.as_bytes()[..at];
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            let message = format!("not UTF-8: the byte at line {line} (offset {at}) is no character");
            Err((Error::new("", message).help("write the file as UTF-8"), e.into_bytes()))
        }
    }
}

fn wrong(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> SyntaxError {
    SyntaxError { span, message: message.into(), help: Some(help.into()) }
}

/// What is said of Terraform source that is no file of a directory.
pub(super) fn source_is_not_read(span: Range<usize>) -> SyntaxError {
    let message = "this is Terraform source, or another file in its language: a root module is read from its directory";
    wrong(span, message, format!("name the directory: openai-data-controls check DIR; or give a plan: {SHOW}"))
}

/// Whether a text is what `terraform show`, `plan` or an error of theirs looks like without `-json`.
fn is_for_people(text: &str) -> bool {
    let mut text = text.trim_start();
    while let Some((_, rest)) = text.strip_prefix("\u{1b}[").and_then(|colour| colour.split_once('m')) {
        text = rest.trim_start();
    }
    let starts = [
        "Terraform used the selected providers",
        "Terraform will perform the following actions",
        "OpenTofu used the selected providers",
        "OpenTofu will perform the following actions",
        "No changes.",
        "The state file is empty.",
        "No state.",
        "Error: ",
        "╷",
    ];
    let first = text.lines().next().unwrap_or_default();
    let is_comment = first.starts_with('#') || first.starts_with("//");
    let is_progress = !is_comment && (first.contains(": Refreshing state...") || first.contains(": Reading..."));
    // A state begins with the address of its first resource in a comment.
    let is_address = first.starts_with("# ") && first.ends_with(':') && first.contains('.');
    let is_state = is_address && text.lines().nth(1).is_some_and(is_block);
    starts.iter().any(|start| text.starts_with(start)) || is_progress || is_state
}

/// Whether a line opens a resource.
fn is_block(line: &str) -> bool {
    (line.starts_with("resource \"") || line.starts_with("data \"")) && line.ends_with('{')
}

/// Whether a text is too long for a definition or an export, which are read as trees.
pub(super) fn too_large(text: &str, most: u64) -> Option<SyntaxError> {
    (text.len() as u64 > most).then(|| SyntaxError {
        span: 0..1,
        message: format!("larger than {}, the most that is read as a definition or an export", limits::bytes(most)),
        help: Some(format!("split it into several files; {}", limits::raised_by("definition-bytes"))),
    })
}

/// Recognises a text, or takes it for `forced`. What no reader reads is refused whatever it is taken for.
pub(super) fn recognise(text: &str, forced: Option<InputKind>) -> Result<Recognised<'_>, SyntaxError> {
    let start = text.len() - text.trim_start().len();
    let here = start..start + text[start..].chars().next().map_or(0, char::len_utf8);
    if is_for_people(&text[start..]) {
        return Err(wrong(
            here,
            "this is what Terraform prints for people, which holds no values",
            format!("make JSON of it: {SHOW}"),
        ));
    }
    if !(text[start..].starts_with(['{', '[', '"']) || raw_json(text).is_ok()) {
        return match (recognise_other(text, here.clone()), forced) {
            (Ok(found), None) => Ok(found),
            (Err(_), _) if looks_like_yaml(text) => Err(yaml(here)),
            // What can't be recognised may still be what the user says it is: its reader tells what is wrong with it.
            (Ok(_) | Err(_), Some(kind)) => Ok(Recognised::hcl(kind)),
            (Err(problem), None) => Err(problem),
        };
    }
    if !text[start..].starts_with('{') {
        let kind = match (recognise_list(text, here.clone()), forced) {
            (Err(_), _) if looks_like_yaml(text) => return Err(yaml(here)),
            (_, Some(kind)) => kind,
            (found, None) => found?,
        };
        return Ok(Recognised { kind, json: true, scan: None });
    }
    let scan = match Scan::read(text) {
        Ok(scan) => scan.unwrap_or_default(),
        Err(problem) if is_stream(text) => return Err(stream(problem.span)),
        Err(_) if looks_like_yaml(text) => return Err(yaml(here)),
        // A definition's reader tells of a broken text itself.
        Err(_) if forced == Some(InputKind::Definition) => Scan::default(),
        Err(problem) => return Err(problem),
    };
    if let Some(refused) = refused(&scan, here.clone()) {
        return Err(refused);
    }
    let kind = forced.map_or_else(|| recognise_object(text, &scan, here), Ok)?;
    Ok(Recognised { kind, json: true, scan: Some(scan) })
}

fn stream(span: Range<usize>) -> SyntaxError {
    let how = format!("plan with -out=tfplan, then: {SHOW}");
    wrong(span, "this is the output of `terraform plan -json`, which holds no values", how)
}

/// A JSON text that is no object.
fn recognise_list(text: &str, start: Range<usize>) -> Result<InputKind, SyntaxError> {
    let raw = raw_json(text)?;
    if !raw.get().starts_with('[') {
        return Err(wrong(start, "this is JSON, but no object and no list", "give a plan or a definition"));
    }
    let items: Vec<&serde_json::value::RawValue> =
        serde_json::from_str(raw.get()).map_err(|e| crate::document::json_error(text, raw.get(), &e))?;
    let exported =
        items.first().is_some_and(|item| keys(item.get()).is_some_and(|k| object_word(item.get(), &k).is_some()));
    Ok(if exported { InputKind::AdminApi } else { InputKind::Definition })
}

/// Objects that are known and not read, with the way to what is.
fn refused(scan: &Scan<'_>, start: Range<usize>) -> Option<SyntaxError> {
    let has = |key: &str| scan.has(key);
    let refuse = |message: &str, how: String| Some(wrong(start.clone(), message, how));
    if has("remote_plan_format") {
        let how = format!("write the plan itself: {SHOW} (after terraform login, in the directory that was planned)");
        return refuse("this only points to a plan in HCP Terraform", how);
    }
    if has("encrypted_data") || has("encryption_version") {
        let how = "decrypt it where its keys are: tofu show -json tfplan > plan.json, or tofu show -json > state.json";
        return refuse("this file is encrypted by OpenTofu", how.to_owned());
    }
    if has("@level") || has("@message") {
        return Some(stream(start));
    }
    if !has("format_version") || is_plan(scan) || is_state(scan) {
        return None;
    }
    let how = format!("give a plan: {SHOW}, or a state: {SHOW_STATE}");
    let known = [
        ("valid", "this is the output of `terraform validate -json`, which holds no resources"),
        ("diagnostics", "this is the output of `terraform validate -json`, which holds no resources"),
        ("provider_schemas", "this is the output of `terraform providers schema -json`, which holds no resources"),
        ("root_module", "this is a configuration (`tofu show -json -config`), which holds no values"),
        ("provider_config", "this is a configuration (`tofu show -json -config`), which holds no values"),
        ("function_signatures", "this is the output of `terraform metadata functions -json`, which holds no resources"),
        ("modules", "this is the output of `terraform modules -json`, which holds no resources"),
    ];
    if let Some((_, what)) = known.iter().find(|(key, _)| has(key)) {
        return refuse(what, how);
    }
    let keys: Vec<&str> = scan.keys().take(5).collect();
    refuse(&format!("this has a format_version, and is no plan and no state: its keys are {}", keys.join(", ")), how)
}

/// Whether an object with a `format_version` is a plan.
fn is_plan(scan: &Scan<'_>) -> bool {
    let of_a_plan = ["resource_changes", "planned_values", "prior_state", "configuration", "errored"];
    of_a_plan.iter().any(|key| scan.has(key))
}

/// Whether an object with a `format_version` is a state: without `values`, an empty one, of which little else is written.
pub(super) fn is_state(scan: &Scan<'_>) -> bool {
    let of_any = ["format_version", "terraform_version", "checks"];
    scan.has("values") || scan.keys().all(|key| of_any.contains(&key))
}

fn recognise_object(text: &str, scan: &Scan<'_>, start: Range<usize>) -> Result<InputKind, SyntaxError> {
    let has = |key: &str| scan.has(key);
    if has("format_version") {
        return match is_plan(scan) {
            true => Ok(InputKind::TerraformPlan),
            false if has("values") => Ok(InputKind::TerraformState),
            false => {
                let message = "this is a state that holds nothing: `terraform show -json` writes it where no plan is named and nothing was applied";
                Err(wrong(
                    start,
                    message,
                    format!("give a plan: {SHOW}; an empty state is read with --as terraform-state"),
                ))
            }
        };
    }
    if has("version") && (has("lineage") || has("resources")) {
        return Ok(InputKind::TerraformState);
    }
    if scan.wrapped(text)?.is_some() {
        return Ok(InputKind::TerraformPlan);
    }
    let keys: BTreeSet<String> = scan.keys().map(str::to_owned).collect();
    if object_word(text, &keys).is_some() || keys.iter().any(|k| k.contains("/v1/organization")) {
        return Ok(InputKind::AdminApi);
    }
    if keys.is_empty() || definition::KEYS.iter().any(|k| has(k)) {
        return Ok(InputKind::Definition);
    }
    let held: Vec<&str> = scan.keys().take(5).collect();
    Err(wrong(
        start,
        format!("this is no input of a known kind: its keys are {}", held.join(", ")),
        format!("give a plan ({SHOW}) or a definition with \"organization\" and \"projects\""),
    ))
}

fn recognise_other(text: &str, start: Range<usize>) -> Result<Recognised<'_>, SyntaxError> {
    if text.len() > MAX_HCL_BYTES {
        let help = "no definition is that large; plans are JSON";
        return Err(wrong(
            start,
            format!("larger than {} MiB, the most that is read as HCL", MAX_HCL_BYTES >> 20),
            help,
        ));
    }
    let body = parse_hcl_body(text)?;
    let source = ["resource", "module", "variable", "provider", "terraform", "data", "locals", "output"];
    if body.blocks().any(|b| source.contains(&b.ident.as_str())) {
        return Ok(Recognised::hcl(InputKind::TerraformSource));
    }
    Ok(Recognised::hcl(InputKind::Definition))
}

fn yaml(span: Range<usize>) -> SyntaxError {
    let how = "write the definition as HCL (openai.hcl) or JSON (openai.json): yq -o json FILE > openai.json";
    wrong(span, "this looks like YAML, which is not read", how)
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
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| line.contains("\"@level\"") || line.contains("\"@message\""))
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
            (r#"{"version":4,"lineage":"x","resources":[]}"#, InputKind::TerraformState),
            (r#"{"plan":{},"run":{}}"#, InputKind::TerraformPlan),
            (r#"{"tfrun":{},"tfplan":{}}"#, InputKind::TerraformPlan),
            (r#"{"spacelift":{},"terraform":{}}"#, InputKind::TerraformPlan),
            (r#"{"object":"list","data":[]}"#, InputKind::AdminApi),
            (r#"[{"object":"organization.project"}]"#, InputKind::AdminApi),
            (r#"{"/v1/organization/data_retention":{}}"#, InputKind::AdminApi),
            (r#"{"projects":[]}"#, InputKind::Definition),
            (r#"[{"name":"a"}]"#, InputKind::Definition),
            ("project \"a\" {}\n", InputKind::Definition),
            ("resource \"a\" \"b\" {}\n", InputKind::TerraformSource),
        ] {
            assert_eq!(recognise(text, None).map(|r| r.kind).ok(), Some(kind), "{text}");
        }
    }

    #[test]
    fn what_no_reader_reads_is_refused_whatever_it_is_taken_for() {
        for (text, says) in [
            (r#"{"remote_plan_format":1}"#, "HCP"),
            (r#"{"serial":1,"lineage":"x","encrypted_data":"x","encryption_version":"v0"}"#, "encrypted"),
            ("\n{\"@level\":\"info\"}\n{\"@level\":\"info\"}", "plan -json"),
            ("{\"@level\":\"info\"}", "plan -json"),
            (r#"{"format_version":"1.0","valid":true}"#, "validate"),
            ("- name: a\n", "YAML"),
            ("{a: b}", "YAML"),
        ] {
            for kind in InputKind::ALL {
                let refused = recognise(text, Some(kind)).err().unwrap_or_else(|| panic!("{text} as {kind:?}"));
                assert!(refused.message.contains(says), "{text} as {kind:?}: {}", refused.message);
            }
        }
    }

    #[test]
    fn what_is_not_read_names_the_way() {
        for (text, says) in [
            (r#"{"remote_plan_format":1}"#, "HCP"),
            (r#"{"encrypted_data":"x"}"#, "OpenTofu"),
            ("{\"@level\":\"info\"}\n{\"@level\":\"info\"}", "plan -json"),
            ("\n \n{\"@level\":\"info\"}\n{\"@level\":\"info\"}", "plan -json"),
            ("{\"@level\":\"info\"}", "plan -json"),
            (r#"{"format_version":"1.0","valid":true,"error_count":0,"diagnostics":[]}"#, "terraform validate"),
            (r#"{"format_version":"1.0","provider_schemas":{}}"#, "terraform providers schema"),
            (r#"{"format_version":"1.0","root_module":{}}"#, "tofu show -json -config"),
            (r#"{"format_version":"1.0","function_signatures":{}}"#, "terraform metadata functions"),
            (r#"{"format_version":"1.0","modules":[]}"#, "terraform modules"),
            (r#"{"format_version":"1.0","colour":"blue"}"#, "its keys are format_version, colour"),
            (r#"{"foo":1}"#, "no input of a known kind"),
            (r#"{"format_version":"1.0"}"#, "holds nothing"),
            (r#"{"format_version":"1.0","terraform_version":"1.11.4","checks":[]}"#, "holds nothing"),
            ("\"text\"", "no object"),
            ("null", "no object"),
            (" 42", "no object"),
            ("\nTerraform will perform the following actions:\n", "for people"),
            ("\u{1b}[0m\u{1b}[1mopenai_project.a: Refreshing state... [id=x]\u{1b}[0m\n", "for people"),
            ("# openai_project.a:\nresource \"openai_project\" \"a\" {\n}\n", "for people"),
            ("╷\n│ Error: x\n", "for people"),
            ("projects:\n", "YAML"),
        ] {
            let refused = recognise(text, None).err().unwrap();
            assert!(refused.message.contains(says) && refused.help.is_some(), "{text}: {}", refused.message);
        }
        assert!(text_of(vec![0x1f, 0x8b, 8, 0]).unwrap_err().0.help.unwrap().contains("gunzip"));
        assert!(text_of(b"PK\x03\x04".to_vec()).unwrap_err().0.help.unwrap().contains("terraform show -json"));
        for bytes in [[0xff, 0xfe, b'{', 0], [b'{', 0, b'"', 0], [0, b'{', 0, b'"']] {
            let refused = text_of(bytes.to_vec()).unwrap_err().0;
            assert!(refused.message.contains("UTF-16") && refused.help.unwrap().contains("utf8"), "{bytes:?}");
        }
        for bytes in [[b'{', 0, 0, 0], [0, 0, 0, b'{']] {
            assert!(text_of(bytes.to_vec()).unwrap_err().0.message.contains("UTF-32"), "{bytes:?}");
        }
        assert!(text_of(vec![b'{', 0xff]).unwrap_err().0.message.contains("UTF-8"));
        assert_eq!(text_of(vec![0xef, 0xbb, 0xbf, b'{', b'}']).unwrap(), "{}");
    }
}
