//! What was found in expressions so far.

use std::collections::{BTreeMap, BTreeSet};

use super::Reached;

/// What all values under one name lead to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The resources of the wanted types.
    pub reaches: BTreeSet<Reached>,
    /// Whether they lead to anything else that is not known: a variable without a value, another resource.
    pub open: bool,
}

/// Resources, texts and what stands under names.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) resources: BTreeSet<Reached>,
    pub(super) says: bool,
    pub(super) open: bool,
    pub(super) entries: BTreeMap<String, Entry>,
}

impl Found {
    pub(super) fn take(&mut self, other: &Found) {
        self.says |= other.says;
        self.open |= other.open;
        self.resources.extend(other.resources.iter().cloned());
        for (name, entry) in &other.entries {
            let own = self.entries.entry(name.clone()).or_default();
            own.reaches.extend(entry.reaches.iter().cloned());
            own.open |= entry.open;
        }
    }

    /// Takes what stands under a name.
    pub(super) fn take_under(&mut self, name: &str, value: &Found) {
        let own = self.entries.entry(name.to_owned()).or_default();
        own.reaches.extend(value.resources.iter().cloned());
        own.open |= value.open;
    }
}
