//! Which rules have something to say of facts, told before they are loaded.

use crate::rule::Rule;

/// What facts hold, told before rules are loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Kinds of subjects: `organization`, `project` …
    pub kinds: Vec<&'static str>,
    /// What some subject states: those of [`NEEDS`](crate::facts::NEEDS).
    pub stated: Vec<&'static str>,
}

impl Held {
    /// Whether a rule judges a subject that is there. The user's own rules are all taken, since what is wrong with them is told.
    pub(super) fn is_judged_by(&self, rule: &Rule) -> bool {
        rule.own || self.kinds.iter().any(|kind| rule.judges(kind))
    }

    /// Whether a rule that judges subjects has nothing to say of any of them.
    pub(super) fn silences(&self, rule: &Rule) -> bool {
        let is_stated = |needs: &String| self.stated.contains(&needs.as_str());
        !rule.own && !rule.needs.as_ref().is_none_or(is_stated)
    }
}
