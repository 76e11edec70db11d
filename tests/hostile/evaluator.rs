//! Expressions of the Terraform language: with less known nothing is said that would not hold with more, and what is secret
//! stays so.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use openai_data_controls::hcl::{Data, Evaluated, ModuleAt, Modules, Root, Value, VariableInputs, equal};
use openai_data_controls::limits::Limits;
use openai_data_controls::location::SourceMap;
use unicode_normalization::char::canonical_combining_class;

/// The variables of an expression, with two values each of one type.
const VARIABLES: [(&str, &str, &str, &str); 7] = [
    ("s", "string", "\"EU\"", "\"us-1\""),
    ("n", "number", "3", "0"),
    ("b", "bool", "true", "false"),
    ("l", "list(string)", "[\"a\", \"b\"]", "[\"b\", \"c\"]"),
    ("m", "map(string)", "{ a = \"x\", k = \"1\" }", "{ a = \"y\", k = \"2\" }"),
    (
        "o",
        "object({ name = string, on = bool, ids = list(number) })",
        "{ name = \"p\", on = true, ids = [1, 2] }",
        "{ name = \"q\", on = false, ids = [2] }",
    ),
    ("t", "set(string)", "[\"EU\", \"US\"]", "[\"EU\", \"JP\"]"),
];

/// What is known of the variables.
#[derive(Clone, Copy)]
enum Given {
    First,
    Second,
    FirstSecret,
    SecondSecret,
    Nothing,
}

fn root(given: Given) -> Root {
    let directory = tempfile::tempdir().unwrap();
    let mut source = String::new();
    for (name, ty, first, second) in VARIABLES {
        let default = match given {
            Given::First | Given::FirstSecret => format!("  default = {first}\n"),
            Given::Second | Given::SecondSecret => format!("  default = {second}\n"),
            Given::Nothing => String::new(),
        };
        let secret = matches!(given, Given::FirstSecret | Given::SecondSecret);
        let secret = if secret { "  sensitive = true\n" } else { "" };
        source += &format!("variable \"{name}\" {{\n  type = {ty}\n{default}{secret}}}\n");
        source += &format!("locals {{\n  {name} = var.{name}\n}}\n");
    }
    std::fs::write(directory.path().join("main.tf"), source).unwrap();
    let at = ModuleAt::Directory(directory.path().to_owned());
    let mut limits = Limits::default();
    limits.set("steps", 200_000).unwrap();
    let mut modules = Modules::new(limits);
    let root = Root::load(&mut modules, &at, &VariableInputs::default(), Path::new("/"), &mut SourceMap::default());
    assert!(root.problems().is_empty(), "{:?}", root.problems());
    root
}

/// The modules are read once a thread, and anew after so many expressions: their steps are counted together.
const USES: usize = 200;

thread_local! {
    static ROOTS: RefCell<(usize, Option<Rc<[Root; 5]>>)> = const { RefCell::new((0, None)) };
}

fn roots() -> Rc<[Root; 5]> {
    ROOTS.with_borrow_mut(|(uses, roots)| {
        *uses += 1;
        if *uses > USES {
            (*uses, *roots) = (0, None);
        }
        let all = [Given::First, Given::Second, Given::FirstSecret, Given::SecondSecret, Given::Nothing];
        roots.get_or_insert_with(|| Rc::new(all.map(root))).clone()
    })
}

/// Runs on a thread with as much stack as the evaluator may take, which is kept.
pub fn expression(data: &[u8]) {
    type Job = (Vec<u8>, Sender<std::thread::Result<()>>);
    static WORKER: Mutex<Option<Sender<Job>>> = Mutex::new(None);
    let worker = {
        let mut worker = WORKER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        worker
            .get_or_insert_with(|| {
                let (send, jobs): (Sender<Job>, Receiver<Job>) = channel();
                let work = move || {
                    for (data, done) in jobs {
                        let judged = std::panic::catch_unwind(|| judged(&data));
                        let _ = done.send(judged);
                    }
                };
                std::thread::Builder::new().stack_size(256 << 20).spawn(work).unwrap();
                send
            })
            .clone()
    };
    let (done, answer) = channel();
    worker.send((data.to_vec(), done)).unwrap();
    if let Err(panic) = answer.recv().unwrap() {
        std::panic::resume_unwind(panic);
    }
}

/// Whether a text mentions something that tells of what is secret, as it is meant to.
fn reveals(text: &str) -> bool {
    ["sensitive", "try", "can", "ephemeral"].iter().any(|name| text.contains(name))
}

fn judged(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let roots = roots();
    let [first, second, first_secret, second_secret, nothing] = &*roots;
    let known = [first.value(text), second.value(text)];
    let less = nothing.value(text);
    if let Ok(less) = &less {
        for more in known.iter().flatten() {
            assert!(covers(less, more), "without values it is {less:?}\nwith them {more:?}");
        }
        // What does not depend on them at all is the same.
        if let [Ok(one), Ok(other)] = &known
            && less.first_unknown().is_none()
        {
            assert_ne!(equal(&one.clone().unmarked_deep(), &other.clone().unmarked_deep()), Some(false));
        }
    }
    let secret = [first_secret.value(text), second_secret.value(text)];
    keeps_secrets(text, &known, &secret);
    for known in known.iter().flatten() {
        comes_back(first, known);
    }
}

