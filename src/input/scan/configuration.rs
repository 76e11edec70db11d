//! The plan's `configuration`: blocks, not instances, and what their expressions refer to.

mod asked;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::lenient::{Key, Object, RawList, Take, text, texts};
use super::resource::may_concern;
use crate::hcl::module_calls_of;

/// `configuration`.
#[derive(Debug, Default)]
pub(in crate::input) struct Configuration<'a> {
    root_module: ConfigurationModule<'a>,
    /// The settings of providers, not looked into.
    providers: Option<&'a RawValue>,
    /// What is not as Terraform writes it.
    pub(in crate::input) wrong: Option<&'static str>,
}

#[derive(Debug, Default)]
struct ConfigurationModule<'a> {
    /// By type and name, of managed resources that may concern OpenAI.
    blocks: Vec<Block<'a>>,
    /// All blocks, not looked into.
    raw: Vec<&'a RawValue>,
    calls: BTreeMap<String, Call<'a>>,
    wrong: Option<&'static str>,
}

/// A resource block; only managed ones are kept.
#[derive(Debug, Default)]
pub(in crate::input) struct Block<'a> {
    managed: bool,
    /// Resource type.
    pub(in crate::input) kind: Cow<'a, str>,
    name: Cow<'a, str>,
    expressions: Option<&'a RawValue>,
    /// The expression of its `count` or `for_each`.
    repeat: Option<&'a RawValue>,
}

#[derive(Debug, Default)]
struct Call<'a> {
    source: Cow<'a, str>,
    repeat: Option<&'a RawValue>,
    module: ConfigurationModule<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Configuration<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default)]
        struct Top<'a> {
            root: ConfigurationModule<'a>,
            providers: Option<&'a RawValue>,
            wrong: Option<&'static str>,
        }
        impl<'a> Take<'a> for Top<'a> {
            type Key = Key<'a>;
            fn take<A: MapAccess<'a>>(&mut self, Key(key): Key<'a>, map: &mut A) -> Result<(), A::Error> {
                match key.as_ref() {
                    "root_module" => {
                        let again = !self.root.raw.is_empty() || !self.root.calls.is_empty();
                        self.root = module(map.next_value()?);
                        self.wrong = self.wrong.or(again.then_some("root_module stands twice"));
                    }
                    "provider_config" => {
                        let providers: &RawValue = map.next_value()?;
                        let again = self.providers.replace(providers).is_some();
                        self.wrong = self.wrong.or(again.then_some("provider_config stands twice"));
                        let odd = !(providers.get().starts_with('{') || providers.get() == "null");
                        self.wrong = self.wrong.or(odd.then_some("provider_config must be an object"));
                    }
                    _ => return map.next_value::<IgnoredAny>().map(|_| ()),
                }
                Ok(())
            }
        }
        let Object(top) = Object::<Top<'de>>::deserialize(deserializer)?;
        Ok(match top {
            Some(Top { root, providers, wrong }) => {
                Configuration { wrong: root.wrong.or(wrong), root_module: root, providers }
            }
            None => Configuration { wrong: Some("an object was expected"), ..Configuration::default() },
        })
    }
}

/// The references of an expression.
fn listed(expression: &serde_json::Value) -> impl Iterator<Item = String> + '_ {
    expression["references"].as_array().into_iter().flatten().filter_map(|r| r.as_str().map(str::to_owned))
}

/// Whether the expression of a `count` or `for_each` is a constant without instances, or nothing but a variable of the
/// root module that is.
fn is_empty(expression: &RawValue, variables: &serde_json::Value, is_root: bool) -> bool {
    let none = |value: &serde_json::Value| match value {
        serde_json::Value::Number(number) => number.as_f64() == Some(0.0),
        serde_json::Value::Array(items) => items.is_empty(),
        serde_json::Value::Object(entries) => entries.is_empty(),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::String(_) => false,
    };
    let Ok(expression) = serde_json::from_str::<serde_json::Value>(expression.get()) else { return false };
    let references: Vec<String> = listed(&expression).collect();
    match references.as_slice() {
        [] => none(&expression["constant_value"]),
        [one] => match one.strip_prefix("var.").filter(|_| is_root) {
            Some(name) => none(&variables[name]["value"]),
            None => false,
        },
        _ => false,
    }
}

