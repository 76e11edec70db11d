//! The projects that settings are joined to, as references and addresses name them.

use std::collections::BTreeSet;

use super::instance::Instance;
use crate::hcl::{InstanceKey, split_address};

/// A project instance of the plan.
pub(super) struct Known {
    /// As [`resource_address`] writes it.
    pub(super) resource: String,
    pub(super) key: Option<InstanceKey>,
}

impl Known {
    pub(super) fn address(&self) -> String {
        let key = self.key.as_ref().map(InstanceKey::to_string).unwrap_or_default();
        format!("{}{key}", self.resource)
    }

    /// A pattern for all instances of the resource, in all instances of its module.
    pub(super) fn pattern(&self) -> String {
        let any_key = |part: &str| match part.split_once('[') {
            Some((name, _)) => format!("{name}[*]"),
            None => part.to_owned(),
        };
        split_address(&self.address()).into_iter().map(any_key).collect::<Vec<String>>().join(".")
    }
}

/// The references that Terraform writes into a plan for an attribute of an instance that is picked without computing.
pub(super) fn written(resource: &str, key: Option<&InstanceKey>, attribute: &str) -> BTreeSet<String> {
    match key {
        None => BTreeSet::from([format!("{resource}.{attribute}"), resource.to_owned()]),
        Some(key) => {
            let instance = format!("{resource}{key}");
            BTreeSet::from([format!("{instance}.{attribute}"), instance, resource.to_owned()])
        }
    }
}

/// The address of an instance's resource: without the instance's own key, with those of the modules around it.
pub(super) fn resource_address(instance: &Instance<'_>) -> String {
    in_module(&instance.module, &format!("{}.{}", reference_kind(instance), instance.name))
}

/// A resource of a module.
pub(super) fn in_module(module: &str, resource: &str) -> String {
    if module.is_empty() { resource.to_owned() } else { format!("{module}.{resource}") }
}

/// The type as references write it: with `data.` before that of a data source.
pub(super) fn reference_kind(instance: &Instance<'_>) -> String {
    if instance.mode == "data" { format!("data.{}", instance.kind) } else { instance.kind.to_string() }
}
