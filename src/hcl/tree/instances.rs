//! Instances of modules and resources: how often a block stands for one, and what is different from one to the next.

use std::rc::Rc;
use std::sync::Arc;

use super::{Expansion, ModuleId, ModuleInstance, ROOT, Tree};
use crate::hcl::address::{InstanceKey, within};
use crate::hcl::convert::convert;
use crate::hcl::declarations::{Located, ModuleCall, Resource, ResourceName};
use crate::hcl::evaluate::{Repetition, Scope};
use crate::hcl::failure::Failure;
use crate::hcl::types::Type;
use crate::hcl::value::{Data, Value};
use crate::limits::raised_by;

impl Tree {
    /// How often a call of a module stands for an instance.
    pub(in crate::hcl) fn call_expansion(&self, id: ModuleId, name: &str, call: &ModuleCall) -> Expansion {
        let key = (id, Arc::from(name));
        if let Some(expansion) = self.call_expansions.borrow().get(&key) {
            return expansion.clone();
        }
        // Until it is known, it is not: a call whose number depends on itself.
        let busy = Expansion::Unknown(format!("the number of instances of module.{name} depends on itself").into());
        self.call_expansions.borrow_mut().insert(key.clone(), busy);
        let expansion = self.expansion(id, &call.count, &call.for_each, &call.enabled);
        self.call_expansions.borrow_mut().insert(key, expansion.clone());
        expansion
    }

    /// How often a resource block stands for an instance.
    pub(in crate::hcl) fn resource_expansion(
        &self,
        id: ModuleId,
        name: &ResourceName,
        resource: &Resource,
    ) -> Expansion {
        let key = (id, name.clone());
        if let Some(expansion) = self.expansions.borrow().get(&key) {
            return expansion.clone();
        }
        let busy =
            Expansion::Unknown(format!("the number of instances of {}.{} depends on itself", name.1, name.2).into());
        self.expansions.borrow_mut().insert(key.clone(), busy);
        let expansion = self.expansion(id, &resource.count, &resource.for_each, &resource.enabled);
        self.expansions.borrow_mut().insert(key, expansion.clone());
        expansion
    }

    fn expansion(
        &self,
        id: ModuleId,
        count: &Option<Located>,
        for_each: &Option<Located>,
        enabled: &Option<Located>,
    ) -> Expansion {
        let value = |located: &Located| Scope::new(self, id, Some(located.file)).value(&located.expression);
        let failed = |failure: Box<Failure>| Expansion::Unknown(failure.message.into());
        match (count, for_each) {
            (None, None) => match enabled {
                None => Expansion::Single,
                Some(_) => match self.flag(id, enabled, true) {
                    Some(true) => Expansion::Single,
                    Some(false) => Expansion::Count(0),
                    None => Expansion::Unknown("whether it is enabled is not known".into()),
                },
            },
            (Some(_), Some(_)) => Expansion::Unknown("count and for_each exclude each other".into()),
            (Some(count), None) => match value(count).and_then(|count| convert(count, &Type::Number)) {
                Ok(count) if count.marks.ephemeral => Expansion::Unknown("count is ephemeral".into()),
                Ok(count) => match (&count.data, count.as_number().and_then(|n| n.to_usize())) {
                    (_, Some(count)) if count <= self.most_instances() => Expansion::Count(count),
                    (_, Some(_)) => Expansion::Unknown(self.too_many()),
                    (Data::Unknown(unknown), _) => Expansion::Unknown(unknown.reason.clone()),
                    _ => Expansion::Unknown("count must be a whole number, zero or more".into()),
                },
                Err(failure) => failed(failure),
            },
            (None, Some(for_each)) => match value(for_each) {
                Ok(keys) if keys.marks.sensitive => Expansion::Unknown("for_each is sensitive".into()),
                Ok(keys) if keys.marks.ephemeral => Expansion::Unknown("for_each is ephemeral".into()),
                Ok(keys) => keys_of(&keys, self.most_instances()),
                Err(failure) => failed(failure),
            },
        }
    }

