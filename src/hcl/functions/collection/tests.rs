//! The functions of collections and conversions, compared with what `terraform console` prints.

use super::super::super::number::{Number, Parsed};
use super::super::{Files, call, function};
use super::*;
use crate::hcl::value::{Entries, Identity, Marks};

/// Reads calls of functions, and the literals that they are called with.
struct Reader<'s> {
    rest: &'s str,
}

impl Reader<'_> {
    fn take(&mut self, token: char) -> bool {
        self.rest = self.rest.trim_start();
        let found = self.rest.starts_with(token);
        if found {
            self.rest = &self.rest[token.len_utf8()..];
        }
        found
    }

    fn word(&mut self) -> String {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && !"_.".contains(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    fn all(&mut self, end: char) -> Result<Vec<Value>, Box<Failure>> {
        let mut items = Vec::new();
        while !self.take(end) {
            items.push(self.value()?);
            self.take(',');
        }
        Ok(items)
    }

    fn value(&mut self) -> Evaluated {
        if self.take('[') {
            return Ok(Value::tuple(self.all(']')?));
        }
        if self.take('{') {
            let mut entries = Entries::new();
            while !self.take('}') {
                let name = self.word();
                assert!(self.take('='), "{}", self.rest);
                entries.insert(name.as_str().into(), self.value()?);
                self.take(',');
            }
            return Ok(Value::object(entries));
        }
        if self.take('"') {
            let end = self.rest.find('"').unwrap();
            let text = self.rest[..end].replace("\\r", "\r").replace("\\n", "\n");
            self.rest = &self.rest[end + 1..];
            return Ok(Value::string(text));
        }
        if self.take('-') {
            return self.value().map(|value| value.as_number().unwrap().negated().into());
        }
        let word = self.word();
        if self.take('(') {
            // All arguments are read, whatever the first failure.
            let arguments = self.all(')')?;
            return call(function(&word).unwrap(), arguments, &Files::default());
        }
        Ok(match word.as_str() {
            "null" => Value::null(),
            "true" => true.into(),
            "false" => false.into(),
            "terraform_data.x.id" => Value::unknown(Type::String, "test"),
            "terraform_data.x.output" => Value::unknown(Type::Any, "test"),
            digits => match Number::parse(digits) {
                Parsed::Number(number) => number.into(),
                other => panic!("{digits:?}: {other:?}, before {:?}", self.rest),
            },
        })
    }
}

fn evaluate(source: &str) -> Evaluated {
    Reader { rest: source }.value()
}

/// As `jsonencode` writes it, "?" for what is not known.
fn json(value: &Value) -> String {
    let all = |items: &[Value]| items.iter().map(json).collect::<Vec<_>>().join(",");
    match &value.data {
        Data::Unknown(_) => "?".to_owned(),
        Data::Null(_) => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Number(number) => number.to_string(),
        Data::String(text) => serde_json::to_string(text).unwrap(),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => format!("[{}]", all(items)),
        Data::Map(_, entries) | Data::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(name, value)| format!("{name:?}:{}", json(value))).collect();
            format!("{{{}}}", entries.join(","))
        }
    }
}

/// Type and value of a result, with what marks it.
fn told(result: &Evaluated) -> String {
    match result {
        Ok(value) => format!("{}{} {}", if value.marks.sensitive { "sensitive " } else { "" }, value.ty(), json(value)),
        Err(_) => "error".to_owned(),
    }
}

/// Calls and what comes of them: types and values are those that Terraform prints, where it knows them.
const CASES: &str = include_str!("cases.txt");

