//! What was found in expressions so far.

use std::collections::{BTreeMap, BTreeSet};

use super::Reached;

/// What all values under one name lead to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The resources of the wanted types.
    pub reaches: BTreeSet<Reached>,
    /// The texts that are written there, parts of templates among them: of many, the first ones.
    pub texts: BTreeSet<String>,
    /// Whether something is made of what is written there, or there is more than is kept.
    pub computed: bool,
    /// Whether they lead to anything else that is not known: a variable without a value, another resource.
    pub open: bool,
}

/// How many texts are kept, and how long they may be, in bytes.
const MOST_TEXTS: usize = 8;
const LONGEST: usize = 200;

/// Resources, texts and what stands under names.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) resources: BTreeSet<Reached>,
    pub(super) says: bool,
    pub(super) open: bool,
    pub(super) texts: BTreeSet<String>,
    pub(super) computed: bool,
    pub(super) entries: BTreeMap<String, Entry>,
}

/// Takes texts, as many as are kept.
fn take_texts(own: &mut BTreeSet<String>, more: &BTreeSet<String>) {
    let room = MOST_TEXTS.saturating_sub(own.len());
    own.extend(more.iter().take(room).cloned());
}

impl Found {
    /// Takes a text that is written.
    pub(super) fn take_text(&mut self, text: &str) {
        match self.texts.len() < MOST_TEXTS && text.len() <= LONGEST {
            true => drop(self.texts.insert(text.to_owned())),
            false => self.computed = true,
        }
    }

    /// Whether a text that was asked for stands there, and what leads to a resource.
    pub(super) fn leads_and_says(&self) -> bool {
        self.says && !self.resources.is_empty()
    }

    pub(super) fn take(&mut self, other: &Found) {
        self.says |= other.says;
        self.open |= other.open;
        self.computed |= other.computed;
        take_texts(&mut self.texts, &other.texts);
        self.resources.extend(other.resources.iter().cloned());
        for (name, entry) in &other.entries {
            let own = self.entries.entry(name.clone()).or_default();
            own.reaches.extend(entry.reaches.iter().cloned());
            take_texts(&mut own.texts, &entry.texts);
            own.computed |= entry.computed;
            own.open |= entry.open;
        }
    }

    /// Takes what stands under a name.
    pub(super) fn take_under(&mut self, name: &str, value: &Found) {
        let own = self.entries.entry(name.to_owned()).or_default();
        own.reaches.extend(value.resources.iter().cloned());
        take_texts(&mut own.texts, &value.texts);
        own.computed |= value.computed;
        own.open |= value.open;
    }
}
