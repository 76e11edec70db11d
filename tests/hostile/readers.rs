//! Inputs of one file.

use openai_data_controls::edition::{self, EditionFacts};
use openai_data_controls::input::{InputKind, Inputs};

use super::files::text;
use super::judging::{GIVEN, facts, is_judged, lies_inside, places_lie_inside, read};
use super::shuffle;

pub fn plan(data: &[u8]) {
    json(data, InputKind::TerraformPlan);
}

pub fn state(data: &[u8]) {
    json(data, InputKind::TerraformState);
}

pub fn export(data: &[u8]) {
    json(data, InputKind::AdminApi);
}

pub fn definition_json(data: &[u8]) {
    json(data, InputKind::Definition);
}

/// As it is recognised, else as what it is said to be.
fn recognised(data: &[u8], kind: InputKind) -> Inputs {
    let found = read(data, None);
    if found.records.first().and_then(|record| record.kind) == Some(kind) { found } else { read(data, Some(kind)) }
}

fn json(data: &[u8], kind: InputKind) {
    let found = recognised(data, kind);
    is_judged(&found);
    let Some(text) = text(data).filter(|text| !text.trim().is_empty()) else {
        assert!(!found.problems.is_empty(), "no text, and no error");
        return;
    };
    places_lie_inside(&found.problems, |path| (path == GIVEN).then_some(text));
    let may_be_hcl = kind == InputKind::Definition && !text.trim_start().starts_with(['{', '[', '"']);
    if !shuffle::is_json(text) {
        assert!(may_be_hcl || !found.problems.is_empty(), "no JSON, and no error");
        return;
    }
    if found.problems.is_empty() {
        same(&found, shuffle::json(text).as_bytes(), kind);
    }
}

/// The same document, written otherwise, is read alike.
fn same(found: &Inputs, other: &[u8], kind: InputKind) {
    let again = read(other, Some(kind));
    assert!(again.problems.is_empty(), "{:?}\n{}", again.problems, String::from_utf8_lossy(other));
    let (was, is) = (facts(found), facts(&again));
    assert_eq!(was, is, "{}", String::from_utf8_lossy(other));
}

pub fn definition_hcl(data: &[u8]) {
    let found = read(data, Some(InputKind::Definition));
    is_judged(&found);
    let Some(text) = text(data).filter(|text| !text.trim().is_empty()) else {
        assert!(!found.problems.is_empty(), "no text, and no error");
        return;
    };
    places_lie_inside(&found.problems, |path| (path == GIVEN).then_some(text));
    if text.trim_start().starts_with(['{', '[', '"']) {
        return;
    }
    if !shuffle::is_hcl(text) {
        assert!(!found.problems.is_empty(), "no HCL, and no error");
    } else if found.problems.is_empty() {
        same(&found, shuffle::hcl(text).unwrap().as_bytes(), InputKind::Definition);
    }
}

pub fn edition(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match edition::parse(GIVEN, text) {
        Ok(edition) => {
            assert!(shuffle::is_json(text.trim_start_matches('\u{feff}')), "no JSON, and no error");
            let _ = (EditionFacts::new(&edition), edition.refusal(), edition.certainty(), edition.age("2026-11-22"));
        }
        Err(problem) => {
            assert!(problem.help.is_some(), "{problem}");
            if let Some(location) = &problem.location {
                lies_inside(location, text);
            }
        }
    }
}
