//! References and what is taken of them: attributes and indexes.

use super::{Repetition, Scope};
use crate::hcl::declarations::Mode;
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::operator::{get_attribute, index};
use crate::hcl::syntax::{Expression, Kind, Span, Step};
use crate::hcl::types::Type;
use crate::hcl::undeclared::{NO_COUNT, NO_EACH};
use crate::hcl::value::{Marks, Value};

impl Scope<'_> {
    pub(super) fn traversal(&self, source: &Expression, steps: &[Step], span: Span) -> Evaluated {
        let (value, rest) = match &source.kind {
            Kind::Name(name) => match self.frame.and_then(|frame| frame.find(name)) {
                Some(value) => (value.clone(), steps),
                None if self.template => return Failure::err(format!("there is no variable {name:?} here")),
                None => self.reference(name, steps)?,
            },
            _ => (self.value(source).map_err(|failure| part_of_failed(failure, steps))?, steps),
        };
        let value = self.steps(value, rest).map_err(|failure| failure.of_type(Type::Any))?;
        Ok(match self.place(span) {
            Some(place) => value.through(place),
            None => value,
        })
    }

    fn steps(&self, mut value: Value, steps: &[Step]) -> Evaluated {
        for step in steps {
            let part = match step {
                Step::Attribute(name) => match value.identity() {
                    Some(identity) if identity.is_instance() => {
                        self.tree.attribute(identity, name)?.with_marks(value.marks)
                    }
                    // With a dot too, an instance is taken by its key.
                    Some(identity) if identity.attribute.is_empty() => index(&value, Value::string(name))?,
                    _ => get_attribute(&value, name)?,
                },
                Step::Index(key) => {
                    let key = self.value(key)?;
                    match value.identity().cloned() {
                        // Brackets with a name take an attribute of an instance.
                        Some(identity) if identity.is_instance() => match key.as_str() {
                            Some(name) => self.tree.attribute(&identity, name)?.with_marks(value.marks),
                            None => index(&value, key)?,
                        },
                        _ => index(&value, key)?,
                    }
                }
            };
            value = part.part_of(&value);
        }
        Ok(value)
    }

    /// What a name of the language stands for, and the steps that are left.
    fn reference<'s>(&self, root: &str, steps: &'s [Step]) -> Result<(Value, &'s [Step]), Box<Failure>> {
        let name = |at: usize| match steps.get(at) {
            Some(Step::Attribute(name)) => Some(name.as_ref()),
            Some(Step::Index(_)) | None => None,
        };
        let rest = |count: usize| steps.get(count..).unwrap_or_default();
        let needs = |what: &str| Err(Failure::new(format!("{root} must be followed by a dot and {what}")).everywhere());
        match root {
            "var" => match name(0) {
                Some(variable) => Ok((self.tree.variable(self.module, variable)?, rest(1))),
                None => needs("the name of a variable"),
            },
            "local" => match name(0) {
                Some(local) => Ok((self.tree.local(self.module, local)?, rest(1))),
                None => needs("the name of a local value"),
            },
            "module" => match name(0) {
                Some(call) => self.module_reference(call, rest(1)),
                None => needs("the name of a module call"),
            },
            "data" | "resource" | "ephemeral" => match (name(0), name(1)) {
                (Some(kind), Some(resource)) => {
                    let mode = Mode::of_word(root).unwrap_or(Mode::Managed);
                    Ok((self.tree.resource(self.module, mode, kind, resource)?, rest(2)))
                }
                _ => needs("a type and a name"),
            },
            "each" => match (self.repetition, name(0)) {
                (Some(Repetition::Each(key, _)), Some("key")) => Ok((key.clone(), rest(1))),
                (Some(Repetition::Each(_, value)), Some("value")) => Ok((value.clone(), rest(1))),
                _ => Err(Failure::new(NO_EACH).everywhere()),
            },
            "count" => match (self.repetition, name(0)) {
                (Some(Repetition::Count(index)), Some("index")) => Ok((index.clone(), rest(1))),
                _ => Err(Failure::new(NO_COUNT).everywhere()),
            },
            "path" => match name(0) {
                Some(which @ ("module" | "root" | "cwd")) => Ok((self.tree.path(self.module, which), rest(1))),
                _ => needs("module, root or cwd"),
            },
            "terraform" | "tofu" => match name(0) {
                Some("workspace") => Ok((self.tree.workspace(), rest(1))),
                Some("applying") => {
                    Ok((Value::unknown(Type::Bool, "known when it runs").with_marks(Marks::EPHEMERAL), rest(1)))
                }
                _ => needs("workspace"),
            },
            "self" => Ok((Value::unknown(Type::Any, "self is known after apply"), steps)),
            kind => match name(0) {
                Some(resource) => Ok((self.tree.resource(self.module, Mode::Managed, kind, resource)?, rest(1))),
                None => Err(Failure::new(format!("{kind:?} is no name that is known here")).everywhere()),
            },
        }
    }

    /// An output of a module call, so that only this one has to be computed, or all of them.
    fn module_reference<'s>(&self, call: &str, steps: &'s [Step]) -> Result<(Value, &'s [Step]), Box<Failure>> {
        let (key, taken) = match steps.first() {
            Some(Step::Index(key)) => (Some(self.value(key)?), 1),
            Some(Step::Attribute(_)) | None => (None, 0),
        };
        let output = match steps.get(taken) {
            Some(Step::Attribute(name)) => Some(name.as_ref()),
            Some(Step::Index(_)) | None => None,
        };
        match self.tree.module_output(self.module, call, key.as_ref(), output)? {
            Some(value) => Ok((value, steps.get(taken + 1..).unwrap_or_default())),
            None => Ok((self.tree.module_value(self.module, call)?, steps)),
        }
    }
}

/// The failure of a part of what fails: of the type that the part has.
fn part_of_failed(failure: Box<Failure>, steps: &[Step]) -> Box<Failure> {
    let mut ty = failure.ty.clone();
    for step in steps {
        ty = match (step, &ty) {
            (_, Type::Any) => Type::Any,
            (Step::Attribute(name), Type::Object(object)) => match object.attributes.get(name) {
                Some(Type::Null) => Type::Any,
                Some(ty) => ty.clone(),
                None => return failure.of_some_type(),
            },
            (Step::Index(Expression { kind: Kind::Literal(index), .. }), Type::Tuple(items)) => {
                match index.as_number().and_then(|n| n.to_usize()).and_then(|index| items.get(index)) {
                    Some(Type::Null) => Type::Any,
                    Some(ty) => ty.clone(),
                    None => return failure.of_some_type(),
                }
            }
            _ => return failure.of_some_type(),
        };
    }
    if failure.exact { failure.of_type(ty) } else { failure }
}
