//! Built-in functions that could grow a value without bound in one call, each with a bound that is looked at before it
//! runs: within it the answer is the engine's own, or OPA's where the engine's differs.

use std::cell::Cell;
use std::sync::LazyLock;

use anyhow::{Result, bail, ensure};
use regorus::Value;
use regorus::unstable::{BUILTINS, Expr, Ref, Source, Span};

use super::arguments::argument;
use super::patterns;
use super::texts::replace_n;
use super::weight::{self, Weight};
use crate::policy::sprintf::{Argument, sprintf};

/// The longest text that a function makes, in bytes.
pub(super) const MAX_TEXT: usize = 1 << 20;

/// The most items of a list that a function makes, and the most parts of a value that it goes through.
pub(super) const MAX_ITEMS: usize = 1_000_000;

/// What all calls of one evaluation may make together, in bytes of text; an item counts as [`ITEM_BYTES`].
const MAX_MADE: usize = 1 << 30;

/// What an item of a list takes at least.
const ITEM_BYTES: usize = 32;

/// The most comparisons that a search in texts makes.
const MAX_COMPARISONS: usize = 1 << 28;

/// The longest number in a text, and the largest exponent of one: a float has none beyond 308.
const MAX_DIGITS: usize = 4_096;
const MAX_EXPONENT: u32 = 400;

/// The widest shift of bits.
const MAX_SHIFT: u64 = 1 << 16;

/// The most steps of the search for all paths of a graph, and its deepest path.
const MAX_PATH_STEPS: usize = 100_000;
const MAX_PATH_DEPTH: usize = 500;

thread_local! {
    /// What the calls of the evaluation that runs on this thread made.
    static MADE: Cell<usize> = const { Cell::new(0) };
}

/// Begins an evaluation: nothing is made yet.
pub(super) fn begin() {
    MADE.set(0);
}

/// A function that is looked after: name, number of arguments, and what is done instead of the engine's own call.
pub(super) type Function = (&'static str, u8, fn(&'static str, &[Value]) -> Result<Value>);

