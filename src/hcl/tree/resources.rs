//! References to resources and their attributes.

use std::sync::Arc;

use super::{Expansion, ModuleId, Tree};
use crate::hcl::address::InstanceKey;
use crate::hcl::declarations::{Mode, ResourceName};
use crate::hcl::evaluate::Scope;
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::number::{Number, Parsed};
use crate::hcl::types::Type;
use crate::hcl::value::{Data, Identity, Marks, Unknown, Value, Which};

impl Tree {
    /// A resource, as a reference to it gives it: its instance, or a tuple or object of instances. Their attributes are
    /// computed when they are asked for.
    pub(in crate::hcl) fn resource(&self, id: ModuleId, mode: Mode, kind: &str, name: &str) -> Evaluated {
        let module = self.module(id);
        let key: ResourceName = (mode, kind.into(), name.into());
        let place = (id, key.clone());
        if let Some(value) = self.resources.borrow().get(&place) {
            return Ok(value.clone());
        }
        let prefix = mode.prefix();
        let Some(resource) = module.declarations.resources.get(&key) else {
            return self.undeclared(&module, &format!("{prefix}{kind}.{name}"));
        };
        let whole: Arc<str> = format!("{prefix}{kind}.{name}").into();
        let instance = |which: Which, why: Arc<str>| {
            let (module, resource) = (module.address.clone(), whole.clone());
            let identity = Identity { module, resource, which, attribute: "".into() };
            let unknown = Unknown {
                ty: Type::Any,
                reason: why,
                not_null: true,
                length: None,
                identity: Some(Arc::new(identity)),
                encodes: None,
            };
            let value = Value::from(Data::Unknown(Arc::new(unknown)));
            if mode == Mode::Ephemeral { value.with_marks(Marks::EPHEMERAL) } else { value }
        };
        let after = || Arc::from("known after apply");
        let expansion = self.resource_expansion(id, &key, resource);
        // What depends on itself is not known only until it is.
        let keep = !matches!(expansion, Expansion::Unknown(_));
        let value = match expansion {
            Expansion::Single => instance(Which::Only, after()),
            Expansion::Count(count) => {
                // OpenTofu's `enabled` leaves null behind.
                if resource.count.is_none() {
                    return Ok(Value::null());
                }
                Value::tuple((0..count).map(|i| instance(Which::Key(InstanceKey::Number(i as u64)), after())).collect())
            }
            Expansion::Keys(keys) => Value::object(
                keys.iter().map(|(k, _)| (k.clone(), instance(Which::Key(InstanceKey::Text(k.to_string())), after()))),
            ),
            Expansion::Unknown(why) => instance(Which::All, why),
        };
        if keep {
            self.resources.borrow_mut().insert(place, value.clone());
        }
        Ok(value)
    }

    /// An attribute of an instance of a resource, as another expression sees it: what is written where that is safe without
    /// the provider's schema, else the identity of the attribute.
    pub(in crate::hcl) fn attribute(&self, instance: &Identity, name: &str) -> Evaluated {
        let identity = Identity { attribute: name.into(), ..instance.clone() };
        let unknown = |reason: &str| -> Value {
            let unknown = Unknown {
                ty: Type::Any,
                reason: reason.into(),
                not_null: false,
                length: None,
                identity: Some(Arc::new(identity.clone())),
                encodes: None,
            };
            Data::Unknown(Arc::new(unknown)).into()
        };
        let Some(id) = self.addresses.borrow().get(&instance.module).copied() else {
            return Ok(unknown("known after apply"));
        };
        let module = self.module(id);
        let behind = |mode: Mode| Some((mode, instance.resource.strip_prefix(mode.prefix())?));
        let of_mode = behind(Mode::Data).or_else(|| behind(Mode::Ephemeral)).or_else(|| behind(Mode::Managed));
        let Some((mode, rest)) = of_mode else { return Ok(unknown("known after apply")) };
        let Some((kind, resource_name)) = rest.split_once('.') else { return Ok(unknown("known after apply")) };
        let key: ResourceName = (mode, kind.into(), resource_name.into());
        let Some(resource) = module.declarations.resources.get(&key) else {
            return Ok(unknown("known after apply"));
        };
        let ignored = resource.ignored.holds(name);
        let Some(attribute) = resource.body.attribute(name).filter(|_| !ignored && mode != Mode::Ephemeral) else {
            return Ok(unknown("known after apply"));
        };
        if module.declarations.unread_override {
            return Ok(unknown("an override file can't be read"));
        }
        if let Some(value) = self.attributes.borrow().get(&identity) {
            return Ok(value.clone());
        }
        if !self.busy.borrow_mut().insert(identity.clone()) {
            return Failure::err(format!("{}.{name} refers to itself", instance.address()));
        }
        let file = resource.overridden.get(name).copied().unwrap_or(resource.place.file);
        let expansion = self.resource_expansion(id, &key, resource);
        let instance_key = match &instance.which {
            Which::Key(key) => Some(key),
            Which::Only | Which::Some | Which::All => None,
        };
        let repetition = Self::repetition(&expansion, instance_key, resource.count.is_some());
        let mut scope = Scope::new(self, id, Some(file));
        scope.repetition = repetition.as_ref();
        let value = scope.value(&attribute.expression);
        self.busy.borrow_mut().remove(&identity);
        let value = value?;
        let marks = value.all_marks();
        // The schema may make another type of it: a number of "5", a set of a list, a computed value of null.
        let is_built_in = kind == "terraform_data" && name == "input";
        let is_plain =
            |text: &str| !matches!(Number::parse(text), Parsed::Number(_)) && !["true", "false", ""].contains(&text);
        let value = match &value.data {
            Data::String(text) if is_plain(text) => value,
            _ if is_built_in && value.is_wholly_known() => value,
            Data::Unknown(u) => unknown(&u.reason).with_marks(marks),
            _ => unknown("what the provider makes of it is known after apply").with_marks(marks),
        };
        self.attributes.borrow_mut().insert(identity, value.clone());
        Ok(value)
    }
}
