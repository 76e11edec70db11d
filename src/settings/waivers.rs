//! `waiver` and `unchecked` blocks as they are written; whether they hold is decided where they are used.

use std::ops::Range;

use crate::document::{Fields, Label, Labelled, Node, Value};
use crate::error::nearest;
use crate::location::Location;

/// `waiver "RULE" { … }`
pub(super) const WAIVER: Labelled = Labelled { block: "waiver", into: "waivers", label: Label::Field("rule") };
/// `unchecked "WHAT" { … }`
pub(super) const UNCHECKED: Labelled =
    Labelled { block: "unchecked", into: "unchecked_entries", label: Label::Field("what") };

/// A `waiver` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rule.
    pub rule: String,
    /// Whom it covers.
    pub subject: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Its last day, as written.
    pub expires: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Where it is written.
    pub location: Location,
}

/// An `unchecked` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// What can't be checked: an address or a path.
    pub what: String,
    /// Why that is fine.
    pub reason: Option<String>,
    /// Its last day, as written.
    pub expires: Option<String>,
    /// Where it is written.
    pub location: Location,
}

/// A text that may be anything: what is no text counts as missing.
fn text(fields: &mut Fields<'_>, key: &'static str) -> Option<String> {
    match fields.take(key).map(|node| &node.value) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => None,
    }
}

/// Reads the `waiver` blocks. A rule that does not exist is a problem.
pub(super) fn waivers(fields: &mut Fields<'_>, known: &[String], at: &dyn Fn(Range<usize>) -> Location) -> Vec<Waiver> {
    let read = |f: &mut Fields<'_>, node: &Node| {
        let rule = f.take_string("rule")?;
        check_rule(f, &rule.value, rule.span.clone(), known);
        Some(Waiver {
            rule: rule.value,
            subject: f.take_string("subject").map(|s| s.value),
            reason: text(f, "reason"),
            expires: text(f, "expires"),
            approved_by: f.take_string("approved_by").map(|s| s.value),
            location: at(node.span.clone()),
        })
    };
    blocks(fields, WAIVER, &read)
}

/// Reads the `unchecked` blocks.
pub(super) fn acknowledgements(fields: &mut Fields<'_>, at: &dyn Fn(Range<usize>) -> Location) -> Vec<Acknowledgement> {
    let read = |f: &mut Fields<'_>, node: &Node| {
        Some(Acknowledgement {
            what: f.take_string("what")?.value,
            reason: text(f, "reason"),
            expires: text(f, "expires"),
            location: at(node.span.clone()),
        })
    };
    blocks(fields, UNCHECKED, &read)
}

type Read<'r, T> = &'r dyn Fn(&mut Fields<'_>, &Node) -> Option<T>;

fn blocks<T>(fields: &mut Fields<'_>, labelled: Labelled, read: Read<'_, T>) -> Vec<T> {
    let Some(list) = fields.take_list(labelled.into) else { return Vec::new() };
    let within = |node| fields.within(node, labelled.block, |f| read(f, node)).flatten();
    list.value.iter().filter_map(within).collect()
}

/// Whether there is a rule of this id; if not, that is a problem.
pub(super) fn check_rule(fields: &mut Fields<'_>, id: &str, span: Range<usize>, known: &[String]) {
    if !known.iter().any(|rule| rule == id) {
        fields.problem(span, format!("there is no rule {id:?}"), Some(rule_hint(id, known)));
    }
}

/// What to do about a rule that there is not.
pub fn rule_hint(id: &str, known: &[String]) -> String {
    match nearest(id, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near:?}?"),
        None => "`openai-data-controls rules` lists them".to_owned(),
    }
}
