//! The values of variables: what they are given, or their defaults, as values of their types.

use super::{ModuleId, ModuleInstance, Tree};
use crate::hcl::constraint::Constraint;
use crate::hcl::convert::convert;
use crate::hcl::declarations::{Located, TypeAndDefault, Variable};
use crate::hcl::evaluate::Scope;
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::syntax::{Expression, Kind};
use crate::hcl::types::Type;
use crate::hcl::value::{Marks, Value};

/// Whether a default is written: it calls no function.
fn written(default: &Expression) -> Result<(), Box<Failure>> {
    let mut called = None;
    default.walk(&mut |part| {
        if let Kind::Call(call) = &part.kind {
            called.get_or_insert_with(|| call.name.clone());
        }
    });
    match called {
        Some(name) => Failure::err(format!("{name}() can't be called here: a default is a value that is written")),
        None => Ok(()),
    }
}

impl Tree {
    /// `var.name`
    pub(in crate::hcl) fn variable(&self, id: ModuleId, name: &str) -> Evaluated {
        let module = self.module(id);
        let Some(variable) = module.declarations.variables.get(name) else {
            return self.undeclared(&module, &format!("var.{name}"));
        };
        let id = module.like;
        Self::memoised(&self.variables, (id, name.into()), &|| format!("var.{name}"), &|| {
            self.variable_value(id, &self.module(id), name, variable)
        })
    }

    /// The type of a variable. An override file changes the type, but not the defaults of optional attributes: those are of
    /// the block that it overrides.
    pub(in crate::hcl) fn constraint(&self, id: ModuleId, variable: &Variable) -> Result<Constraint, Box<Failure>> {
        let mut constraint: Option<Constraint> = None;
        for given in &variable.given {
            let own = self.own_constraint(id, given)?;
            constraint = Some(match (constraint, own) {
                (None, own) => own.unwrap_or_else(Constraint::any),
                (Some(held), None) => held,
                (Some(held), Some(own)) => held.of_type(own.ty),
            });
        }
        Ok(constraint.unwrap_or_else(Constraint::any))
    }

    /// The type that one block gives a variable.
    fn own_constraint(&self, id: ModuleId, given: &TypeAndDefault) -> Result<Option<Constraint>, Box<Failure>> {
        let Some(located) = &given.ty else { return Ok(None) };
        let scope = Scope { template: true, ..Scope::new(self, id, Some(located.file)) };
        Constraint::read(&located.expression, &|default| written(default).and_then(|()| scope.value(default)))
            .map(Some)
            .map_err(|failure| failure.at(&located.place()))
    }

    /// The default of a variable: converted to the type that counts in each block that gives one of the two.
    pub(in crate::hcl) fn default_value(
        &self,
        id: ModuleId,
        variable: &Variable,
    ) -> Result<Option<Value>, Box<Failure>> {
        let (mut value, mut ty): (Option<Value>, Type) = (None, Type::Any);
        for given in &variable.given {
            let own = self.own_constraint(id, given)?;
            let mut place = None;
            if let Some(located) = &given.default {
                let scope = Scope { template: true, ..Scope::new(self, id, Some(located.file)) };
                written(&located.expression).map_err(|failure| failure.at(&located.place()))?;
                let written = scope.value(&located.expression)?;
                place = Some(located.place());
                value = Some(match &own {
                    Some(own) => own.apply(written).map_err(|failure| failure.at(&located.place()))?,
                    None => written,
                });
            }
            ty = own.map_or(ty, |own| own.ty);
            let place = place.or_else(|| given.ty.as_ref().map(Located::place));
            value = match value {
                Some(value) => {
                    let converted = convert(value, &ty);
                    Some(converted.map_err(|failure| failure.at(place.as_ref().unwrap_or(&variable.place)))?)
                }
                None => None,
            };
        }
        let is_null = value.as_ref().is_some_and(Value::is_null);
        if is_null && variable.nullable.is_some() && self.flag(id, &variable.nullable, true) == Some(false) {
            let place = variable.default().map_or_else(|| variable.place.clone(), Located::place);
            return Err(Failure::new("the default must not be null, since the variable is not nullable").at(&place));
        }
        Ok(value)
    }

    fn variable_value(&self, id: ModuleId, module: &ModuleInstance, name: &str, variable: &Variable) -> Evaluated {
        let constraint = self.constraint(id, variable)?;
        let nullable = self.flag(id, &variable.nullable, true);
        let given = match &module.parent {
            None => self.given.variables.get(name).cloned(),
            Some((parent, call)) => match self.argument(*parent, call, name, module) {
                Some(value) => Some(value?),
                None => None,
            },
        };
        let value = match given {
            Some(value) if value.is_null() && nullable == Some(false) => match self.default_value(id, variable)? {
                Some(value) => Some(value),
                None => {
                    let refused = Failure::new(format!("var.{name} must not be null, and has no default"));
                    let written = value.origin.as_ref().and_then(|origin| origin.places().pop().cloned());
                    return Err(refused.at(&written.unwrap_or_else(|| variable.place.clone())));
                }
            },
            // Whether it falls back on the default is not known.
            Some(value) if !value.is_known() && nullable != Some(true) && variable.default().is_some() => {
                let may_be_null = value.first_unknown().is_some_and(|unknown| !unknown.not_null);
                Some(if may_be_null { value.unknown_as(constraint.ty.clone()) } else { value })
            }
            Some(value) => Some(value),
            None => self.default_value(id, variable)?,
        };
        let value = match value {
            Some(value) => constraint.apply(value).map_err(|failure| failure.at(&variable.place))?,
            None => {
                let reason = match module.parent {
                    None => format!("var.{name} is not given: give it with --var or --var-file"),
                    Some(_) => format!("var.{name} is not given"),
                };
                Value::unknown(constraint.ty.without_optional(), reason).at(variable.place.clone())
            }
        };
        let value = if nullable == Some(false) { value.not_null() } else { value };
        let mut marks = Marks::NONE;
        // Where that can't be told, it is taken for sensitive.
        marks.sensitive = self.flag(id, &variable.sensitive, false).unwrap_or(true);
        marks.ephemeral = self.flag(id, &variable.ephemeral, false).unwrap_or(true);
        Ok(value.with_marks(marks))
    }

    fn argument(&self, parent: ModuleId, call: &str, name: &str, module: &ModuleInstance) -> Option<Evaluated> {
        let caller = self.module(parent);
        let declared = caller.declarations.calls.get(call)?;
        let located = declared.arguments.get(name)?;
        let mut scope = Scope::new(self, parent, Some(located.file));
        scope.repetition = module.repetition.as_ref();
        Some(scope.value(&located.expression).map(|value| value.through(located.place())))
    }
}
