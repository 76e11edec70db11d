//! Blocks become declarations.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Ignored, Located, ModuleCall, Resource, TypeAndDefault, Variable};
use crate::hcl::address::without_keys;
use crate::hcl::syntax::{Attribute, Block, Body, Expression, Key, Kind, Step, quoted};
use crate::location::{FileId, Place};

/// Arguments of resources that are the language's own.
const RESOURCE_META: [&str; 4] = ["count", "for_each", "provider", "depends_on"];
/// The same of module calls.
const CALL_META: [&str; 6] = ["source", "version", "count", "for_each", "providers", "depends_on"];

pub(super) fn variable(block: Block, file: FileId) -> Variable {
    let attribute = |name: &str| located(&block.body, name, file);
    let conditions = conditions(&block.body, "validation", file);
    Variable {
        given: vec![TypeAndDefault { ty: attribute("type"), default: attribute("default") }],
        nullable: attribute("nullable"),
        sensitive: attribute("sensitive"),
        ephemeral: attribute("ephemeral"),
        conditions,
        place: Place { file, span: block.header.range() },
    }
}

pub(super) fn call(mut block: Block, file: FileId) -> ModuleCall {
    let escaped = take_escaped(&mut block.body);
    let attribute = |name: &str| located(&block.body, name, file);
    let providers = match block.body.attribute("providers").map(|a| &a.expression.kind) {
        Some(Kind::Object(items)) => items.iter().filter_map(|(key, value)| provider_pair(key, value)).collect(),
        _ => BTreeMap::new(),
    };
    let (source, count, for_each) = (attribute("source"), attribute("count"), attribute("for_each"));
    let enabled = enabled(&block.body, file);
    let (version, named) = (attribute("version"), elements(&block.body, "depends_on", file));
    let place = Place { file, span: block.header.range() };
    let unexpected = block.body.blocks.iter().filter(|inner| &*inner.kind != "lifecycle");
    let unexpected = unexpected.map(|inner| (inner.kind.clone(), Place { file, span: inner.header.range() })).collect();
    let mut arguments = BTreeMap::new();
    for attribute in block.body.attributes {
        if !CALL_META.contains(&&*attribute.name) {
            arguments.insert(attribute.name, Located { expression: attribute.expression, file });
        }
    }
    for attribute in escaped.attributes {
        arguments.insert(attribute.name, Located { expression: attribute.expression, file });
    }
    ModuleCall { source, count, for_each, enabled, arguments, unexpected, named, version, providers, place }
}

pub(super) fn resource(mut block: Block, file: FileId) -> Resource {
    let escaped = take_escaped(&mut block.body);
    let attribute = |name: &str| located(&block.body, name, file);
    let lifecycle = || block.body.blocks_of("lifecycle").filter_map(|b| b.body.attribute("ignore_changes"));
    let mut ignored = Ignored::Nothing;
    for attribute in lifecycle() {
        ignored = match &attribute.expression.kind {
            Kind::Tuple(items) => {
                let first = |item: &Expression| {
                    let name = dotted(item)?;
                    name.split('.').next().map(Arc::from)
                };
                let names: Option<Vec<Arc<str>>> = items.iter().map(first).collect();
                match names {
                    Some(names) if !names.iter().any(|name| &**name == "*") => Ignored::Some(names),
                    _ => Ignored::All,
                }
            }
            _ => Ignored::All,
        };
    }
    let (count, for_each, enabled) = (attribute("count"), attribute("for_each"), enabled(&block.body, file));
    let lifecycles = || block.body.blocks_of("lifecycle").map(|lifecycle| &lifecycle.body);
    let preconditions = lifecycles().flat_map(|body| conditions(body, "precondition", file)).collect();
    let postconditions = lifecycles().flat_map(|body| conditions(body, "postcondition", file)).collect();
    let mut named = elements(&block.body, "depends_on", file);
    named.extend(lifecycles().flat_map(|body| elements(body, "replace_triggered_by", file)));
    let provider = block.body.attribute("provider").and_then(|a| dotted(&a.expression));
    let own = |name: &str| RESOURCE_META.contains(&name);
    let is_managed = &*block.kind == "resource";
    let own_block = |inner: &Block| match &*inner.kind {
        "lifecycle" => true,
        "connection" | "provisioner" => is_managed,
        _ => false,
    };
    let (attributes, blocks) = (block.body.attributes.into_iter(), block.body.blocks.into_iter());
    Resource {
        count,
        for_each,
        enabled,
        provider,
        ignored,
        preconditions,
        postconditions,
        named,
        place: Place { file, span: block.header.range() },
        overridden: BTreeMap::new(),
        body: Body {
            attributes: attributes.filter(|a| !own(&a.name)).chain(escaped.attributes).collect(),
            blocks: blocks.filter(|b| !own_block(b)).chain(escaped.blocks).collect(),
        },
    }
}

