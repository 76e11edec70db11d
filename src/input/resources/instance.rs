//! Instances of a plan or a state, with their values and marks.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::change::damaged;
use super::declared::Source;
use super::stored;
use super::value::{Resolved, resolve};
use crate::digest::sha256;
use crate::document::{Entry, Node, SyntaxError, Value, json_node};
use crate::hcl::{Declared, InstanceKey, Undecided};
use crate::input::mapping::Resource;
use crate::input::marks::{AFTER_APPLY, item, part, strange, touches};

/// One instance of a resource, as the plan leaves it.
#[derive(Clone, Default)]
pub(in crate::input) struct Instance<'a> {
    pub(in crate::input) address: Cow<'a, str>,
    pub(in crate::input) address_span: Range<usize>,
    pub(in crate::input) module: String,
    pub(in crate::input) mode: Cow<'a, str>,
    pub(in crate::input) kind: Cow<'a, str>,
    pub(in crate::input) name: Cow<'a, str>,
    pub(in crate::input) key: Option<InstanceKey>,
    pub(in crate::input) provider: Cow<'a, str>,
    pub(in crate::input) deposed: bool,
    /// What Terraform does with it; `None` where the input is no plan of changes.
    pub(in crate::input) actions: Option<Vec<String>>,
    pub(in crate::input) text: &'a str,
    pub(in crate::input) raw: RawState<'a>,
    pub(in crate::input) state: State,
    /// What the source declares, where that is all there is.
    pub(in crate::input) declared: Option<Arc<Source>>,
    /// Of what only the source declares: whether it is there already.
    pub(in crate::input) imported: bool,
    /// Why it is not known how many instances this one stands for.
    pub(in crate::input) uncounted: Option<Arc<str>>,
}

/// Values and marks, not looked into.
#[derive(Clone, Default)]
pub(in crate::input) struct RawState<'a> {
    /// The paths of sensitive attributes, as a raw state has them in place of marks.
    pub(super) sensitive_paths: Option<&'a RawValue>,
    pub(super) before: Option<&'a RawValue>,
    pub(super) after: Option<&'a RawValue>,
    pub(super) after_unknown: Option<&'a RawValue>,
    pub(super) before_sensitive: Option<&'a RawValue>,
    pub(super) after_sensitive: Option<&'a RawValue>,
}

/// The same as trees.
#[derive(Clone, Default)]
pub(in crate::input) struct State {
    before: Option<Node>,
    after: Option<Node>,
    after_unknown: Option<Node>,
    before_sensitive: Option<Node>,
    after_sensitive: Option<Node>,
}

/// The key of a module or resource of which it is not known how many there are.
const ANY_KEY: &str = "[*]";

/// Attributes that hold the user's own words as keys.
const FREE_FORM: [&str; 1] = ["metadata"];

impl<'a> Instance<'a> {
    /// Whether the object is there after apply: a deleted or forgotten one is not judged.
    pub(super) fn exists_after(&self) -> bool {
        let goes = |action: &String| action == "delete" || action == "forget";
        self.actions.as_ref().is_none_or(|actions| !actions.iter().all(goes))
    }

    /// Whether Terraform lets go of the object without destroying it, perhaps to make another in its place.
    pub(super) fn lets_go(&self) -> bool {
        self.has_action("forget")
    }

    /// What is wrong where the actions say that the object goes, and values say what it will be.
    pub(super) fn contradiction(&self) -> Option<SyntaxError> {
        let stays = || self.raw.after.is_some_and(|after| after.get() != "null");
        let message = || format!("{} goes by its \"actions\", and has an \"after\" all the same", self.address);
        (self.actions.is_some() && !self.exists_after() && stays())
            .then(|| damaged(self.address_span.clone(), message()))
    }

    /// Looks into the values and marks. What can't be read there must not be taken for absent.
    pub(super) fn open(&mut self) -> Result<(), SyntaxError> {
        if self.declared.is_some() {
            return Ok(());
        }
        if let Some(wrong) = self.contradiction() {
            return Err(wrong);
        }
        let tree = |raw: Option<&RawValue>| raw.map(|raw| json_node(self.text, raw)).transpose();
        self.state = State {
            before: tree(self.raw.before)?,
            after: tree(self.raw.after)?,
            after_unknown: tree(self.raw.after_unknown)?,
            before_sensitive: tree(self.raw.before_sensitive)?,
            after_sensitive: tree(self.raw.after_sensitive)?,
        };
        let marks = [&self.state.after_unknown, &self.state.before_sensitive, &self.state.after_sensitive];
        if let Some(part) = marks.into_iter().flatten().find_map(strange) {
            let message =
                format!("a mark of {} is {}, and marks are true, false, lists or objects", self.address, part.kind());
            return Err(damaged(part.span.clone(), message));
        }
        if let Some(paths) = self.raw.sensitive_paths {
            self.state.after_sensitive = Some(stored::marks(self.text, paths));
            stored::unwrap(&mut self.state.after);
        }
        if self.exists_after() && !matches!(&self.state.after, Some(Node { value: Value::Object(_), .. })) {
            let message = format!("{} stays, but has no \"after\"", self.address);
            return Err(damaged(self.address_span.clone(), message));
        }
        Ok(())
    }