/// All of them.
const BOUNDED: &[Function] = &[
    ("array.concat", 2, |name, a| {
        ensure_items(name, items(&a[0]).saturating_add(items(&a[1])))?;
        own(name, a)
    }),
    ("array.reverse", 1, own),
    ("array.slice", 3, own),
    ("base64.decode", 1, own),
    ("base64.encode", 1, own),
    ("base64url.decode", 1, own),
    ("base64url.encode", 1, own),
    ("base64url.encode_no_pad", 1, own),
    ("bits.lsh", 2, |name, a| {
        let width = a[1].as_u64().unwrap_or(0);
        ensure!(width <= MAX_SHIFT, "{name}: shifts by more than {MAX_SHIFT} bits");
        own(name, a)
    }),
    ("concat", 2, |name, a| {
        let between = text(&a[0]).len().saturating_mul(items(&a[1]));
        ensure_text(name, elements(&a[1]).fold(between, |sum, item| sum.saturating_add(text(item).len())))?;
        own(name, a)
    }),
    ("format_int", 2, own),
    ("glob.quote_meta", 1, own),
    ("graph.reachable", 2, own),
    ("graph.reachable_paths", 2, |name, a| {
        let mut steps = 0;
        for start in elements(&a[1]) {
            count_paths(&a[0], start, &mut Vec::new(), &mut steps)?;
        }
        own(name, a)
    }),
    ("hex.decode", 1, own),
    ("hex.encode", 1, own),
    ("indexof", 2, |name, a| {
        ensure!(!text(&a[1]).is_empty(), "{name}: nothing to look for");
        ensure_comparisons(name, text(&a[0]).len(), text(&a[1]).len())?;
        own(name, a)
    }),
    ("indexof_n", 2, |name, a| {
        ensure!(!text(&a[1]).is_empty(), "{name}: nothing to look for");
        ensure_comparisons(name, text(&a[0]).len(), text(&a[1]).len())?;
        own(name, a)
    }),
    ("json.marshal", 1, |name, a| {
        weigh_written(name, &a[0])?;
        Ok(Value::from(escaped(text(&own(name, a)?))))
    }),
    ("json.marshal_with_options", 2, |name, a| {
        let Weight { parts, depth, .. } = weigh_written(name, &a[0])?;
        let option =
            |key: &str| a[1].as_object().ok().and_then(|o| o.get(&Value::from(key))).map_or(1, |v| text(v).len());
        let line = option("prefix").saturating_add(option("indent").saturating_mul(depth));
        ensure_text(name, parts.saturating_mul(line))?;
        own(name, a)
    }),
    ("json.unmarshal", 1, bounded_document),
    ("lower", 1, own),
    ("net.cidr_expand", 1, |name, a| {
        let bits = if text(&a[0]).contains(':') { 128 } else { 32 };
        let prefix = text(&a[0]).rsplit('/').next().and_then(|p| p.parse::<u32>().ok()).unwrap_or(bits);
        ensure_items(name, 1_usize.checked_shl(bits.saturating_sub(prefix)).unwrap_or(usize::MAX))?;
        own(name, a)
    }),
    ("numbers.range", 2, |name, a| range(name, a, 1)),
    ("numbers.range_step", 3, |name, a| range(name, a, a[2].as_i64().unwrap_or(1).max(1))),
    ("object.union", 2, |name, a| {
        let work = weight::union(&a[0], &a[1], MAX_ITEMS);
        ensure!(work.is_some(), "{name}: more than {MAX_ITEMS} parts");
        own(name, a)
    }),
    ("object.union_n", 1, |name, a| {
        weigh(name, &a[0])?;
        own(name, a)
    }),
    ("product", 1, |name, a| {
        ensure!(items(&a[0]) <= 1_000, "{name}: more than 1000 factors");
        own(name, a)
    }),
    ("replace", 3, |name, a| {
        let (source, old, new) = (text(&a[0]), text(&a[1]), text(&a[2]));
        if new.len() > old.len() {
            let found = source.matches(old).count();
            ensure_text(name, source.len().saturating_add(found.saturating_mul(new.len() - old.len())))?;
        }
        own(name, a)
    }),
    ("sort", 1, own),
    ("split", 2, own),
    ("sprintf", 2, |_, a| {
        let (Value::String(format), Value::Array(list)) = (&a[0], &a[1]) else {
            bail!("sprintf needs a text and a list");
        };
        weigh_written("sprintf", &a[1])?;
        let list: Vec<Argument> = list.iter().map(argument).collect();
        let text = sprintf(format, &list).map_err(anyhow::Error::msg)?;
        Ok(Value::from(text))
    }),
    ("strings.any_prefix_match", 2, search),
    ("strings.any_suffix_match", 2, search),
    ("strings.count", 2, |name, a| {
        let (Value::String(source), Value::String(part)) = (&a[0], &a[1]) else {
            bail!("{name} needs two texts");
        };
        Ok(Value::from(source.matches(part.as_ref()).count()))
    }),
    ("strings.replace_n", 2, |name, a| {
        let (Value::Object(patterns), Value::String(source)) = (&a[0], &a[1]) else {
            bail!("{name} needs an object and a text");
        };
        let mut pairs = Vec::new();
        for (old, new) in patterns.iter() {
            let (Value::String(old), Value::String(new)) = (old, new) else {
                bail!("{name} needs an object of texts");
            };
            pairs.push((old.as_ref(), new.as_ref()));
        }
        pairs.sort_unstable();
        ensure_comparisons(name, source.len(), pairs.len())?;
        match replace_n(source, &pairs, MAX_TEXT) {
            Some(text) => Ok(Value::from(text)),
            None => bail!("{name}: longer than {MAX_TEXT} bytes"),
        }
    }),
    ("strings.reverse", 1, own),
    ("substring", 3, own),
    ("to_number", 1, bounded_number),
    ("trim", 2, |name, a| {
        ensure_comparisons(name, text(&a[0]).len(), text(&a[1]).len())?;
        own(name, a)
    }),
    ("units.parse", 1, bounded_number),
    ("units.parse_bytes", 1, bounded_number),
    ("upper", 1, own),
    ("walk", 1, |name, a| {
        weigh(name, &a[0])?;
        own(name, a)
    }),
    ("yaml.marshal", 1, |name, a| {
        weigh_written(name, &a[0])?;
        own(name, a)
    }),
    ("yaml.unmarshal", 1, bounded_document),
];

/// The names of all functions that a rule can call.
pub(super) fn functions() -> impl Iterator<Item = &'static str> {
    BUILTINS.keys().copied().chain(patterns::FUNCTIONS.iter().map(|(name, ..)| *name))
}

/// Whether it is one of them.
pub(super) fn is_function(name: &str) -> bool {
    BUILTINS.contains_key(name) || patterns::FUNCTIONS.iter().any(|(own, ..)| *own == name)
}

/// Puts the bounded functions in the place of the engine's own.
pub(super) fn install(engine: &mut regorus::Engine) {
    for &(name, arity, call) in BOUNDED.iter().chain(patterns::FUNCTIONS) {
        let bounded = move |arguments: Vec<Value>| {
            let made = call(name, &arguments)?;
            spend(name, &made)?;
            Ok(made)
        };
        // Only a second definition of one extension can fail.
        let _ = engine.add_extension(name.to_owned(), arity, Box::new(bounded));
    }
}

/// Counts what a call made.
fn spend(name: &str, made: &Value) -> Result<()> {
    let bytes = match made {
        Value::String(text) => {
            ensure_text(name, text.len())?;
            text.len()
        }
        other => items(other).saturating_mul(ITEM_BYTES),
    };
    let all = MADE.get().saturating_add(bytes);
    MADE.set(all);
    ensure!(all <= MAX_MADE, "{name}: the functions of this rule made more than {} MiB", MAX_MADE >> 20);
    Ok(())
}

