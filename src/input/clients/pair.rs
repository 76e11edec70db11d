//! Pairs of a name and a value, as lists of variables hold them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::environment::Variable;
use super::marked::Marked;
use super::setting::{ELSEWHERE, Setting, setting};
use crate::document::{Node, Value};
use crate::input::marks::covers;

const NAMES: [&str; 5] = ["name", "key", "variable_name", "variable", "env_name"];
const VALUES: [&str; 6] = ["value", "plaintext_value", "secret_value", "encrypted_value", "value_wo", "string_value"];
const SOURCES: [&str; 8] =
    ["value_from", "valuefrom", "value_source", "valuesource", "secret", "secret_name", "secret_ref", "secret_key_ref"];

/// The name of a pair that has no other: elsewhere it names where the value is taken from.
const SECRET_NAME: &str = "secret_name";

/// `NAME=value`.
pub(super) fn assignment(text: &str) -> Option<(Variable, &str)> {
    let (name, value) = text.split_once('=')?;
    Some((Variable::of(name.trim())?, value))
}

/// The fields of an object that has a name, in lower case.
pub(super) fn fields<'n>(object: Marked<'n>) -> Option<BTreeMap<String, Marked<'n>>> {
    // What has this many fields is no pair.
    const MOST: usize = 64;
    let children = object.children();
    let named = children.keys().any(|key| NAMES.iter().chain([&SECRET_NAME]).any(|n| key.eq_ignore_ascii_case(n)));
    (named && children.len() <= MOST)
        .then(|| children.into_iter().map(|(key, child)| (key.to_ascii_lowercase(), child)).collect())
}

pub(super) fn name_of(object: Marked<'_>) -> Option<&str> {
    let fields = fields(object)?;
    NAMES.iter().find_map(|name| fields.get(*name)?.text())
}

/// A pair of name and value. Of a path (`/prod/OPENAI_BASE_URL`) the last part is the name.
pub(super) fn pair(object: Marked<'_>, span: Option<&Range<usize>>) -> Option<(Variable, Setting)> {
    let fields = fields(object)?;
    // Of a set that holds something sensitive Terraform marks all, the names too.
    let of = |name: &str| Variable::of(fields.get(name)?.raw_text()?.rsplit('/').next()?);
    let is_there = |name: &str| fields.get(name).is_some_and(|field| field.value.is_some());
    let named = match NAMES.iter().any(|name| is_there(name)) {
        true => NAMES.iter().find_map(|name| of(name))?,
        false => of(SECRET_NAME)?,
    };
    Some((named, value_of(object, named, span)?))
}

/// The value of a pair.
pub(super) fn value_of(object: Marked<'_>, variable: Variable, span: Option<&Range<usize>>) -> Option<Setting> {
    let fields = fields(object)?;
    let given = VALUES.iter().find_map(|name| setting(*fields.get(*name)?, variable, span));
    let is_blank = VALUES.iter().all(|name| fields.get(*name).is_none_or(|field| field.text() == Some("")));
    let is_empty = |tree: &Node| match &tree.value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    let names_itself = |name: &str| name == SECRET_NAME && !NAMES.iter().any(|name| fields.contains_key(*name));
    let source = SOURCES
        .iter()
        .filter(|name| !names_itself(name))
        .filter_map(|name| fields.get(*name))
        .find(|s| s.value.is_some_and(|v| !is_empty(v)) || covers(s.unknown) || covers(s.sensitive));
    match (given, source) {
        (Some(given), None) => Some(given),
        (Some(given), Some(_)) if !is_blank => Some(given),
        (_, Some(source)) => {
            let span = span.cloned().or_else(|| source.value.map(|n| n.span.clone()));
            Some(Setting::unknown(ELSEWHERE, span))
        }
        (None, None) => None,
    }
}
