//! What answers say of the models and hosted tools of a project.

use std::collections::BTreeMap;

use super::{Reader, field};
use crate::document::{Node, Value};
use crate::facts::{Fact, HOSTED_TOOLS, MODES, Models, Project};
use crate::input::reading::NOT_IN_EXPORT;
use crate::location::Place;

impl Reader<'_> {
    /// The models that an answer allows or forbids; absent where it says that there is no such list.
    pub(super) fn models(&mut self, node: &Node) -> Fact<Models> {
        let wrong = || Fact::Unknown("it is of the wrong type".to_owned());
        let mode = match self.text(node, "mode") {
            Ok(Some((mode, _))) if MODES.contains(&mode.as_str()) => mode,
            Ok(None) if field(node, "mode").is_none() && field(node, "model_ids").is_none() => {
                return Fact::Unknown(NOT_IN_EXPORT.to_owned());
            }
            Ok(None) => match field(node, "model_ids").map(|ids| &ids.value) {
                None | Some(Value::Null) => return Fact::Absent,
                Some(Value::Array(items)) if items.is_empty() => return Fact::Absent,
                Some(_) => {
                    self.problem(node, "\"model_ids\" without a \"mode\"", "give the answer as the API returned it");
                    return wrong();
                }
            },
            Ok(Some(_)) => {
                self.problem(
                    node,
                    "\"mode\" must be \"allow_list\" or \"deny_list\"",
                    "use a newer version of this program",
                );
                return wrong();
            }
            Err(()) => return wrong(),
        };
        let ids: Option<Vec<String>> = match field(node, "model_ids").map(|n| &n.value) {
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| match &item.value {
                    Value::String(text) => Some(text.clone()),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
                })
                .collect(),
            Some(_) | None => None,
        };
        match ids {
            Some(ids) => Fact::Known(Models { mode, ids }),
            None => {
                self.problem(node, "\"model_ids\" must be a list of strings", "give the answer as the API returned it");
                wrong()
            }
        }
    }

    /// The hosted tools that an answer turns on or off. Those that it leaves out are unknown.
    pub(super) fn tools(&mut self, node: &Node, values: &mut Project, places: &mut Vec<(String, Place)>) {
        let Value::Object(entries) = &node.value else { return };
        let mut tools = BTreeMap::new();
        for entry in entries {
            let (is_object, is_tool) =
                (matches!(entry.node.value, Value::Object(_)), HOSTED_TOOLS.contains(&entry.key.as_str()));
            // Beside tools an answer has texts and numbers that tell of itself.
            if !(is_tool || is_object || matches!(entry.node.value, Value::Bool(_))) {
                continue;
            }
            let name = format!("tools.{}", entry.key);
            match field(&entry.node, "enabled").unwrap_or(&entry.node) {
                enabled @ Node { value: Value::Bool(on), .. } if is_object => {
                    tools.insert(entry.key.clone(), *on);
                    places.push((name, self.place(enabled)));
                }
                Node { value: Value::Null, .. } => {
                    values.unknown_parts.insert(name, "null in the answer".to_owned());
                }
                other => {
                    let message = match is_object && !std::ptr::eq(other, &entry.node) {
                        true => format!("\"enabled\" of {:?} must be a boolean, but is {}", entry.key, other.kind()),
                        false => format!("{:?} must be an object with \"enabled\"", entry.key),
                    };
                    self.problem(other, message, "give the answer as the API returned it");
                    values.unknown_parts.insert(name, "it is of the wrong type".to_owned());
                }
            }
        }
        for tool in HOSTED_TOOLS.iter().filter(|tool| !tools.contains_key(**tool)) {
            values.unknown_parts.entry(format!("tools.{tool}")).or_insert_with(|| NOT_IN_EXPORT.to_owned());
        }
        values.tools = Fact::Known(tools);
    }
}
