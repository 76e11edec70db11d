//! What Terraform would refuse in the call of a module.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use super::Root;
use crate::error::{Error, nearest};
use crate::hcl::address::within;
use crate::hcl::declarations::{Declarations, Located, ModuleCall};
use crate::hcl::evaluate::Scope;
use crate::hcl::failure::Failure;
use crate::hcl::tree::{Expansion, ModuleId};
use crate::hcl::types::Type;
use crate::location::SourceMap;

/// The most arguments of one call of which it is told what may be meant.
const MOST_HINTS: usize = 20;

/// The calls that were looked at: one that stands in several instances of its module is told once.
#[derive(Default)]
pub(super) struct Seen(HashSet<(*const Declarations, Arc<str>)>);

impl Seen {
    /// Whether nothing was asked yet for a name in what a module declares.
    pub(super) fn is_first(&mut self, declarations: &Rc<Declarations>, name: &str) -> bool {
        self.0.insert((Rc::as_ptr(declarations), name.into()))
    }
}

impl Root {
    /// What is wrong with the arguments of a call, and with its `count` or `for_each`.
    pub(super) fn refused_in_call(
        &self,
        id: ModuleId,
        name: &Arc<str>,
        call: &ModuleCall,
        seen: &mut Seen,
        map: &SourceMap,
    ) -> Vec<Error> {
        let module = self.tree.module(id);
        let address = within(&module.address, &format!("module.{name}"));
        let mut problems = Vec::new();
        if let Expansion::Unknown(why) = self.tree.call_expansion(id, name, call)
            && let Some(failure) = self.refused_number(id, call.count.as_ref(), call.for_each.as_ref(), &why)
        {
            let mut error = Error::new(&address, failure.message).help("terraform validate tells more");
            error.location = failure.place.map(|place| map.location(&place));
            problems.push(error);
        }
        if !seen.is_first(&module.declarations, name) {
            return problems;
        }
        for (kind, place) in &call.unexpected {
            let error = Error::new(&address, format!("a block {kind:?} is not expected here")).at(map.location(place));
            problems.push(error.help("a module is given arguments only: write it as one, name = { … }"));
        }
        let mut path = module.path.clone();
        path.push(name.clone());
        let Ok(called) = self.sources.module(&path) else { return problems };
        if called.incomplete.is_some() || module.declarations.incomplete.is_some() {
            return problems;
        }
        let unknown = call.arguments.iter().filter(|(argument, _)| !called.variables.contains_key(*argument));
        for (number, (argument, located)) in unknown.enumerate() {
            let error = Error::new(&address, format!("the module has no variable {argument:?}"));
            // Of many, no more than a few are compared with all that there are.
            let known =
                called.variables.keys().map(AsRef::as_ref).take(if number < MOST_HINTS { usize::MAX } else { 0 });
            let help = nearest(argument, known).map(|near| format!("did you mean {near:?}?"));
            let help = help.unwrap_or_else(|| "declare it in the module, or leave the argument out".to_owned());
            problems.push(error.at(map.location(&located.place())).help(help));
        }
        for alias in called.wanted_aliases.iter().filter(|alias| !call.providers.contains_key(*alias)) {
            let error = Error::new(&address, format!("the module needs a provider for {alias:?}"));
            let help = format!("give it one: providers = {{ {alias} = … }}");
            problems.push(error.at(map.location(&call.place)).help(help));
        }
        for (variable, declared) in &called.variables {
            if declared.default().is_none() && !call.arguments.contains_key(variable) {
                let error = Error::new(&address, format!("the argument {variable:?} is missing"));
                let help = format!("the variable at {} has no default", map.location(&declared.place));
                problems.push(error.at(map.location(&call.place)).help(help));
            }
        }
        problems
    }

    /// What is wrong with `count` or `for_each` where it is not only not known: an error in it, or a value that can't be one.
    pub(super) fn refused_number(
        &self,
        id: ModuleId,
        count: Option<&Located>,
        for_each: Option<&Located>,
        why: &str,
    ) -> Option<Failure> {
        let (is_for_each, located) = (count.is_none(), count.or(for_each)?);
        let failure = match Scope::new(&self.tree, id, Some(located.file)).value(&located.expression) {
            Err(failure) => failure,
            Ok(_) if count.is_some() && for_each.is_some() => Failure::new(why),
            Ok(value) if value.marks.ephemeral || (is_for_each && value.marks.sensitive) => Failure::new(why),
            Ok(value) if is_for_each && !may_be_gone_through(&value.ty()) => {
                Failure::new("for_each must be a map, or a set of strings")
            }
            Ok(value) if value.is_wholly_known() => Failure::new(why),
            Ok(_) => return None,
        };
        Some(*failure.at(&located.place()))
    }
}

/// Whether `for_each` may be of a type.
fn may_be_gone_through(ty: &Type) -> bool {
    match ty {
        Type::Any | Type::Map(_) | Type::Object(_) => true,
        Type::Set(element) => matches!(element.as_ref(), Type::String | Type::Any | Type::Null),
        Type::String | Type::Number | Type::Bool | Type::List(_) | Type::Tuple(_) | Type::Null => false,
    }
}
