//! Facts of uses, from attributes of API calls.

use super::instance::damaged;
use super::value::Resolved;
use crate::document::{SyntaxError, Value};
use crate::facts::{Fact, SERVICE_TIERS, TOOLS, Use};
use crate::input::mapping::FactName;
use crate::input::marks::{AFTER_APPLY, SENSITIVE, touches};

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
    fact: FactName,
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
        (FactName::Model, Value::String(text)) => call.model = Fact::Known(text.clone()),
        (FactName::Model, _) => return wrong("a string"),
        (FactName::Store, Value::Bool(store)) => call.store = Fact::Known(*store),
        (FactName::Store, _) => return wrong("a boolean"),
        (FactName::Background, Value::Bool(background)) => call.background = Fact::Known(*background),
        (FactName::Background, _) => return wrong("a boolean"),
        (FactName::ServiceTier, Value::String(text)) => {
            let word = TIER_WORDS.iter().find(|(other, _)| other == text).map_or(text.as_str(), |(_, own)| own);
            call.service_tier = match SERVICE_TIERS.contains(&word) {
                true => Fact::Known(word.to_owned()),
                false => Fact::Unknown("it names a service tier that is not known".to_owned()),
            };
        }
        (FactName::ServiceTier, _) => return wrong("a string"),
        // The format of an answer is given as text; a schema makes it Structured Outputs.
        (FactName::StructuredOutput, Value::String(text)) => {
            call.structured_output = Fact::Known(text.contains("json_schema"));
        }
        (FactName::StructuredOutput, _) => return wrong("a string"),
        (FactName::FileUpload, Value::String(text)) if text.is_empty() => {}
        (FactName::FileUpload, Value::Array(items)) if items.is_empty() => {}
        (FactName::FileUpload, Value::String(_) | Value::Array(_)) => {
            call.file_upload = Fact::Known("file_id".to_owned())
        }
        (FactName::FileUpload, _) => return wrong("the id of a file, or a list of ids"),
        (FactName::Tools, Value::Array(items)) => {
            let mut tools = Vec::new();
            for item in items {
                let word = match &item.value {
                    Value::Object(entries) => entries.iter().find(|e| e.key == "type").map(|e| &e.node.value),
                    _ => None,
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
        (FactName::Tools, _) => return wrong("a list of objects"),
        // Constants, or of projects alone: no mapping of a use has them as an attribute.
        (
            FactName::DataRetention
            | FactName::Inputs
            | FactName::Models
            | FactName::ModelsIds
            | FactName::ModelsMode
            | FactName::Name
            | FactName::Outputs
            | FactName::Region
            | FactName::Residency
            | FactName::Tool(_),
            _,
        ) => {}
    }
    Ok(())
}

fn make_use_unknown(call: &mut Use, fact: FactName, reason: &str) {
    let reason = reason.to_owned();
    match fact {
        FactName::Model => call.model = Fact::Unknown(reason),
        FactName::Store => call.store = Fact::Unknown(reason),
        FactName::StructuredOutput => call.structured_output = Fact::Unknown(reason),
        FactName::FileUpload => call.file_upload = Fact::Unknown(reason),
        FactName::Tools => call.tools = Fact::Unknown(reason),
        FactName::Background => call.background = Fact::Unknown(reason),
        FactName::ServiceTier => call.service_tier = Fact::Unknown(reason),
        FactName::DataRetention
        | FactName::Inputs
        | FactName::Models
        | FactName::ModelsIds
        | FactName::ModelsMode
        | FactName::Name
        | FactName::Outputs
        | FactName::Region
        | FactName::Residency
        | FactName::Tool(_) => {}
    }
}

/// Gives a fact of a use what always holds.
pub(super) fn set_constant(call: &mut Use, fact: FactName, words: &[String]) {
    match fact {
        FactName::Inputs => call.inputs = Fact::Known(words.to_vec()),
        FactName::Outputs => call.outputs = Fact::Known(words.to_vec()),
        FactName::FileUpload => call.file_upload = words.first().cloned().into(),
        // No mapping has others.
        FactName::Background
        | FactName::DataRetention
        | FactName::Model
        | FactName::Models
        | FactName::ModelsIds
        | FactName::ModelsMode
        | FactName::Name
        | FactName::Region
        | FactName::Residency
        | FactName::ServiceTier
        | FactName::Store
        | FactName::StructuredOutput
        | FactName::Tool(_)
        | FactName::Tools => {}
    }
}