    /// What `each` and `count` stand for in an instance: the one with a key, or one of them where there is none. With a key
    /// that the expansion does not have, only the key is known.
    pub(in crate::hcl) fn repetition(
        expansion: &Expansion,
        key: Option<&InstanceKey>,
        counted: bool,
    ) -> Option<Repetition> {
        let (why, counted): (Arc<str>, bool) = match expansion {
            Expansion::Single => return None,
            Expansion::Count(_) => ("which instance it is is not known".into(), true),
            Expansion::Keys(_) => ("which instance it is is not known".into(), false),
            Expansion::Unknown(why) => (why.clone(), counted),
        };
        let unknown = |ty: Type| Value::unknown(ty, why.clone()).not_null();
        Some(match (key, expansion) {
            (Some(InstanceKey::Number(index)), _) if counted => {
                Repetition::Count(Value::count(usize::try_from(*index).unwrap_or(usize::MAX)))
            }
            (_, _) if counted => Repetition::Count(unknown(Type::Number)),
            (Some(InstanceKey::Text(key)), Expansion::Keys(keys)) => {
                let found = keys.binary_search_by(|(k, _)| (**k).cmp(key)).ok().and_then(|at| keys.get(at));
                let value = found.map_or_else(|| unknown(Type::Any), |(_, value)| value.clone());
                Repetition::Each(Value::string(key), value)
            }
            (Some(InstanceKey::Text(key)), _) => {
                Repetition::Each(Value::string(key), Value::unknown(Type::Any, why.clone()))
            }
            (Some(InstanceKey::Number(_)) | None, _) => {
                Repetition::Each(unknown(Type::String), Value::unknown(Type::Any, why.clone()))
            }
        })
    }

    /// Whether the source of the module that a call names is there.
    pub(in crate::hcl) fn is_read(&self, id: ModuleId, call: &str) -> bool {
        let mut path = self.module(id).path.clone();
        path.push(call.into());
        self.sources.module(&path).is_ok()
    }

    /// The instance of a module that a call stands for.
    ///
    /// # Errors
    /// Why its source is not there, or that there are too many instances.
    pub(in crate::hcl) fn child(
        &self,
        id: ModuleId,
        name: &str,
        call: &ModuleCall,
        key: Option<InstanceKey>,
    ) -> Result<ModuleId, Arc<str>> {
        let place = (id, Arc::from(name), key);
        if let Some(child) = self.children.borrow().get(&place) {
            return Ok(*child);
        }
        let parent = self.module(id);
        let mut path = parent.path.clone();
        path.push(name.into());
        let declarations = self.sources.module(&path)?;
        let expansion = self.call_expansion(id, name, call);
        let key = &place.2;
        let repetition = Self::repetition(&expansion, key.as_ref(), call.count.is_some());
        let shown = match (&expansion, key) {
            (_, Some(key)) => key.to_string(),
            (Expansion::Single, None) => String::new(),
            (Expansion::Count(_) | Expansion::Keys(_) | Expansion::Unknown(_), None) => "[*]".to_owned(),
        };
        let address: Arc<str> = within(&parent.address, &format!("module.{name}{shown}")).into();
        let mut called_at = vec![call.place.clone()];
        called_at.extend(parent.called_at.iter().cloned());
        let instance = ModuleInstance {
            declarations,
            files: self.sources.files(&path),
            address: address.clone(),
            path,
            parent: Some((id, name.into())),
            repetition,
            called_at,
            like: ROOT,
        };
        let mut modules = self.modules.borrow_mut();
        // The root module is none.
        if modules.len() > self.most_instances() {
            return Err(self.too_many());
        }
        let child = ModuleId(modules.len());
        let like = match call.is_alike_everywhere() {
            true => *self.firsts.borrow_mut().entry((id, name.into())).or_insert(child),
            false => child,
        };
        modules.push(Rc::new(ModuleInstance { like, ..instance }));
        self.children.borrow_mut().insert(place, child);
        self.addresses.borrow_mut().insert(address, child);
        Ok(child)
    }
}

