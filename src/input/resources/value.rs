//! Values of attributes: known, absent, or unknown with the reason. A mark that is not understood hides what it marks.

use std::ops::Range;

use super::instance::damaged;
use crate::document::{Node, SyntaxError, Value};
use crate::facts::{Fact, Models, Project, SERVICE_TIERS, TOOLS, Use};
use crate::input::lay_over::make_unknown;
use crate::input::marks::{AFTER_APPLY, SENSITIVE, covers, item, part, touches};

/// The value of an attribute.
pub(super) enum Resolved<'n> {
    Known(Known<'n>),
    Absent,
    Unknown(String),
}

/// A known value; items of a list may be unknown each.
pub(super) struct Known<'n> {
    node: &'n Node,
    unknown: Option<&'n Node>,
    sensitive: Option<&'n Node>,
}

impl Resolved<'_> {
    /// Whether the value, or an item of it, is sensitive.
    pub(super) fn is_sensitive(&self) -> bool {
        match self {
            Resolved::Known(known) => touches(known.sensitive),
            Resolved::Absent => false,
            Resolved::Unknown(reason) => reason == SENSITIVE,
        }
    }

    /// The text, if it is a known one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Resolved::Known(known) => known.as_text(),
            Resolved::Absent | Resolved::Unknown(_) => None,
        }
    }
}

impl<'n> Known<'n> {
    /// Whether it is the word for archived, or the time of it.
    pub(super) fn says_archived(&self) -> bool {
        match &self.node.value {
            Value::String(text) => match text.parse::<f64>() {
                Ok(time) => time != 0.0,
                Err(_) => text == "archived" || text.contains(':'),
            },
            Value::Number(number) => number.as_f64() != Some(0.0),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
        }
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.node.span.clone()
    }

    pub(super) fn as_text(&self) -> Option<&'n str> {
        match &self.node.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

pub(super) fn resolve<'n>(
    values: Option<&'n Node>,
    unknown: Option<&'n Node>,
    sensitive: Option<&'n Node>,
    name: &str,
) -> Resolved<'n> {
    let (unknown, sensitive) = (part(unknown, name), part(sensitive, name));
    // Sensitive first: what is both is not quoted from the source either.
    if covers(sensitive) {
        return Resolved::Unknown(SENSITIVE.to_owned());
    }
    if covers(unknown) {
        return Resolved::Unknown(AFTER_APPLY.to_owned());
    }
    let Some(Node { value: Value::Object(entries), .. }) = values else {
        return Resolved::Absent;
    };
    match entries.iter().find(|e| e.key == name).map(|e| &e.node) {
        Some(node) if node.value != Value::Null => Resolved::Known(Known { node, unknown, sensitive }),
        Some(_) | None => Resolved::Absent,
    }
}

