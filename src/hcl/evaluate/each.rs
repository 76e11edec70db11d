//! What is done with each element: splats and `for`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Frame, Scope, type_of};
use crate::hcl::convert::{convert, to_common};
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::syntax::{Expression, For, Kind, Span};
use crate::hcl::types::Type;
use crate::hcl::unify::unify;
use crate::hcl::value::{Data, Entries, Value};

impl Scope<'_> {
    pub(super) fn splat(&self, source: &Expression, each: &Expression, span: Span) -> Evaluated {
        let source = self.value(source)?;
        let marks = source.marks;
        let one = |item: &Value| {
            let scope = Scope { item: Some(item), ..*self };
            scope.value(each)
        };
        if source.is_null() {
            return match source.ty() {
                Type::List(_) | Type::Set(_) | Type::Tuple(_) => Failure::err("null has no elements to go through"),
                _ => Ok(self.written(Value::tuple(Vec::new()).with_marks(marks), span)),
            };
        }
        let is_instance = source.identity().is_some_and(|identity| identity.is_instance());
        if !source.is_known() && !is_instance {
            let ty = match source.ty() {
                Type::List(_) | Type::Set(_) => Type::list(Type::Any),
                _ => Type::Any,
            };
            return Ok(source.unknown_as(ty));
        }
        let Some(items) = source.as_items() else {
            let only = one(&source.clone().unmarked())?;
            return Ok(self.written(Value::tuple(vec![only]).with_marks(marks), span));
        };
        let results: Result<Vec<Value>, _> = items.iter().map(|item| one(&item.clone().part_of(&source))).collect();
        let results = results?;
        let value = match &source.data {
            Data::List(..) | Data::Set(..) => {
                let types: Vec<Type> = results.iter().map(Value::ty).collect();
                match types.first() {
                    // What the elements would be can be told only where nothing is done with them.
                    None if matches!(each.kind, Kind::Item) => {
                        Value::list(source.ty().element().cloned().unwrap_or(Type::Any), results)
                    }
                    None => Value::unknown(Type::list(Type::Any), "the type of its elements is not known").not_null(),
                    Some(first) if types.iter().all(|ty| ty == first) => Value::list(first.clone(), results),
                    Some(_) => match unify(&types) {
                        Some(common) => {
                            let items: Result<Vec<Value>, _> =
                                results.into_iter().map(|item| to_common(item, &common)).collect();
                            Value::list(common, items?)
                        }
                        None => return Failure::err("the elements have no type in common"),
                    },
                }
            }
            _ => Value::tuple(results),
        };
        Ok(self.written(value.with_marks(marks), span))
    }

    pub(super) fn for_each(&self, each: &For, span: Span) -> Evaluated {
        let collection = self.value(&each.collection).map_err(Failure::of_some_type)?;
        if collection.is_null() {
            return Failure::err("null can't be gone through with for");
        }
        let mut marks = collection.marks;
        if !collection.is_known() {
            return match collection.ty() {
                Type::String | Type::Number | Type::Bool => {
                    Failure::err(format!("{} can't be gone through with for", collection.ty().name()))
                }
                _ => Ok(collection.unknown_as(Type::Any).not_null()),
            };
        }
        let Some(elements) = collection.elements() else {
            return Failure::err(format!("{} can't be gone through with for", collection.ty().name()));
        };
        if let (true, Some(condition)) = (elements.is_empty(), &each.condition) {
            self.try_condition(each, condition).map_err(|failure| failure.of_type(Type::Any))?;
        }
        // Where it is not known which elements there are, nothing is known of the type.
        let of_any_type = |failure: Box<Failure>| failure.of_type(Type::Any);
        let mut unknown: Option<Value> = None;
        let mut items = Vec::new();
        // The first element that fails, with the types of all.
        let mut failed: Option<(Box<Failure>, Vec<Option<Type>>)> = None;
        let mut entries = Entries::new();
        let mut groups: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
        for (key, value) in elements {
            let key = Frame::new(each.key_variable.as_deref().unwrap_or(""), key, self.frame);
            let value = Frame::new(&each.value_variable, value.part_of(&collection), Some(&key));
            let scope = Scope { frame: Some(&value), ..*self };
            if let Some(condition) = &each.condition {
                let condition = scope.value(condition).map_err(of_any_type)?;
                if condition.is_null() {
                    return Err(of_any_type(Failure::new("the condition of for is null")));
                }
                marks = marks.with(condition.marks);
                let condition = convert(condition.unmarked(), &Type::Bool).map_err(of_any_type)?;
                match condition.as_bool() {
                    Some(true) => {}
                    Some(false) => continue,
                    None => {
                        unknown.get_or_insert(condition);
                        continue;
                    }
                }
            }
            let Some(key) = &each.key else {
                match (scope.value(&each.value), &mut failed) {
                    (item, Some((_, types))) => types.push(type_of(&item)),
                    (Ok(item), None) => items.push(item),
                    (Err(failure), None) => {
                        let types = items.iter().map(|item: &Value| Some(item.ty()));
                        let types = types.chain([type_of(&Err(failure.clone()))]).collect();
                        failed = Some((failure, types));
                    }
                }
                continue;
            };
            let key = scope.value(key).map_err(Failure::of_some_type)?;
            if key.is_null() {
                return Err(Failure::new("the key of for is null").of_some_type());
            }
            marks = marks.with(key.marks);
            let key = convert(key.unmarked(), &Type::String).map_err(Failure::of_some_type)?;
            let value = scope.value(&each.value).map_err(Failure::of_some_type)?;
            let Data::String(name) = &key.data else {
                unknown.get_or_insert(key);
                continue;
            };
            if each.group {
                groups.entry(name.clone()).or_default().push(value);
            } else if entries.insert(name.clone(), value).is_some() && unknown.is_none() {
                let twice = "two items of for have the same key: say `...` behind the value to group them";
                return Err(Failure::new(twice).of_some_type());
            }
        }
        if let Some((failure, types)) = failed {
            return Err(match types.into_iter().collect::<Option<Vec<Type>>>().filter(|_| unknown.is_none()) {
                Some(types) => failure.of_type(Type::Tuple(types.into())),
                None => failure.of_some_type(),
            });
        }
        self.tree.made(64 * (items.len() + entries.len()));
        let value = match (unknown, &each.key) {
            (Some(unknown), _) => unknown.unknown_as(Type::Any).not_null(),
            (None, None) => Value::tuple(items),
            (None, Some(_)) => {
                entries.extend(groups.into_iter().map(|(key, values)| (key, Value::tuple(values))));
                Data::Object(Arc::new(entries)).into()
            }
        };
        Ok(self.written(self.bounded(value).with_marks(marks), span))
    }

    /// Tries the condition of a `for` that goes through nothing, as Terraform does.
    fn try_condition(&self, each: &For, condition: &Expression) -> Result<(), Box<Failure>> {
        let open = || Value::unknown(Type::Any, "there is no element");
        let key = Frame::new(each.key_variable.as_deref().unwrap_or(""), open(), self.frame);
        let value = Frame::new(&each.value_variable, open(), Some(&key));
        let condition = Scope { frame: Some(&value), ..*self }.value(condition)?;
        if condition.is_null() {
            return Failure::err("the condition of for is null");
        }
        convert(condition.unmarked(), &Type::Bool).map(|_| ())
    }
}
