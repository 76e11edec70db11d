//! Terraform state: `terraform show -json`, or a raw `terraform.tfstate` of version 4.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::mapping;
use super::reading::Reading;
use super::recognise::{SHOW_STATE, is_state};
use super::resources::{Instance, Options, RawState, Reader, is_deposed};
use super::scan::{Configuration, Listed, Scan, may_concern};
use crate::document::{SyntaxError, span_of};
use crate::hcl::InstanceKey;
use crate::location::{FileId, SourceMap};

/// Reads a state out of the scan of its text. `file` is its text in `map`, `source` the path that ids carry.
pub(super) fn read(
    text: &str,
    scan: &Scan<'_>,
    (file, source): (FileId, &str),
    options: &Options<'_>,
    map: &mut SourceMap,
) -> Reading {
    let mut reader = Reader::new(text, file, source);
    if let Err(problem) = state(&mut reader, scan, options, map) {
        reader.problem(source, problem, map);
    }
    reader.reading
}

fn state<'a>(
    reader: &mut Reader<'a>,
    scan: &Scan<'a>,
    options: &Options<'_>,
    map: &mut SourceMap,
) -> Result<(), SyntaxError> {
    if let Some(twice) = scan.repeated_key(reader.text) {
        return Err(twice);
    }
    // All links of a state are known ids: no source is needed, and no configuration says what may be missing.
    let options = &Options { sources: &[], own_directory: None, ..*options };
    let configuration = Configuration::default();
    let instances = if scan.has("format_version") {
        check_version(reader.text, scan, "format_version", |v| v.trim_matches('"').split('.').next() == Some("1"))?;
        if !is_state(scan) {
            let span = scan.key_span(reader.text, "format_version");
            return Err(broken(span, "the state has no \"values\"".to_owned()));
        }
        let empty = Listed::default();
        reader.instances(scan.values.as_ref().unwrap_or(&empty), scan, "values", map)
    } else {
        check_version(reader.text, scan, "version", |v| v == "4")?;
        stored(reader, scan, map)?
    };
    reader.note_checks(scan, if scan.has("format_version") { "checks" } else { "check_results" });
    if instances.is_empty() {
        reader.note("the state holds no OpenAI resource");
    }
    reader.resources(instances, &configuration, None, options, map);
    Ok(())
}

fn check_version(text: &str, scan: &Scan<'_>, key: &str, known: impl Fn(&str) -> bool) -> Result<(), SyntaxError> {
    match scan.value(key) {
        Some(version) if !known(version.get()) => Err(SyntaxError {
            span: span_of(text, version),
            message: format!("{key} {} of a state is not known", version.get()),
            help: Some(format!("let a current terraform write it: {SHOW_STATE}")),
        }),
        Some(_) | None => Ok(()),
    }
}

/// A resource of a raw state.
#[derive(Deserialize)]
struct StoredResource<'a> {
    #[serde(default)]
    module: String,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    provider: String,
    #[serde(borrow)]
    instances: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct StoredInstance<'a> {
    #[serde(borrow, default)]
    index_key: Option<&'a RawValue>,
    #[serde(borrow, default)]
    attributes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sensitive_attributes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    deposed: Option<&'a RawValue>,
}

/// The instances of a raw state.
fn stored<'a>(reader: &mut Reader<'a>, scan: &Scan<'a>, map: &SourceMap) -> Result<Vec<Instance<'a>>, SyntaxError> {
    let text = reader.text;
    let Some(raw) = scan.value("resources") else {
        return Err(broken(0..1.min(text.len()), "the state has no \"resources\"".to_owned()));
    };
    let start = span_of(text, raw).start;
    let items: Vec<&'a RawValue> = serde_json::from_str(raw.get())
        .map_err(|_| broken(start..start + 1, "\"resources\" must be a list".to_owned()))?;
    let mut instances = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for item in items {
        let start = span_of(text, item).start;
        let Ok(resource) = serde_json::from_str::<StoredResource<'a>>(item.get()) else {
            let message = "a resource of the state is not as Terraform writes it".to_owned();
            reader.problem(reader.source, broken(start..start + 1, message), map);
            continue;
        };
        if !mapping::concerns(&resource.kind) && !may_concern(item.get()) {
            continue;
        }
        for raw in &resource.instances {
            match instance(text, &resource, raw) {
                Ok(found) if !found.deposed && !seen.insert(found.address.to_string()) => {
                    let problem = broken(found.address_span.clone(), format!("{} stands twice", found.address));
                    reader.problem(&found.address, problem, map);
                }
                Ok(found) => instances.push(found),
                Err(problem) => reader.problem(reader.source, problem, map),
            }
        }
    }
    Ok(instances)
}

fn instance<'a>(text: &'a str, resource: &StoredResource<'a>, raw: &'a RawValue) -> Result<Instance<'a>, SyntaxError> {
    let span = span_of(text, raw);
    let here = span.start..span.start + 1;
    let name = format!("{}.{}", resource.kind, resource.name);
    let stored: StoredInstance<'a> = serde_json::from_str(raw.get())
        .map_err(|_| broken(here.clone(), format!("an instance of {name} is not as Terraform writes it")))?;
    let key = match stored.index_key.map(RawValue::get) {
        None | Some("null") => None,
        Some(index) => {
            let wrong = || broken(here.clone(), format!("the index_key of {name} is no string and no number"));
            Some(InstanceKey::from_json(index).ok_or_else(wrong)?)
        }
    };
    let wrong = || broken(here.clone(), format!("the deposed key of {name} is no text"));
    let deposed = is_deposed(stored.deposed).ok_or_else(wrong)?;
    if stored.attributes.is_none_or(|a| !a.get().starts_with('{')) {
        return Err(broken(here, format!("an instance of {name} has no \"attributes\"")));
    }
    // `provider["registry.terraform.io/openai/openai"].alias`, perhaps with a module before it.
    let provider = resource.provider.split("[\"").nth(1).and_then(|rest| rest.split("\"]").next()).unwrap_or_default();
    let data = if resource.mode == "data" { "data." } else { "" };
    let within = if resource.module.is_empty() { String::new() } else { format!("{}.", resource.module) };
    let address = format!("{within}{data}{name}{}", key.as_ref().map(InstanceKey::to_string).unwrap_or_default());
    Ok(Instance {
        address: address.into(),
        address_span: here,
        module: resource.module.clone(),
        mode: resource.mode.clone().into(),
        kind: resource.kind.clone().into(),
        name: resource.name.clone().into(),
        key,
        provider: provider.to_owned().into(),
        deposed,
        text,
        raw: RawState::stored(stored.attributes, stored.sensitive_attributes),
        ..Instance::default()
    })
}

fn broken(span: std::ops::Range<usize>, message: String) -> SyntaxError {
    SyntaxError { span, message, help: Some(format!("write it anew: {SHOW_STATE}")) }
}
