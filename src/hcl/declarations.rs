//! What the files of a module declare.

mod adding;
mod block;
mod overriding;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::references::references;
use super::syntax::{Body, Expression, Kind, Span};
use super::value::Data;
use crate::error::Error;
use crate::location::{FileId, Place};
pub(super) use block::dotted;

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

    /// All defaults that are written, also those that do not count.
    pub(super) fn defaults(&self) -> impl Iterator<Item = &Located> {
        self.given.iter().filter_map(|given| given.default.as_ref())
    }

    /// Whether reports keep its values back.
    pub(super) fn may_be_sensitive(&self) -> bool {
        let is_false = |flag: &Located| match &flag.expression.kind {
            Kind::Literal(value) => matches!(value.data, Data::Bool(false)),
            _ => false,
        };
        self.sensitive.as_ref().is_some_and(|flag| !is_false(flag))
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
    /// Blocks in it that no call may hold.
    pub(super) unexpected: Vec<(Arc<str>, Place)>,
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

/// What a block declares, of resources in the wide sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A data source: `data`
    Data,
    /// What is not kept: `ephemeral`
    Ephemeral,
    /// A resource: `resource`
    Managed,
}

impl Mode {
    /// The mode that a word names at the beginning of a block or reference.
    pub(super) fn of_word(word: &str) -> Option<Mode> {
        match word {
            "data" => Some(Mode::Data),
            "ephemeral" => Some(Mode::Ephemeral),
            "resource" => Some(Mode::Managed),
            _ => None,
        }
    }

    /// As a plan calls it.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Data => "data",
            Mode::Ephemeral => "ephemeral",
            Mode::Managed => "managed",
        }
    }

    /// What stands before a type in an address.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Mode::Data => "data.",
            Mode::Ephemeral => "ephemeral.",
            Mode::Managed => "",
        }
    }
}

/// Mode, type and name of a resource.
pub(super) type ResourceName = (Mode, Arc<str>, Arc<str>);

/// `resource "type" "name" { … }`, `data …`, `ephemeral …`
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) count: Option<Located>,
    pub(super) for_each: Option<Located>,
    pub(super) enabled: Option<Located>,
    /// Local name of the provider, where the block names one.
    pub(super) provider: Option<String>,
    /// Attributes whose changes are ignored.
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

impl Ignored {
    /// Whether an attribute or block is ignored.
    pub(super) fn holds(&self, name: &str) -> bool {
        match self {
            Ignored::Nothing => false,
            Ignored::Some(names) => names.iter().any(|ignored| **ignored == *name),
            Ignored::All => true,
        }
    }
}

/// An argument of a `provider` block.
#[derive(Debug, Clone)]
pub(super) struct ProviderSetting {
    /// Local name of the provider.
    pub(super) local: Arc<str>,
    pub(super) alias: Option<String>,
    pub(super) attribute: Arc<str>,
    pub(super) value: Located,
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
    /// What `removed` blocks take out of the state, as written, with its place, and whether it is left as it is.
    pub(super) removed: Vec<(String, Place, bool)>,
    /// Why something may be missing or not be what counts.
    pub(super) incomplete: Option<Arc<str>>,
    /// Whether that is an override file that can't be read.
    pub(super) unread_override: bool,
    /// Providers with another name, `openai.eu`: those configured here.
    pub(super) aliases: BTreeSet<String>,
    /// Those that the caller must give (`configuration_aliases`).
    pub(super) wanted_aliases: BTreeSet<String>,
    /// The settings of providers, as they are with the override files.
    pub(super) settings: Vec<ProviderSetting>,
    /// Actions, lists and ephemeral resources.
    pub(super) beside: Vec<Beside>,
    /// Where provisioners stand, with their arguments.
    pub(super) provisioners: Vec<Place>,
    /// What is wrong with the files.
    pub(super) problems: Vec<Error>,
    /// What is worth knowing of them.
    pub(super) notes: Vec<String>,
    /// Whether there is a file.
    pub(super) has_files: bool,
    /// Digest of its files, with their names.
    pub(super) digest: String,
    /// The local values that follow from variables alone.
    pure: OnceCell<BTreeSet<Arc<str>>>,
}

/// A block of a provider's type that manages nothing: `action`, `list`, `ephemeral`.
#[derive(Debug)]
pub(super) struct Beside {
    pub(super) word: Arc<str>,
    /// Type.
    pub(super) kind: Arc<str>,
    /// All of the block.
    pub(super) place: Place,
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
        let mut used_by: BTreeMap<&str, Vec<&Arc<str>>> = BTreeMap::new();
        // What refers to something else than variables and locals goes, and what refers to that.
        let mut left: BTreeSet<Arc<str>> = self.locals.keys().cloned().collect();
        let mut gone: Vec<&str> = Vec::new();
        for (name, located) in &self.locals {
            let mut found = BTreeSet::new();
            references(&located.expression, &[], &mut found);
            for reference in &found {
                match reference.split_once('.') {
                    Some(("var", _)) => {}
                    Some(("local", other)) => match self.locals.get_key_value(other) {
                        Some((other, _)) => used_by.entry(other).or_default().push(name),
                        None => gone.push(name),
                    },
                    _ => gone.push(name),
                }
            }
        }
        while let Some(name) = gone.pop() {
            if left.remove(name) {
                gone.extend(used_by.get(name).into_iter().flatten().map(|user| &***user));
            }
        }
        left
    }
}
