//! `format` and `formatlist`: texts with verbs in them that stand for arguments.

mod verb;

use super::super::super::failure::{Evaluated, Failure};
use super::super::super::types::Type;
use super::super::super::value::{Data, Value};
use super::super::{Kind, MAX_ITEMS, MAX_TEXT, too_large};
use verb::Verb;

/// A text, or why there is none that is known.
enum Text {
    Known(String),
    NotFollowed(&'static str),
}

/// A text with arguments in it.
pub(super) fn format(arguments: &[Value]) -> Evaluated {
    let Some((format, arguments)) = parts(arguments) else { return Failure::err("a format is required") };
    // The word `null` by itself has no type, which makes the result unknown for good.
    if let Some(value) = arguments.iter().find(|value| is_untyped(value)) {
        return Ok(value.unknown_as(Type::String).not_null());
    }
    if let Some(value) = arguments.iter().find(|value| !value.is_wholly_known()) {
        return Ok(value.unknown_as(Type::String).not_null());
    }
    let arguments: Vec<&Value> = arguments.iter().collect();
    value(formatted(format, &arguments)?)
}

fn value(text: Text) -> Evaluated {
    Ok(match text {
        Text::Known(text) => Value::string(text),
        Text::NotFollowed(why) => Value::unknown(Type::String, why).not_null(),
    })
}

fn parts(arguments: &[Value]) -> Option<(&str, &[Value])> {
    let (format, arguments) = arguments.split_first()?;
    Some((format.as_str()?, arguments))
}

fn is_untyped(value: &Value) -> bool {
    matches!(value.data, Data::Null(Type::Null | Type::Any))
}

/// A list of texts, one for each element of those arguments that are lists, sets or tuples.
pub(super) fn formatlist(arguments: &[Value]) -> Evaluated {
    let Some((format, arguments)) = parts(arguments) else { return Failure::err("a format is required") };
    let unknown = |value: &Value| Ok(value.unknown_as(Type::list(Type::String)).not_null());
    let untyped = |value: &&Value| is_untyped(value) || value.unknown_reason().is_some() && value.ty() == Type::Any;
    if let Some(value) = arguments.iter().find(untyped) {
        return unknown(value);
    }
    let mut length = None;
    let mut not_known = None;
    let mut sources = Vec::with_capacity(arguments.len());
    for value in arguments {
        let (of_value, source) = match &value.data {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => (Some(items.len()), Source::Each(items)),
            Data::Unknown(unknown) => {
                // Only of a tuple Terraform is sure how long it is; null has no length.
                let of_value = match &unknown.ty {
                    Type::Tuple(items) if unknown.not_null => Some(items.len()),
                    Type::Tuple(_) | Type::List(_) | Type::Set(_) => None,
                    _ => {
                        sources.push(Source::NotKnown(value));
                        continue;
                    }
                };
                not_known.get_or_insert(value);
                (of_value, Source::NotKnown(value))
            }
            _ if !value.is_wholly_known() => (None, Source::NotKnown(value)),
            _ => (None, Source::Same(value)),
        };
        if let Some(of_value) = of_value
            && of_value != *length.get_or_insert(of_value)
        {
            return Failure::err("the arguments have different lengths");
        }
        sources.push(source);
    }
    if let Some(value) = not_known {
        return unknown(value);
    }
    let count = length.unwrap_or(1);
    if count > MAX_ITEMS {
        return Ok(too_large(Kind::ListOfString));
    }
    let mut texts = Vec::with_capacity(count);
    let mut size = 0;
    for index in 0..count {
        let picked = match pick(&sources, index) {
            Ok(picked) => picked,
            Err(value) => {
                texts.push(value.unknown_as(Type::String).not_null());
                continue;
            }
        };
        let text = formatted(format, &picked)?;
        if let Text::Known(text) = &text {
            size += text.len();
        }
        if size > MAX_TEXT {
            return Ok(too_large(Kind::ListOfString));
        }
        texts.push(value(text)?);
    }
    Ok(Value::list(Type::String, texts))
}

/// What an argument of `formatlist` gives for each text.
enum Source<'v> {
    /// An element.
    Each(&'v [Value]),
    /// Itself.
    Same(&'v Value),
    /// Itself, or a part of it, is not known.
    NotKnown(&'v Value),
}

/// The values for one text, or one of them that is not known.
fn pick<'v>(sources: &[Source<'v>], index: usize) -> Result<Vec<&'v Value>, &'v Value> {
    let mut picked = Vec::with_capacity(sources.len());
    for source in sources {
        match source {
            Source::Same(value) => picked.push(*value),
            Source::NotKnown(value) => return Err(value),
            Source::Each(items) => match items.get(index) {
                Some(item) if item.is_wholly_known() => picked.push(item),
                Some(item) => return Err(item),
                None => {}
            },
        }
    }
    Ok(picked)
}

/// The text of a format with arguments that are wholly known.
fn formatted(format: &str, arguments: &[&Value]) -> Result<Text, Box<Failure>> {
    let mut out = String::new();
    let mut rest = format;
    // Counted from one.
    let (mut next, mut highest) = (1, 0);
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        rest = after;
        if let Some(behind) = rest.strip_prefix('%') {
            out.push('%');
            rest = behind;
            continue;
        }
        let (verb, behind) = Verb::read(rest)?;
        rest = behind;
        let index = verb.argument.unwrap_or(next);
        highest = highest.max(index);
        next = index.saturating_add(1);
        let Some(argument) = index.checked_sub(1).and_then(|index| arguments.get(index)) else {
            return Failure::err("the format has verbs for more arguments than are given");
        };
        match verb.format(argument)? {
            Text::Known(text) => out.push_str(&text),
            not_followed @ Text::NotFollowed(_) => return Ok(not_followed),
        }
        if out.len() > MAX_TEXT {
            return Ok(Text::NotFollowed("larger than is followed"));
        }
    }
    out.push_str(rest);
    if highest < arguments.len() {
        return Failure::err("more arguments are given than the format has verbs for");
    }
    Ok(if out.len() > MAX_TEXT { Text::NotFollowed("larger than is followed") } else { Text::Known(out) })
}