fn block(raw: &RawValue) -> Option<Block<'_>> {
    serde_json::from_str::<Object<Block<'_>>>(raw.get()).ok()?.0
}

fn module<'a>(read: Object<ConfigurationModule<'a>>) -> ConfigurationModule<'a> {
    let nothing =
        || ConfigurationModule { wrong: Some("a module must be an object"), ..ConfigurationModule::default() };
    read.0.unwrap_or_else(nothing)
}

impl<'a> Take<'a> for ConfigurationModule<'a> {
    type Key = Key<'a>;

    fn take<A: MapAccess<'a>>(&mut self, Key(key): Key<'a>, map: &mut A) -> Result<(), A::Error> {
        match key.as_ref() {
            "resources" => {
                let again = !self.raw.is_empty();
                let blocks = map.next_value::<RawList<'a>>()?.0;
                if blocks.is_none() {
                    self.wrong = Some("resources must be a list");
                }
                self.wrong = self.wrong.or(again.then_some("resources stands twice"));
                self.raw = blocks.unwrap_or_default();
                for raw in self.raw.iter().filter(|raw| may_concern(raw.get()) || !raw.get().starts_with('{')) {
                    match block(raw) {
                        Some(block) => self.blocks.extend(Some(block).filter(|b| b.managed)),
                        None => self.wrong = Some("a resource must be an object"),
                    }
                }
                self.blocks.sort_by(|a, b| a.key().cmp(&b.key()));
                if self.blocks.windows(2).any(|w| w[0].key() == w[1].key()) {
                    self.wrong = Some("a resource block stands twice");
                }
            }
            "module_calls" => match map.next_value::<Object<Calls<'a>>>()?.0 {
                Some(calls) => {
                    self.wrong = self.wrong.or((!self.calls.is_empty()).then_some("module_calls stands twice"));
                    self.wrong = self.wrong.or(calls.calls.values().find_map(|call| call.module.wrong));
                    self.wrong = self.wrong.or(calls.wrong);
                    self.calls = calls.calls;
                }
                None => self.wrong = Some("module_calls must be an object"),
            },
            _ => return map.next_value::<IgnoredAny>().map(|_| ()),
        }
        Ok(())
    }
}

#[derive(Default)]
struct Calls<'a> {
    calls: BTreeMap<String, Call<'a>>,
    wrong: Option<&'static str>,
}

impl<'a> Take<'a> for Calls<'a> {
    type Key = Key<'a>;

    fn take<A: MapAccess<'a>>(&mut self, Key(key): Key<'a>, map: &mut A) -> Result<(), A::Error> {
        let Object(call) = map.next_value::<Object<Call<'a>>>()?;
        let Some(call) = call else {
            self.wrong = Some("a module call must be an object");
            return Ok(());
        };
        if self.calls.insert(key.into_owned(), call).is_some() {
            self.wrong = Some("a module call stands twice");
        }
        Ok(())
    }
}

impl<'a> Take<'a> for Call<'a> {
    type Key = Key<'a>;

    fn take<A: MapAccess<'a>>(&mut self, Key(key): Key<'a>, map: &mut A) -> Result<(), A::Error> {
        match key.as_ref() {
            "source" => self.source = text(map.next_value()?).unwrap_or_default(),
            "module" => {
                let again = !self.module.raw.is_empty() || !self.module.calls.is_empty();
                self.module = module(map.next_value()?);
                self.module.wrong = self.module.wrong.or(again.then_some("module stands twice"));
            }
            "count_expression" | "for_each_expression" => self.repeat = Some(map.next_value()?),
            _ => return map.next_value::<IgnoredAny>().map(|_| ()),
        }
        Ok(())
    }
}

