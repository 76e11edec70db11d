//! Functions of strings.

mod case;
mod format;
mod regex;

use super::super::failure::{Evaluated, Failure};
use super::super::types::Type;
use super::super::value::Value;
use super::{Body, Function, Kind, MAX_ITEMS, MAX_TEXT, Parameter, graphemes, number, text, too_large};

const STR: Parameter = Parameter::new("str", Kind::String);
const SUBSTR: Parameter = Parameter::new("substr", Kind::String);
const PREFIX: Parameter = Parameter::new("prefix", Kind::String);
const SUFFIX: Parameter = Parameter::new("suffix", Kind::String);
const FORMAT: Parameter = Parameter::new("format", Kind::String);
const ARGS: Parameter = Parameter::new("args", Kind::Any).or_null().or_unknown();
const PATTERN: Parameter = Parameter::new("pattern", Kind::String).or_unknown();
const SEARCHED: Parameter = Parameter::new("string", Kind::String).or_unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    of("chomp", &[STR], Kind::String, chomp),
    of("endswith", &[STR, SUFFIX], Kind::Bool, endswith),
    Function {
        name: "format",
        parameters: &[FORMAT],
        variadic: Some(ARGS),
        returns: Kind::String,
        body: Body::Pure(format::format),
    },
    Function {
        name: "formatlist",
        parameters: &[FORMAT],
        variadic: Some(ARGS),
        returns: Kind::ListOfString,
        body: Body::Pure(format::formatlist),
    },
    of("indent", &[Parameter::new("spaces", Kind::Number), STR], Kind::String, indent),
    Function {
        name: "join",
        parameters: &[Parameter::new("separator", Kind::String)],
        variadic: Some(Parameter::new("lists", Kind::ListOfString)),
        returns: Kind::String,
        body: Body::Pure(join),
    },
    of("lower", &[STR], Kind::String, lower),
    of("regex", &[PATTERN, SEARCHED], Kind::Any, regex::regex),
    of("regexall", &[PATTERN, SEARCHED], Kind::ListOfAny, regex::regexall),
    of("replace", &[STR, SUBSTR, Parameter::new("replace", Kind::String)], Kind::String, replace),
    of("split", &[Parameter::new("separator", Kind::String), STR], Kind::ListOfString, split),
    of("startswith", &[STR, PREFIX], Kind::Bool, startswith),
    of("strcontains", &[STR, SUBSTR], Kind::Bool, strcontains),
    of("strrev", &[STR], Kind::String, strrev),
    of(
        "substr",
        &[STR, Parameter::new("offset", Kind::Number), Parameter::new("length", Kind::Number)],
        Kind::String,
        substr,
    ),
    of("title", &[STR], Kind::String, title),
    of("trim", &[STR, Parameter::new("cutset", Kind::String)], Kind::String, trim),
    of("trimprefix", &[STR, PREFIX], Kind::String, trimprefix),
    of("trimspace", &[STR], Kind::String, trimspace),
    of("trimsuffix", &[STR, SUFFIX], Kind::String, trimsuffix),
    of("upper", &[STR], Kind::String, upper),
];

const fn of(
    name: &'static str,
    parameters: &'static [Parameter],
    returns: Kind,
    body: fn(&[Value]) -> Evaluated,
) -> Function {
    Function { name, parameters, variadic: None, returns, body: Body::Pure(body) }
}

/// The text without line ends behind it.
fn chomp(arguments: &[Value]) -> Evaluated {
    Ok(Value::string(text(arguments, 0)?.trim_end_matches(['\r', '\n'])))
}

fn endswith(arguments: &[Value]) -> Evaluated {
    Ok(text(arguments, 0)?.ends_with(text(arguments, 1)?).into())
}

fn startswith(arguments: &[Value]) -> Evaluated {
    Ok(text(arguments, 0)?.starts_with(text(arguments, 1)?).into())
}

fn strcontains(arguments: &[Value]) -> Evaluated {
    Ok(text(arguments, 0)?.contains(text(arguments, 1)?).into())
}

/// The text with spaces before each line but the first.
fn indent(arguments: &[Value]) -> Evaluated {
    let spaces = number::whole(arguments, 0)?;
    let text = text(arguments, 1)?;
    let Ok(spaces) = usize::try_from(spaces) else { return Failure::err("the number of spaces is negative") };
    if spaces > MAX_TEXT {
        return Ok(too_large(Kind::String));
    }
    replaced(text, "\n", &format!("\n{}", " ".repeat(spaces)))
}

/// The elements of all lists with a separator between them.
fn join(arguments: &[Value]) -> Evaluated {
    let separator = text(arguments, 0)?;
    let Some(lists) = arguments.get(1..).filter(|lists| !lists.is_empty()) else {
        return Failure::err("at least one list is required");
    };
    if let Some(list) = lists.iter().find(|list| !list.is_wholly_known()) {
        return Ok(list.unknown_as(Type::String).not_null());
    }
    let mut out = String::new();
    for (index, item) in lists.iter().filter_map(Value::as_items).flat_map(|items| items.iter()).enumerate() {
        let Some(item) = item.as_str() else { return Failure::err("an element is null") };
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(item);
        if out.len() > MAX_TEXT {
            return Ok(too_large(Kind::String));
        }
    }
    Ok(Value::string(out))
}

