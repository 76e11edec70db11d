//! How a plan or a state writes one instance down: its change or its values, not looked into.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::instance::{Instance, RawState, State};
use crate::document::{SyntaxError, json_error, span_of};
use crate::hcl::{InstanceKey, module_of};
use crate::input::scan::{RawResource, text};

#[derive(Deserialize)]
struct RawChange<'a> {
    actions: Vec<String>,
    #[serde(borrow, default)]
    before: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_unknown: Option<&'a RawValue>,
    #[serde(borrow, default)]
    before_sensitive: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_sensitive: Option<&'a RawValue>,
}

impl<'a> Instance<'a> {
    /// Takes an instance from its raw text.
    pub(in crate::input) fn new(text: &'a str, raw: &RawResource<'a>) -> Result<Instance<'a>, SyntaxError> {
        let any = [raw.address, raw.kind, raw.name, raw.mode, raw.change, raw.values];
        let start = any.iter().flatten().map(|r| span_of(text, r).start).min().unwrap_or(0);
        let here = start..start + 1;
        let string = |field: Option<&'a RawValue>, name: &str| match field {
            Some(field) => self::text(field)
                .ok_or_else(|| damaged(span_of(text, field), format!("{name:?} of a resource must be a string"))),
            None => Err(damaged(here.clone(), format!("a resource has no {name:?}"))),
        };
        let address = string(raw.address, "address")?;
        let address_span = raw.address.map_or(here.clone(), |r| span_of(text, r));
        if let Some(key) = raw.twice {
            return Err(damaged(address_span, format!("the key {key:?} stands twice in {address}")));
        }
        let key = match raw.index.map(RawValue::get) {
            None | Some("null") => None,
            Some(index) => {
                let wrong =
                    || damaged(address_span.clone(), format!("the index of {address} is no string and no number"));
                Some(InstanceKey::from_json(index).ok_or_else(wrong)?)
            }
        };
        let (actions, raw_state) = match (raw.change, raw.values) {
            (Some(change), _) => {
                let change: RawChange<'a> = object(text, change, &format!("\"change\" of {address}"))?;
                if change.actions.is_empty() {
                    return Err(damaged(here, format!("{address} has no \"actions\"")));
                }
                let state = RawState {
                    sensitive_paths: None,
                    before: change.before,
                    after: change.after,
                    after_unknown: change.after_unknown,
                    before_sensitive: change.before_sensitive,
                    after_sensitive: change.after_sensitive,
                };
                (Some(change.actions), state)
            }
            (None, Some(values)) => {
                let state =
                    RawState { after: Some(values), after_sensitive: raw.sensitive_values, ..RawState::default() };
                (None, state)
            }
            (None, None) => return Err(damaged(here, format!("{address} has no \"change\""))),
        };
        let wrong = || damaged(address_span.clone(), format!("the deposed key of {address} is no text"));
        let deposed = is_deposed(raw.deposed).ok_or_else(wrong)?;
        let mode = string(raw.mode, "mode")?;
        if mode != "managed" && mode != "data" {
            return Err(damaged(here, format!("{address} has the unknown mode {mode:?}")));
        }
        let (kind, name) = (string(raw.kind, "type")?, string(raw.name, "name")?);
        if !is_address_of(&address, &mode, &kind, &name, key.as_ref()) {
            let message = format!("the address {address} is not that of its mode, type, name and index");
            return Err(damaged(address_span, message));
        }
        for (name, value) in [("after", raw_state.after), ("before", raw_state.before)] {
            if let Some(value) = value.filter(|v| !v.get().starts_with('{') && v.get() != "null") {
                let span = span_of(text, value);
                let message = format!("{name:?} of {address} must be an object or null");
                return Err(damaged(span.start..span.start + 1, message));
            }
        }
        Ok(Instance {
            module: module_of(&address).to_owned(),
            address,
            address_span,
            mode,
            kind,
            name,
            key,
            provider: raw.provider_name.and_then(self::text).unwrap_or_default(),
            deposed,
            actions,
            text,
            raw: raw_state,
            state: State::default(),
            declared: None,
            imported: false,
            uncounted: None,
        })
    }
}

/// Whether an address is that of a resource, in whatever module. Of an index its kind and a number are compared.
fn is_address_of(address: &str, mode: &str, kind: &str, name: &str, key: Option<&InstanceKey>) -> bool {
    let own = address[module_of(address).len()..].trim_start_matches('.');
    let own = if mode == "data" { own.strip_prefix("data.") } else { Some(own) };
    let index = own
        .and_then(|own| own.strip_prefix(kind)?.strip_prefix('.')?.strip_prefix(name))
        .filter(|index| index.is_empty() || index.starts_with('['));
    match (index, key) {
        (None, _) => false,
        (Some(index), None) => index.is_empty(),
        (Some(index), Some(InstanceKey::Number(number))) => index == format!("[{number}]"),
        (Some(index), Some(InstanceKey::Text(_))) => index.starts_with("[\""),
    }
}

/// Whether this is the key of a deposed object, a text that is not empty; `None` where something else stands.
pub(in crate::input) fn is_deposed(key: Option<&RawValue>) -> Option<bool> {
    match key.map(RawValue::get) {
        None | Some("null") => Some(false),
        Some(raw) => (raw.starts_with('"') && raw != "\"\"").then_some(true),
    }
}

/// A part of a plan that must be an object.
fn object<'a, T: Deserialize<'a>>(text: &'a str, raw: &'a RawValue, what: &str) -> Result<T, SyntaxError> {
    let start = span_of(text, raw).start;
    if !raw.get().starts_with('{') {
        return Err(damaged(start..start + 1, format!("{what} must be an object")));
    }
    serde_json::from_str(raw.get()).map_err(|e| {
        let problem = json_error(text, raw.get(), &e);
        if e.is_data() { damaged(problem.span, format!("{what} is not as Terraform writes it")) } else { problem }
    })
}

pub(in crate::input) fn damaged(span: Range<usize>, message: String) -> SyntaxError {
    SyntaxError { span, message, help: Some("make the plan anew: terraform show -json tfplan > plan.json".to_owned()) }
}
