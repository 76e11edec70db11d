//! What the expressions of a resource lead to, whether or not their values are known: what its unknown parts may hold.

mod found;
mod named;
mod texts;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::{Declared, Root};
use crate::hcl::address::{module_calls_of, of_calls};
use crate::hcl::declarations::{Declarations, Located, Mode, Resource, dotted};
use crate::hcl::references::names;
use crate::hcl::syntax::{Block, Body, Expression, Key, Kind, Step};
use crate::hcl::value::{Data, Value};
use crate::location::Place;
pub use found::Entry;
use found::Found;
use named::{PAIR, word};
use texts::Texts;

/// How many locals, variables and outputs are followed from one to the next.
const MAX_LINKS: usize = 300;

/// A part of a resource of which not everything is known.
#[derive(Debug, Clone)]
pub struct Undecided {
    /// Which: `environment[0].variables`.
    pub path: String,
    /// Why it is not known.
    pub reason: Arc<str>,
    /// Where it is written.
    pub place: Place,
    /// The resources of the wanted types that its expressions lead to.
    pub reaches: BTreeSet<Reached>,
    /// Whether a text that was asked for stands in them.
    pub says: bool,
    /// What the values lead to that stand under a text that was asked for: `NAME = value`, a pair of `name` and `value`, or
    /// `"NAME=…"`, by that text.
    pub entries: BTreeMap<String, Entry>,
    /// The keys of an object that is written here, under which a text that was asked for stands together with what leads to
    /// resources.
    pub texts: Texts,
}

/// A resource that an expression leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// Its module without instance keys: `module.a.module.b`; empty for the root module.
    pub module: String,
    /// Its type.
    pub kind: Arc<str>,
    /// `TYPE.NAME`, with `data.` before that of a data source.
    pub resource: String,
    /// The attribute of it; `None` for all of it.
    pub attribute: Option<Arc<str>>,
}

/// What is looked for in expressions, and what was found so far.
pub struct Reach<'r> {
    root: &'r Root,
    /// Types of resources.
    wanted: &'r dyn Fn(&str) -> bool,
    /// Texts.
    says: &'r dyn Fn(&str) -> bool,
    /// By path of calls and reference.
    found: HashMap<(Vec<Arc<str>>, String), Rc<Found>>,
    /// By path of calls and path of a template's file: whether a text that is looked for stands there.
    templates: HashMap<(Vec<Arc<str>>, String), Option<bool>>,
    links: usize,
}

/// Where an expression stands: the calls that lead to its module, and what `each` goes through there.
#[derive(Clone, Copy)]
struct At<'a> {
    path: &'a [Arc<str>],
    each: Option<&'a Located>,
}

