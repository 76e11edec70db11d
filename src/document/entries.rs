//! The entries of an object while it is read.

use std::collections::HashMap;

use super::Entry;

/// The keys of one object from which they are looked up in a table: few are compared with each other.
const MANY: usize = 32;

/// Entries in the order of the text.
#[derive(Default)]
pub(super) struct Entries {
    list: Vec<Entry>,
    /// Where each key stands, once there are many.
    places: HashMap<String, usize>,
}

impl Entries {
    /// The entry of a key.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Entry> {
        match self.list.len() {
            ..MANY => self.list.iter_mut().find(|entry| entry.key == key),
            _ => self.places.get(key).and_then(|place| self.list.get_mut(*place)),
        }
    }

    /// Adds an entry, whose key is not there yet.
    pub(super) fn push(&mut self, entry: Entry) {
        self.list.push(entry);
        let first = match self.list.len() {
            ..MANY => return,
            MANY => 0,
            more => more - 1,
        };
        let keys = self.list.iter().enumerate().skip(first);
        self.places.extend(keys.map(|(place, entry)| (entry.key.clone(), place)));
    }

    pub(super) fn into_list(self) -> Vec<Entry> {
        self.list
    }
}
