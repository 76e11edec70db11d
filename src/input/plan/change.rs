//! Instances of a plan, with their values and marks.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::node;
use super::value::{Resolved, resolve};
use crate::document::{Node, SyntaxError, Value, json_error, span_of};
use crate::hcl::InstanceKey;

/// One instance of a resource, as the plan leaves it.
pub(super) struct Instance<'a> {
    pub(super) address: Cow<'a, str>,
    pub(super) address_span: Range<usize>,
    pub(super) module: Cow<'a, str>,
    pub(super) mode: Cow<'a, str>,
    pub(super) kind: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) key: Option<InstanceKey>,
    pub(super) provider: Cow<'a, str>,
    pub(super) deposed: bool,
    pub(super) actions: Vec<String>,
    text: &'a str,
    raw: RawState<'a>,
    state: State,
}

/// Values and marks, not looked into.
#[derive(Default)]
struct RawState<'a> {
    before: Option<&'a RawValue>,
    after: Option<&'a RawValue>,
    after_unknown: Option<&'a RawValue>,
    before_sensitive: Option<&'a RawValue>,
    after_sensitive: Option<&'a RawValue>,
}

/// The same as trees.
#[derive(Default)]
struct State {
    before: Option<Node>,
    after: Option<Node>,
    after_unknown: Option<Node>,
    before_sensitive: Option<Node>,
    after_sensitive: Option<Node>,
}

impl Instance<'_> {
    /// Whether the object is there after apply: a deleted or forgotten one is not judged.
    pub(super) fn exists_after(&self) -> bool {
        let goes = |action: &String| action == "delete" || action == "forget";
        !(self.actions.is_empty() || self.actions.iter().all(goes))
    }

    /// Whether a text stands anywhere in the values after apply, which are not looked into for that.
    pub(super) fn mentions(&self, text: &str) -> bool {
        self.raw.after.is_some_and(|raw| raw.get().contains(text))
    }

    /// Whether Terraform lets go of the object without destroying it.
    pub(super) fn is_forgotten(&self) -> bool {
        !self.exists_after() && self.actions.iter().any(|a| a == "forget")
    }

    /// Looks into the values and marks. What can't be read there must not be taken for absent.
    pub(super) fn open(&mut self) -> Result<(), SyntaxError> {
        let tree = |raw: Option<&RawValue>| node(self.text, raw);
        self.state = State {
            before: tree(self.raw.before)?,
            after: tree(self.raw.after)?,
            after_unknown: tree(self.raw.after_unknown)?,
            before_sensitive: tree(self.raw.before_sensitive)?,
            after_sensitive: tree(self.raw.after_sensitive)?,
        };
        if self.exists_after() && !matches!(&self.state.after, Some(Node { value: Value::Object(_), .. })) {
            let message = format!("{} stays, but has no \"after\"", self.address);
            return Err(damaged(self.address_span.clone(), message));
        }
        Ok(())
    }

    /// Whether the object is the one that was there before: a replaced one is another, with another id.
    pub(super) fn existed(&self) -> bool {
        !self.actions.iter().any(|a| a == "create")
    }

    /// The attribute after apply.
    pub(super) fn after(&self, name: &str) -> Resolved<'_> {
        let state = &self.state;
        resolve(state.after.as_ref(), state.after_unknown.as_ref(), state.after_sensitive.as_ref(), name)
    }

    /// The attribute before apply.
    pub(super) fn before(&self, name: &str) -> Resolved<'_> {
        let state = &self.state;
        resolve(state.before.as_ref(), None, state.before_sensitive.as_ref(), name)
    }

    /// The resource without instance key: type and name.
    pub(super) fn resource(&self) -> (&str, &str) {
        (&self.kind, &self.name)
    }
}

#[derive(Deserialize)]
struct RawInstance<'a> {
    #[serde(borrow)]
    address: &'a RawValue,
    #[serde(borrow, default)]
    module_address: Cow<'a, str>,
    #[serde(borrow)]
    mode: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    index: Option<&'a RawValue>,
    #[serde(borrow, default)]
    provider_name: Cow<'a, str>,
    #[serde(default)]
    deposed: Option<String>,
    #[serde(borrow, default)]
    change: Option<&'a RawValue>,
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sensitive_values: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawChange<'a> {
    actions: Vec<String>,
    #[serde(borrow, default)]
    before: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_unknown: Option<&'a RawValue>,
    #[serde(borrow, default)]
    before_sensitive: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_sensitive: Option<&'a RawValue>,
}

/// Instances, and what is wrong with others.
pub(super) type Instances<'a> = (Vec<Instance<'a>>, Vec<SyntaxError>);

/// The instances of `resource_changes`, and what is wrong with single ones.
pub(super) fn from_changes<'a>(text: &'a str, changes: &'a RawValue) -> Result<Instances<'a>, SyntaxError> {
    let items: Vec<&RawValue> = serde_json::from_str(changes.get()).map_err(|e| json_error(text, changes.get(), &e))?;
    let (mut instances, mut problems) = (Vec::with_capacity(items.len()), Vec::new());
    let mut seen = std::collections::HashSet::new();
    for raw in items {
        match instance(text, raw) {
            Ok(found) => {
                if !found.deposed && !seen.insert(found.address.to_string()) {
                    problems.push(damaged(found.address_span.clone(), format!("{} stands twice", found.address)));
                    continue;
                }
                instances.push(found);
            }
            Err(problem) => problems.push(problem),
        }
    }
    Ok((instances, problems))
}

