//! Changes to texts, by a generator of numbers, so that every run makes the same.

use super::bodies::Random;

/// Parts of the languages that are read, and what is no part of any.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "{", "}", "[", "]", "(", ")", "\"", "\"\"", "\\", "\\\"", "\\u", "\\ud800", ",", ":", "=", ".", "*", "?", "...", "=>", "${", "%{",
    "~}", "<<EOT\n", "<<-EOT\n", "\nEOT\n", "//", "/*", "*/", "#", "\n", "\r\n", "\r", "\t", " ", "\u{0}", "\u{feff}", "\u{a0}",
    "\u{202e}", "\u{200b}", "\u{1b}[31m", "é", "e\u{301}", "日本", "😀", "null", "true", "false", "0", "-1", "1e999", "1e-999",
    "0.1", "18446744073709551616", "9007199254740993", "NaN", "\"EU\"", "\"US\"", "\"none\"", "\"zero_data_retention\"", "\"*\"",
    "for_each", "count", "each.key", "each.value", "count.index", "self", "var.a", "local.a", "module.a", "data.a.b", "path.module",
    "terraform.workspace", "resource \"openai_project\" \"p\" {", "variable \"a\" {", "dynamic \"a\" {", "module \"a\" {",
    "lifecycle {", "moved {", "import {", "check \"a\" {", "default", "sensitive", "nullable", "ephemeral", "provider", "source",
    "for x in ", "for k, v in ", "if ", "endif", "try(", "can(", "jsonencode(", "jsondecode(", "merge(", "lookup(", "format(",
    "tonumber(", "tostring(", "toset(", "sensitive(", "nonsensitive(", "regex(", "range(", "file(", "templatefile(", "flatten(",
    "\"address\"", "\"mode\"", "\"type\"", "\"name\"", "\"index\"", "\"after\"", "\"before\"", "\"actions\"", "\"after_unknown\"",
    "\"after_sensitive\"", "\"deposed\"", "\"previous_address\"", "\"values\"", "\"resources\"", "\"child_modules\"",
    "\"resource_changes\"", "\"planned_values\"", "\"prior_state\"", "\"configuration\"", "\"references\"", "\"errored\"",
    "\"format_version\"", "\"projects\"", "\"organization\"", "\"object\"", "\"has_more\"", "\"data\"", "project \"p\" {",
    "organization {", "use \"/v1/responses\" {", "region", "residency", "data_retention", "waiver \"", "unchecked \"", "rule \"",
    "severity", "enabled", "waivable", "reason", "expires", "subject", "2026-12-31", "2026-02-30", "until", "openai-data-controls:ignore",
    "package ", "import rego.v1", "deny contains ", "undetermined contains ", "applies contains ", "some ", "every ", "not ", "if {",
    "input.", "data.", "with input as ", ":= ", "else := ", "default ", "# METADATA", "# custom:", "count(", "sprintf(\"%v\", [",
    "object.get(", "walk(", "_", "-", "---\n", "# file: main.tf\n", "# file: openai.hcl\n",
];

/// Words, numbers, quoted pieces and single signs: where each begins and ends.
fn tokens(data: &[u8]) -> Vec<std::ops::Range<usize>> {
    let kind = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80 => 1,
        b if b.is_ascii_whitespace() => 2,
        _ => 0,
    };
    let mut found = Vec::new();
    let mut from = 0;
    for at in 1..=data.len() {
        if at == data.len() || kind(data[at]) != kind(data[at - 1]) || kind(data[at]) == 0 {
            found.push(from..at);
            from = at;
        }
    }
    found
}

/// A text that is changed in some places.
pub(super) fn changed(random: &mut Random, data: &[u8], other: &[u8]) -> Vec<u8> {
    let mut text = data.to_vec();
    for _ in 0..=random.below(4) {
        change(random, &mut text, other);
        text.truncate(super::bodies::LARGEST);
    }
    text
}

fn change(random: &mut Random, text: &mut Vec<u8>, other: &[u8]) {
    let tokens = tokens(text);
    if tokens.is_empty() {
        text.extend_from_slice(random.one_of(PARTS).as_bytes());
        return;
    }
    let one = random.one_of(&tokens).clone();
    let another = random.one_of(&tokens).clone();
    match random.below(14) {
        0 => text.truncate(one.start),
        1 => drop(text.drain(one)),
        2 => drop(text.splice(one, random.one_of(PARTS).bytes())),
        3 => drop(text.splice(one.start..one.start, random.one_of(PARTS).bytes())),
        4 => {
            let taken = text[another].to_vec();
            text.splice(one, taken);
        }
        5 => drop(text.drain(one.start.min(another.start)..one.start.max(another.start).min(one.start + 400))),
        6 | 7 => move_lines(random, text),
        8 => text[one.start] ^= 1 << random.below(8),
        9 => {
            let deep = 1 << random.below(10);
            let (open, close) =
                *random.one_of(&[("[", "]"), ("{\"a\":", "}"), ("(", ")"), ("{", "}"), ("!", ""), ("-", "")]);
            let inner = text[one.clone()].to_vec();
            let nested = [open.repeat(deep).as_bytes(), &inner, close.repeat(deep).as_bytes()].concat();
            text.splice(one, nested);
        }
        10 => {
            let taken = text[one.clone()].to_vec();
            text.splice(one.start..one.start, taken.repeat(1 + random.below(40)));
        }
        11 => {
            let from = random.below(other.len() + 1);
            let to = (from + random.below(200)).min(other.len());
            text.splice(one.start..one.start, other[from..to].iter().copied());
        }
        12 => {
            let number = [random.below(10).to_string(), "9".repeat(1 + random.below(30))];
            text.splice(one, random.one_of(&number).bytes());
        }
        _ => drop(text.splice(one, [u8::try_from(random.below(256)).unwrap()])),
    }
}

/// A line is put elsewhere, or stands twice.
fn move_lines(random: &mut Random, text: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> = text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let from = random.below(lines.len());
    let line = if random.chance(2) { lines.remove(from) } else { lines[from].clone() };
    let to = random.below(lines.len() + 1);
    lines.insert(to, line);
    *text = lines.concat();
}
