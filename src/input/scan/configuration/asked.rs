//! Which blocks of a configuration are of a kind that is asked for.

use super::{Block, Configuration, ConfigurationModule, block};
use crate::hcl::Root;

impl Configuration<'_> {
    /// The modules, each with the prefix of its addresses, without instance keys.
    fn modules(&self) -> Vec<(String, &ConfigurationModule<'_>)> {
        let mut modules = vec![(String::new(), &self.root_module)];
        let mut at = 0;
        while let Some((prefix, module)) = modules.get(at).map(|(prefix, module)| (prefix.clone(), *module)) {
            modules.extend(module.calls.iter().map(|(name, call)| (format!("{prefix}module.{name}."), &call.module)));
            at += 1;
        }
        modules
    }

    /// The blocks with an expression that has one of these references, without instance keys.
    pub(in crate::input) fn refer_to(&self, is_one: impl Fn(&str) -> bool) -> Vec<String> {
        let refers = |block: &&Block<'_>| block.all_references().iter().any(|reference| is_one(reference));
        let of = |(prefix, module): &(String, &ConfigurationModule<'_>)| {
            module.blocks.iter().filter(refers).map(|b| format!("{prefix}{}.{}", b.kind, b.name)).collect::<Vec<_>>()
        };
        self.modules().iter().flat_map(of).collect()
    }

    /// The blocks that give an argument which is only written (`…_wo`) a text that `says` tells, without instance keys: no plan
    /// shows what it becomes.
    pub(in crate::input) fn written_only(&self, says: impl Fn(&str) -> bool) -> Vec<String> {
        let gives = |block: &Block<'_>| {
            let expressions = block.expressions.and_then(|raw| serde_json::from_str(raw.get()).ok());
            let mut left: Vec<serde_json::Value> = expressions.into_iter().collect();
            while let Some(value) = left.pop() {
                match value {
                    serde_json::Value::Object(entries) => {
                        if entries.iter().any(|(name, value)| name.ends_with("_wo") && says(&value.to_string())) {
                            return true;
                        }
                        left.extend(entries.into_iter().map(|(_, value)| value));
                    }
                    serde_json::Value::Array(items) => left.extend(items),
                    _ => {}
                }
            }
            false
        };
        let of = |(prefix, module): &(String, &ConfigurationModule<'_>)| {
            let raw = module.raw.iter().filter(|raw| memchr::memmem::find(raw.get().as_bytes(), b"_wo\"").is_some());
            let blocks = raw.filter_map(|raw| block(raw)).filter(|block| block.managed && gives(block));
            blocks.map(|block| format!("{prefix}{}.{}", block.kind, block.name)).collect::<Vec<_>>()
        };
        self.modules().iter().flat_map(of).collect()
    }

    /// Whether a source declares every resource of the root module.
    pub(in crate::input) fn is_declared_by(&self, source: &Root) -> bool {
        let root = &self.root_module;
        let declared = |b: Block<'_>| source.declares(&b.kind, &b.name);
        let mut managed = root.raw.iter().filter_map(|raw| block(raw)).filter(|b| b.managed).peekable();
        let any = managed.peek().is_some() || (!root.calls.is_empty() && source.has_files());
        any && managed.all(declared)
    }
}
