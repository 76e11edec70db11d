//! What Terraform would refuse in a module, though each value can be computed: conditions that do not hold, values that no
//! variable takes, resources that refer to themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Root;
use super::calls::Seen;
use crate::error::Error;
use crate::hcl::address::{InstanceKey, of_calls, within};
use crate::hcl::convert::convert;
use crate::hcl::declarations::{Located, Mode, Resource, ResourceName};
use crate::hcl::evaluate::{Frame, Repetition, Scope};
use crate::hcl::failure::Failure;
use crate::hcl::operator::index;
use crate::hcl::references::references;
use crate::hcl::syntax::Body;
use crate::hcl::tree::ModuleId;
use crate::hcl::types::Type;
use crate::hcl::undeclared;
use crate::hcl::value::{Data, Value};
use crate::location::{Place, SourceMap};

const REFUSED: &str = "terraform plan refuses it, too";

impl Root {
    /// What is wrong with the variables of a module instance and with what its outputs and `removed` blocks say.
    pub(super) fn refused_in_module(&self, id: ModuleId, seen: &mut Seen, map: &SourceMap) -> Vec<Error> {
        let module = self.tree.module(id);
        let declared = &module.declarations;
        let is_first = seen.is_first(declared, "");
        let mut problems = Vec::new();
        let mut refuse = |what: &str, message: String, place: Option<&Place>, help: &str| {
            let mut error = Error::new(within(&module.address, what), message).help(help);
            error.location = place.map(|place| map.location(place));
            problems.push(error);
        };
        for (name, variable) in &declared.variables {
            let what = format!("var.{name}");
            let value = match self.tree.variable(id, name) {
                Ok(value) => value,
                Err(failure) => {
                    refuse(&what, failure.message, failure.place.as_ref(), REFUSED);
                    continue;
                }
            };
            if is_first && let Err(failure) = self.tree.default_value(id, variable) {
                refuse(&what, failure.message, failure.place.as_ref(), REFUSED);
            }
            for condition in &variable.conditions {
                let mut named = BTreeSet::new();
                references(&condition.expression, &[], &mut named);
                if is_first && !named.contains(&what) {
                    let message = "the condition of its validation block must refer to the variable".to_owned();
                    refuse(&what, message, Some(&condition.place()), REFUSED);
                }
                match self.unmet(Scope::new(&self.tree, id, Some(condition.file)), condition) {
                    Unmet::No => {}
                    Unmet::Yes => {
                        let written = value.origin.as_ref().and_then(|origin| origin.places().pop().cloned());
                        let message = "the value does not meet the condition of its validation block".to_owned();
                        let help = "terraform plan refuses it, too: give another value";
                        refuse(&what, message, Some(written.as_ref().unwrap_or(&variable.place)), help);
                    }
                    Unmet::Fails(failure) => refuse(&what, failure.message, failure.place.as_ref(), REFUSED),
                }
            }
        }
        for (name, output) in &declared.outputs {
            for condition in &output.conditions {
                let message = match self.unmet(Scope::new(&self.tree, id, Some(condition.file)), condition) {
                    Unmet::No => continue,
                    Unmet::Yes => "the condition of its precondition block does not hold".to_owned(),
                    Unmet::Fails(failure) => failure.message,
                };
                refuse(&format!("output.{name}"), message, Some(&condition.place()), REFUSED);
            }
        }
        for (address, place, _) in declared.removed.iter().filter(|_| is_first) {
            let is_declared = match address.split('.').collect::<Vec<_>>().as_slice() {
                ["module", call] => declared.calls.contains_key(*call),
                [kind, name] => declared.resources.contains_key(&(Mode::Managed, (*kind).into(), (*name).into())),
                _ => false,
            };
            if is_declared {
                let message = "it is declared, and a removed block says that it is not".to_owned();
                refuse(address, message, Some(place), "take out one of the two");
            }
        }
        problems
    }

    /// References to what is not there, in all modules, also those of which there is no instance.
    pub(super) fn undeclared(&self, map: &SourceMap) -> Vec<Error> {
        let mut problems = Vec::new();
        for (path, declared) in self.sources.each_once().filter(|(_, declared)| declared.incomplete.is_none()) {
            let module = of_calls(path);
            for (holder, undeclared, place) in undeclared::everywhere(declared) {
                let error = Error::new(within(&module, &holder), undeclared.message);
                problems.push(error.at(map.location(&place)).help("declare it, or correct the name"));
            }
        }
        problems
    }

