//! Values of attributes: known, absent, or unknown with the reason. A mark that is not understood hides what it marks.

use std::ops::Range;

use super::change::damaged;
use crate::document::{Node, SyntaxError, Value};
use crate::facts::{CONTROLS, Fact, MODES, Models, ORGANIZATION_DEFAULT, Project};
use crate::input::lay_over::make_unknown;
use crate::input::mapping::ProjectFact;
use crate::input::marks::{AFTER_APPLY, SENSITIVE, covers, item, part, touches};
use crate::input::reading::NO_CONTROL;

/// The value of an attribute.
pub(super) enum Resolved<'n> {
    Known(Known<'n>),
    Absent,
    Unknown(String),
}

/// A known value; items of a list may be unknown each.
pub(super) struct Known<'n> {
    pub(super) node: &'n Node,
    pub(super) unknown: Option<&'n Node>,
    pub(super) sensitive: Option<&'n Node>,
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

/// The models so far, taken out; `None` where they are unknown, and stay so.
fn known_models(values: &mut Project) -> Option<Models> {
    match std::mem::take(&mut values.models) {
        Fact::Known(models) => Some(models),
        Fact::Absent => Some(Models::default()),
        unknown @ Fact::Unknown(_) => {
            values.models = unknown;
            None
        }
    }
}

/// Gives a fact the value of an attribute. `fact` is `region`, or a part such as `models.ids` or `tools.mcp`.
pub(super) fn set(
    values: &mut Project,
    fact: ProjectFact,
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
    match fact {
        ProjectFact::Name => values.name = Fact::Known(text()?),
        ProjectFact::Region => values.region = Fact::Known(text()?),
        ProjectFact::Residency => values.residency = Fact::Known(text()?),
        ProjectFact::DataRetention => match text()? {
            control if control == ORGANIZATION_DEFAULT || CONTROLS.contains(&control.as_str()) => {
                values.data_retention = Fact::Known(control);
            }
            // Providers take any word, and what an unknown one does is not known.
            _ => make_unknown(values, fact, NO_CONTROL),
        },
        ProjectFact::ModelsMode => {
            let Some(mut models) = known_models(values) else { return Ok(()) };
            let mode = text()?;
            if !MODES.contains(&mode.as_str()) {
                let message = format!("{name:?} of {address} must be \"allow_list\" or \"deny_list\"");
                return Err(damaged(known.span(), format!("{message}, but is {mode:?}")));
            }
            models.mode = mode;
            values.models = Fact::Known(models);
        }
        ProjectFact::ModelsIds => {
            let Some(mut models) = known_models(values) else { return Ok(()) };
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
                    Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                        return Err(wrong("a list of strings"));
                    }
                }
            }
            if let Some(Node { value: Value::Array(marks), .. }) = known.unknown
                && marks.len() > items.len()
            {
                hidden = Some(AFTER_APPLY);
            }
            if let Some(reason) = hidden {
                values.unknown_parts.insert(fact.name().into_owned(), reason.to_owned());
            }
            values.models = Fact::Known(models);
        }
        ProjectFact::Tool(tool) => {
            let Value::Bool(enabled) = known.node.value else {
                return Err(wrong("a boolean"));
            };
            let mut tools = values.tools.known().cloned().unwrap_or_default();
            tools.insert(tool.to_owned(), enabled);
            values.tools = Fact::Known(tools);
        }
        // Set by their parts: no mapping has them as an attribute.
        ProjectFact::Models | ProjectFact::Tools => {}
    }
    Ok(())
}