/// The instances of a tree of values: `planned_values`, or those of a state.
pub(super) fn from_values<'a>(text: &'a str, values: Option<&'a RawValue>) -> Result<Instances<'a>, SyntaxError> {
    #[derive(Deserialize, Default)]
    struct Values<'a> {
        #[serde(borrow, default)]
        root_module: Module<'a>,
    }
    #[derive(Deserialize, Default)]
    struct Module<'a> {
        #[serde(borrow, default)]
        address: Cow<'a, str>,
        #[serde(borrow, default)]
        resources: Vec<&'a RawValue>,
        #[serde(borrow, default)]
        child_modules: Vec<Module<'a>>,
    }
    let (mut instances, mut problems) = (Vec::new(), Vec::new());
    let Some(raw) = values else {
        return Ok((instances, problems));
    };
    let values: Values<'a> = serde_json::from_str(raw.get()).map_err(|e| json_error(text, raw.get(), &e))?;
    let mut modules = vec![values.root_module];
    while let Some(module) = modules.pop() {
        for raw in module.resources {
            match instance(text, raw) {
                Ok(mut found) => {
                    found.module = module.address.clone();
                    instances.push(found);
                }
                Err(problem) => problems.push(problem),
            }
        }
        modules.extend(module.child_modules.into_iter().rev());
    }
    Ok((instances, problems))
}

/// A part of a plan that must be an object.
pub(super) fn object<'a, T: Deserialize<'a>>(text: &'a str, raw: &'a RawValue, what: &str) -> Result<T, SyntaxError> {
    let start = span_of(text, raw).start;
    if !raw.get().starts_with('{') {
        return Err(damaged(start..start + 1, format!("{what} must be an object")));
    }
    serde_json::from_str(raw.get()).map_err(|e| {
        let problem = json_error(text, raw.get(), &e);
        if e.is_data() { damaged(problem.span, format!("{what} is not as Terraform writes it: {e}")) } else { problem }
    })
}

pub(super) fn damaged(span: Range<usize>, message: String) -> SyntaxError {
    SyntaxError { span, message, help: Some("make the plan anew: terraform show -json tfplan > plan.json".to_owned()) }
}

fn instance<'a>(text: &'a str, raw: &'a RawValue) -> Result<Instance<'a>, SyntaxError> {
    let start = span_of(text, raw).start;
    let read: RawInstance<'a> = object(text, raw, "a resource of a plan")?;
    let address_text = read.address.get();
    let address: Cow<'a, str> = match serde_json::from_str::<&str>(address_text) {
        Ok(plain) => Cow::Borrowed(plain),
        Err(_) => Cow::Owned(serde_json::from_str(address_text).map_err(|e| json_error(text, address_text, &e))?),
    };
    let key = match read.index.map(RawValue::get) {
        None | Some("null") => None,
        Some(index) if index.starts_with('"') => serde_json::from_str(index).ok().map(InstanceKey::Text),
        Some(index) => index.parse().ok().map(InstanceKey::Number),
    };
    let (actions, raw_state) = match (read.change, read.values) {
        (Some(change), _) => {
            let change: RawChange<'a> = object(text, change, "\"change\"")?;
            if change.actions.is_empty() {
                return Err(damaged(start..start + 1, format!("{address} has no \"actions\"")));
            }
            (
                change.actions,
                RawState {
                    before: change.before,
                    after: change.after,
                    after_unknown: change.after_unknown,
                    before_sensitive: change.before_sensitive,
                    after_sensitive: change.after_sensitive,
                },
            )
        }
        (None, Some(values)) => (
            vec!["no-op".to_owned()],
            RawState { after: Some(values), after_sensitive: read.sensitive_values, ..RawState::default() },
        ),
        (None, None) => return Err(damaged(start..start + 1, format!("{address} has no \"change\""))),
    };
    if read.mode != "managed" && read.mode != "data" {
        return Err(damaged(start..start + 1, format!("{address} has the unknown mode {:?}", read.mode)));
    }
    let object_or_null = |raw: Option<&RawValue>| raw.is_none_or(|r| r.get().starts_with('{') || r.get() == "null");
    for (name, value) in [("after", raw_state.after), ("before", raw_state.before)] {
        if let Some(value) = value.filter(|v| !object_or_null(Some(v))) {
            let span = span_of(text, value);
            return Err(damaged(
                span.start..span.start + 1,
                format!("{name:?} of {address} must be an object or null"),
            ));
        }
    }
    Ok(Instance {
        address,
        address_span: span_of(text, read.address),
        module: read.module_address,
        mode: read.mode,
        kind: read.kind,
        name: read.name,
        key,
        provider: read.provider_name,
        deposed: read.deposed.is_some(),
        actions,
        text,
        raw: raw_state,
        state: State::default(),
    })
}
