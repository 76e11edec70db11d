use super::super::super::number::{Number, Parsed};
use super::super::super::value::{Data, Marks};
use super::super::{Files, call, function};
use super::*;

fn s(text: &str) -> Value {
    Value::string(text)
}

fn n(text: &str) -> Value {
    match Number::parse(text) {
        Parsed::Number(number) => number.into(),
        other => panic!("{text}: {other:?}"),
    }
}

fn t(items: &[Value]) -> Value {
    Value::tuple(items.to_vec())
}

fn unknown(ty: Type) -> Value {
    Value::unknown(ty, "why")
}

fn shown(value: &Value) -> String {
    let all = |items: &[Value]| items.iter().map(shown).collect::<Vec<_>>().join(",");
    match &value.data {
        Data::Unknown(unknown) => format!("unknown {}", unknown.ty),
        Data::Null(ty) => format!("null {ty}"),
        Data::Bool(value) => value.to_string(),
        Data::Number(number) => number.to_string(),
        Data::String(text) => format!("{text:?}"),
        Data::List(_, items) => format!("list[{}]", all(items)),
        Data::Set(_, items) => format!("set[{}]", all(items)),
        Data::Tuple(items) => format!("[{}]", all(items)),
        Data::Map(_, entries) | Data::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}={}", shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

fn evaluated(name: &str, arguments: &[Value]) -> Evaluated {
    call(function(name).unwrap(), arguments.to_vec(), &Files::default())
}

fn check(name: &str, arguments: &[Value], expected: &str) {
    let result = match evaluated(name, arguments) {
        Ok(value) => shown(&value),
        Err(_) => "error".to_owned(),
    };
    assert_eq!(result, expected, "{name}({})", arguments.iter().map(shown).collect::<Vec<_>>().join(", "));
}

#[test]
fn parts_of_texts() {
    check("chomp", &[s("a\r\n\n\r")], r#""a""#);
    check("chomp", &[Value::null()], "error");
    check("endswith", &[s("abc"), s("")], "true");
    check("startswith", &[s("abc"), s("b")], "false");
    check("startswith", &[unknown(Type::String), s("")], "unknown bool");
    check("strcontains", &[s("abc"), s("bc")], "true");
    check("strcontains", &[n("123"), s("23")], "true");
    check("split", &[s(","), s("a,,b")], r#"list["a","","b"]"#);
    check("split", &[s(""), s("aé")], r#"list["a","é"]"#);
    check("split", &[s(""), s("")], "list[]");
    check("split", &[s(","), s("")], r#"list[""]"#);
    check("trim", &[s("?!hi!?"), s("!?")], r#""hi""#);
    check("trimspace", &[s("\u{a0} a \u{3000}")], r#""a""#);
    check("trimspace", &[s("\u{200b}a")], "\"\\u{200b}a\"");
    check("trimprefix", &[s("aab"), s("a")], r#""ab""#);
    check("trimsuffix", &[s("abb"), s("b")], r#""ab""#);
    check("indent", &[n("2"), s("a\nb\n")], r#""a\n  b\n  ""#);
    check("indent", &[n("-1"), s("a")], "error");
    check("indent", &[n("1.5"), s("a")], "error");
    check("indent", &[n("99999999999"), s("a")], "unknown string");
}

#[test]
fn characters() {
    check("strrev", &[s("ae\u{301}b\r\n")], r#""\r\nbéa""#);
    check("strrev", &[s("a🚀\u{fe0f}👍🏽")], "\"👍🏽🚀\\u{fe0f}a\"");
    check("strrev", &[s("")], r#""""#);
    check("upper", &[s(&format!("a{}", "\u{316}".repeat(25)))], &format!("{:?}", format!("A{}", "\u{316}".repeat(25))));
    check("upper", &[s(&format!("a{}", "\u{316}".repeat(26)))], "unknown string");
    check("strrev", &[s("क्ष")], r#""षक\u{94d}""#);
    check("substr", &[s("hello"), n("1"), n("2")], r#""el""#);
    check("substr", &[s("hello"), n("-2"), n("0")], r#""lo""#);
    check("substr", &[s("hello"), n("0"), n("0")], r#""""#);
    check("substr", &[s("hello"), n("-9"), n("2")], r#""he""#);
    check("substr", &[s("hello"), n("9"), n("2")], r#""""#);
    check("substr", &[s("hello"), n("1"), n("-1")], r#""ello""#);
    check("substr", &[s("e\u{301}a\r\nb"), n("1"), n("2")], r#""a\r\n""#);
    check("substr", &[s("hello"), n("0.5"), n("2")], "error");
    check("substr", &[s("hello"), n("0"), n("99999999999999999999")], "error");
}

#[test]
fn cases() {
    check("title", &[s("hello world_foo é-b ǆ ß")], r#""Hello World_foo É-B ǅ ß""#);
    check("upper", &[s("straße ŉ ᾳ ǆ")], r#""STRAßE ŉ ᾼ Ǆ""#);
    check("lower", &[s("ÀΣ İ")], r#""àσ i""#);
    check("upper", &[unknown(Type::Any)], "unknown string");
    check("upper", &[t(&[])], "error");
    let sensitive = evaluated("upper", &[s("a").with_marks(Marks::SENSITIVE)]).unwrap();
    assert_eq!((shown(&sensitive).as_str(), sensitive.marks), (r#""A""#, Marks::SENSITIVE));
}

#[test]
fn joined() {
    check("join", &[s(","), t(&[s("a"), n("1")]), Value::set(Type::String, vec![s("b")])], r#""a,1,b""#);
    check("join", &[s(","), t(&[])], r#""""#);
    check("join", &[s(",")], "error");
    check("join", &[s(","), t(&[s("a"), Value::null()])], "error");
    check("join", &[s(","), t(&[s("a"), unknown(Type::String)])], "unknown string");
    let large: Vec<Value> = vec![s(&"a".repeat(1 << 20)); 20];
    check("join", &[s(","), t(&large)], "unknown string");
}

#[test]
fn patterns() {
    check("regex", &[s("a(b)?(c)"), s("xac")], r#"[null string,"c"]"#);
    check("regex", &[s(r"(?P<y>\d+)-(?<m>\d+)?"), s("1-")], r#"{m=null string,y="1"}"#);
    check("regex", &[s("(?P<n>a)(?P<n>b)"), s("ab")], r#"{n="b"}"#);
    check("regex", &[s("(a)(?P<n>b)"), s("ab")], "error");
    check("regex", &[s(r"\d"), s("é")], "error");
    check("regex", &[s("a**"), s("a")], "error");
    check("regex", &[s("(a{30}){40}"), s("a")], "error");
    check("regex", &[s("(a){0}b"), s("b")], "[null string]");
    check("regex", &[s("(|a)*"), s("aa")], r#"[""]"#);
    check("regex", &[s("(?i)é+"), s("ÉÉ")], r#""ÉÉ""#);
    check("regex", &[s(r"\bé"), s("é")], "error");
    check("regex", &[s(r"\p{Greek}"), s("α")], r#""α""#);
    check("regex", &[s(r"\p{Runic}"), s("α")], "unknown any");
    check("regex", &[s("(a)"), unknown(Type::String)], "unknown tuple([string])");
    check("regex", &[s("("), unknown(Type::String)], "error");
    check("regex", &[unknown(Type::String), s("a")], "unknown any");
    check("regexall", &[unknown(Type::String), s("a")], "unknown list(any)");
    check("regexall", &[s("[a-z]*"), s("ab1")], r#"list["ab",""]"#);
    check("regexall", &[s("(a)|b"), s("ab")], r#"list[["a"],[null string]]"#);
    check("regexall", &[s(r"\w+"), s("aé b")], r#"list["a","b"]"#);
    check("regexall", &[s("x"), s("")], "list[]");
    check("replace", &[s("1 + 2"), s("+"), s("$0")], r#""1 $0 2""#);
    check("replace", &[s("ab"), s(""), s("-")], r#""-a-b-""#);
    check("replace", &[s("abc"), s("/x*/"), s("-")], r#""-a-b-c-""#);
    check("replace", &[s("hello"), s("/(?P<x>l)(o)?/"), s("<$1${x}$2$$$1x>")], r#""he<ll$><llo$>""#);
    check("replace", &[s("a/b"), s("/"), s("-")], r#""a-b""#);
    check("replace", &[s("ab"), s("/(/"), s("-")], "error");
    check("replace", &[s(&"ab".repeat(1 << 20)), s("b"), s(&"c".repeat(100))], "unknown string");
    // Every search would pass through the whole rest.
    check("regex", &[s("(?:a.*z)?"), s(&"a".repeat(1 << 20))], r#""""#);
    check("regexall", &[s("(?:a.*z)?"), s(&"a".repeat(1 << 20))], "unknown list(string)");
}

#[test]
fn formats() {
    let numbers = [n("7"), n("7"), n("7"), s("a"), s("b"), n("3"), n("4")];
    let format = s("[%-05d] [%0-8.2f] [%-08.2f] [%-08s] [%08s] [%+08d] [% 08.2f]");
    let arguments: Vec<Value> = [format].into_iter().chain(numbers).collect();
    let expected = r#""[7    ] [00007.00] [00007.00] [a0000000] [0000000b] [+0000003] [ 0004.00]""#;
    check("format", &arguments, expected);
    let numbers = ["1000000", "123456", "1234567", "0.00001", "1.5"].map(n);
    let arguments: Vec<Value> = [s("%v %v %v %v %v")].into_iter().chain(numbers).collect();
    check("format", &arguments, r#""1e+06 123456 1.234567e+06 1e-05 1.5""#);
    let html = t(&[n("1"), Value::null(), s("<a&>")]);
    check("format", &[s("%v %s"), html, true.into()], r#""[1,null,\"\\u003ca\\u0026\\u003e\"] true""#);
    check(
        "format",
        &[s("[%#x] [%+d] [%.0d] [%x] [%b] [%o]"), n("255"), n("5"), n("0"), n("-255"), n("5"), s("8")],
        r#""[0xff] [+5] [] [-ff] [101] [10]""#,
    );
    let arguments = [s("[%.0s] [%.s] [%.2s] [%5.1s]"), s("abc"), s("abc"), s("abc"), s("abc")];
    check("format", &arguments, r#""[abc] [abc] [ab] [    a]""#);
    let numbers =
        ["1234.5678", "1234.5678", "1e21", "1e-7", "1234.5", "99999", "3.14159", "2.25", "100000", "2.5"].map(n);
    let format = s("[%e] [%E] [%g] [%G] [%.3g] [%.2e] [%10.3f] [%+.1f] [%g] [%.0f]");
    let arguments: Vec<Value> = [format].into_iter().chain(numbers).collect();
    let expected =
        r#""[1.234568e+03] [1.234568E+03] [1e+21] [1E-07] [1.23e+03] [1.00e+05] [     3.142] [+2.2] [100000] [2]""#;
    check("format", &arguments, expected);
    check("format", &[s("%d%%%[1]d %[2]d %d"), n("1"), n("2"), n("3")], r#""1%1 2 3""#);
    check("format", &[s("%v"), n("-0.0")], r#""-0""#);
    check("format", &[s("%q"), s("aé<\u{1}\u{2028}\"")], r#""\"aé\\u003c\\u0001\\u2028\\\"\"""#);
    for (format, arguments) in [
        ("%d", &[n("1.5")] as &[Value]),
        ("%d %d", &[n("1")]),
        ("%!", &[n("1")]),
        ("%z", &[n("1")]),
        ("%", &[n("1")]),
        ("a", &[n("1")]),
        ("%[1]d", &[n("1"), n("2")]),
        ("%[0]d", &[n("1")]),
        ("%s", &[t(&[])]),
        ("%s", &[Data::Null(Type::String).into()]),
        ("%c", &[n("65")]),
    ] {
        let arguments: Vec<Value> = [s(format)].into_iter().chain(arguments.iter().cloned()).collect();
        check("format", &arguments, "error");
    }
    check("format", &[s("%v"), Data::Null(Type::String).into()], r#""null""#);
    check("format", &[s("%v"), Value::null()], "unknown string");
    check("format", &[s("%s"), unknown(Type::String)], "unknown string");
    check("format", &[s("%v"), t(&[unknown(Type::Any)])], "unknown string");
    check("format", &[s("%99999999999999999999d"), n("1")], "unknown string");
    check("format", &[s("%3s"), s("क्ष")], r#"" क\u{94d}ष""#);
}

#[test]
fn lists_of_formats() {
    let ab = t(&[s("a"), s("b")]);
    check("formatlist", &[s("%s-%s"), ab.clone(), s("x")], r#"list["a-x","b-x"]"#);
    check("formatlist", &[s("%s"), t(&[])], "list[]");
    check("formatlist", &[s("x")], r#"list["x"]"#);
    check("formatlist", &[s("%s-%s"), ab.clone(), t(&[s("x")])], "error");
    check("formatlist", &[s("%v"), Value::null()], "unknown list(string)");
    check("formatlist", &[s("%v"), t(&[Value::null(), n("1")])], r#"list["null","1"]"#);
    check("formatlist", &[s("%s"), t(&[unknown(Type::String), n("1")])], r#"list[unknown string,"1"]"#);
    check("formatlist", &[s("%s%s"), ab.clone(), unknown(Type::String)], "list[unknown string,unknown string]");
    check("formatlist", &[s("%s"), unknown(Type::list(Type::String))], "unknown list(string)");
    check("formatlist", &[s("%s%s"), ab.clone(), unknown(Type::list(Type::String))], "unknown list(string)");
    check("formatlist", &[s("%s%s"), ab, unknown(Type::Tuple([Type::String].into())).not_null()], "error");
    let set = Value::set(Type::String, vec![s("b"), s("a")]);
    check(
        "formatlist",
        &[s("%s %v"), set, Value::object([("a".into(), n("1"))])],
        r#"list["a {\"a\":1}","b {\"a\":1}"]"#,
    );
}