/// Gives a fact the value of an attribute. `fact` is `region`, or a part such as `models.ids` or `tools.mcp`.
pub(super) fn set(
    values: &mut Project,
    fact: &str,
    resolved: &Resolved<'_>,
    address: &str,
    name: &str,
) -> Result<(), SyntaxError> {
    let known = match resolved {
        Resolved::Known(known) => known,
        Resolved::Absent => return Ok(()),
        Resolved::Unknown(reason) => {
            make_unknown(values, fact, reason);
            return Ok(());
        }
    };
    let wrong = |expected: &str| {
        damaged(known.span(), format!("{name:?} of {address} must be {expected}, but is {}", known.node.kind()))
    };
    let is_list = matches!(known.node.value, Value::Array(_));
    if !is_list && (touches(known.unknown) || touches(known.sensitive)) {
        make_unknown(values, fact, if touches(known.sensitive) { SENSITIVE } else { AFTER_APPLY });
        return Ok(());
    }
    let text = || known.as_text().map(str::to_owned).ok_or_else(|| wrong("a string"));
    match fact.split_once('.') {
        None => match fact {
            "name" => values.name = Fact::Known(text()?),
            "region" => values.region = Fact::Known(text()?),
            "residency" => values.residency = Fact::Known(text()?),
            "data_retention" => values.data_retention = Fact::Known(text()?),
            _ => {}
        },
        Some(("models", part)) => {
            let mut models = match std::mem::take(&mut values.models) {
                Fact::Known(models) => models,
                Fact::Absent => Models::default(),
                unknown @ Fact::Unknown(_) => {
                    values.models = unknown;
                    return Ok(());
                }
            };
            match part {
                "mode" => {
                    models.mode = text()?;
                    if models.mode != "allow_list" && models.mode != "deny_list" {
                        let message = format!("{name:?} of {address} must be \"allow_list\" or \"deny_list\"");
                        return Err(damaged(known.span(), format!("{message}, but is {:?}", models.mode)));
                    }
                }
                _ => {
                    let Value::Array(items) = &known.node.value else {
                        return Err(wrong("a list of strings"));
                    };
                    let mut hidden = None;
                    for (index, node) in items.iter().enumerate() {
                        match &node.value {
                            _ if touches(item(known.unknown, index)) => hidden = Some(AFTER_APPLY),
                            _ if touches(item(known.sensitive, index)) => hidden = Some(SENSITIVE),
                            Value::String(text) => models.ids.push(text.clone()),
                            Value::Null => hidden = Some("an item is null"),
                            _ => return Err(wrong("a list of strings")),
                        }
                    }
                    if let Some(Node { value: Value::Array(marks), .. }) = known.unknown
                        && marks.len() > items.len()
                    {
                        hidden = Some(AFTER_APPLY);
                    }
                    if let Some(reason) = hidden {
                        values.unknown_parts.insert(fact.to_owned(), reason.to_owned());
                    }
                }
            }
            values.models = Fact::Known(models);
        }
        Some((_, tool)) => {
            let Value::Bool(enabled) = known.node.value else {
                return Err(wrong("a boolean"));
            };
            let mut tools = values.tools.known().cloned().unwrap_or_default();
            tools.insert(tool.to_owned(), enabled);
            values.tools = Fact::Known(tools);
        }
    }
    Ok(())
}

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
    fact: &str,
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
        ("model", Value::String(text)) => call.model = Fact::Known(text.clone()),
        ("model", _) => return wrong("a string"),
        ("store", Value::Bool(store)) => call.store = Fact::Known(*store),
        ("store", _) => return wrong("a boolean"),
        ("background", Value::Bool(background)) => call.background = Fact::Known(*background),
        ("background", _) => return wrong("a boolean"),
        ("service_tier", Value::String(text)) => {
            let word = TIER_WORDS.iter().find(|(other, _)| other == text).map_or(text.as_str(), |(_, own)| own);
            call.service_tier = match SERVICE_TIERS.contains(&word) {
                true => Fact::Known(word.to_owned()),
                false => Fact::Unknown("it names a service tier that is not known".to_owned()),
            };
        }
        ("service_tier", _) => return wrong("a string"),
        // The format of an answer is given as text; a schema makes it Structured Outputs.
        ("structured_output", Value::String(text)) => {
            call.structured_output = Fact::Known(text.contains("json_schema"));
        }
        ("structured_output", _) => return wrong("a string"),
        ("file_upload", Value::String(text)) if text.is_empty() => {}
        ("file_upload", Value::Array(items)) if items.is_empty() => {}
        ("file_upload", Value::String(_) | Value::Array(_)) => call.file_upload = Fact::Known("file_id".to_owned()),
        ("file_upload", _) => return wrong("the id of a file, or a list of ids"),
        ("tools", Value::Array(items)) => {
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
        ("tools", _) => return wrong("a list of objects"),
        (_, _) => {}
    }
    Ok(())
}

fn make_use_unknown(call: &mut Use, fact: &str, reason: &str) {
    let reason = reason.to_owned();
    match fact {
        "model" => call.model = Fact::Unknown(reason),
        "store" => call.store = Fact::Unknown(reason),
        "structured_output" => call.structured_output = Fact::Unknown(reason),
        "file_upload" => call.file_upload = Fact::Unknown(reason),
        "tools" => call.tools = Fact::Unknown(reason),
        "background" => call.background = Fact::Unknown(reason),
        "service_tier" => call.service_tier = Fact::Unknown(reason),
        _ => {}
    }
}
