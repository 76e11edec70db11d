//! What modules put out.

use std::sync::Arc;

use super::{Expansion, ModuleId, Tree};
use crate::hcl::address::InstanceKey;
use crate::hcl::evaluate::Scope;
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::types::Type;
use crate::hcl::value::{Data, Entries, Marks, Value};

impl Tree {
    /// The output of a module instance.
    fn output(&self, id: ModuleId, name: &str) -> Evaluated {
        let module = self.module(id);
        let Some(output) = module.declarations.outputs.get(name) else {
            // Unlike what is not declared in a module itself, that is told when it is evaluated.
            let of = self.undeclared(&module, &format!("the output {name:?} of {}", module.address));
            return of.map_err(|failure| Box::new(Failure { everywhere: false, ..*failure }));
        };
        Self::memoised(&self.outputs, (id, name.into()), &|| format!("the output {name:?}"), &|| {
            let Some(located) = &output.value else { return Failure::err(format!("the output {name:?} has no value")) };
            let value = Scope::new(self, id, Some(located.file)).value(&located.expression)?;
            let sensitive = self.flag(id, &output.sensitive, false).unwrap_or(true);
            let ephemeral = self.flag(id, &output.ephemeral, false).unwrap_or(true);
            Ok(value.with_marks(Marks { sensitive, ephemeral }))
        })
    }

    /// An output of a call with a key or without; `None`: all outputs are asked for.
    pub(in crate::hcl) fn module_output(
        &self,
        id: ModuleId,
        call: &str,
        key: Option<&Value>,
        output: Option<&str>,
    ) -> Result<Option<Value>, Box<Failure>> {
        let module = self.module(id);
        let Some(declared) = module.declarations.calls.get(call) else {
            return self.undeclared(&module, &format!("module.{call}")).map(Some);
        };
        let Some(output) = output else { return Ok(None) };
        let instance = match (self.call_expansion(id, call, declared), key) {
            (Expansion::Single, None) => None,
            (Expansion::Count(count), Some(key)) => match key.as_number().map(|n| n.to_usize()) {
                Some(Some(index)) if index < count => Some(InstanceKey::Number(index as u64)),
                _ => return Ok(None),
            },
            (Expansion::Keys(keys), Some(key)) => match key.as_str() {
                Some(name) if keys.binary_search_by(|(k, _)| (**k).cmp(name)).is_ok() => {
                    Some(InstanceKey::Text(name.to_owned()))
                }
                _ => return Ok(None),
            },
            (Expansion::Unknown(_), Some(key)) => {
                let index = key.as_number().and_then(|number| number.to_usize());
                match (declared.count.is_some(), key.as_str(), index) {
                    (true, None, Some(index)) => Some(InstanceKey::Number(index as u64)),
                    (false, Some(name), None) => Some(InstanceKey::Text(name.to_owned())),
                    _ => return Ok(None),
                }
            }
            (Expansion::Single | Expansion::Count(_) | Expansion::Keys(_) | Expansion::Unknown(_), _) => {
                return Ok(None);
            }
        };
        match self.child(id, call, declared, instance) {
            Ok(child) => self.output(child, output).map(Some),
            Err(why) => Ok(Some(Value::unknown(Type::Any, why))),
        }
    }

    /// All outputs of a call: an object, or a tuple or object of such.
    pub(in crate::hcl) fn module_value(&self, id: ModuleId, call: &str) -> Evaluated {
        let module = self.module(id);
        let Some(declared) = module.declarations.calls.get(call) else {
            return self.undeclared(&module, &format!("module.{call}"));
        };
        let one = |key: Option<InstanceKey>| -> Evaluated {
            let child = match self.child(id, call, declared, key) {
                Ok(child) => child,
                Err(why) => return Ok(Value::unknown(Type::Any, why)),
            };
            let instance = self.module(child);
            if let Some(why) = &instance.declarations.incomplete {
                return Ok(Value::unknown(Type::Any, why.clone()));
            }
            let mut outputs = Entries::new();
            for name in instance.declarations.outputs.keys() {
                outputs.insert(name.clone(), self.output(child, name)?);
            }
            Ok(Data::Object(Arc::new(outputs)).into())
        };
        match self.call_expansion(id, call, declared) {
            Expansion::Single => one(None),
            Expansion::Count(count) => {
                let items: Result<Vec<Value>, _> =
                    (0..count).map(|index| one(Some(InstanceKey::Number(index as u64)))).collect();
                items.map(Value::tuple)
            }
            Expansion::Keys(keys) => {
                let mut entries = Entries::new();
                for (key, _) in keys.iter() {
                    entries.insert(key.clone(), one(Some(InstanceKey::Text(key.to_string())))?);
                }
                Ok(Data::Object(Arc::new(entries)).into())
            }
            Expansion::Unknown(why) => Ok(Value::unknown(Type::Any, why)),
        }
    }
}
