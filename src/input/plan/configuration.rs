//! The plan's `configuration`: blocks, not instances, and what their expressions refer to.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::change::object;
use crate::document::SyntaxError;
use crate::hcl::{Module, module_calls_of};

/// `configuration`.
#[derive(Deserialize, Default)]
pub(super) struct Configuration<'a> {
    #[serde(borrow, default)]
    root_module: ConfigurationModule<'a>,
}

#[derive(Deserialize, Default)]
struct ConfigurationModule<'a> {
    #[serde(borrow, default)]
    resources: Vec<Block<'a>>,
    #[serde(borrow, default)]
    module_calls: BTreeMap<Cow<'a, str>, Call<'a>>,
}

/// A resource block.
#[derive(Deserialize)]
pub(super) struct Block<'a> {
    #[serde(borrow)]
    mode: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    expressions: Option<&'a RawValue>,
    #[serde(borrow, default)]
    count_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    for_each_expression: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Call<'a> {
    #[serde(borrow, default)]
    source: Cow<'a, str>,
    #[serde(borrow, default)]
    count_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    for_each_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    module: ConfigurationModule<'a>,
}

impl Block<'_> {
    /// What the expression of an attribute refers to, as Terraform writes it; empty where it refers to nothing.
    pub(super) fn references(&self, attribute: &str) -> Vec<String> {
        #[derive(Deserialize)]
        struct Expression {
            #[serde(default)]
            references: Vec<String>,
        }
        self.expressions
            .and_then(|raw| serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(raw.get()).ok())
            .and_then(|attributes| serde_json::from_str::<Expression>(attributes.get(attribute)?.get()).ok())
            .map(|expression| expression.references)
            .unwrap_or_default()
    }

    /// Whether the block has `count` or `for_each`.
    pub(super) fn is_repeated(&self) -> bool {
        self.count_expression.is_some() || self.for_each_expression.is_some()
    }
}

impl<'a> Configuration<'a> {
    fn module(&self, address: &str) -> Option<&ConfigurationModule<'a>> {
        module_calls_of(address)
            .into_iter()
            .try_fold(&self.root_module, |m, name| Some(&m.module_calls.get(name)?.module))
    }

    /// The block of a managed resource in the module with this instance address.
    pub(super) fn block(&self, module: &str, kind: &str, name: &str) -> Option<&Block<'a>> {
        let mut blocks = self.module(module)?.resources.iter();
        blocks.find(|b| b.mode == "managed" && b.kind == kind && b.name == name)
    }

    /// The addresses of managed resources that must have exactly one instance: neither they nor a module around them
    /// are repeated. With type and name of each.
    pub(super) fn single_instances(&self) -> Vec<(String, &str)> {
        let mut found = Vec::new();
        let mut modules = vec![(String::new(), &self.root_module)];
        while let Some((prefix, module)) = modules.pop() {
            for block in module.resources.iter().filter(|b| b.mode == "managed" && !b.is_repeated()) {
                found.push((format!("{prefix}{}.{}", block.kind, block.name), block.kind.as_ref()));
            }
            for (name, call) in &module.module_calls {
                if call.count_expression.is_none() && call.for_each_expression.is_none() {
                    modules.push((format!("{prefix}module.{name}."), &call.module));
                }
            }
        }
        found
    }

    /// The `source` arguments of the module calls that lead to a module, outermost first.
    pub(super) fn sources(&self, module: &str) -> Option<Vec<(&str, &str)>> {
        let mut at = &self.root_module;
        let mut sources = Vec::new();
        for name in module_calls_of(module) {
            let (name, call) = at.module_calls.get_key_value(name)?;
            sources.push((name.as_ref(), call.source.as_ref()));
            at = &call.module;
        }
        Some(sources)
    }

    /// Whether a directory's module declares every resource of the root module.
    pub(super) fn is_declared_by(&self, module: &Module) -> bool {
        let root = &self.root_module;
        let declared = |b: &&Block<'_>| module.resources.contains_key(&(b.kind.to_string(), b.name.to_string()));
        let mut managed = root.resources.iter().filter(|b| b.mode == "managed").peekable();
        (managed.peek().is_some() || (!root.module_calls.is_empty() && module.has_files))
            && managed.all(|b| declared(&b))
    }
}

/// Reads `configuration`.
pub(super) fn read<'a>(text: &'a str, raw: &'a RawValue) -> Result<Configuration<'a>, SyntaxError> {
    object(text, raw, "\"configuration\"")
}
