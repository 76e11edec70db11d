//! The actions that a plan invokes: `action_invocations`, since Terraform 1.14.

use std::collections::BTreeSet;

use super::unread::DECLARE;
use super::{Options, Reader, damaged};
use crate::document::{Node, SyntaxError, Value, json_node};
use crate::input::clients::mention::mentions;
use crate::input::scan::Scan;
use crate::location::SourceMap;

impl Reader<'_> {
    /// Tells of those of OpenAI's providers, which may set what is judged. Others that are given variables of OpenAI's SDKs are
    /// noted.
    ///
    /// # Errors
    /// What is not as Terraform writes it: then what is invoked can't be told.
    pub(in crate::input) fn actions(
        &mut self,
        scan: &Scan<'_>,
        key: &str,
        options: &Options<'_>,
        map: &SourceMap,
    ) -> Result<(), SyntaxError> {
        let Some(raw) = scan.value(key) else { return Ok(()) };
        let list = json_node(self.text, raw)?;
        let items = match &list.value {
            Value::Null => return Ok(()),
            Value::Array(items) => items,
            _ => return Err(damaged(scan.key_span(self.text, key), format!("{key:?} must be a list"))),
        };
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for item in items {
            let action = part(item, "action_invocation").unwrap_or(item);
            let wrong = |what: &str| {
                damaged(item.span.start..item.span.start + 1, format!("{what:?} of an action must be a text"))
            };
            let text = |what: &str| match part(action, what).map(|node| &node.value) {
                Some(Value::String(text)) => Ok(text.as_str()),
                _ => Err(wrong(what)),
            };
            let (kind, address, provider) = (text("type")?, text("address")?, text("provider_name")?);
            if options.forks.mapping(provider).is_some() || kind.starts_with("openai_") {
                if told.insert(address) {
                    let message = format!("{address} is invoked, an action of a type that this version does not know");
                    let span = item.span.start..item.span.start + 1;
                    self.problem(address, SyntaxError { span, message, help: Some(DECLARE.to_owned()) }, map);
                }
            } else if mentions(Some(action)) {
                let what = "an action that names a variable of OpenAI's SDKs is not looked into";
                let then = "if it calls the API, give the project's base_url in a definition";
                self.note(&format!("{address}: {what}: {then}"));
            }
        }
        Ok(())
    }
}

fn part<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Object(entries) = &node.value else { return None };
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
}