    /// The conditions of a resource's instance that do not hold, or fail.
    pub(super) fn refused_conditions(
        &self,
        id: ModuleId,
        name: &ResourceName,
        resource: &Resource,
        key: Option<&InstanceKey>,
        repetition: Option<&Repetition>,
    ) -> Vec<Failure> {
        if resource.preconditions.is_empty() && resource.postconditions.is_empty() {
            return Vec::new();
        }
        let whole = self.tree.resource(id, name.0, &name.1, &name.2);
        let own = whole.and_then(|whole| match key {
            Some(InstanceKey::Text(key)) => index(&whole, Value::string(key)),
            Some(InstanceKey::Number(key)) => index(&whole, Value::count(usize::try_from(*key).unwrap_or(usize::MAX))),
            None => Ok(whole),
        });
        let Ok(own) = own else { return Vec::new() };
        let frame = Frame::new("self", own, None);
        let refused = |condition: &Located, frame: Option<&Frame<'_>>| {
            let scope = Scope::new(&self.tree, id, Some(condition.file));
            match self.unmet(Scope { repetition, frame, ..scope }, condition) {
                Unmet::No => None,
                Unmet::Yes => {
                    let message = "the condition of a block of its lifecycle does not hold";
                    Some(*Failure::new(message).at(&condition.place()))
                }
                Unmet::Fails(failure) => Some(*failure.at(&condition.place())),
            }
        };
        let before = resource.preconditions.iter().filter_map(|condition| refused(condition, None));
        let after = resource.postconditions.iter().filter_map(|condition| refused(condition, Some(&frame)));
        before.chain(after).collect()
    }

    fn unmet(&self, scope: Scope<'_>, condition: &Located) -> Unmet {
        let holds = scope.value(&condition.expression).and_then(|value| match value.is_null() {
            true => Failure::err("the condition must be true or false, and is null"),
            false => convert(value.unmarked(), &Type::Bool),
        });
        match holds {
            Ok(value) if value.as_bool() == Some(false) => Unmet::Yes,
            Ok(_) => Unmet::No,
            Err(failure) => Unmet::Fails(failure.at(&condition.place())),
        }
    }
}

enum Unmet {
    No,
    Yes,
    Fails(Box<Failure>),
}

/// A reference of a resource to itself, which has no value yet when it is asked for.
pub(super) fn refers_to_itself(name: &ResourceName, resource: &Resource) -> Option<Failure> {
    let (mode, kind, resource_name) = name;
    let own = format!("{}{kind}.{resource_name}", mode.prefix());
    let number = resource.count.iter().chain(&resource.for_each).filter(|number| {
        let mut found = BTreeSet::new();
        references(&number.expression, &[], &mut found);
        found.contains(&own)
    });
    let place = match number.map(Located::place).next() {
        Some(place) => place,
        None => {
            let (name, span) = reference_in(&resource.body, &own)?;
            let file = resource.overridden.get(name).copied();
            Place { file: file.unwrap_or(resource.place.file), span }
        }
    };
    Some(*Failure::new(format!("{own} refers to itself")).at(&place))
}

/// The first reference to a resource in a body: the attribute or block at the top that it stands in, and its span.
fn reference_in<'b>(body: &'b Body, own: &str) -> Option<(&'b Arc<str>, std::ops::Range<usize>)> {
    for attribute in &body.attributes {
        let mut found = BTreeSet::new();
        references(&attribute.expression, &[], &mut found);
        if found.contains(own) {
            return Some((&attribute.name, attribute.expression.span.range()));
        }
    }
    body.blocks.iter().find_map(|block| {
        let (_, span) = reference_in(&block.body, own)?;
        Some((block.makes(), span))
    })
}

/// Ephemeral values in what is kept of a resource. What is only written is named so, with `_wo` at its end.
pub(super) fn kept_ephemeral(values: &Value, resource: &Resource) -> Vec<Failure> {
    let Data::Object(entries) = &values.data else { return Vec::new() };
    let kept = entries.iter().filter(|(name, value)| !name.ends_with("_wo") && value.all_marks().ephemeral);
    let refused = |(name, value): (&Arc<str>, &Value)| {
        let failure = Failure::new(format!("{name} is given an ephemeral value, which a resource can't keep"));
        *failure.at(value.origin.as_ref().map_or(&resource.place, |origin| &origin.place))
    };
    kept.map(refused).collect()
}
