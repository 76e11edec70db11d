//! Calls of functions, with those that look at their arguments unevaluated, and templates.

use std::sync::Arc;

use super::{Frame, Scope};
use crate::hcl::convert::convert;
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::functions::{self, Function};
use crate::hcl::syntax::{Call, Expression, Kind, Span};
use crate::hcl::types::Type;
use crate::hcl::undeclared;
use crate::hcl::value::{Data, Marks, Value};

impl Scope<'_> {
    pub(super) fn call(&self, call: &Call, span: Span) -> Evaluated {
        let name = call.name.strip_prefix("core::").unwrap_or(&call.name);
        match name {
            "try" => return self.first_that_works(&call.arguments),
            "can" => return self.works(&call.arguments),
            _ => {}
        }
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.value(argument)?);
        }
        if call.expand {
            let Some(last) = arguments.pop() else { return Failure::err("`...` needs an argument before it") };
            let spread = match (&last.data, last.ty()) {
                (Data::Null(_), _) => return Failure::err("null can't be spread out with `...`"),
                (Data::Unknown(_), Type::Any | Type::Tuple(_) | Type::List(_) | Type::Set(_)) => {
                    return Ok(last.unknown_as(Type::Any));
                }
                (Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items), _) => items.clone(),
                _ => return Failure::err("only a list, set or tuple can be spread out with `...`"),
            };
            arguments.extend(spread.iter().map(|item| item.clone().with_marks(last.marks)));
        }
        match (name, call.arguments.first().map(|first| &first.kind)) {
            ("templatestring", Some(kind)) if !matches!(kind, Kind::Traversal(..) | Kind::Name(_) | Kind::Group(_)) => {
                return Failure::err("templatestring(): the template must be a reference");
            }
            ("templatefile" | "templatestring", _) => return self.rendered(name, arguments, span),
            _ => {}
        }
        if name.starts_with("provider::") {
            return Ok(Value::unknown(Type::Any, "functions of providers are not run"));
        }
        let Some(function) = functions::function(name) else {
            return Failure::err(format!("there is no function {name:?}"));
        };
        let from = arguments.iter().find_map(|argument| argument.origin.clone());
        if function.goes_through_all() {
            // Many references to one large text: what goes through them all, or copies them, would take all memory.
            let mut left = MOST_TEXT;
            if !arguments.iter().all(|argument| argument.has_less_text(&mut left)) {
                let marks = arguments.iter().fold(Marks::NONE, |marks, argument| marks.with(argument.all_marks()));
                return Ok(Value::unknown(Type::Any, "arguments with more text than is followed").with_marks(marks));
            }
            self.tree.weighed((MOST_TEXT - left) / 8);
            // To tell elements apart takes longer.
            let times = if function.name == "distinct" { 4 } else { 1 };
            (0..times).for_each(|_| arguments.iter().for_each(|argument| self.tree.gone_through(argument)));
        }
        let first = arguments.first().cloned();
        let result = self.bounded(self.called(function, arguments)?);
        self.tree.made(match function.makes_parts() && !first.is_some_and(|first| result.shares(&first)) {
            true => 64 * result.weight(1 << 20),
            false => size(&result),
        });
        Ok(self.computed(result, span, from))
    }

    fn called(&self, function: &Function, arguments: Vec<Value>) -> Evaluated {
        let result = functions::call(function, arguments, &self.tree.files(self.module));
        self.tree.weighed(functions::worked());
        result
    }

    /// `try`: the first argument that is no error. One that is not wholly known may become an error, or not.
    fn first_that_works(&self, arguments: &[Expression]) -> Evaluated {
        if arguments.is_empty() {
            return Failure::err("try() needs an argument");
        }
        let mut first = None;
        for argument in arguments {
            match self.value(argument) {
                Err(failure) if failure.everywhere => return Err(failure),
                Err(failure) => {
                    first.get_or_insert(failure);
                }
                Ok(value) if value.is_wholly_known() => return Ok(value),
                Ok(value) => return Ok(value.unknown_as(Type::Any)),
            }
        }
        Err(first.unwrap_or_else(|| Failure::new("no argument of try() works")))
    }

    /// `can`: whether an expression is no error.
    fn works(&self, arguments: &[Expression]) -> Evaluated {
        let [argument] = arguments else { return Failure::err("can() takes one argument") };
        Ok(match self.value(argument) {
            Err(failure) if failure.everywhere => return Err(failure),
            Err(_) => false.into(),
            Ok(value) if value.is_wholly_known() => true.into(),
            Ok(value) => value.unknown_as(Type::Bool).unmarked(),
        })
    }

    fn rendered(&self, name: &str, arguments: Vec<Value>, span: Span) -> Evaluated {
        let [source, variables] = arguments.as_slice() else {
            return Failure::err(format!("{name}() takes two arguments"));
        };
        if self.template {
            return Failure::err(format!("{name}() can't be called from inside a template"));
        }
        if source.is_null() || variables.is_null() {
            return Failure::err(format!("{name}(): an argument is null"));
        }
        let marks = source.marks.with(variables.all_marks());
        let source = convert(source.clone().unmarked(), &Type::String)?;
        if !source.is_known() {
            return Ok(source.unknown_as(Type::Any).with_marks(marks));
        }
        let text = match name {
            "templatefile" => {
                let Some(file) = functions::function("file") else { return Failure::err("file() is not there") };
                self.called(file, vec![source])?
            }
            _ => source,
        };
        // A mark at the beginning of a file is not part of what it renders.
        let text = match (name, text.as_str().and_then(|text| text.strip_prefix('\u{feff}'))) {
            ("templatefile", Some(rest)) => Value::string(rest).part_of(&text),
            _ => text,
        };
        let Some(text) = text.as_str() else { return Ok(text.unknown_as(Type::Any).with_marks(marks)) };
        let variables = match &variables.data {
            Data::Map(_, entries) | Data::Object(entries) => entries.clone(),
            Data::Unknown(_) => return Ok(variables.unknown_as(Type::Any).with_marks(marks)),
            _ => return Failure::err(format!("{name}(): the variables must be a map or an object")),
        };
        if variables.len() > MOST_VARIABLES {
            return Ok(Value::unknown(Type::Any, "a template with more variables than are followed").with_marks(marks));
        }
        let is_name = |name: &str| {
            let mut chars = name.chars();
            let starts = |c: char| c.is_alphabetic() || c == '_';
            chars.next().is_some_and(starts) && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        };
        if !variables.keys().all(|key| is_name(key)) {
            return Failure::err(format!("{name}(): the name of a variable must be a word"));
        }
        let Some(template) = self.tree.template(text) else {
            // The parser is not Terraform's: what it refuses may be a template all the same.
            return Ok(Value::unknown(Type::Any, "a template that can't be read").with_marks(marks));
        };
        if let Some(undeclared) = undeclared::first_free(&template, &|name| variables.contains_key(name)) {
            return Failure::err(undeclared.message);
        }
        let scope = Scope { file: None, repetition: None, frame: None, item: None, template: true, ..*self };
        let result = with_variables(&mut variables.iter(), None, &scope, &template)?;
        Ok(self.computed(result.with_marks(marks), span, None))
    }
}

