//! A value beside the marks that say which of its parts are unknown or sensitive.

use std::collections::BTreeMap;

use crate::document::{Node, Value};
use crate::input::marks::{covers, item};

/// A value with its marks.
#[derive(Clone, Copy)]
pub(super) struct Marked<'n> {
    pub(super) value: Option<&'n Node>,
    pub(super) unknown: Option<&'n Node>,
    pub(super) sensitive: Option<&'n Node>,
}

impl<'n> Marked<'n> {
    /// The items of a list.
    pub(super) fn items(&self) -> Vec<Marked<'n>> {
        let list = |tree: Option<&'n Node>| match tree.map(|n| &n.value) {
            Some(Value::Array(items)) => items.as_slice(),
            _ => &[],
        };
        let (values, mut unknown) = (list(self.value), list(self.unknown).iter().collect::<Vec<_>>());
        // Of a set, Terraform leaves out the items that are unknown as a whole, and marks them all the same.
        if self.value.is_some() && values.len() < unknown.len() {
            unknown.retain(|mark| mark.value != Value::Bool(true));
        }
        let all = self.unknown.filter(|mark| covers(Some(mark)));
        let item = |index: usize| Marked {
            value: values.get(index),
            unknown: all.or_else(|| unknown.get(index).copied()),
            sensitive: item(self.sensitive, index),
        };
        (0..values.len().max(unknown.len())).map(item).collect()
    }

    /// What an object holds, also what only a mark knows of, by key.
    pub(super) fn children(&self) -> BTreeMap<&'n str, Marked<'n>> {
        let mut children: BTreeMap<&str, Marked<'n>> = BTreeMap::new();
        let mut each = |tree: Option<&'n Node>, set: fn(&mut Marked<'n>, &'n Node)| {
            if let Some(Value::Object(entries)) = tree.map(|n| &n.value) {
                for entry in entries {
                    let nothing = Marked { value: None, unknown: None, sensitive: None };
                    set(children.entry(&entry.key).or_insert(nothing), &entry.node);
                }
            }
        };
        each(self.value, |child, node| child.value = Some(node));
        each(self.unknown, |child, node| child.unknown = Some(node));
        each(self.sensitive, |child, node| child.sensitive = Some(node));
        // A mark that covers the whole covers each part.
        for child in children.values_mut() {
            child.unknown = child.unknown.or(self.unknown.filter(|mark| covers(Some(mark))));
            child.sensitive = child.sensitive.or(self.sensitive.filter(|mark| covers(Some(mark))));
        }
        children
    }

    pub(super) fn is_list(&self) -> bool {
        let is = |tree: Option<&Node>| matches!(tree.map(|n| &n.value), Some(Value::Array(_)));
        is(self.value) || (self.value.is_none() && is(self.unknown))
    }

    pub(super) fn text(&self) -> Option<&'n str> {
        self.raw_text().filter(|_| !covers(self.sensitive))
    }

    /// A text that may be sensitive: what is made of it must not show it.
    pub(super) fn raw_text(&self) -> Option<&'n str> {
        match self.value.map(|n| &n.value) {
            Some(Value::String(text)) if !covers(self.unknown) => Some(text),
            _ => None,
        }
    }

    /// The mark that makes all of it sensitive.
    pub(super) fn secrecy(&self) -> Option<&'n Node> {
        self.sensitive.filter(|mark| covers(Some(mark)))
    }
}
