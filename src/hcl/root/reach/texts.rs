//! Texts of an object in which both stand, what was asked for and what leads to resources: they may set variables beside those
//! that the object sets itself.

use std::collections::{BTreeMap, BTreeSet};

use super::named::word;
use super::{At, Found, Reach, Reached};
use crate::hcl::syntax::{Expression, Kind};

/// Such texts by their key, with what they lead to.
pub(super) type Texts = BTreeMap<String, BTreeSet<Reached>>;

impl Reach<'_> {
    /// Those of objects that an expression may be.
    pub(super) fn texts(&mut self, at: At<'_>, expression: &Expression, texts: &mut Texts) {
        match &expression.kind {
            Kind::Group(inner) => self.texts(at, inner, texts),
            Kind::Call(call) => call.arguments.iter().for_each(|part| self.texts(at, part, texts)),
            Kind::Conditional(parts) => parts.iter().skip(1).for_each(|part| self.texts(at, part, texts)),
            Kind::Object(items) => {
                for (key, value) in items {
                    // What stands under a name that was asked for is one of its variables.
                    let Some(key) = word(key).filter(|key| !(self.says)(key)) else { continue };
                    let mut own = Found::default();
                    self.expression(at, value, &[], &mut own);
                    if own.leads_and_says() {
                        texts.insert(key, own.resources);
                    }
                }
            }
            _ => {}
        }
    }
}
