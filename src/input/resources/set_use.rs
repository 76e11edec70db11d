//! Facts of uses, from attributes of API calls.

use super::change::damaged;
use super::value::{Known, Resolved};
use crate::document::{SyntaxError, Value};
use crate::facts::{Fact, SERVICE_TIERS, TOOLS, Use};
use crate::input::mapping::UseFact;
use crate::input::marks::{AFTER_APPLY, SENSITIVE, covers, item, part, touches};

/// How the API's words for tools are called here, where they differ.
const TOOL_WORDS: [(&str, &str); 5] = [
    ("computer", "computer_use"),
    ("computer_use_preview", "computer_use"),
    ("custom", "function"),
    ("shell", "hosted_shell"),
    ("web_search_preview_2025_03_11", "web_search_preview"),
];

/// The same for service tiers.
const TIER_WORDS: [(&str, &str); 2] = [("default", "standard"), ("priority", "fast")];

/// Gives a fact of a use the value of an attribute.
pub(super) fn set_use(
    call: &mut Use,
    fact: UseFact,
    resolved: &Resolved<'_>,
    address: &str,
    name: &str,
) -> Result<(), SyntaxError> {
    let known = match resolved {
        Resolved::Absent => return Ok(()),
        Resolved::Unknown(reason) => {
            make_use_unknown(call, fact, reason);
            return Ok(());
        }
        // What a tool is told does not say which one it is.
        Resolved::Known(known) if fact == UseFact::Tools && !touches(known.sensitive) && all_types_are_known(known) => {
            known
        }
        Resolved::Known(known) if touches(known.sensitive) || touches(known.unknown) => {
            make_use_unknown(call, fact, if touches(known.sensitive) { SENSITIVE } else { AFTER_APPLY });
            return Ok(());
        }
        Resolved::Known(known) => known,
    };
    let mut wrong = |expected: &str| {
        make_use_unknown(call, fact, "it is of the wrong type");
        let what = known.node.kind();
        Err(damaged(known.span(), format!("{name:?} of {address} must be {expected}, but is {what}")))
    };
    match (fact, &known.node.value) {
        (UseFact::Model, Value::String(text)) => call.model = Fact::Known(text.clone()),
        (UseFact::Model, _) => return wrong("a string"),
        (UseFact::Store, Value::Bool(store)) => call.store = Fact::Known(*store),
        (UseFact::Store, _) => return wrong("a boolean"),
        (UseFact::Background, Value::Bool(background)) => call.background = Fact::Known(*background),
        (UseFact::Background, _) => return wrong("a boolean"),
        (UseFact::ServiceTier, Value::String(text)) => {
            let word = TIER_WORDS.iter().find(|(other, _)| other == text).map_or(text.as_str(), |(_, own)| own);
            call.service_tier = match SERVICE_TIERS.contains(&word) {
                true => Fact::Known(word.to_owned()),
                false => Fact::Unknown("it names a service tier that is not known".to_owned()),
            };
        }
        (UseFact::ServiceTier, _) => return wrong("a string"),
        // The format of an answer is given as text; a schema makes it Structured Outputs.
        (UseFact::StructuredOutput, Value::String(text)) => {
            call.structured_output = Fact::Known(text.contains("json_schema"));
        }
        (UseFact::StructuredOutput, _) => return wrong("a string"),
        (UseFact::FileUpload, Value::String(text)) if text.is_empty() => {}
        (UseFact::FileUpload, Value::Array(items)) if items.is_empty() => {}
        (UseFact::FileUpload, Value::String(_) | Value::Array(_)) => {
            call.file_upload = Fact::Known("file_id".to_owned())
        }
        (UseFact::FileUpload, _) => return wrong("the id of a file, or a list of ids"),
        (UseFact::Tools, Value::Array(items)) => {
            let mut tools = Vec::new();
            for item in items {
                let word = match &item.value {
                    Value::Object(entries) => entries.iter().find(|e| e.key == "type").map(|e| &e.node.value),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
                };
                let Some(Value::String(word)) = word else {
                    return wrong("a list of objects with a \"type\"");
                };
                let word = TOOL_WORDS.iter().find(|(other, _)| other == word).map_or(word.as_str(), |(_, own)| own);
                if !TOOLS.contains(&word) {
                    call.tools = Fact::Unknown("it names a tool that is not known".to_owned());
                    return Ok(());
                }
                if !tools.iter().any(|held| held == word) {
                    tools.push(word.to_owned());
                }
            }
            call.tools = Fact::Known(tools);
        }
        (UseFact::Tools, _) => return wrong("a list of objects"),
        // Constants: no mapping has them as an attribute.
        (UseFact::Inputs | UseFact::Outputs, _) => {}
    }
    Ok(())
}

/// Whether of each item of a list the `type` is known.
fn all_types_are_known(list: &Known<'_>) -> bool {
    let Value::Array(items) = &list.node.value else { return false };
    let type_is_open = |index: usize| {
        let mark = item(list.unknown, index);
        covers(mark) || touches(part(mark, "type"))
    };
    let marks = match list.unknown.map(|mark| &mark.value) {
        Some(Value::Array(marks)) => marks.len(),
        Some(_) | None => 0,
    };
    !covers(list.unknown) && marks <= items.len() && !(0..items.len()).any(type_is_open)
}

fn make_use_unknown(call: &mut Use, fact: UseFact, reason: &str) {
    let reason = reason.to_owned();
    match fact {
        UseFact::Model => call.model = Fact::Unknown(reason),
        UseFact::Store => call.store = Fact::Unknown(reason),
        UseFact::StructuredOutput => call.structured_output = Fact::Unknown(reason),
        UseFact::FileUpload => call.file_upload = Fact::Unknown(reason),
        UseFact::Tools => call.tools = Fact::Unknown(reason),
        UseFact::Background => call.background = Fact::Unknown(reason),
        UseFact::ServiceTier => call.service_tier = Fact::Unknown(reason),
        UseFact::Inputs | UseFact::Outputs => {}
    }
}

/// Gives a fact of a use what always holds.
pub(super) fn set_constant(call: &mut Use, fact: UseFact, words: &[String]) {
    match fact {
        UseFact::Inputs => call.inputs = Fact::Known(words.to_vec()),
        UseFact::Outputs => call.outputs = Fact::Known(words.to_vec()),
        UseFact::FileUpload => call.file_upload = words.first().cloned().into(),
        // No mapping has others.
        UseFact::Background
        | UseFact::Model
        | UseFact::ServiceTier
        | UseFact::Store
        | UseFact::StructuredOutput
        | UseFact::Tools => {}
    }
}