#[test]
fn functions_give_what_terraform_gives() {
    let mut wrong = Vec::new();
    for case in CASES.lines() {
        let (source, expected) = case.split_once(" => ").unwrap();
        let told = told(&evaluate(source));
        if told != expected {
            wrong.push(format!("{source} => {told}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn call_with(name: &str, arguments: Vec<Value>) -> Value {
    call(function(name).unwrap(), arguments, &Files::default()).unwrap()
}

/// The id of a resource that is not made yet.
fn id() -> Value {
    let identity =
        Identity { module: "".into(), resource: "a.b".into(), which: crate::hcl::Which::Only, attribute: "id".into() };
    let unknown = Unknown {
        ty: Type::String,
        reason: "test".into(),
        not_null: false,
        length: None,
        encodes: None,
        identity: Some(identity.into()),
    };
    Value::from(Data::Unknown(unknown.into()))
}

#[test]
fn unknown_elements_stay_what_they_are() {
    let text = || Value::string("a");
    let tuple = || Value::tuple(vec![text(), id()]);
    let list = || Value::list(Type::String, vec![id()]);
    let object = || Value::object([("a".into(), id())]);
    let any = || Value::unknown(Type::Any, "test");
    let known_id = || id().not_null();
    let kept = [
        ("coalesce", vec![known_id(), text()]),
        ("coalesce", vec![Value::null(), id(), Value::string("")]),
        ("coalesce", vec![known_id(), any()]),
        ("element", vec![tuple(), Value::count(1)]),
        ("lookup", vec![object(), Value::string("a")]),
        ("lookup", vec![Value::object([]), text(), id()]),
        ("one", vec![list()]),
        ("tostring", vec![id()]),
        ("sensitive", vec![id()]),
    ];
    for (name, arguments) in kept {
        assert!(call_with(name, arguments).identity().is_some(), "{name}");
    }
    let kept_in = [
        ("chunklist", vec![list(), Value::count(1)]),
        ("coalescelist", vec![Value::tuple(vec![]), tuple()]),
        ("concat", vec![list(), list()]),
        ("concat", vec![tuple(), list()]),
        ("flatten", vec![Value::tuple(vec![tuple(), text()])]),
        ("merge", vec![object(), Value::object([("b".into(), text())])]),
        ("reverse", vec![tuple()]),
        ("setproduct", vec![list(), tuple()]),
        ("slice", vec![tuple(), Value::count(1), Value::count(2)]),
        ("tolist", vec![tuple()]),
        ("tolist", vec![Value::tuple(vec![id(), any()])]),
        ("tomap", vec![object()]),
        ("values", vec![object()]),
        ("zipmap", vec![Value::list(Type::String, vec![text()]), list()]),
    ];
    for (name, arguments) in kept_in {
        let result = call_with(name, arguments);
        assert!(
            result.is_known() && result.first_unknown().is_some_and(|u| u.identity.is_some()),
            "{name}: {result:?}"
        );
    }
    // It may be null, or an element among others: what it is is not known any more.
    for (name, arguments) in [
        ("coalesce", vec![id(), text()]),
        ("element", vec![tuple(), Value::unknown(Type::Number, "test")]),
        ("lookup", vec![object(), id()]),
    ] {
        let result = call_with(name, arguments);
        assert!(!result.is_known() && result.identity().is_none(), "{name}: {result:?}");
    }
}

#[test]
fn what_may_be_null_is_not_said_to_be_not_null() {
    let list = || Value::unknown(Type::list(Type::String), "test");
    let not_null = |value: &Value| matches!(&value.data, Data::Unknown(unknown) if unknown.not_null);
    for (name, arguments, expected) in [
        ("element", vec![list(), Value::count(0)], false),
        ("one", vec![list()], false),
        ("lookup", vec![Value::unknown(Type::map(Type::String), "test"), Value::string("a")], false),
        ("tolist", vec![list()], false),
        ("reverse", vec![list()], true),
        ("length", vec![list()], true),
        ("issensitive", vec![list()], true),
        ("coalesce", vec![list()], true),
    ] {
        let result = call_with(name, arguments);
        assert!(!result.is_known(), "{name}");
        assert_eq!(not_null(&result), expected, "{name}");
    }
}

#[test]
fn ephemeral_parts_become_null() {
    let secret = || Value::string("a").with_marks(Marks::EPHEMERAL.with(Marks::SENSITIVE));
    let result = call_with("ephemeralasnull", vec![Value::object([("a".into(), secret()), ("b".into(), id())])]);
    assert_eq!(json(&result), r#"{"a":null,"b":?}"#);
    assert_eq!(result.all_marks(), Marks::SENSITIVE);
    assert_eq!(result.ty(), Type::object([("a".into(), Type::String), ("b".into(), Type::String)]));
    let result = call_with("ephemeralasnull", vec![id().not_null().with_marks(Marks::EPHEMERAL)]);
    assert!(matches!(&result.data, Data::Unknown(unknown) if !unknown.not_null && unknown.identity.is_none()));
    assert_eq!(result.marks, Marks::NONE);
}

#[test]
fn large_arguments_are_followed_up_to_a_limit() {
    let many = || Value::list(Type::String, (0..100_000).map(|n| Value::string(n.to_string())).collect());
    let twice = || vec![many(), many()];
    assert_eq!(call_with("distinct", vec![many()]).length(), Some(100_000));
    assert_eq!(call_with("matchkeys", vec![many(), many(), many()]).length(), Some(100_000));
    assert_eq!(call_with("setunion", twice()).length(), Some(100_000));
    assert_eq!(call_with("setsubtract", twice()).length(), Some(0));
    assert_eq!(call_with("zipmap", twice()).length(), Some(100_000));
    assert_eq!(call_with("concat", twice()).length(), Some(200_000));
    for (name, arguments) in [
        ("concat", vec![many(), many(), many()]),
        ("setproduct", twice()),
        ("flatten", vec![Value::tuple(vec![many(); 3])]),
    ] {
        assert!(!call_with(name, arguments).is_known(), "{name}");
    }
}