fn keeps_secrets(text: &str, known: &[Evaluated; 2], secret: &[Evaluated; 2]) {
    if reveals(text) {
        return;
    }
    for (known, secret) in known.iter().zip(secret) {
        if let (Ok(known), Ok(secret)) = (known, secret) {
            let (known, secret) = (known.clone().unmarked_deep(), secret.clone().unmarked_deep());
            assert!(
                covers(&secret, &known) && covers(&known, &secret) || has_unknown(&known) || has_unknown(&secret),
                "a secret value is {secret:?}\none that is not {known:?}"
            );
        }
    }
    if let [Ok(one), Ok(other)] = secret {
        assert!(tells_nothing(one, other), "what is told depends on what is secret: {one:?}\n{other:?}");
    }
}

fn has_unknown(value: &Value) -> bool {
    value.first_unknown().is_some()
}

/// Whether two values of one expression over different secrets differ only where they are marked.
fn tells_nothing(one: &Value, other: &Value) -> bool {
    if one.marks.sensitive || other.marks.sensitive || has_unknown(one) || has_unknown(other) {
        return true;
    }
    let all = |a: &[Value], b: &[Value]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| tells_nothing(a, b));
    match (&one.data, &other.data) {
        (Data::List(_, a), Data::List(_, b)) | (Data::Tuple(a), Data::Tuple(b)) => all(a, b),
        (Data::Map(_, a), Data::Map(_, b)) | (Data::Object(a), Data::Object(b)) => {
            a.keys().eq(b.keys()) && a.iter().all(|(key, value)| tells_nothing(value, &b[key]))
        }
        (Data::Null(_), Data::Null(_)) => true,
        _ => equal(one, other) != Some(false),
    }
}

/// Whether a value that is partly unknown may be the other.
fn covers(less: &Value, more: &Value) -> bool {
    let all = |a: &[Value], b: &[Value]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| covers(a, b));
    match (&less.data, &more.data) {
        (Data::Unknown(unknown), data) => {
            let is_null = matches!(data, Data::Null(_));
            let length = match data {
                Data::List(_, items) | Data::Tuple(items) | Data::Set(_, items) => Some(items.len()),
                Data::Map(_, entries) | Data::Object(entries) => Some(entries.len()),
                _ => None,
            };
            !(unknown.not_null && is_null) && (unknown.length.is_none() || length.is_none() || unknown.length == length)
        }
        // What is not followed with values may be without.
        (_, Data::Unknown(_)) => true,
        (Data::List(_, a), Data::List(_, b))
        | (Data::Tuple(a), Data::Tuple(b))
        | (Data::Set(_, a), Data::Set(_, b)) => all(a, b),
        (Data::Map(_, a), Data::Map(_, b)) | (Data::Object(a), Data::Object(b)) => {
            a.keys().eq(b.keys()) && a.iter().all(|(key, value)| covers(value, &b[key]))
        }
        (Data::Null(_), Data::Null(_)) => true,
        (Data::Bool(a), Data::Bool(b)) => a == b,
        (Data::Number(a), Data::Number(b)) => a.compare(b).is_eq(),
        (Data::String(a), Data::String(b)) => a == b,
        _ => false,
    }
}

/// What is encoded as JSON is decoded to what is encoded alike.
fn comes_back(root: &Root, value: &Value) {
    if has_unknown(value) {
        return;
    }
    let mut written = String::new();
    if write(value, &mut written, 0).is_none() || written.len() > 4096 {
        return;
    }
    let text = |expression: String| match root.value(&expression) {
        Ok(Value { data: Data::String(text), .. }) => Some(text),
        Ok(value) if has_unknown(&value) => None,
        other => panic!("{expression}: {other:?}"),
    };
    let Some(once) = text(format!("jsonencode({written})")) else { return };
    if composes(value) {
        return;
    }
    assert!(serde_json::from_str::<serde::de::IgnoredAny>(&once).is_ok(), "jsonencode makes no JSON: {once}");
    let twice = text(format!("jsonencode(jsondecode(jsonencode({written})))"));
    assert!(twice.is_none_or(|twice| twice == once), "{written} comes back otherwise");
}

/// Whether a text of a value has a combining mark behind a character that JSON escapes. The escape's last letter and the mark
/// become one character when Terraform normalizes the encoded text, which is no JSON any more.
fn composes(value: &Value) -> bool {
    let in_text = |text: &str| {
        let is_escaped = |c: char| c.is_control() || "<>&\u{2028}\u{2029}".contains(c);
        let is_mark = |c: char| canonical_combining_class(c) != 0;
        text.chars().zip(text.chars().skip(1)).any(|(c, next)| is_escaped(c) && is_mark(next))
    };
    match &value.data {
        Data::String(text) => in_text(text),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => items.iter().any(composes),
        Data::Map(_, entries) | Data::Object(entries) => {
            entries.iter().any(|(key, value)| in_text(key) || composes(value))
        }
        Data::Unknown(_) | Data::Null(_) | Data::Bool(_) | Data::Number(_) => false,
    }
}

/// A value as an expression; `None` for what is too deep, or has no text.
fn write(value: &Value, out: &mut String, depth: usize) -> Option<()> {
    if depth > 20 {
        return None;
    }
    let quoted = |text: &str, out: &mut String| {
        out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '$' | '%' => {
                    out.push_str(&format!("\\u{:04x}", u32::from(c)));
                }
                c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => out.push(c),
            }
        }
        out.push('"');
    };
    match &value.data {
        Data::Unknown(_) => return None,
        Data::Null(_) => out.push_str("null"),
        Data::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
        Data::Number(number) => out.push_str(&number.to_string()),
        Data::String(text) => quoted(text, out),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            out.push('[');
            for item in items.iter() {
                write(item, out, depth + 1)?;
                out.push(',');
            }
            out.push(']');
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            out.push('{');
            for (key, item) in entries.iter() {
                quoted(key, out);
                out.push('=');
                write(item, out, depth + 1)?;
                out.push(',');
            }
            out.push('}');
        }
    }
    Some(())
}
