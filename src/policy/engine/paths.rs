//! What an expression of a rule reads of the facts: the path below `input`, held to the facts' own JSON Schema.

use std::sync::LazyLock;

use serde_json::Value;

use crate::edition::embedded_schema;
use crate::error::nearest;
use crate::facts;

/// The JSON Schema of the facts.
static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| embedded_schema("facts").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default());

/// Something in the facts: where it lies, and what may lie there.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Keys from `input` on; `*` is any key.
    path: Vec<String>,
    /// The schemas of what may lie there; none: anything.
    schemas: Vec<&'static Value>,
    /// The attributes whose reasons lie there, for `unknown`.
    reasons_of: Vec<&'static str>,
}

/// A key that is not in the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing {
    /// The path that leads to nothing, as rules write it.
    pub(super) path: String,
    /// What to write instead, or what is there.
    pub(super) help: String,
}

impl Place {
    /// All facts.
    pub(super) fn input() -> Place {
        Place { path: Vec::new(), schemas: plain(&SCHEMA), reasons_of: Vec::new() }
    }

    /// What lies under a key. `Ok(None)`: anything may.
    pub(super) fn key(&self, key: &str) -> Result<Option<Place>, Missing> {
        if !self.reasons_of.is_empty() {
            let attribute = key.split('.').next().unwrap_or(key);
            return match self.reasons_of.contains(&attribute) {
                true => Ok(None),
                false => Err(self.missing(key, &self.reasons_of)),
            };
        }
        let (mut found, mut known) = (Vec::new(), Vec::new());
        for schema in &self.schemas {
            let Some(properties) = properties(schema) else {
                match schema.get("additionalProperties") {
                    Some(entry @ Value::Object(_)) => found.push(entry),
                    Some(Value::Bool(true)) => return Ok(None),
                    _ if is_anything(schema) => return Ok(None),
                    _ => {}
                }
                continue;
            };
            known.extend(properties.keys().map(String::as_str));
            match (properties.get(key), schema.get("additionalProperties")) {
                (Some(property), _) => found.push(property),
                (None, Some(Value::Bool(false)) | None) => {}
                (None, Some(_)) => return Ok(None),
            }
        }
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        if let Some(keys) = facts::keys(&path).filter(|keys| !keys.contains(&key)) {
            return Err(self.missing(key, &keys));
        }
        if found.is_empty() {
            return Err(self.missing(key, &known));
        }
        let mut place = self.below(if known.is_empty() { "*" } else { key }, &found);
        if key == "unknown" {
            place.reasons_of = known.into_iter().filter(|name| *name != "unknown").collect();
        }
        Ok(Some(place))
    }

    /// What lies under any key, or in any place of a list. `None`: anything may, or nothing.
    pub(super) fn any(&self) -> Option<Place> {
        let mut found = Vec::new();
        for schema in &self.schemas {
            found.extend(properties(schema).into_iter().flatten().map(|(_, property)| property));
            found.extend(["items", "additionalProperties"].iter().filter_map(|key| schema.get(*key)));
        }
        let closed = self.reasons_of.is_empty() && !found.is_empty() && found.iter().all(|schema| schema.is_object());
        closed.then(|| self.below("*", &found))
    }

    /// The words that can lie there, where these are few.
    pub(super) fn words(&self) -> Option<Vec<&'static str>> {
        facts::words(&self.path.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// The path as rules write it.
    pub(super) fn shown(&self) -> String {
        self.path.iter().fold("input".to_owned(), |shown, key| match key.as_str() {
            "*" => shown + "[_]",
            key => format!("{shown}.{key}"),
        })
    }

    fn below(&self, key: &str, schemas: &[&'static Value]) -> Place {
        let mut path = self.path.clone();
        path.push(key.to_owned());
        Place { path, schemas: schemas.iter().flat_map(|schema| plain(schema)).collect(), reasons_of: Vec::new() }
    }

    fn missing(&self, key: &str, known: &[&str]) -> Missing {
        let mut names = known.to_vec();
        names.sort_unstable();
        names.dedup();
        let help = match nearest(key, names.iter().copied()) {
            Some(name) => format!("did you mean {name}?"),
            None if names.is_empty() => format!("{} has no parts", self.shown()),
            None => format!("{} has {}", self.shown(), names.join(", ")),
        };
        Missing { path: format!("{}.{key}", self.shown()), help }
    }
}

fn properties(schema: &'static Value) -> Option<&'static serde_json::Map<String, Value>> {
    schema.get("properties")?.as_object()
}

/// Whether a schema asks for nothing.
fn is_anything(schema: &Value) -> bool {
    match schema {
        Value::Bool(all) => *all,
        Value::Object(asks) => asks.keys().all(|key| ["description", "title", "default"].contains(&key.as_str())),
        _ => false,
    }
}

/// A schema without references and alternatives: all that it may be, `null` left out.
fn plain(schema: &'static Value) -> Vec<&'static Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return SCHEMA.pointer(reference.trim_start_matches('#')).map(plain).unwrap_or_default();
    }
    let parts = ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| schema.get(*key)?.as_array());
    let parts: Vec<&'static Value> = parts.flatten().collect();
    if parts.is_empty() {
        let is_null = schema.get("type").is_some_and(|kind| kind == "null");
        return if is_null { Vec::new() } else { vec![schema] };
    }
    parts.into_iter().flat_map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &[&str]) -> Result<Option<Place>, Missing> {
        path.iter().try_fold(Some(Place::input()), |place, key| match (place, *key) {
            (None, _) => Ok(None),
            (Some(place), "*") => Ok(place.any()),
            (Some(place), key) => place.key(key),
        })
    }

    #[test]
    fn paths_are_held_to_the_facts() {
        for path in [
            &["projects", "*", "region"][..],
            &["projects", "*", "unknown", "models.ids"],
            &["projects", "*", "tools", "web_search"],
            &["projects", "*", "change", "before", "effective", "data_retention"],
            &["organization", "region_approvals", "AE", "approved_on"],
            &["organization", "zdr_amendment", "executed_on"],
            &["edition", "services", "by_path", "*", "*", "models"],
            &["edition", "regions", "*", "requirement_any_of", "*"],
        ] {
            assert!(at(path).is_ok(), "{path:?}: {:?}", at(path));
        }
        for (path, help) in [
            (&["project"][..], "did you mean projects?"),
            (&["projects", "*", "regin"], "did you mean region?"),
            (&["projects", "*", "unknown", "regoin"], "did you mean region?"),
            (&["projects", "*", "unknown", "modles.ids"], "did you mean models?"),
            (&["projects", "*", "tools", "web_serch"], "did you mean web_search?"),
            (&["projects", "*", "name", "length"], "input.projects[_].name has no parts"),
            (&["organization", "zdr_amendment", "executed"], "did you mean executed_on?"),
        ] {
            assert_eq!(at(path).map(|_| ()).map_err(|missing| missing.help), Err(help.to_owned()), "{path:?}");
        }
    }

    #[test]
    fn closed_sets_are_found_by_their_path() {
        for path in [
            &["projects", "*", "data_retention"][..],
            &["uses", "*", "tools", "*"],
            &["uses", "*", "effective", "from"],
        ] {
            assert!(at(path).ok().flatten().is_some_and(|place| place.words().is_some()), "{path:?}");
        }
        assert!(at(&["projects", "*", "region"]).ok().flatten().is_some_and(|place| place.words().is_none()));
    }
}