/// The engine's own function.
fn own(name: &'static str, arguments: &[Value]) -> Result<Value> {
    // The engine asks for the places of arguments, to tell them in errors; it adds the true place of the call itself.
    static NOWHERE: LazyLock<Option<(Span, Vec<Ref<Expr>>)>> = LazyLock::new(|| {
        let source = Source::from_contents(String::new(), String::new()).ok()?;
        let span = Span { source, line: 1, col: 1, start: 0, end: 0 };
        let nothing = Ref::new(Expr::Null { span: span.clone(), value: Value::Null, eidx: 0 });
        Some((span, vec![nothing; 4]))
    });
    let (Some((function, _)), Some((span, places))) = (BUILTINS.get(name), NOWHERE.as_ref()) else {
        bail!("there is no function {name}");
    };
    function(span, &places[..arguments.len().min(places.len())], arguments, true).map_err(|e| {
        let text = e.to_string();
        let message = text.lines().rev().find_map(|line| line.trim().strip_prefix("error: "));
        anyhow::Error::msg(message.unwrap_or(text.trim()).to_owned())
    })
}

/// A function that reads a document, which is no larger than its text is long.
fn bounded_document(name: &'static str, arguments: &[Value]) -> Result<Value> {
    ensure_text(name, text(&arguments[0]).len())?;
    own(name, arguments)
}

/// A function that reads one number: many digits take their number squared, and a large exponent makes that many digits.
fn bounded_number(name: &'static str, arguments: &[Value]) -> Result<Value> {
    let given = text(&arguments[0]);
    ensure!(given.len() <= MAX_DIGITS, "{name}: longer than {MAX_DIGITS} digits");
    ensure!(!has_large_exponent(given), "{name}: an exponent beyond {MAX_EXPONENT}");
    own(name, arguments)
}

/// Whether a text holds an exponent beyond [`MAX_EXPONENT`], as the engine reads it: underscores do not count.
fn has_large_exponent(text: &str) -> bool {
    let text = text.replace('_', "");
    text.match_indices(['e', 'E']).any(|(at, sign)| {
        let behind = text[at + sign.len()..].trim_start_matches(['+', '-']).trim_start_matches('0');
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && behind[..digits].parse::<u32>().map_or(true, |exponent| exponent > MAX_EXPONENT)
    })
}

fn range(name: &'static str, arguments: &[Value], step: i64) -> Result<Value> {
    if let (Ok(from), Ok(to)) = (arguments[0].as_i64(), arguments[1].as_i64()) {
        let steps = from.abs_diff(to) / step.unsigned_abs();
        ensure_items(name, usize::try_from(steps).unwrap_or(usize::MAX).saturating_add(1))?;
    }
    own(name, arguments)
}

fn search(name: &'static str, arguments: &[Value]) -> Result<Value> {
    let count = |value: &Value| if matches!(value, Value::String(_)) { 1 } else { items(value) };
    ensure_comparisons(name, count(&arguments[0]), count(&arguments[1]))?;
    own(name, arguments)
}

fn text(value: &Value) -> &str {
    match value {
        Value::String(text) => text,
        _ => "",
    }
}

/// JSON as Go writes it, safe in HTML.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

fn items(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        Value::Set(items) => items.len(),
        Value::Object(entries) => entries.len(),
        _ => 0,
    }
}

fn elements(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Set(items) => Box::new(items.iter()),
        _ => Box::new(std::iter::empty()),
    }
}

fn ensure_text(name: &str, length: usize) -> Result<()> {
    ensure!(length <= MAX_TEXT, "{name}: longer than {MAX_TEXT} bytes");
    Ok(())
}

fn ensure_items(name: &str, count: usize) -> Result<()> {
    ensure!(count <= MAX_ITEMS, "{name}: more than {MAX_ITEMS} items");
    Ok(())
}

fn ensure_comparisons(name: &str, one: usize, other: usize) -> Result<()> {
    ensure!(one.saturating_mul(other) <= MAX_COMPARISONS, "{name}: too much to compare");
    Ok(())
}

/// What a value weighs, or an error where it has too many parts.
fn weigh(name: &str, value: &Value) -> Result<Weight> {
    match weight::of(value, MAX_ITEMS) {
        Some(weight) => Ok(weight),
        None => bail!("{name}: more than {MAX_ITEMS} parts"),
    }
}

/// What a value weighs that is to become a text.
fn weigh_written(name: &str, value: &Value) -> Result<Weight> {
    let weight = weigh(name, value)?;
    ensure_text(name, weight.text)?;
    Ok(weight)
}

/// Walks as `graph.reachable_paths` does, to see that it ends.
fn count_paths(graph: &Value, node: &Value, path: &mut Vec<Value>, steps: &mut usize) -> Result<()> {
    *steps += 1;
    ensure!(*steps <= MAX_PATH_STEPS, "graph.reachable_paths: more than {MAX_PATH_STEPS} paths");
    ensure!(path.len() <= MAX_PATH_DEPTH, "graph.reachable_paths: a path of more than {MAX_PATH_DEPTH} nodes");
    let Some(next) = graph.as_object().ok().and_then(|entries| entries.get(node)) else { return Ok(()) };
    if path.contains(node) {
        return Ok(());
    }
    path.push(node.clone());
    for neighbour in elements(next) {
        count_paths(graph, neighbour, path, steps)?;
    }
    path.pop();
    Ok(())
}