/// The conditions of the blocks of a kind.
pub(super) fn conditions(body: &Body, kind: &str, file: FileId) -> Vec<Located> {
    body.blocks_of(kind).filter_map(|block| located(&block.body, "condition", file)).collect()
}

/// What a list of references names.
pub(super) fn elements(body: &Body, name: &str, file: FileId) -> Vec<Located> {
    match body.attribute(name).map(|attribute| &attribute.expression.kind) {
        Some(Kind::Tuple(items)) => {
            let written = |item: &Expression| item.as_text().and_then(|text| quoted(text, item.span));
            let one = |item: &Expression| Located { expression: written(item).unwrap_or_else(|| item.clone()), file };
            items.iter().map(one).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn located(body: &Body, name: &str, file: FileId) -> Option<Located> {
    body.attribute(name).map(|a| Located { expression: a.expression.clone(), file })
}

fn enabled(body: &Body, file: FileId) -> Option<Located> {
    body.blocks_of("lifecycle").find_map(|lifecycle| located(&lifecycle.body, "enabled", file))
}

/// Takes the `_` blocks out of a body: what stands in them are arguments of the resource or module, whatever their names
/// mean to the language.
fn take_escaped(body: &mut Body) -> Body {
    let (escaped, blocks): (Vec<Block>, Vec<Block>) =
        std::mem::take(&mut body.blocks).into_iter().partition(|block| &*block.kind == "_");
    body.blocks = blocks;
    let mut arguments = Body::default();
    for block in escaped {
        arguments.attributes.extend(block.body.attributes);
        arguments.blocks.extend(block.body.blocks);
    }
    arguments
}

fn provider_pair(key: &Key, value: &Expression) -> Option<(String, String)> {
    let key = match key {
        Key::Word(word) => word.to_string(),
        Key::Ambiguous(written) => written.to_string(),
        Key::Computed(key) => dotted(key)?,
    };
    Some((key, dotted(value)?))
}

/// A reference without indexes: `a.b.c`, with indexes left out. In the JSON form it is a text.
pub(in crate::hcl) fn dotted(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Name(name) => Some(name.to_string()),
        Kind::Group(inner) => dotted(inner),
        Kind::Literal(_) | Kind::Template(_) => expression.as_text().map(without_keys),
        Kind::Traversal(source, steps) => {
            let mut text = dotted(source)?;
            for step in steps {
                if let Step::Attribute(name) = step {
                    text.push('.');
                    text.push_str(name);
                }
            }
            Some(text)
        }
        _ => None,
    }
}

/// An attribute of a provider in `required_providers`.
fn of_provider<'a>(attribute: &'a Attribute, name: &str) -> Option<&'a Expression> {
    let Kind::Object(items) = &attribute.expression.kind else { return None };
    let is_named = |key: &Key| match key {
        Key::Word(word) => &**word == name,
        Key::Computed(key) => key.as_text() == Some(name),
        Key::Ambiguous(_) => false,
    };
    items.iter().find(|(key, _)| is_named(key)).map(|(_, value)| value)
}

/// The source of a provider in `required_providers`: `source = "…"`; a version alone names none.
pub(super) fn provider_source(attribute: &Attribute) -> Option<String> {
    of_provider(attribute, "source")?.as_text().map(str::to_owned)
}

/// The names of a provider that a caller must give one for: `configuration_aliases = [openai.eu]`.
pub(super) fn configuration_aliases(attribute: &Attribute) -> Vec<String> {
    match of_provider(attribute, "configuration_aliases").map(|value| &value.kind) {
        Some(Kind::Tuple(items)) => items.iter().filter_map(dotted).collect(),
        _ => Vec::new(),
    }
}

/// Whether the language's own arguments of a block are spelled as it has them. A name that is like none of them may be of
/// another version of the language.
pub(super) fn spelled(block: &Block) -> Result<(), String> {
    const LIKE: f64 = 0.93;
    const VARIABLE: [&str; 6] = ["type", "default", "description", "sensitive", "nullable", "ephemeral"];
    const OUTPUT: [&str; 5] = ["value", "description", "sensitive", "ephemeral", "depends_on"];
    const LIFECYCLE: [&str; 4] = ["create_before_destroy", "ignore_changes", "prevent_destroy", "replace_triggered_by"];
    let check = |body: &Body, known: &[&str]| {
        let unknown = body.attributes.iter().map(|attribute| &attribute.name).filter(|name| !known.contains(&&***name));
        for name in unknown {
            let is_like = |known: &&&str| strsim::jaro_winkler(name, known) >= LIKE;
            if let Some(near) = known.iter().find(is_like) {
                return Err(format!("{name:?} is no argument of this block: did you mean {near:?}?"));
            }
        }
        Ok(())
    };
    match &*block.kind {
        "variable" => check(&block.body, &VARIABLE),
        "output" => check(&block.body, &OUTPUT),
        "resource" | "data" | "ephemeral" => {
            block.body.blocks_of("lifecycle").try_for_each(|lifecycle| check(&lifecycle.body, &LIFECYCLE))
        }
        _ => Ok(()),
    }
}
