//! Adding the blocks of a file to what a module declares.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::block::{
    call, conditions, configuration_aliases, elements, located, provider_source, resource, spelled, variable,
};
use super::overriding::{may_override, nothing_to_override, override_number};
use super::{Beside, Declarations, Located, Mode, Output, ProviderSetting, Wrong, dotted};
use crate::hcl::syntax::{Block, Body, Kind};
use crate::location::{FileId, Place};

impl Declarations {
    /// Adds what a file declares. In an override file, blocks change those that are there.
    pub(in crate::hcl) fn add(&mut self, body: Body, file: FileId, is_override: bool) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        for block in body.blocks {
            let header = block.header;
            if let Err(message) = self.block(block, file, is_override) {
                wrong.push(Wrong { message, span: header });
            }
        }
        for attribute in body.attributes {
            let message = format!("{:?} is not expected here: only blocks are", attribute.name);
            wrong.push(Wrong { message, span: attribute.name_span });
        }
        wrong
    }

    fn block(&mut self, block: Block, file: FileId, is_override: bool) -> Result<(), String> {
        if is_override {
            may_override(&block)?;
        }
        spelled(&block)?;
        match (&*block.kind.clone(), block.labels.clone().as_slice()) {
            ("locals", []) => self.add_locals(block, file, is_override),
            ("variable", [name]) => {
                let new = variable(block, file);
                unique(&mut self.variables, name, new, is_override, "variable", |held, new| {
                    held.given.extend(new.given);
                    held.nullable = new.nullable.or(held.nullable.take());
                    held.sensitive = new.sensitive.or(held.sensitive.take());
                    held.ephemeral = new.ephemeral.or(held.ephemeral.take());
                })
            }
            ("output", [name]) => self.add_output(name, &block, file, is_override),
            ("module", [name]) => {
                let new = call(block, file);
                unique(&mut self.calls, name, new, is_override, "module", |held, new| {
                    held.source = new.source.or(held.source.take());
                    held.version = new.version.or(held.version.take());
                    override_number(&mut held.count, &mut held.for_each, new.count, new.for_each);
                    held.enabled = new.enabled.or(held.enabled.take());
                    held.arguments.extend(new.arguments);
                    held.unexpected.extend(new.unexpected);
                    held.providers.extend(new.providers);
                })
            }
            (word @ ("resource" | "data" | "ephemeral"), [kind, name]) => {
                if word == "ephemeral" {
                    self.beside.push(beside(&block, file));
                }
                let mode = Mode::of_word(word).unwrap_or(Mode::Managed);
                let shown = format!("{word} {kind:?} {name:?}");
                self.resource((mode, kind.clone(), name.clone()), resource(block, file), is_override, &shown)
            }
            ("provider", [name]) => {
                self.add_provider(name, block.body, file, is_override);
                Ok(())
            }
            ("terraform", _) => {
                self.add_required_providers(&block.body, is_override);
                Ok(())
            }
            ("import", _) => {
                if let Some(to) = block.body.attribute("to") {
                    self.imports.push(dotted(&to.expression).unwrap_or_else(|| "*".to_owned()));
                }
                Ok(())
            }
            ("removed", _) => {
                if let Some(from) = block.body.attribute("from")
                    && let Some(address) = dotted(&from.expression)
                {
                    let is_true = |value: &Kind| matches!(value, Kind::Literal(value) if value.as_bool() == Some(true));
                    let lifecycle = block.body.blocks.iter().filter(|inner| &*inner.kind == "lifecycle");
                    let mut destroy = lifecycle.filter_map(|inner| inner.body.attribute("destroy"));
                    let is_kept = destroy.any(|destroy| !is_true(&destroy.expression.kind));
                    self.removed.push((address, Place { file, span: from.expression.span.range() }, is_kept));
                }
                Ok(())
            }
            // What it asserts fails no plan; what it reads is read.
            ("check", _) => {
                let data = block.body.blocks.into_iter().filter(|inner| &*inner.kind == "data");
                data.map(|inner| self.block(inner, file, is_override)).fold(Ok(()), Result::and)
            }
            ("action" | "list", [_, ..]) => {
                self.beside.push(beside(&block, file));
                Ok(())
            }
            ("moved" | "action" | "list", _) => Ok(()),
            (kind, labels) => {
                let wanted = match kind {
                    "locals" => 0,
                    "variable" | "output" | "module" | "provider" => 1,
                    "resource" | "data" | "ephemeral" => 2,
                    other => return Err(format!("a block {other:?} is not expected here")),
                };
                Err(format!("a {kind} block takes {wanted} labels, but has {}", labels.len()))
            }
        }
    }

    fn add_locals(&mut self, block: Block, file: FileId, is_override: bool) -> Result<(), String> {
        for attribute in block.body.attributes {
            let located = Located { expression: attribute.expression, file };
            if !self.locals.contains_key(&attribute.name) && is_override {
                return Err(nothing_to_override(&format!("local.{}", attribute.name)));
            }
            if self.locals.insert(attribute.name.clone(), located).is_some() && !is_override {
                return Err(format!("local.{} is declared twice", attribute.name));
            }
        }
        Ok(())
    }

    fn add_output(&mut self, name: &Arc<str>, block: &Block, file: FileId, is_override: bool) -> Result<(), String> {
        let attribute = |name: &str| located(&block.body, name, file);
        let new = Output {
            value: attribute("value"),
            sensitive: attribute("sensitive"),
            ephemeral: attribute("ephemeral"),
            conditions: conditions(&block.body, "precondition", file),
            named: elements(&block.body, "depends_on", file),
        };
        unique(&mut self.outputs, name, new, is_override, "output", |held, new| {
            held.value = new.value.or(held.value.take());
            held.sensitive = new.sensitive.or(held.sensitive.take());
            held.ephemeral = new.ephemeral.or(held.ephemeral.take());
        })
    }

    fn add_required_providers(&mut self, terraform: &Body, is_override: bool) {
        let required = terraform.blocks_of("required_providers").flat_map(|block| &block.body.attributes);
        for attribute in required {
            let name = attribute.name.to_string();
            self.wanted_aliases.extend(configuration_aliases(attribute));
            match provider_source(attribute) {
                Some(source) => self.providers.insert(name, source.to_lowercase()),
                // An override takes the place of all that is said of the provider.
                None if is_override => self.providers.remove(&name),
                None => None,
            };
        }
    }

    fn add_provider(&mut self, name: &Arc<str>, body: Body, file: FileId, is_override: bool) {
        let alias = body.attribute("alias").and_then(|alias| dotted(&alias.expression));
        self.aliases.extend(alias.iter().map(|alias| format!("{name}.{alias}")));
        for attribute in body.attributes {
            if ["alias", "version", "for_each"].contains(&&*attribute.name) {
                continue;
            }
            if is_override {
                let same = |held: &ProviderSetting| {
                    held.local == *name && held.alias == alias && held.attribute == attribute.name
                };
                self.settings.retain(|held| !same(held));
            }
            self.settings.push(ProviderSetting {
                local: name.clone(),
                alias: alias.clone(),
                attribute: attribute.name,
                value: Located { expression: attribute.expression, file },
            });
        }
    }
}

fn beside(block: &Block, file: FileId) -> Beside {
    let kind = block.labels.first().cloned().unwrap_or_default();
    Beside { word: block.kind.clone(), kind, place: Place { file, span: block.range() } }
}

fn unique<T>(
    declared: &mut BTreeMap<Arc<str>, T>,
    name: &Arc<str>,
    new: T,
    is_override: bool,
    what: &str,
    change: impl FnOnce(&mut T, T),
) -> Result<(), String> {
    match declared.get_mut(name) {
        None if is_override => Err(nothing_to_override(&format!("{what} {name:?}"))),
        None => {
            declared.insert(name.clone(), new);
            Ok(())
        }
        Some(held) if is_override => {
            change(held, new);
            Ok(())
        }
        Some(_) => Err(format!("{what} {name:?} is declared twice")),
    }
}
