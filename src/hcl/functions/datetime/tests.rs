use super::super::{Files, call, function};
use super::*;

fn check(name: &str, arguments: [&str; 2], expected: &str) {
    let values = arguments.iter().map(Value::string).collect();
    let result = match call(function(name).unwrap(), values, &Files::default()) {
        Ok(value) => match (value.as_str(), value.as_number()) {
            (Some(text), _) => text.to_owned(),
            (_, Some(number)) => number.to_string(),
            _ => "unknown".to_owned(),
        },
        Err(_) => "error".to_owned(),
    };
    assert_eq!(result, expected, "{name} {arguments:?}");
}

#[test]
fn formats() {
    let time = "2018-01-02T23:12:01+00:00";
    check(
        "formatdate",
        ["EEEE, DD-MMM-YY hh:mm:ss ZZZ 'o''clock' AA H", time],
        "Tuesday, 02-Jan-18 23:12:01 UTC o'clock PM 11",
    );
    check("formatdate", ["YYYY-M-D h:m:s aa ZZZZ Z", "0900-02-29T00:05:09Z"], "error");
    check(
        "formatdate",
        ["YYYY-M-D h:m:s aa H ZZZZ Z", "0904-02-29T00:05:09.5-07:30"],
        "0904-2-29 0:5:9 am 12 -0730 -07:30",
    );
    check("formatdate", ["", time], "");
    check("formatdate", ["é''", time], "é'");
    check("formatdate", ["'a", time], "error");
    check("formatdate", ["'", time], "error");
    for format in ["YYY", "MMMMM", "DDD", "E", "hhh", "HHH", "A", "aaa", "mmm", "sss", "ZZ", "ZZZZZZ", "x"] {
        check("formatdate", [format, time], "error");
    }
    check("formatdate", [&"-".repeat(5000), time], "unknown");
}

#[test]
fn sums() {
    check("timeadd", ["2017-11-22T00:00:00.9Z", "1h0.1s"], "2017-11-22T01:00:01Z");
    check("timeadd", ["2024-02-28T23:59:59+01:00", "-24h"], "2024-02-27T23:59:59+01:00");
    check("timeadd", ["2024-02-28T23:59:59Z", "1s"], "2024-02-29T00:00:00Z");
    check("timeadd", ["2024-03-01T00:00:00-00:00", "-1ns"], "2024-02-29T23:59:59Z");
    check("timeadd", ["2017-11-22T00:00:00Z", "0"], "2017-11-22T00:00:00Z");
    check("timeadd", ["9999-12-31T23:59:59Z", "1s"], "unknown");
    for duration in ["", "-", "1", "1d", "h", ".h", "1h ", "9223372036855s", "9223372036854775808ns"] {
        check("timeadd", ["2017-11-22T00:00:00Z", duration], "error");
    }
    check("timeadd", ["2017-11-22T00:00:00Z", "-9223372036854775808ns"], "1725-08-13T00:12:43Z");
    for time in
        ["2017-11-22", "2017-11-22T0:00:00Z", "2017-11-22T00:00:00,5Z", "2017-02-29T00:00:00Z", "2017-11-22 00:00:00Z"]
    {
        check("timeadd", [time, "1h"], "error");
    }
}

#[test]
fn orders() {
    check("timecmp", ["2017-11-22T00:00:00Z", "2017-11-22T01:00:00,5+01:00"], "-1");
    check("timecmp", ["2017-11-22T0:00:00Z", "2017-11-22T00:00:00Z"], "0");
    check("timecmp", ["2017-11-22T00:00:00.1Z", "2017-11-22T00:00:00.01Z"], "1");
    check("timecmp", ["2017-11-22T00:00:00Z", "2017-11-22T00:00:00+24:61"], "error");
    let now = call(function("timestamp").unwrap(), Vec::new(), &Files::default()).unwrap();
    assert_eq!(now.ty(), Type::String);
    assert!(!now.is_known());
}
