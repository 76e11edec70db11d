//! Instances of resource types that a mapping knows.

use super::instance::Instance;
use super::value::Resolved;
use crate::facts::Project;
use crate::input::lay_over::make_unknown;
use crate::input::mapping::{ProjectFact, Resource};

/// An instance of a mapped resource type.
pub(super) struct Mapped<'a> {
    pub(super) instance: Instance<'a>,
    pub(super) resource: &'static Resource,
    pub(super) provider: &'static str,
    /// Why what it sets is not known, where a part of it is not read.
    pub(super) unread: Option<String>,
}

impl Mapped<'_> {
    /// A data source: it shows what is there, and manages nothing.
    pub(super) fn is_data(&self) -> bool {
        self.instance.mode == "data"
    }

    /// The values that it sets, where it may not be there: none of them is known.
    pub(super) fn doubted(&self, values: &Project, why: &str) -> Project {
        let mut values = values.clone();
        self.resource.attributes.keys().for_each(|fact| make_unknown(&mut values, *fact, why));
        values
    }

    /// Of a project: it is archived, after the change or, where that is not known, before it.
    pub(super) fn is_archived(&self) -> bool {
        self.resource.archived.iter().any(|name| match self.instance.after(name) {
            Resolved::Known(value) => value.says_archived(),
            Resolved::Absent => false,
            Resolved::Unknown(_) => match self.instance.before(name) {
                Resolved::Known(value) => self.instance.existed() && value.says_archived(),
                Resolved::Absent | Resolved::Unknown(_) => false,
            },
        })
    }

    /// Its first id that is known, or its address.
    pub(super) fn known_identity(&self) -> Option<String> {
        let known = |name: &String| self.instance.after(name).as_text().map(str::to_owned);
        let id = self.resource.identities.iter().find_map(known).or_else(|| self.former_identities().next());
        Some(id.unwrap_or_else(|| self.instance.address.to_string()))
    }

    /// The ids that it had before the change.
    pub(super) fn former_identities(&self) -> impl Iterator<Item = String> {
        self.resource.identities.iter().filter_map(|name| self.instance.before(name).as_text().map(str::to_owned))
    }

    /// Whether its provider has an attribute for the fact.
    pub(super) fn shows(&self, fact: ProjectFact) -> bool {
        self.resource.attributes.get(&fact).is_some_and(|name| self.instance.has(name))
    }
}
