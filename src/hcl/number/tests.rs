use super::*;

fn number(text: &str) -> Number {
    match Number::parse(text) {
        Parsed::Number(number) => number,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn what_is_written_is_printed_alike() {
    for text in ["0", "1", "-1", "0.1", "123456789.123456789", "0.002", "1000000000000000000000", "-0", "0.30000001"] {
        assert_eq!(number(text).to_string(), text);
    }
    assert_eq!(number("1e3").to_string(), "1000");
    assert_eq!(number("2e-3").to_string(), "0.002");
    assert_eq!(number(".5").to_string(), "0.5");
    assert_eq!(number("1e400").to_string(), format!("1{}", "0".repeat(400)));
    assert!(matches!(Number::parse("1e99999999999"), Parsed::NotFollowed));
    for text in ["", "-", "1_000", "0x10", "1e", "e5", "1 ", "١"] {
        assert!(matches!(Number::parse(text), Parsed::NoNumber), "{text}");
    }
}

#[test]
fn operations_round_as_terraform_does() {
    // As `terraform console` prints them.
    let third = number("10").over(&number("3")).unwrap();
    assert_eq!(third.to_string(), format!("3.{}2", "3".repeat(153)));
    let third = Number::counted(1).over(&Number::counted(3)).unwrap();
    assert_eq!(third.to_string(), "0.33333333333333333334");
    assert_eq!(number("0.1").plus(&number("0.2")).unwrap(), number("0.3"));
    assert_eq!(number("7").modulo(&number("-3")).unwrap().to_string(), "1");
    assert_eq!(number("-7.5").modulo(&number("2")).unwrap().to_string(), "-1.5");
    assert_eq!(number("5").modulo(&number("0")).unwrap().to_string(), "5");
    assert_eq!(Number::from_f64(2_f64.sqrt()).unwrap().to_string(), "1.4142135623730951");
    assert!(number("1").over(&number("0")).is_none());
}

#[test]
fn floats_and_whole_numbers() {
    assert_eq!(number("0.1").to_f64().to_bits(), 0.1_f64.to_bits());
    assert_eq!(number("-0.5").to_f64().to_bits(), (-0.5_f64).to_bits());
    assert_eq!(number("9223372036854775807").to_i64(), Some(i64::MAX));
    assert_eq!(number("-9223372036854775808").to_i64(), Some(i64::MIN));
    assert_eq!(number("9223372036854775808").to_i64(), None);
    assert_eq!(number("1.5").to_i64(), None);
    assert_eq!(number("-1.5").to_whole(true).to_string(), "-1");
    assert_eq!(number("-1.5").to_whole(false).to_string(), "-2");
    assert_eq!(number("1.5").to_whole(true).to_string(), "2");
    assert_eq!(number("1234567890123").short_text(), "1.23456789e+12");
    assert_eq!(number("0.00001").short_text(), "1e-05");
    assert_eq!(number("3.25").short_text(), "3.25");
}
