//! The body of one instance of a resource: its arguments and nested blocks, evaluated.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Root;
use crate::hcl::declarations::{Resource, dotted};
use crate::hcl::evaluate::{Frame, Repetition, Scope};
use crate::hcl::failure::Failure;
use crate::hcl::syntax::{Block, Body, Expression, Kind, Span};
use crate::hcl::tree::ModuleId;
use crate::hcl::types::Type;
use crate::hcl::value::{Data, Entries, Value};
use crate::location::{FileId, Place};

/// Why what `ignore_changes` names is not known.
pub const IGNORED: &str = "its changes are ignored (ignore_changes), so it may be another";

/// How deep nested blocks are followed.
const MAX_BLOCKS_DEPTH: usize = 32;

/// The evaluation of one instance's body.
pub(super) struct Reading<'r> {
    pub(super) root: &'r Root,
    pub(super) id: ModuleId,
    pub(super) resource: &'r Resource,
    pub(super) failures: Vec<Failure>,
}

impl Reading<'_> {
    fn file(&self, name: &str, top: bool) -> FileId {
        let overridden = if top { self.resource.overridden.get(name) } else { None };
        overridden.copied().unwrap_or(self.resource.place.file)
    }

    fn value(
        &mut self,
        expression: &Expression,
        file: FileId,
        repetition: Option<&Repetition>,
        frame: Option<&Frame<'_>>,
    ) -> Value {
        let place = Place { file, span: expression.span.range() };
        let result = Scope { repetition, frame, ..Scope::new(&self.root.tree, self.id, Some(file)) }.value(expression);
        let value = match result {
            Ok(value) if self.root.tree.keeps(&value) => value,
            Ok(_) => Value::unknown(Type::Any, "larger values than are followed"),
            Err(failure) => {
                let failure = failure.at(&place);
                let reason = format!("an error in its expression: {}", failure.message);
                self.failures.push(*failure);
                Value::unknown(Type::Any, reason)
            }
        };
        if value.origin.is_some() { value } else { value.at(place) }
    }

    pub(super) fn body(
        &mut self,
        body: &Body,
        repetition: Option<&Repetition>,
        frame: Option<&Frame<'_>>,
        depth: usize,
        top: bool,
    ) -> Value {
        let mut entries = Entries::new();
        for attribute in &body.attributes {
            let file = self.file(&attribute.name, top);
            let value = match top && self.resource.ignored.holds(&attribute.name) {
                false => self.value(&attribute.expression, file, repetition, frame),
                true => Value::unknown(Type::Any, IGNORED).at(Place { file, span: attribute.expression.span.range() }),
            };
            entries.insert(attribute.name.clone(), value);
        }
        // Blocks of one type in the order in which they stand.
        let mut blocks: BTreeMap<Arc<str>, (Vec<Value>, Option<Value>)> = BTreeMap::new();
        for block in &body.blocks {
            let is_dynamic = &*block.kind == "dynamic";
            let kind = block.labels.first().filter(|_| is_dynamic).unwrap_or(&block.kind).clone();
            let place = || Place { file: self.file(&kind, top), span: block.header.range() };
            let found = if top && self.resource.ignored.holds(&kind) {
                Err(Value::unknown(Type::Any, IGNORED).at(place()))
            } else if is_dynamic && !block.labels.is_empty() {
                self.dynamic(block, repetition, frame, depth, top)
            } else if depth >= MAX_BLOCKS_DEPTH {
                Err(Value::unknown(Type::Any, "blocks nested deeper than is followed"))
            } else {
                let place = place();
                Ok(vec![self.body(&block.body, repetition, frame, depth + 1, false).at(place)])
            };
            let (items, unknown) = blocks.entry(kind).or_default();
            match found {
                Ok(made) => items.extend(made),
                Err(unread) => *unknown = Some(unread),
            }
        }
        for (kind, (items, unknown)) in blocks {
            entries.insert(kind, unknown.unwrap_or_else(|| Value::tuple(items)));
        }
        Data::Object(Arc::new(entries)).into()
    }

    /// The blocks that a `dynamic` block makes.
    ///
    /// # Errors
    /// What stands for them where it is not known how many there are.
    fn dynamic(
        &mut self,
        block: &Block,
        repetition: Option<&Repetition>,
        frame: Option<&Frame<'_>>,
        depth: usize,
        top: bool,
    ) -> Result<Vec<Value>, Value> {
        let kind = block.labels.first().cloned().unwrap_or_else(|| "".into());
        let file = self.file(&kind, top);
        let span: Span = block.header;
        let place = Place { file, span: span.range() };
        let unknown = |why: &str| Err(Value::unknown(Type::Any, why).at(place.clone()));
        let (Some(for_each), Some(content)) =
            (block.body.attribute("for_each"), block.body.blocks_of("content").next())
        else {
            return unknown("a dynamic block without for_each or content");
        };
        if depth >= MAX_BLOCKS_DEPTH {
            return unknown("blocks nested deeper than is followed");
        }
        let iterator = block.body.attribute("iterator").and_then(|a| match &a.expression.kind {
            Kind::Name(_) | Kind::Literal(_) => dotted(&a.expression),
            _ => None,
        });
        let iterator = iterator.unwrap_or_else(|| kind.to_string());
        let collection = self.value(&for_each.expression, file, repetition, frame);
        let Some(elements) = collection.elements().filter(|_| !collection.marks.sensitive) else {
            let why = collection.unknown_reason().cloned();
            return unknown(&why.unwrap_or_else(|| "what it goes through is not known".into()));
        };
        let mut made = Vec::with_capacity(elements.len());
        for (key, value) in elements {
            let item = Value::object([(Arc::from("key"), key), (Arc::from("value"), value.part_of(&collection))]);
            let frame = Frame::new(&iterator, item, frame);
            made.push(self.body(&content.body, repetition, Some(&frame), depth + 1, false).at(place.clone()));
        }
        Ok(made)
    }
}
