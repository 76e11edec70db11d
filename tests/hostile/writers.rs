//! Reports of any text, in every format, read back by a reader that is not the writer.

use openai_data_controls::input::InputKind;
use openai_data_controls::location::SourceMap;
use openai_data_controls::policy::embedded;
use openai_data_controls::report::{Format, Style, write_json};
use openai_data_controls::retention::{self, TableFormat};
use serde_json::json;

use super::judging::{facts, read};
use super::parsers::{azure_commands, github_commands, harmless, read_back};
use super::reports::{Random, hostile_of, text as hostile_text};

fn parts(data: &[u8]) -> (u64, Vec<String>) {
    let (seed, rest) = data.split_at(data.len().min(4));
    let seed = seed.iter().fold(0, |seed, byte| seed << 8 | u64::from(*byte));
    // Texts of the program itself stand once in a report, which its readers count.
    let own = |text: &str| text.contains(" passed, ");
    let texts = String::from_utf8_lossy(rest);
    let texts = texts.split('\u{0}').filter(|text| !text.is_empty() && !own(text)).map(str::to_owned);
    (seed, texts.chain(["a".to_owned()]).collect())
}

/// A report whose shape the first bytes choose, and whose texts are the rest.
fn written(data: &[u8], format: Format) {
    let (seed, texts) = parts(data);
    let (report, counts) = hostile_of(seed, &mut Random::new(seed + 1).with_texts(texts));
    let mut out = Vec::new();
    report.write(format, Style::default(), &SourceMap::default(), &mut out).unwrap();
    read_back(format, &String::from_utf8(out).unwrap(), &report, counts);
}

pub fn text(data: &[u8]) {
    written(data, Format::Text);
}

pub fn json(data: &[u8]) {
    written(data, Format::Json);
}

pub fn sarif(data: &[u8]) {
    written(data, Format::Sarif);
}

pub fn junit(data: &[u8]) {
    written(data, Format::Junit);
}

pub fn github(data: &[u8]) {
    written(data, Format::Github);
}

pub fn gitlab(data: &[u8]) {
    written(data, Format::Gitlab);
}

pub fn azure(data: &[u8]) {
    written(data, Format::Azure);
}

pub fn tap(data: &[u8]) {
    written(data, Format::Tap);
}

pub fn markdown(data: &[u8]) {
    written(data, Format::Markdown);
}

pub fn conftest(data: &[u8]) {
    written(data, Format::Conftest);
}

/// The facts, and the table of what is kept, of projects of any name.
pub fn retention(data: &[u8]) {
    let (seed, texts) = parts(data);
    let mut random = Random::new(seed + 1).with_texts(texts);
    let names: Vec<String> = (0..3).map(|_| hostile_text(&mut random)).collect();
    let projects: Vec<_> = names
        .iter()
        .map(|name| {
            let endpoint = format!("/v1/{}", hostile_text(&mut random));
            json!({"name": name, "region": *random.one_of(&["EU", "US", "JP"]), "uses": [{"endpoint": endpoint}]})
        })
        .collect();
    let definition = json!({ "projects": projects }).to_string();
    let inputs = read(definition.as_bytes(), Some(InputKind::Definition));
    if !inputs.problems.is_empty() {
        return;
    }
    let mut out = Vec::new();
    write_json(&inputs.facts, &mut out).unwrap();
    let document = String::from_utf8(out).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&document).unwrap(), facts(&inputs));
    harmless(&document);
    assert_eq!(azure_commands(&document), []);
    let table = retention::table(&inputs.facts, &embedded()).unwrap();
    for format in [TableFormat::Text, TableFormat::Json, TableFormat::Markdown, TableFormat::Csv] {
        let mut out = Vec::new();
        table.write(format, &mut out).unwrap();
        let document = String::from_utf8(out).unwrap();
        match format {
            TableFormat::Json => {
                let read: serde_json::Value = serde_json::from_str(&document).unwrap();
                assert_eq!(read, serde_json::to_value(&table).unwrap());
            }
            TableFormat::Csv => {
                let mut reader = csv::Reader::from_reader(document.as_bytes());
                let rows = reader.records().map(Result::unwrap).count();
                assert_eq!(rows, table.projects.iter().map(|project| project.rows.len()).sum::<usize>());
            }
            TableFormat::Text | TableFormat::Markdown => {}
        }
        harmless(&document);
        assert_eq!(github_commands(&document), []);
        assert_eq!(azure_commands(&document), []);
    }
}
