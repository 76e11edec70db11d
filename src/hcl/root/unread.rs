//! Calls of modules whose source is not there, and what they are given.

use std::collections::BTreeSet;

use super::{Root, keys};
use crate::hcl::address::within;
use crate::hcl::evaluate::Scope;
use crate::hcl::tree::{ROOT, Tree};
use crate::hcl::value::{Data, Value, Which};
use crate::location::Place;

/// A call of a module whose source is not there.
#[derive(Debug, Clone)]
pub struct UnreadModule {
    /// `module.a.module.b`
    pub call: String,
    /// Why.
    pub why: String,
    /// Where the call is.
    pub place: Place,
}

/// What the call of an unread module is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Argument {
    /// Something of a resource, with this address.
    Resource(String),
    /// Something that is not known.
    Unknown,
}

/// The arguments of a call whose source is not there, as far as they are not plain values.
#[derive(Debug, Clone)]
pub struct UnreadArguments {
    /// `module.a["x"].module.b`
    pub call: String,
    /// What it is given.
    pub arguments: BTreeSet<Argument>,
}

impl Root {
    /// The calls of modules whose source is not there.
    pub fn unread(&self) -> Vec<UnreadModule> {
        let unread = self.sources.unread.iter();
        unread.map(|u| UnreadModule { call: u.call.clone(), why: u.why.to_string(), place: u.place.clone() }).collect()
    }

    /// What calls whose source is not there are given: such a module may set something of it.
    pub fn unread_arguments(&self) -> Vec<UnreadArguments> {
        let mut found = Vec::new();
        let mut left = vec![ROOT];
        while let Some(id) = left.pop() {
            let module = self.tree.module(id);
            for (name, call) in &module.declarations.calls {
                let expansion = self.tree.call_expansion(id, name, call);
                for key in keys(&expansion) {
                    match self.tree.child(id, name, call, key.clone()) {
                        Ok(child) => left.push(child),
                        Err(_) => {
                            let repetition = Tree::repetition(&expansion, key.as_ref(), call.count.is_some());
                            let mut arguments = BTreeSet::new();
                            for located in call.arguments.values() {
                                let mut scope = Scope::new(&self.tree, id, Some(located.file));
                                scope.repetition = repetition.as_ref();
                                match scope.value(&located.expression) {
                                    Ok(value) => given(&value, &mut arguments),
                                    Err(_) => {
                                        arguments.insert(Argument::Unknown);
                                    }
                                }
                            }
                            let shown = key.map(|key| key.to_string()).unwrap_or_default();
                            let call = within(&module.address, &format!("module.{name}{shown}"));
                            found.push(UnreadArguments { call, arguments });
                        }
                    }
                }
            }
        }
        found
    }
}

/// Collects what a value holds that is not known.
fn given(value: &Value, arguments: &mut BTreeSet<Argument>) {
    match &value.data {
        Data::Unknown(unknown) => {
            let argument = match &unknown.identity {
                Some(identity) if identity.which == Which::Only || matches!(identity.which, Which::Key(_)) => {
                    Argument::Resource(identity.address())
                }
                Some(identity) => {
                    let address = identity.address();
                    Argument::Resource(address.strip_suffix("[*]").unwrap_or(&address).to_owned())
                }
                None => Argument::Unknown,
            };
            arguments.insert(argument);
        }
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            items.iter().for_each(|item| given(item, arguments));
        }
        Data::Map(_, entries) | Data::Object(entries) => entries.values().for_each(|value| given(value, arguments)),
    }
}
