//! What stands under names that are asked for, and files of templates.

use super::{At, Found, Reach};
use crate::hcl::functions;
use crate::hcl::references::names;
use crate::hcl::syntax::{Body, Call, Expression, Key, Kind};
use crate::hcl::value::Value;

/// The key of an object's item, where it is written.
pub(super) fn word(key: &Key) -> Option<String> {
    match key {
        Key::Word(word) => Some(word.to_string()),
        Key::Computed(key) => match &key.kind {
            Kind::Literal(value) => value.as_str().map(str::to_owned),
            _ => None,
        },
        Key::Ambiguous(_) => None,
    }
}

/// The keys of pairs.
pub(super) const PAIR: ([&str; 2], &str) = (["name", "key"], "value");

impl Reach<'_> {
    /// What `look` finds, also under a name where it stands under one.
    pub(super) fn under(&mut self, name: Option<&str>, found: &mut Found, look: impl FnOnce(&mut Self, &mut Found)) {
        let Some(name) = name else { return look(self, found) };
        let mut own = Found::default();
        look(self, &mut own);
        found.take(&own);
        found.take_under(name, &own);
    }

    /// What `look` finds in what chooses one of several values: which one is not known does not make them unknown.
    pub(super) fn choosing(&mut self, found: &mut Found, look: impl FnOnce(&mut Self, &mut Found)) {
        let was = found.open;
        look(self, found);
        found.open = was;
    }

    /// The name in a body that is a pair of name and value, if it was asked for.
    pub(super) fn paired(&self, body: &Body) -> Option<String> {
        let named = PAIR.0.iter().find_map(|key| body.attribute(key))?;
        self.asked_for(&named.expression)
    }

    /// The text that an expression is, if it was asked for.
    pub(super) fn asked_for(&self, expression: &Expression) -> Option<String> {
        let Kind::Literal(value) = &expression.kind else { return None };
        value.as_str().filter(|text| (self.says)(text)).map(str::to_owned)
    }

    /// `"NAME=…"`: the name, if it was asked for.
    pub(super) fn assigned(&self, parts: &[Expression]) -> Option<String> {
        let Kind::Literal(first) = &parts.first()?.kind else { return None };
        let (name, rest) = first.as_str()?.split_once('=')?;
        (rest.is_empty() && (self.says)(name)).then(|| name.to_owned())
    }

    /// Whether a text that was asked for stands in the file that a call renders; `None` where there is no such file.
    pub(super) fn template_says(&mut self, at: At<'_>, call: &Call) -> Option<bool> {
        let name = call.name.strip_prefix("core::").unwrap_or(&call.name);
        let path = call.arguments.first().filter(|_| name == "templatefile")?;
        let part = |part: &Expression| match &part.kind {
            Kind::Literal(value) => value.as_str().map(str::to_owned),
            Kind::Traversal(source, steps) => match (source.as_name()?, names(steps).as_slice()) {
                ("path", ["module"]) => self.root.sources.relative_directory(at.path),
                ("path", ["root" | "cwd"]) => Some(".".to_owned()),
                _ => None,
            },
            _ => None,
        };
        let path = match &path.kind {
            Kind::Template(parts) => parts.iter().map(part).collect::<Option<String>>()?,
            _ => part(path)?,
        };
        let key = (at.path.to_vec(), path);
        if let Some(says) = self.templates.get(&key) {
            return *says;
        }
        let files = self.root.sources.files(at.path);
        let read = functions::call(functions::function("file")?, vec![Value::string(&key.1)], &files).ok();
        let says = read.as_ref().and_then(Value::as_str).map(self.says);
        self.templates.insert(key, says);
        says
    }
}