impl<'a> Take<'a> for Block<'a> {
    type Key = Key<'a>;

    fn take<A: MapAccess<'a>>(&mut self, Key(key): Key<'a>, map: &mut A) -> Result<(), A::Error> {
        match key.as_ref() {
            "mode" => self.managed = text(map.next_value()?).is_some_and(|mode| mode == "managed"),
            "type" => self.kind = text(map.next_value()?).unwrap_or_default(),
            "name" => self.name = text(map.next_value()?).unwrap_or_default(),
            "expressions" => self.expressions = Some(map.next_value()?),
            "count_expression" | "for_each_expression" => self.repeat = Some(map.next_value()?),
            _ => return map.next_value::<IgnoredAny>().map(|_| ()),
        }
        Ok(())
    }
}

impl Block<'_> {
    fn key(&self) -> (&str, &str) {
        (&self.kind, &self.name)
    }

    /// What the expression of an attribute refers to, as Terraform writes it; empty where it refers to nothing.
    pub(in crate::input) fn references(&self, attribute: &str) -> Vec<String> {
        self.expressions
            .and_then(|raw| serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(raw.get()).ok())
            .and_then(|attributes| Self::references_of(attributes.get(attribute)?))
            .unwrap_or_default()
    }

    /// The references of one expression.
    fn references_of(expression: &RawValue) -> Option<Vec<String>> {
        #[derive(serde::Deserialize)]
        struct Expression<'a> {
            #[serde(borrow, default)]
            references: Option<&'a RawValue>,
        }
        let expression: Expression<'_> = serde_json::from_str(expression.get()).ok()?;
        texts(expression.references?)
    }

    /// All references below an attribute or block; if there are pairs in it whose name is `variable`, only theirs.
    pub(in crate::input) fn references_for(&self, attribute: &str, variable: &str) -> BTreeSet<String> {
        let read = |raw: &RawValue| serde_json::from_str::<BTreeMap<String, serde_json::Value>>(raw.get()).ok();
        let Some(expression) = self.expressions.and_then(read).and_then(|mut all| all.remove(attribute)) else {
            return BTreeSet::new();
        };
        let (mut all, mut of_pairs) = (BTreeSet::new(), None);
        let mut left = vec![&expression];
        while let Some(value) = left.pop() {
            match value {
                serde_json::Value::Array(items) => left.extend(items),
                serde_json::Value::Object(fields) => {
                    if fields.values().any(|field| field["constant_value"] == variable) {
                        let found: &mut BTreeSet<String> = of_pairs.get_or_insert_default();
                        fields.values().for_each(|field| found.extend(listed(field)));
                    }
                    all.extend(listed(value));
                    left.extend(fields.values());
                }
                _ => {}
            }
        }
        of_pairs.unwrap_or(all)
    }

    /// All references of all its expressions.
    fn all_references(&self) -> Vec<String> {
        let Some(expressions) = self.expressions.and_then(|raw| serde_json::from_str(raw.get()).ok()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut left: Vec<&serde_json::Value> = vec![&expressions];
        while let Some(value) = left.pop() {
            found.extend(listed(value));
            match value {
                serde_json::Value::Array(items) => left.extend(items),
                serde_json::Value::Object(fields) => left.extend(fields.values()),
                _ => {}
            }
        }
        found
    }

    /// Whether the block has `count` or `for_each`.
    pub(in crate::input) fn is_repeated(&self) -> bool {
        self.repeat.is_some()
    }
}

impl<'a> Configuration<'a> {
    /// The organizations that the settings of OpenAI's providers name.
    pub(in crate::input) fn organizations(&self) -> Vec<String> {
        let providers = self.providers.and_then(|providers| serde_json::from_str(providers.get()).ok());
        let providers: BTreeMap<String, serde_json::Value> = providers.unwrap_or_default();
        let of_openai = |provider: &&serde_json::Value| {
            provider["full_name"].as_str().is_some_and(|name| name.ends_with("/openai")) || provider["name"] == "openai"
        };
        let named = |provider: &serde_json::Value| {
            provider["expressions"]["organization"]["constant_value"].as_str().map(str::to_owned)
        };
        providers.values().filter(of_openai).filter_map(named).collect()
    }

