//! One pass over a JSON input: what its top level holds, and of a plan's large parts only what will be looked into.
//!
//! A plan is mostly foreign resources. They are passed over without being kept; the resources that concern OpenAI are
//! kept as raw text, and opened later. Nothing here fails for a value of the wrong type: that is told where it is used.

mod configuration;
mod lenient;
mod resource;

use std::borrow::Cow;
use std::ops::Range;

use serde::de::MapAccess;
use serde_json::value::RawValue;

pub(super) use configuration::{Block, Configuration};
pub(super) use lenient::text;
use lenient::{Object, Take};
use resource::{Changes, Prior, Tree};
pub(super) use resource::{Listed, RawResource, may_concern};

use crate::document::{SyntaxError, json_error, span_of};

/// The keys under which platforms put a plan beside what they say of the run, with the key that they put there.
const WRAPPERS: [(&str, &str); 3] = [("plan", "run"), ("tfplan", "tfrun"), ("terraform", "spacelift")];

/// The top level of a JSON object.
#[derive(Default)]
pub(super) struct Scan<'a> {
    entries: Vec<Entry<'a>>,
    /// `resource_changes`
    pub(super) changes: Option<Listed<'a>>,
    /// `prior_state.values`
    pub(super) prior: Option<Listed<'a>>,
    /// `values`, of a state.
    pub(super) values: Option<Listed<'a>>,
    /// `configuration`
    pub(super) configuration: Option<Configuration<'a>>,
    /// What a platform may have wrapped: keys and their objects.
    wrapped: Vec<(&'static str, Box<Scan<'a>>)>,
}

struct Entry<'a> {
    key: Cow<'a, str>,
    raw_key: &'a RawValue,
    /// The value, where it is not kept in another form.
    value: Option<&'a RawValue>,
}

impl<'a> Scan<'a> {
    /// Passes over a JSON text. `None`: it is no object.
    ///
    /// # Errors
    /// Broken JSON, with the place.
    pub(super) fn read(text: &'a str) -> Result<Option<Scan<'a>>, SyntaxError> {
        let read: Object<Scan<'a>> = serde_json::from_str(text).map_err(|e| json_error(text, text, &e))?;
        Ok(read.0)
    }

    /// Whether the object has a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|e| e.key == key)
    }

    /// The keys, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|e| e.key.as_ref())
    }

    /// The value of a key that is not kept in another form.
    pub(super) fn value(&self, key: &str) -> Option<&'a RawValue> {
        self.entries.iter().find(|e| e.key == key)?.value
    }

    /// Where a key stands.
    pub(super) fn key_span(&self, document: &str, key: &str) -> Range<usize> {
        let entry = self.entries.iter().find(|e| e.key == key);
        entry.map_or(0..document.len().min(1), |e| span_of(document, e.raw_key))
    }

    /// The first key that stands twice.
    pub(super) fn repeated_key(&self, document: &str) -> Option<SyntaxError> {
        let mut seen = std::collections::HashSet::new();
        let twice = self.entries.iter().find(|e| !seen.insert(e.key.as_ref()))?;
        Some(SyntaxError {
            span: span_of(document, twice.raw_key),
            message: format!("the key {:?} stands twice in one object", twice.key),
            help: Some("make the file anew: readers of JSON disagree about which counts".to_owned()),
        })
    }

    /// The plan that a platform wrapped, with the name of the key it stands under.
    ///
    /// # Errors
    /// Another plan beside it: only one of them would be read.
    pub(super) fn wrapped(&self, document: &str) -> Result<Option<(&'static str, &Scan<'a>)>, SyntaxError> {
        let stands_beside = |key: &str| WRAPPERS.iter().any(|(k, beside)| *k == key && self.has(beside));
        let mut plans = self.wrapped.iter().filter(|(key, _)| stands_beside(key));
        let Some((key, inner)) = plans.next() else { return Ok(None) };
        if let Some(twice) = self.repeated_key(document) {
            return Err(twice);
        }
        let own = ["format_version", "resource_changes", "planned_values"].into_iter().find(|own| self.has(own));
        if let Some(other) = plans.next().map(|(other, _)| *other).or(own) {
            return Err(SyntaxError {
                span: self.key_span(document, other),
                message: format!("{other:?} stands beside the plan under {key:?}: two plans in one file"),
                help: Some("give each plan in a file of its own".to_owned()),
            });
        }
        Ok(Some((*key, inner.as_ref())))
    }
}

impl<'a> Take<'a> for Scan<'a> {
    type Key = &'a RawValue;

    fn take<A: MapAccess<'a>>(&mut self, raw_key: &'a RawValue, map: &mut A) -> Result<(), A::Error> {
        // A key that can't be decoded (a lone surrogate) is none that is known.
        let key = text(raw_key).unwrap_or(Cow::Borrowed(raw_key.get()));
        let mut value = None;
        match key.as_ref() {
            "resource_changes" => self.changes = Some(map.next_value::<Changes<'a>>()?.0),
            "prior_state" => self.prior = map.next_value::<Prior<'a>>()?.0,
            "values" => self.values = Some(map.next_value::<Tree<'a>>()?.0),
            "configuration" => self.configuration = Some(map.next_value()?),
            name => match WRAPPERS.iter().find(|(wrapper, _)| *wrapper == name) {
                Some((wrapper, _)) => {
                    let inner = map.next_value::<Object<Scan<'a>>>()?.0;
                    self.wrapped.extend(inner.map(|scan| (*wrapper, Box::new(scan))));
                }
                None => value = Some(map.next_value()?),
            },
        }
        self.entries.push(Entry { key, raw_key, value });
        Ok(())
    }
}

/// The resources of a tree of values that was kept as raw text.
pub(super) fn tree<'a>(document: &str, raw: &'a RawValue) -> Result<Listed<'a>, SyntaxError> {
    let read: Tree<'a> = serde_json::from_str(raw.get()).map_err(|e| json_error(document, raw.get(), &e))?;
    Ok(read.0)
}