fn lower(arguments: &[Value]) -> Evaluated {
    Ok(bounded(text(arguments, 0)?.chars().map(case::lower).collect()))
}

fn upper(arguments: &[Value]) -> Evaluated {
    Ok(bounded(text(arguments, 0)?.chars().map(case::upper).collect()))
}

/// The text with the first letter of each word in upper case.
fn title(arguments: &[Value]) -> Evaluated {
    Ok(bounded(case::titled(text(arguments, 0)?)))
}

fn bounded(text: String) -> Value {
    if text.len() > MAX_TEXT { too_large(Kind::String) } else { Value::string(text) }
}

/// The text with each occurrence of another replaced; what stands between slashes is a regular expression.
fn replace(arguments: &[Value]) -> Evaluated {
    let (text, searched, replacement) = (text(arguments, 0)?, text(arguments, 1)?, text(arguments, 2)?);
    match searched.strip_prefix('/').and_then(|searched| searched.strip_suffix('/')) {
        Some(pattern) => regex::replace(text, pattern, replacement),
        None => replaced(text, searched, replacement),
    }
}

fn replaced(text: &str, searched: &str, replacement: &str) -> Evaluated {
    let found = text.matches(searched).count();
    let added = found.saturating_mul(replacement.len().saturating_sub(searched.len()));
    if text.len().saturating_add(added) > MAX_TEXT {
        return Ok(too_large(Kind::String));
    }
    Ok(Value::string(text.replace(searched, replacement)))
}

/// The parts of a text between separators; its characters where the separator is empty.
fn split(arguments: &[Value]) -> Evaluated {
    let (separator, text) = (text(arguments, 0)?, text(arguments, 1)?);
    let parts: Vec<Value> = match separator {
        "" => text.chars().take(MAX_ITEMS + 1).map(|c| Value::string(c.encode_utf8(&mut [0; 4]))).collect(),
        separator => text.split(separator).take(MAX_ITEMS + 1).map(Value::string).collect(),
    };
    if parts.len() > MAX_ITEMS {
        return Ok(too_large(Kind::ListOfString));
    }
    Ok(Value::list(Type::String, parts))
}

fn not_followed() -> Value {
    Value::unknown(Type::String, graphemes::NOT_FOLLOWED).not_null()
}

/// The text with its characters in reverse order.
fn strrev(arguments: &[Value]) -> Evaluated {
    let text = text(arguments, 0)?;
    let Some(ends) = graphemes::ends(text) else { return Ok(not_followed()) };
    let mut reversed = String::with_capacity(text.len());
    let mut end = text.len();
    for start in ends.iter().rev().skip(1).copied().chain([0]) {
        reversed.push_str(text.get(start..end).unwrap_or_default());
        end = start;
    }
    Ok(Value::string(reversed))
}

/// A part of a text: from an offset, counted from the end where that is negative, with at most that many characters, or all
/// where the length is negative.
fn substr(arguments: &[Value]) -> Evaluated {
    let text = text(arguments, 0)?;
    let (offset, length) = (number::whole(arguments, 1)?, number::whole(arguments, 2)?);
    if offset >= 0 && length == 0 {
        return Ok(Value::string(""));
    }
    let Some(ends) = graphemes::ends(text) else { return Ok(not_followed()) };
    let offset = match offset < 0 {
        true => offset.saturating_add(i64::try_from(ends.len()).unwrap_or(i64::MAX)),
        false => offset,
    };
    // An offset before the start is the start.
    let skipped = usize::try_from(offset.max(0)).unwrap_or(usize::MAX);
    let end_of = |count: usize| match count {
        0 => 0,
        count => ends.get(count - 1).copied().unwrap_or(text.len()),
    };
    let start = end_of(skipped);
    // With an offset from the end, a length of zero is no limit either.
    let end = match usize::try_from(length) {
        Ok(0) | Err(_) => text.len(),
        Ok(length) => end_of(skipped.saturating_add(length)),
    };
    Ok(Value::string(text.get(start..end).unwrap_or_default()))
}

/// The text without characters of a set at both ends.
fn trim(arguments: &[Value]) -> Evaluated {
    let set: std::collections::BTreeSet<char> = text(arguments, 1)?.chars().collect();
    Ok(Value::string(text(arguments, 0)?.trim_matches(|c| set.contains(&c))))
}

fn trimprefix(arguments: &[Value]) -> Evaluated {
    let (text, prefix) = (text(arguments, 0)?, text(arguments, 1)?);
    Ok(Value::string(text.strip_prefix(prefix).unwrap_or(text)))
}

fn trimspace(arguments: &[Value]) -> Evaluated {
    Ok(Value::string(text(arguments, 0)?.trim()))
}

fn trimsuffix(arguments: &[Value]) -> Evaluated {
    let (text, suffix) = (text(arguments, 0)?, text(arguments, 1)?);
    Ok(Value::string(text.strip_suffix(suffix).unwrap_or(text)))
}

#[cfg(test)]
mod tests;
