use super::super::super::number::Parsed;
use super::super::{Files, call, function};
use super::*;

fn value(text: &str) -> Value {
    match Number::parse(text) {
        Parsed::Number(number) => number.into(),
        _ => Value::string(text),
    }
}

fn shown(result: Evaluated) -> String {
    match result {
        Ok(value) => match value.as_number() {
            Some(number) => format!("{number} {}", number.precision()),
            None => "unknown".to_owned(),
        },
        Err(_) => "error".to_owned(),
    }
}

#[test]
fn as_the_console_prints_them() {
    for (name, arguments, expected) in [
        ("abs", &["-1.5"] as &[&str], "1.5 512"),
        ("abs", &["-0"], "0 512"),
        ("abs", &["x"], "error"),
        ("ceil", &["-0.5"], "0 512"),
        ("ceil", &["1.2"], "2 512"),
        ("floor", &["-0.5"], "-1 512"),
        ("floor", &["1e30"], "1000000000000000000000000000000 512"),
        ("log", &["8", "2"], "3 53"),
        ("log", &["10", "10"], "1 53"),
        ("log", &["1000", "10"], "2.9999999999999996 53"),
        ("log", &["-1", "2"], "error"),
        ("log", &["1", "1"], "error"),
        ("log", &["0", "2"], "unknown"),
        ("log", &["1e400", "2"], "error"),
        ("max", &["3", "2.5"], "3 512"),
        ("min", &["3", "2.5", "-0.1"], "-0.1 512"),
        ("min", &["0", "-0"], "0 512"),
        ("min", &[], "error"),
        ("pow", &["2", "-1"], "0.5 53"),
        ("pow", &["4", "0.5"], "2 53"),
        ("pow", &["0.1", "3"], "0.0010000000000000002 53"),
        ("pow", &["-2", "3"], "-8 53"),
        ("pow", &["-2", "0.25"], "error"),
        ("pow", &["2", "0.25"], "unknown"),
        ("pow", &["0", "-1"], "unknown"),
        ("pow", &["0", "0"], "1 53"),
        ("pow", &["2", "1024"], "unknown"),
        ("signum", &["-7"], "-1 64"),
        ("signum", &["1.5"], "error"),
        ("signum", &["1e30"], "error"),
    ] {
        let values = arguments.iter().map(|text| value(text)).collect();
        let result = shown(call(function(name).unwrap(), values, &Files::default()));
        assert_eq!(result, expected, "{name} {arguments:?}");
    }
}

#[test]
fn texts_of_digits() {
    for (text, base, expected) in [
        ("-zZ", 62, "-2231 64"),
        ("ff", 16, "255 64"),
        ("FF", 16, "255 64"),
        ("+10", 2, "2 64"),
        ("-0", 10, "0 64"),
        ("", 10, "error"),
        ("-", 10, "error"),
        ("1_0", 10, "error"),
        ("9", 8, "error"),
        ("1", 63, "error"),
        ("123456789012345678901234567890", 10, "123456789012345678901234567890 97"),
    ] {
        let arguments = vec![Value::string(text), Number::written(base).into()];
        assert_eq!(shown(call(function("parseint").unwrap(), arguments, &Files::default())), expected, "{text:?}");
    }
    let number = vec![Number::written(12).into(), Number::written(10).into()];
    assert_eq!(shown(call(function("parseint").unwrap(), number, &Files::default())), "error");
}

#[test]
fn sums() {
    let tuple = |items: &[Value]| Value::tuple(items.to_vec());
    let set = Value::set(Type::Number, vec![value("1"), value("2")]);
    let unknown = Value::unknown(Type::Number, "why");
    for (list, expected) in [
        (tuple(&[Value::string("1"), value("2.5")]), "3.5 512"),
        (tuple(&[Number::counted(1).into(), Number::counted(2).into()]), "3 64"),
        (set, "3 512"),
        (tuple(&[]), "error"),
        (tuple(&[true.into()]), "error"),
        (tuple(&[Value::null()]), "error"),
        (tuple(&[value("1"), unknown.clone()]), "unknown"),
        (unknown, "unknown"),
        (Value::object([("a".into(), value("1"))]), "error"),
        (value("1"), "error"),
        (Value::null(), "error"),
    ] {
        assert_eq!(shown(call(function("sum").unwrap(), vec![list.clone()], &Files::default())), expected, "{list:?}");
    }
}
