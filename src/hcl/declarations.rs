//! What the files of a module declare.

mod block;
mod overriding;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::references::references;
use super::syntax::{Attribute, Block, Body, Expression, Span};
use crate::error::Error;
use crate::location::{FileId, Place};
pub(super) use block::dotted;
use block::{call, conditions, configuration_aliases, elements, located, provider_source, resource, spelled, variable};
use overriding::{may_override, nothing_to_override, override_number};

/// An expression in a file.
#[derive(Debug, Clone)]
pub(super) struct Located {
    pub(super) expression: Expression,
    pub(super) file: FileId,
}

impl Located {
    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        Place { file: self.file, span: self.expression.span.range() }
    }
}

/// `variable "name" { … }`
#[derive(Debug, Clone)]
pub(super) struct Variable {
    /// Its type and its default, as the block gives them and then the override files, in the order in which they count.
    pub(super) given: Vec<TypeAndDefault>,
    pub(super) nullable: Option<Located>,
    pub(super) sensitive: Option<Located>,
    pub(super) ephemeral: Option<Located>,
    /// Conditions that a value must meet.
    pub(super) conditions: Vec<Located>,
    pub(super) place: Place,
}

/// What one block of a variable says of its value.
#[derive(Debug, Clone)]
pub(super) struct TypeAndDefault {
    pub(super) ty: Option<Located>,
    pub(super) default: Option<Located>,
}

impl Variable {
    /// The type that counts.
    pub(super) fn ty(&self) -> Option<&Located> {
        self.given.iter().rev().find_map(|given| given.ty.as_ref())
    }

    /// The default that counts.
    pub(super) fn default(&self) -> Option<&Located> {
        self.given.iter().rev().find_map(|given| given.default.as_ref())
    }
}

/// `output "name" { … }`
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub(super) value: Option<Located>,
    pub(super) sensitive: Option<Located>,
    pub(super) ephemeral: Option<Located>,
    /// Conditions of its `precondition` blocks.
    pub(super) conditions: Vec<Located>,
    /// What `depends_on` names.
    pub(super) named: Vec<Located>,
}

/// `module "name" { … }`
#[derive(Debug, Clone)]
pub(super) struct ModuleCall {
    pub(super) source: Option<Located>,
    pub(super) count: Option<Located>,
    pub(super) for_each: Option<Located>,
    /// OpenTofu's `enabled` in `lifecycle`, which may leave it out.
    pub(super) enabled: Option<Located>,
    pub(super) arguments: BTreeMap<Arc<str>, Located>,
    /// What `depends_on` names.
    pub(super) named: Vec<Located>,
    /// The versions that it takes.
    pub(super) version: Option<Located>,
    /// Provider's local name in the module called: the name here.
    pub(super) providers: BTreeMap<String, String>,
    pub(super) place: Place,
}

impl ModuleCall {
    /// Whether all its instances are given the same.
    pub(super) fn is_alike_everywhere(&self) -> bool {
        let mut is_alike = true;
        for argument in self.arguments.values() {
            argument.expression.walk(&mut |e| is_alike &= !matches!(e.as_name(), Some("each" | "count")));
        }
        is_alike
    }
}

/// Kind, type and name of a resource: `managed`, `data` or `ephemeral`.
pub(super) type ResourceName = (&'static str, Arc<str>, Arc<str>);

/// `resource "type" "name" { … }`, `data …`, `ephemeral …`
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) count: Option<Located>,
    pub(super) for_each: Option<Located>,
    pub(super) enabled: Option<Located>,
    /// Local name of the provider, where the block names one.
    pub(super) provider: Option<String>,
    /// Attributes whose changes are ignored; `None` in the list: all.
    pub(super) ignored: Ignored,
    /// Conditions of its `precondition` blocks.
    pub(super) preconditions: Vec<Located>,
    /// Conditions of its `postcondition` blocks, in which `self` is the instance.
    pub(super) postconditions: Vec<Located>,
    /// What `depends_on` and `replace_triggered_by` name.
    pub(super) named: Vec<Located>,
    /// Arguments and nested blocks, without those of the language.
    pub(super) body: Body,
    /// The files of single attributes and blocks that an override replaced; else `place.file`.
    pub(super) overridden: BTreeMap<Arc<str>, FileId>,
    pub(super) place: Place,
}

/// `ignore_changes`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Ignored {
    #[default]
    Nothing,
    /// The first names of what is ignored.
    Some(Vec<Arc<str>>),
    All,
}

/// What the files of one module declare.
#[derive(Debug, Default)]
pub(super) struct Declarations {
    pub(super) variables: BTreeMap<Arc<str>, Variable>,
    pub(super) locals: BTreeMap<Arc<str>, Located>,
    pub(super) outputs: BTreeMap<Arc<str>, Output>,
    pub(super) calls: BTreeMap<Arc<str>, ModuleCall>,
    pub(super) resources: BTreeMap<ResourceName, Resource>,
    /// Local name: source address, from `required_providers`.
    pub(super) providers: BTreeMap<String, String>,
    /// The addresses of `import` blocks, as written, without keys.
    pub(super) imports: Vec<String>,
    /// What `removed` blocks take out of the state, as written, with its place.
    pub(super) removed: Vec<(String, Place)>,
    /// Why something may be missing or not be what counts.
    pub(super) incomplete: Option<Arc<str>>,
    /// Providers with another name, `openai.eu`: those configured here.
    pub(super) aliases: BTreeSet<String>,
    /// Those that the caller must give (`configuration_aliases`).
    pub(super) wanted_aliases: BTreeSet<String>,
    /// The settings of providers, by local name.
    pub(super) settings: Vec<(Arc<str>, Located)>,
    /// What is wrong with the files.
    pub(super) problems: Vec<Error>,
    /// Whether there is a file.
    pub(super) has_files: bool,
    /// Digest of its files, with their names.
    pub(super) digest: String,
    /// The local values that follow from variables alone.
    pure: OnceCell<BTreeSet<Arc<str>>>,
}