    /// Whether the object is the one that was there before: a replaced one is another, with another id.
    pub(super) fn existed(&self) -> bool {
        if self.declared.is_some() { self.imported } else { !self.has_action("create") }
    }

    /// Why it is not known whether it is there at all, beside something in the module at `beside`: how often it is there is not
    /// known, or how often a module around it is, which is not around the other.
    pub(super) fn doubt(&self, beside: &str) -> Option<String> {
        self.declared.as_ref()?;
        if let Some(why) = &self.uncounted {
            return Some(format!("whether {} is there is not known: {why}", self.address));
        }
        let around = &self.module[..self.module.rfind(ANY_KEY)? + ANY_KEY.len()];
        let is_shared = beside.strip_prefix(around).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        (!is_shared).then(|| format!("whether {} is there is not known, nor how often {around} is", self.address))
    }

    fn has_action(&self, word: &str) -> bool {
        self.actions.iter().flatten().any(|action| action == word)
    }

    /// Whether the plan shows what was there before.
    pub(super) fn has_before(&self) -> bool {
        matches!(&self.state.before, Some(Node { value: Value::Object(_), .. }))
    }

    /// The attribute after apply.
    pub(super) fn after(&self, name: &str) -> Resolved<'_> {
        let state = &self.state;
        let resolved =
            resolve(state.after.as_ref(), state.after_unknown.as_ref(), state.after_sensitive.as_ref(), name);
        match (&resolved, &self.declared) {
            (Resolved::Unknown(reason), Some(source)) if reason == AFTER_APPLY => {
                let known = source.attribute(name).and_then(|node| source.reason(&node.span));
                known.map_or(resolved, |reason| Resolved::Unknown(reason.to_string()))
            }
            _ => resolved,
        }
    }

    /// The attribute before apply.
    pub(super) fn before(&self, name: &str) -> Resolved<'_> {
        let state = &self.state;
        resolve(state.before.as_ref(), None, state.before_sensitive.as_ref(), name)
    }

    /// Where an attribute stands: its value, or the mark that it is unknown.
    pub(super) fn span(&self, name: &str, after: bool) -> Option<Range<usize>> {
        let find = |tree: &Option<Node>| entry(tree, name).map(|node| node.span.clone());
        match after {
            true => find(&self.state.after).or_else(|| find(&self.state.after_unknown)),
            false => find(&self.state.before),
        }
    }

    /// Digest of a text after apply, also of a sensitive one: to compare it, never to show it.
    pub(super) fn digest(&self, name: &str) -> Option<String> {
        match &entry(&self.state.after, name)?.value {
            Value::String(text) => Some(sha256([text.as_bytes()])),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Whether the provider has this attribute.
    pub(super) fn has(&self, name: &str) -> bool {
        self.span(name, true).is_some()
    }

    /// The attributes that have a value after apply, known or not, at any depth, and that `must_know` names: the path of
    /// each. What `is_known` names at the top is not looked into, nor what holds the user's own words.
    pub(super) fn set_attributes(
        &self,
        is_known: impl Fn(&str) -> bool,
        must_know: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for (tree, is_mark) in [(&self.state.after, false), (&self.state.after_unknown, true)] {
            let mut left: Vec<(String, &Node)> = tree.iter().map(|node| (String::new(), node)).collect();
            while let Some((path, node)) = left.pop() {
                match &node.value {
                    Value::Array(items) => left.extend(items.iter().map(|item| (path.clone(), item))),
                    Value::Object(entries) => {
                        for Entry { key, node, .. } in entries {
                            let is_set = if is_mark { touches(Some(node)) } else { node.value != Value::Null };
                            if !is_set || (path.is_empty() && is_known(key)) || FREE_FORM.contains(&key.as_str()) {
                                continue;
                            }
                            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                            if !must_know(key) {
                                left.push((path, node));
                            } else if seen.insert(path.clone()) {
                                found.push(path);
                            }
                        }
                    }
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
                }
            }
        }
        found
    }

    /// The items of a list after apply, each as an instance of its own, and whether all of them are known.
    pub(super) fn items(&self, list: &str) -> (Vec<Instance<'a>>, bool) {
        let marks = |tree: &'_ Option<Node>| part(tree.as_ref(), list).cloned();
        let (unknown, sensitive) = (marks(&self.state.after_unknown), marks(&self.state.after_sensitive));
        let Some(Node { value: Value::Array(items), .. }) = entry(&self.state.after, list) else {
            return (Vec::new(), !touches(unknown.as_ref()));
        };
        let listed = |(index, node): (usize, &Node)| Instance {
            address: format!("{}.{list}[{index}]", self.address).into(),
            address_span: node.span.start..node.span.start + 1,
            module: self.module.clone(),
            mode: self.mode.clone(),
            kind: self.kind.clone(),
            name: format!("{}.{list}[{index}]", self.name).into(),
            provider: self.provider.clone(),
            actions: self.actions.clone(),
            text: self.text,
            state: State {
                after: Some(node.clone()),
                after_unknown: item(unknown.as_ref(), index).cloned(),
                after_sensitive: item(sensitive.as_ref(), index).cloned(),
                ..State::default()
            },
            ..Instance::default()
        };
        let is_object = |(_, node): &(usize, &Node)| matches!(node.value, Value::Object(_));
        let found: Vec<Instance<'a>> = items.iter().enumerate().filter(is_object).map(listed).collect();
        let all = found.len() == items.len() && !touches(unknown.as_ref());
        (found, all)
    }

    /// The attributes after apply with their marks, unknown and sensitive.
    pub(super) fn trees(&self) -> (Option<&Node>, Option<&Node>, Option<&Node>) {
        let state = &self.state;
        (state.after.as_ref(), state.after_unknown.as_ref(), state.after_sensitive.as_ref())
    }

    /// The attributes of which any part is sensitive, before or after apply.
    pub(super) fn marked_attributes(&self) -> BTreeSet<&str> {
        fn of<'n>(values: &'n Option<Node>, marks: &'n Option<Node>) -> impl Iterator<Item = &'n str> {
            let names = entries(values).iter().chain(entries(marks)).map(|e| e.key.as_str());
            names.filter(|name| touches(part(marks.as_ref(), name)))
        }
        let state = &self.state;
        of(&state.before, &state.before_sensitive).chain(of(&state.after, &state.after_sensitive)).collect()
    }

    /// The resource without instance key: type and name.
    pub(super) fn resource(&self) -> (&str, &str) {
        (&self.kind, &self.name)
    }
}

fn entries(tree: &Option<Node>) -> &[Entry] {
    match tree {
        Some(Node { value: Value::Object(entries), .. }) => entries,
        Some(_) | None => &[],
    }
}

fn entry<'n>(tree: &'n Option<Node>, name: &str) -> Option<&'n Node> {
    entries(tree).iter().find(|e| e.key == name).map(|e| &e.node)
}