/// Evaluates with a frame for each variable.
fn with_variables<'v>(
    variables: &mut dyn Iterator<Item = (&'v Arc<str>, &'v Value)>,
    frame: Option<&Frame<'_>>,
    scope: &Scope<'_>,
    template: &Expression,
) -> Evaluated {
    match variables.next() {
        Some((name, value)) => {
            let frame = Frame::new(name, value.clone(), frame);
            with_variables(variables, Some(&frame), scope, template)
        }
        None => Scope { frame, ..*scope }.value(template),
    }
}

/// The most variables of a template that are followed: each is looked for behind those before it.
const MOST_VARIABLES: usize = 1_000;

/// The most bytes of text in the arguments of a call that are followed, each counted as often as it stands there.
const MOST_TEXT: usize = 4 * functions::MAX_TEXT;

/// About how much memory a value takes at its top, in bytes.
fn size(value: &Value) -> usize {
    match &value.data {
        Data::String(text) => text.len(),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => 64 * items.len(),
        Data::Map(_, entries) | Data::Object(entries) => 96 * entries.len(),
        Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use crate::hcl::{ModuleAt, Modules, Root, VariableInputs};
    use crate::location::SourceMap;

    #[test]
    fn to_look_up_a_key_takes_no_longer_in_a_large_map() {
        let steps = |size: usize| {
            let directory = tempfile::tempdir().unwrap();
            let many = format!("  many = {{ for i in range({size}) : \"k${{i}}\" => \"v\" }}\n");
            let found = "  found = [for i in range(500) : lookup(local.many, \"k1\", \"\")]\n";
            std::fs::write(directory.path().join("main.tf"), format!("locals {{\n{many}{found}}}\n")).unwrap();
            let (at, mut map) = (ModuleAt::root(directory.path()), SourceMap::default());
            let root = Root::load(&mut Modules::default(), &at, &VariableInputs::default(), directory.path(), &mut map);
            assert_eq!(root.value("local.found[499]").unwrap().as_str(), Some("v"));
            root.steps()
        };
        let (small, large) = (steps(10), steps(1_000));
        assert!(large - small < 10_000, "{small} steps with ten entries, {large} with a thousand");
    }
}