impl<'r> Reach<'r> {
    /// Nothing found so far. `wanted` names types of resources, `says` tells a text that is looked for.
    pub fn new(root: &'r Root, wanted: &'r dyn Fn(&str) -> bool, says: &'r dyn Fn(&str) -> bool) -> Reach<'r> {
        Reach { root, wanted, says, found: HashMap::new(), templates: HashMap::new(), links: 0 }
    }

    /// The parts of an instance of which not everything is known, and that lead to what is looked for.
    pub fn undecided(&mut self, declared: &Declared) -> Vec<Undecided> {
        let path: Vec<Arc<str>> = module_calls_of(&declared.module).into_iter().map(Arc::from).collect();
        let Some(declarations) = self.declarations(&path) else { return Vec::new() };
        let name = (declared.mode, declared.kind.clone(), declared.name.clone());
        let Some(resource) = declarations.resources.get(&name) else { return Vec::new() };
        let at = At { path: &path, each: resource.for_each.as_ref() };
        let mut undecided = Vec::new();
        self.in_body(at, resource, &resource.body, &declared.values, "", &mut undecided);
        undecided
    }

    fn declarations(&self, path: &[Arc<str>]) -> Option<Rc<Declarations>> {
        self.root.sources.module(path).ok()
    }

    fn in_body(
        &mut self,
        at: At<'_>,
        resource: &Resource,
        body: &Body,
        values: &Value,
        before: &str,
        undecided: &mut Vec<Undecided>,
    ) {
        let Data::Object(entries) = &values.data else { return };
        let mut part = |path: String, value: &Value, found: Found, texts: Texts| {
            if found.says || !found.resources.is_empty() {
                let place = value.origin.as_ref().map_or(&resource.place, |origin| &origin.place).clone();
                let reason = value.first_unknown().map_or_else(|| "not known".into(), |unknown| unknown.reason.clone());
                let Found { resources, says, entries, .. } = found;
                undecided.push(Undecided { path, reason, place, reaches: resources, says, entries, texts });
            }
        };
        for attribute in &body.attributes {
            let Some(value) = entries.get(&attribute.name).filter(|value| !value.is_wholly_known()) else { continue };
            let mut found = Found::default();
            let value_of = self.paired(body).filter(|_| &*attribute.name == PAIR.1);
            let name = if (self.says)(&attribute.name) { Some(attribute.name.to_string()) } else { value_of };
            self.under(name.as_deref(), &mut found, |reach, own| reach.expression(at, &attribute.expression, &[], own));
            let mut texts = Texts::new();
            if found.leads_and_says() {
                self.texts(at, &attribute.expression, &mut texts);
            }
            part(format!("{before}{}", attribute.name), value, found, texts);
        }
        let kinds: BTreeSet<Arc<str>> = body.blocks.iter().map(|block| block.makes().clone()).collect();
        let mut nested: Vec<(&Body, Value, String)> = Vec::new();
        for kind in kinds {
            let Some(value) = entries.get(&kind).filter(|value| !value.is_wholly_known()) else { continue };
            let blocks: Vec<&Block> = body.blocks.iter().filter(|block| *block.makes() == kind).collect();
            let is_plain = blocks.iter().all(|block| &*block.kind != "dynamic");
            match value.as_items().filter(|items| is_plain && items.len() == blocks.len()) {
                Some(items) => {
                    for (index, (block, item)) in blocks.iter().zip(items.iter()).enumerate() {
                        nested.push((&block.body, item.clone(), format!("{before}{kind}[{index}].")));
                    }
                }
                None => {
                    let mut found = Found::default();
                    blocks.iter().for_each(|block| self.block(at, block, &[], &mut found));
                    part(format!("{before}{kind}"), value, found, Texts::new());
                }
            }
        }
        for (body, value, path) in nested {
            self.in_body(at, resource, body, &value, &path, undecided);
        }
    }

    fn block(&mut self, at: At<'_>, block: &Block, bound: &[&str], found: &mut Found) {
        let iterator = block.body.attribute("iterator").filter(|_| &*block.kind == "dynamic");
        let iterator = iterator.and_then(|attribute| dotted(&attribute.expression));
        let mut inner = bound.to_vec();
        if let ("dynamic", Some(label)) = (&*block.kind, block.labels.first()) {
            inner.push(iterator.as_deref().unwrap_or(label));
        }
        let paired = self.paired(&block.body);
        for attribute in &block.body.attributes {
            let is_named = (self.says)(&attribute.name);
            found.says |= is_named;
            let value_of = paired.as_deref().filter(|_| &*attribute.name == PAIR.1);
            let name = if is_named { Some(&*attribute.name) } else { value_of };
            self.under(name, found, |reach, own| reach.expression(at, &attribute.expression, &inner, own));
        }
        block.body.blocks.iter().for_each(|block| self.block(at, block, &inner, found));
    }

    fn expression(&mut self, at: At<'_>, expression: &Expression, bound: &[&str], found: &mut Found) {
        match &expression.kind {
            Kind::Literal(value) => {
                if let Some(text) = value.as_str() {
                    found.says |= (self.says)(text);
                    found.take_text(text);
                }
            }
            Kind::Name(_) | Kind::Item => {}
            Kind::NotFollowed(_) => found.open = true,
            Kind::Tuple(parts) => parts.iter().for_each(|part| self.expression(at, part, bound, found)),
            Kind::Template(parts) => {
                found.computed |= parts.len() > 1;
                let name = self.assigned(parts);
                self.under(name.as_deref(), found, |reach, own| {
                    parts.iter().for_each(|part| reach.expression(at, part, bound, own));
                });
            }
            Kind::Join(inner) | Kind::Group(inner) | Kind::Unary(_, inner) | Kind::Opaque(_, inner) => {
                self.expression(at, inner, bound, found);
            }
            Kind::Object(items) => {
                let named = items.iter().find(|(key, _)| word(key).is_some_and(|word| PAIR.0.contains(&word.as_str())));
                let paired = named.and_then(|(_, name)| self.asked_for(name));
                for (key, value) in items {
                    let word = word(key);
                    let is_named = word.as_deref().is_some_and(self.says);
                    found.says |= is_named;
                    if let Key::Computed(key) = key {
                        self.expression(at, key, bound, found);
                    }
                    let name = match &word {
                        Some(word) if is_named => Some(word),
                        Some(word) if word == PAIR.1 => paired.as_ref(),
                        Some(_) | None => None,
                    };
                    self.under(name.map(String::as_str), found, |reach, own| reach.expression(at, value, bound, own));
                }
            }
            Kind::Traversal(source, steps) => {
                match source.as_name() {
                    Some(name) if bound.contains(&name) => {}
                    Some(name) => self.reference(at, name, steps, found),
                    None => self.expression(at, source, bound, found),
                }
                for step in steps {
                    if let Step::Index(index) = step {
                        self.choosing(found, |reach, own| reach.expression(at, index, bound, own));
                    }
                }
            }
            Kind::Splat(source, each) => {
                // What is taken of each element belongs to what the elements are of.
                match (&source.kind, &each.kind) {
                    (Kind::Traversal(root, steps), Kind::Traversal(item, more)) if matches!(item.kind, Kind::Item) => {
                        let steps = steps.iter().chain(more).cloned().collect();
                        let whole = Kind::Traversal(root.clone(), steps);
                        self.expression(at, &Expression { kind: whole, span: expression.span }, bound, found);
                    }
                    _ => {
                        self.expression(at, source, bound, found);
                        self.expression(at, each, bound, found);
                    }
                }
            }
            Kind::Call(call) => {
                found.computed = true;
                found.says |= self.template_says(at, call).unwrap_or_default();
                call.arguments.iter().for_each(|part| self.expression(at, part, bound, found));
            }
            Kind::Conditional(parts) => {
                let [condition, ..] = parts.as_ref();
                self.choosing(found, |reach, own| reach.expression(at, condition, bound, own));
                parts.iter().skip(1).for_each(|part| self.expression(at, part, bound, found));
            }
            Kind::Binary(_, operands) => {
                found.computed = true;
                operands.iter().for_each(|part| self.expression(at, part, bound, found));
            }
            Kind::For(each) => {
                self.expression(at, &each.collection, bound, found);
                let mut inner = bound.to_vec();
                inner.extend(each.key_variable.as_deref());
                inner.push(&each.value_variable);
                for part in each.key.iter().chain([&each.value]).chain(each.condition.iter()) {
                    self.expression(at, part, &inner, found);
                }
            }
        }
    }

    fn reference(&mut self, at: At<'_>, root: &str, steps: &[Step], found: &mut Found) {
        let names = names(steps);
        match (root, names.as_slice()) {
            ("path" | "terraform" | "tofu" | "self" | "count", _) => {}
            ("each", _) => match at.each {
                Some(each) => self.expression(At { each: None, ..at }, &each.expression, &[], found),
                None => found.open = true,
            },
            ("var" | "local", [name, ..]) => self.named(at.path, &format!("{root}.{name}"), found),
            ("module", [call, output, ..]) => self.named(at.path, &format!("module.{call}.{output}"), found),
            ("module", [call]) => {
                let mut path = at.path.to_vec();
                path.push((*call).into());
                let outputs = self.declarations(&path).map(|d| d.outputs.keys().cloned().collect::<Vec<_>>());
                for output in outputs.unwrap_or_default() {
                    self.named(at.path, &format!("module.{call}.{output}"), found);
                }
            }
            (_, names) => match (Mode::of_word(root), names) {
                (Some(mode), [kind, name, rest @ ..]) => {
                    self.resource(at.path, mode, kind, name, rest.first().copied(), found);
                }
                (_, [name, rest @ ..]) => {
                    self.resource(at.path, Mode::Managed, root, name, rest.first().copied(), found);
                }
                (_, []) => {}
            },
        }
    }

    fn resource(
        &mut self,
        path: &[Arc<str>],
        mode: Mode,
        kind: &str,
        name: &str,
        attribute: Option<&str>,
        found: &mut Found,
    ) {
        let prefix = mode.prefix();
        if (self.wanted)(kind) {
            found.resources.insert(Reached {
                module: of_calls(path),
                kind: kind.into(),
                resource: format!("{prefix}{kind}.{name}"),
                attribute: attribute.map(Arc::from),
            });
        } else {
            self.named(path, &format!("{prefix}{kind}.{name}.{}", attribute.unwrap_or_default()), found);
        }
    }

    /// What a name leads to: a variable, a local value, an output, an attribute of a resource, or all of it (`t.n.`).
    fn named(&mut self, path: &[Arc<str>], name: &str, found: &mut Found) {
        let key = (path.to_vec(), name.to_owned());
        let own = match self.found.get(&key) {
            Some(own) => own.clone(),
            // What is not followed may hold anything.
            None if self.links >= MAX_LINKS => {
                found.says = true;
                found.open = true;
                return;
            }
            None => {
                // What refers to itself adds nothing.
                self.found.insert(key.clone(), Rc::default());
                self.links += 1;
                let mut own = Found::default();
                self.follow(path, name, &mut own);
                self.links -= 1;
                let own = Rc::new(own);
                self.found.insert(key, own.clone());
                own
            }
        };
        found.take(&own);
    }

    fn follow(&mut self, path: &[Arc<str>], name: &str, found: &mut Found) {
        let Some(declared) = self.declarations(path) else {
            found.open = true;
            return;
        };
        let parts: Vec<&str> = name.split('.').collect();
        match parts.as_slice() {
            ["local", name] => match declared.locals.get(*name) {
                Some(local) => self.expression(At { path, each: None }, &local.expression, &[], found),
                None => found.open = true,
            },
            ["var", name] => {
                let default = declared.variables.get(*name).and_then(|variable| variable.default());
                if let Some(default) = default {
                    self.expression(At { path, each: None }, &default.expression, &[], found);
                }
                match path.split_last() {
                    None => {
                        let given = self.root.tree.given(name);
                        found.says |= given.is_some_and(|value| self.says_in(value));
                        found.open |= given.map_or(default.is_none(), |value| !value.is_wholly_known());
                    }
                    Some((call, caller)) => {
                        let outer = self.declarations(caller);
                        match outer.as_ref().and_then(|outer| outer.calls.get(call)) {
                            None => found.open = true,
                            Some(call) => match call.arguments.get(*name) {
                                Some(argument) => {
                                    let at = At { path: caller, each: call.for_each.as_ref() };
                                    self.expression(at, &argument.expression, &[], found);
                                }
                                None => found.open |= default.is_none(),
                            },
                        }
                    }
                }
            }
            ["module", call, output] => {
                let mut inner = path.to_vec();
                inner.push((*call).into());
                let called = self.declarations(&inner);
                match called.as_ref().and_then(|called| called.outputs.get(*output)?.value.as_ref()) {
                    Some(value) => self.expression(At { path: &inner, each: None }, &value.expression, &[], found),
                    None => found.open = true,
                }
            }
            [rest @ .., kind, name, attribute] => {
                let mode = rest.first().and_then(|word| Mode::of_word(word)).unwrap_or(Mode::Managed);
                let Some(resource) = declared.resources.get(&(mode, (*kind).into(), (*name).into())) else {
                    found.open = true;
                    return;
                };
                let at = At { path, each: resource.for_each.as_ref() };
                // The built-in terraform_data shows its input again.
                let shown = if (*kind, *attribute) == ("terraform_data", "output") { "input" } else { *attribute };
                let is_asked_for = |name: &str| attribute.is_empty() || name == shown;
                // What is not written there is computed.
                found.open |= attribute.is_empty() || resource.body.attribute(shown).is_none();
                for attribute in resource.body.attributes.iter().filter(|own| is_asked_for(&own.name)) {
                    self.expression(at, &attribute.expression, &[], found);
                }
                for block in resource.body.blocks.iter().filter(|own| is_asked_for(own.makes())) {
                    self.block(at, block, &[], found);
                }
            }
            _ => {}
        }
    }

    fn says_in(&self, value: &Value) -> bool {
        match &value.data {
            Data::String(text) => (self.says)(text),
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                items.iter().any(|item| self.says_in(item))
            }
            Data::Map(_, entries) | Data::Object(entries) => {
                entries.iter().any(|(name, value)| (self.says)(name) || self.says_in(value))
            }
            Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) => false,
        }
    }
}