/// The keys of a `for_each`, with their values.
fn keys_of(value: &Value, most: usize) -> Expansion {
    let refused = |why: &str| Expansion::Unknown(why.into());
    match &value.data {
        Data::Unknown(unknown) => Expansion::Unknown(unknown.reason.clone()),
        Data::Map(_, entries) | Data::Object(entries) if entries.len() <= most => {
            let part = |(key, part): (&Arc<str>, &Value)| (key.clone(), part.clone().part_of(value));
            Expansion::Keys(Rc::new(entries.iter().map(part).collect()))
        }
        Data::Set(Type::String, items) if items.len() <= most => {
            let item = |item: &Value| item.as_str().map(|key| (Arc::from(key), item.clone().part_of(value)));
            match items.iter().map(item).collect::<Option<Vec<(Arc<str>, Value)>>>() {
                Some(keys) => Expansion::Keys(Rc::new(keys)),
                None => refused("for_each has a null in its set"),
            }
        }
        Data::Set(_, items) if items.is_empty() => Expansion::Keys(Rc::new(Vec::new())),
        Data::Map(..) | Data::Object(_) | Data::Set(Type::String, _) => {
            refused(&format!("more instances than are followed: {}", raised_by("instances")))
        }
        _ => refused("for_each must be a map, or a set of strings"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::hcl::{ModuleAt, Modules, Root, VariableInputs};
    use crate::location::SourceMap;

    /// The steps that it takes to evaluate a root module that calls another so often, with these arguments.
    fn steps(count: usize, argument: &str) -> u64 {
        let directory = tempfile::tempdir().unwrap();
        let call = format!("module \"m\" {{\n  source = \"./m\"\n  count = {count}\n  n = {argument}\n}}\n");
        let called =
            "variable \"n\" {\n  type = number\n}\nlocals {\n  much = sum([for i in range(1000) : i * var.n])\n}\n";
        let resource = "resource \"terraform_data\" \"d\" {\n  input = local.much\n}\n";
        fs::create_dir(directory.path().join("m")).unwrap();
        fs::write(directory.path().join("main.tf"), call).unwrap();
        fs::write(directory.path().join("m/main.tf"), format!("{called}{resource}")).unwrap();
        let mut map = SourceMap::default();
        let at = ModuleAt::root(directory.path());
        let root = Root::load(&mut Modules::default(), &at, &VariableInputs::default(), directory.path(), &mut map);
        let (declared, problems) = root.resources(&|_| true, &map);
        assert_eq!((declared.len(), problems.len()), (count, 0));
        assert!(declared.iter().all(|declared| declared.values.is_wholly_known()));
        root.steps()
    }

    #[test]
    fn instances_keep_no_more_of_large_values_than_is_followed() {
        let directory = tempfile::tempdir().unwrap();
        let main = "locals {\n  a = [for i in range(1000) : [for j in range(30) : \"x\"]]\n}\nresource \"t\" \"r\" {\n  count = 40\n  stuff = local.a\n  name = \"n\"\n}\n";
        fs::write(directory.path().join("main.tf"), main).unwrap();
        let mut map = SourceMap::default();
        let at = ModuleAt::root(directory.path());
        let root = Root::load(&mut Modules::default(), &at, &VariableInputs::default(), directory.path(), &mut map);
        let (declared, _) = root.resources(&|_| true, &map);
        let known = declared.iter().filter(|declared| declared.values.is_wholly_known()).count();
        assert!((10..30).contains(&known), "{known}");
    }

    #[test]
    fn a_module_called_often_with_the_same_arguments_is_evaluated_once() {
        let (once, often) = (steps(1, "2"), steps(200, "2"));
        assert!(once > 2_000 && often < once * 2, "{once} steps for one, {often} for 200");
        // Arguments that differ are no such thing.
        assert!(steps(200, "count.index") > 100 * once);
    }
}