    fn module(&self, address: &str) -> Option<&ConfigurationModule<'a>> {
        module_calls_of(address).into_iter().try_fold(&self.root_module, |m, name| Some(&m.calls.get(name)?.module))
    }

    /// The block of a managed resource in the module with this instance address.
    pub(in crate::input) fn block(&self, module: &str, kind: &str, name: &str) -> Option<&Block<'a>> {
        let module = self.module(module)?;
        let position = module.blocks.binary_search_by(|b| b.key().cmp(&(kind, name))).ok()?;
        module.blocks.get(position)
    }

    /// The addresses of managed resources that must have exactly one instance: neither they nor a module around them
    /// are repeated. Only those of types that `concerns` names.
    pub(in crate::input) fn single_instances(&self, concerns: impl Fn(&str) -> bool) -> Vec<String> {
        let mut found = Vec::new();
        let mut modules = vec![(String::new(), &self.root_module)];
        while let Some((prefix, module)) = modules.pop() {
            for block in module.blocks.iter().filter(|b| b.repeat.is_none() && concerns(&b.kind)) {
                found.push(format!("{prefix}{}.{}", block.kind, block.name));
            }
            for (name, call) in module.calls.iter().filter(|(_, call)| call.repeat.is_none()) {
                modules.push((format!("{prefix}module.{name}."), &call.module));
            }
        }
        found
    }

    /// The addresses, without instance keys, of managed resources that they or a module around them repeat, and that may
    /// have instances for all that the plan says. Only those of types that `concerns` names.
    pub(in crate::input) fn repeated(
        &self,
        concerns: impl Fn(&str) -> bool,
        variables: Option<&RawValue>,
    ) -> Vec<String> {
        let variables: serde_json::Value =
            variables.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        let mut found = Vec::new();
        let mut modules = vec![(String::new(), &self.root_module, false)];
        while let Some((prefix, module, repeated)) = modules.pop() {
            let is_root = prefix.is_empty();
            let proven = |repeat: Option<&RawValue>| repeat.is_some_and(|raw| is_empty(raw, &variables, is_root));
            let may_be = |b: &&Block<'_>| (repeated || b.repeat.is_some()) && !proven(b.repeat);
            for block in module.blocks.iter().filter(may_be).filter(|b| concerns(&b.kind)) {
                found.push(format!("{prefix}{}.{}", block.kind, block.name));
            }
            for (name, call) in module.calls.iter().filter(|(_, call)| !proven(call.repeat)) {
                modules.push((format!("{prefix}module.{name}."), &call.module, repeated || call.repeat.is_some()));
            }
        }
        found.sort();
        found
    }

    /// The addresses of the instances that a `count` asks for which is a constant, of resources in no module that is repeated: of
    /// each, so many. Only those of types that `concerns` names.
    pub(in crate::input) fn counted(&self, concerns: impl Fn(&str) -> bool) -> Vec<String> {
        const MOST: u64 = 1_000;
        let constant =
            |raw: &RawValue| serde_json::from_str::<serde_json::Value>(raw.get()).ok()?["constant_value"].as_u64();
        let mut found = Vec::new();
        let mut modules = vec![(String::new(), &self.root_module)];
        while let Some((prefix, module)) = modules.pop() {
            for block in module.blocks.iter().filter(|b| concerns(&b.kind)) {
                let Some(repeat) = block.repeat else { continue };
                let numbers = 0..constant(repeat).unwrap_or_default().min(MOST);
                found.extend(numbers.map(|number| format!("{prefix}{}.{}[{number}]", block.kind, block.name)));
            }
            let single = module.calls.iter().filter(|(_, call)| call.repeat.is_none());
            modules.extend(single.map(|(name, call)| (format!("{prefix}module.{name}."), &call.module)));
        }
        found
    }
}