/// A declaration that can't be taken, with its place.
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) span: Span,
}

impl Declarations {
    /// Whether a local value follows from variables alone, so that it is the same wherever they are.
    pub(super) fn is_pure(&self, local: &str) -> bool {
        self.pure.get_or_init(|| self.pure_locals()).contains(local)
    }

    fn pure_locals(&self) -> BTreeSet<Arc<str>> {
        let refers = |located: &Located| {
            let mut found = BTreeSet::new();
            references(&located.expression, &[], &mut found);
            found
        };
        let mut left: BTreeMap<&Arc<str>, BTreeSet<String>> =
            self.locals.iter().map(|(name, located)| (name, refers(located))).collect();
        // What refers to something else than variables and locals that are left goes, until nothing does.
        loop {
            let is_pure = |reference: &String| match reference.split_once('.') {
                Some(("var", _)) => true,
                Some(("local", name)) => left.contains_key(&Arc::from(name)),
                _ => false,
            };
            let gone: Vec<&Arc<str>> =
                left.iter().filter(|(_, all)| !all.iter().all(is_pure)).map(|(name, _)| *name).collect();
            if gone.is_empty() {
                return left.into_keys().cloned().collect();
            }
            for name in gone {
                left.remove(name);
            }
        }
    }

    /// Adds what a file declares. In an override file, blocks change those that are there.
    pub(super) fn add(&mut self, body: Body, file: FileId, is_override: bool) -> Vec<Wrong> {
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
        let kind = block.kind.clone();
        if is_override {
            may_override(&block)?;
        }
        spelled(&block)?;
        let label = |count: usize| {
            if block.labels.len() == count {
                Ok(())
            } else {
                Err(format!("a {kind} block takes {count} labels, but has {}", block.labels.len()))
            }
        };
        match kind.as_ref() {
            "locals" => {
                label(0)?;
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
            "variable" => {
                label(1)?;
                let name = block.labels[0].clone();
                let new = variable(block, file);
                unique(&mut self.variables, name, new, is_override, "variable", |held, new| {
                    held.given.extend(new.given);
                    held.nullable = new.nullable.or(held.nullable.take());
                    held.sensitive = new.sensitive.or(held.sensitive.take());
                    held.ephemeral = new.ephemeral.or(held.ephemeral.take());
                })
            }
            "output" => {
                label(1)?;
                let name = block.labels[0].clone();
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
            "module" => {
                label(1)?;
                let name = block.labels[0].clone();
                let new = call(block, file);
                unique(&mut self.calls, name, new, is_override, "module", |held, new| {
                    held.source = new.source.or(held.source.take());
                    held.version = new.version.or(held.version.take());
                    override_number(&mut held.count, &mut held.for_each, new.count, new.for_each);
                    held.enabled = new.enabled.or(held.enabled.take());
                    held.arguments.extend(new.arguments);
                    held.providers.extend(new.providers);
                })
            }
            "resource" | "data" | "ephemeral" => {
                label(2)?;
                let mode = match kind.as_ref() {
                    "resource" => "managed",
                    "data" => "data",
                    _ => "ephemeral",
                };
                let name = (mode, block.labels[0].clone(), block.labels[1].clone());
                let shown = format!("{kind} {:?} {:?}", name.1, name.2);
                self.resource(name, resource(block, file), is_override, &shown)
            }
            "terraform" => {
                for providers in block.body.blocks_of("required_providers") {
                    for attribute in &providers.body.attributes {
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
                Ok(())
            }
            "import" => {
                if let Some(to) = block.body.attribute("to") {
                    self.imports.push(dotted(&to.expression).unwrap_or_else(|| "*".to_owned()));
                }
                Ok(())
            }
            "removed" => {
                if let Some(from) = block.body.attribute("from")
                    && let Some(address) = dotted(&from.expression)
                {
                    self.removed.push((address, Place { file, span: from.expression.span.range() }));
                }
                Ok(())
            }
            "provider" => {
                label(1)?;
                let name = block.labels[0].clone();
                let alias = block.body.attribute("alias").and_then(|alias| dotted(&alias.expression));
                self.aliases.extend(alias.map(|alias| format!("{name}.{alias}")));
                let setting = |attribute: Attribute| {
                    let own = !["alias", "version", "for_each"].contains(&&*attribute.name);
                    own.then(|| (name.clone(), Located { expression: attribute.expression, file }))
                };
                self.settings.extend(block.body.attributes.into_iter().filter_map(setting));
                Ok(())
            }
            "moved" | "check" | "action" | "list" => Ok(()),
            other => Err(format!("a block {other:?} is not expected here")),
        }
    }
}

fn unique<T>(
    declared: &mut BTreeMap<Arc<str>, T>,
    name: Arc<str>,
    new: T,
    is_override: bool,
    what: &str,
    change: impl FnOnce(&mut T, T),
) -> Result<(), String> {
    match declared.get_mut(&name) {
        None if is_override => Err(nothing_to_override(&format!("{what} {name:?}"))),
        None => {
            declared.insert(name, new);
            Ok(())
        }
        Some(held) if is_override => {
            change(held, new);
            Ok(())
        }
        Some(_) => Err(format!("{what} {name:?} is declared twice")),
    }
}
