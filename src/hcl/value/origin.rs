//! Where values come from, and what unknown ones stand for.

use std::sync::Arc;

use crate::hcl::address::{InstanceKey, within};
use crate::location::Place;

/// An attribute of one instance of a resource: what an unknown value of such an attribute stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The address of the module that declares it, with instance keys; empty for the root module.
    pub module: Arc<str>,
    /// `TYPE.NAME`, with `data.` before that of a data source.
    pub resource: Arc<str>,
    /// Which instance.
    pub which: Which,
    /// The attribute; empty for the instance as a whole.
    pub attribute: Arc<str>,
}

/// Which instance of a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// The only one.
    Only,
    /// The one with this key.
    Key(InstanceKey),
    /// One of them; it is not known which.
    Some,
    /// All together, where it is not known how many there are.
    All,
}

impl Identity {
    /// Whether it is an instance as a whole, not one of its attributes.
    pub fn is_instance(&self) -> bool {
        self.attribute.is_empty() && self.which != Which::All
    }

    /// Whether two are of the same attribute of one resource, in one module.
    pub fn is_of_one_resource(&self, other: &Identity) -> bool {
        self.module == other.module && self.resource == other.resource && self.attribute == other.attribute
    }

    /// The address of the instance.
    pub fn address(&self) -> String {
        let key = match &self.which {
            Which::Only => String::new(),
            Which::Key(key) => key.to_string(),
            Which::Some | Which::All => "[*]".to_owned(),
        };
        within(&self.module, &format!("{}{key}", self.resource))
    }
}

/// Where a value came from: an expression, and what gave it the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The expression.
    pub place: Place,
    /// Where that took it from; `None` where it is written there.
    pub from: Option<Arc<Origin>>,
    /// How many places there are.
    length: usize,
}

impl Origin {
    /// A place, in front of those that the value had there. Of a long chain the last place and the first ones are kept.
    pub(in crate::hcl) fn new(place: Place, from: Option<Arc<Origin>>) -> Arc<Origin> {
        let from = match from {
            Some(from) if from.length >= MAX_CHAIN => from.from.clone(),
            from => from,
        };
        let length = 1 + from.as_ref().map_or(0, |from| from.length);
        Arc::new(Origin { place, from, length })
    }

    /// The places of a value, from the last expression to where it is written.
    pub fn places(&self) -> Vec<&Place> {
        let mut places = vec![&self.place];
        let mut next = &self.from;
        while let Some(origin) = next {
            if places.last() != Some(&&origin.place) {
                places.push(&origin.place);
            }
            next = &origin.from;
        }
        places
    }

    /// This chain with `inner` in place of where it is written, for a value that was a part of what is written there.
    pub(super) fn lead_to(outer: &Origin, inner: &Arc<Origin>, depth: usize) -> Arc<Origin> {
        match &outer.from {
            Some(from) if depth < MAX_CHAIN => {
                Origin::new(outer.place.clone(), Some(Origin::lead_to(from, inner, depth + 1)))
            }
            Some(_) => inner.clone(),
            // What is written there holds the part: the part's own place says more.
            None if outer.place.file == inner.place.file => inner.clone(),
            None => Origin::new(outer.place.clone(), Some(inner.clone())),
        }
    }
}

/// The longest chain of places that is kept.
const MAX_CHAIN: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::SourceMap;

    #[test]
    fn a_chain_of_places_keeps_its_ends() {
        let file = SourceMap::default().add_file("main.tf", Arc::new(String::new()));
        let place = |at: usize| Place { file, span: at..at + 1 };
        let chain = (0..100_000).fold(None, |from, at| Some(Origin::new(place(at), from)));
        let places: Vec<usize> = chain.iter().flat_map(|chain| chain.places()).map(|place| place.span.start).collect();
        assert_eq!(places.len(), MAX_CHAIN);
        assert_eq!((places[0], places[1], places[MAX_CHAIN - 1]), (99_999, MAX_CHAIN - 2, 0));
    }
}