impl Instance<'_> {
    /// Takes an instance that only the source declares; `resource` says how its type is read.
    pub(in crate::input) fn of_source(
        declared: Declared,
        resource: Option<&Resource>,
        undecided: Vec<Undecided>,
    ) -> Instance<'static> {
        let mut source = Source::of_resource(&declared, resource);
        source.undecided = undecided;
        let state = State {
            before: None,
            after: source.after.clone(),
            after_unknown: source.unknown.clone(),
            before_sensitive: None,
            after_sensitive: source.sensitive.clone(),
        };
        Instance {
            address: declared.address.into(),
            address_span: 0..0,
            module: declared.module,
            mode: declared.mode.name().into(),
            kind: declared.kind.to_string().into(),
            name: declared.name.to_string().into(),
            key: declared.key,
            provider: declared.provider.into(),
            deposed: false,
            actions: None,
            text: "",
            raw: RawState::default(),
            state,
            declared: Some(Arc::new(source)),
            imported: declared.imported,
            uncounted: declared.uncounted,
        }
    }
}

impl<'a> RawState<'a> {
    /// The attributes of a raw state, and the paths of those that are sensitive.
    pub(in crate::input) fn stored(attributes: Option<&'a RawValue>, sensitive_paths: Option<&'a RawValue>) -> Self {
        RawState { after: attributes, sensitive_paths, ..RawState::default() }
    }
}
