//! Gates: the lines of their pages, run with the real programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod atlantis;
mod container;
mod github;
mod gitlab;
mod opa;
mod plugins;
mod pre_commit;
#[path = "../support/mod.rs"]
mod support;
mod terraform;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use saphyr_parser::{Event, Parser};
use serde_json::Value;
use support::{root, testdata};

/// The fenced blocks of a page in this language, in their order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/gates").join(page)).unwrap();
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// A PATH that finds the program that is tested first.
fn path() -> OsString {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_openai-data-controls"));
    let own = program.parent().unwrap().to_owned();
    let others = std::env::var_os("PATH").unwrap();
    std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&others))).unwrap()
}

/// A shell command with that PATH, which ends within a minute.
fn shell(script: &str, directory: &Path) -> Command {
    let mut command = Command::new("timeout");
    command.args(["60", "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
    command.current_dir(directory).env("PATH", path());
    command
}

/// A directory with the plan, the source and the definition of the quick start, which violate rules.
fn quickstart() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for file in ["plan.json", "openai.hcl", "main.tf"] {
        fs::copy(testdata("quickstart").join(file), directory.path().join(file)).unwrap();
    }
    directory
}

/// Standard output of a command that has to leave with this code.
fn left(output: &Output, code: i32) -> String {
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(code), "{shown}{}", String::from_utf8_lossy(&output.stderr));
    shown
}

/// A YAML document; a key that stands twice is an error. Scalars are texts.
fn yaml(text: &str) -> Value {
    let mut events = Parser::new_from_str(text).map(|event| event.unwrap().0);
    let mut anchors = BTreeMap::new();
    loop {
        match events.next().unwrap() {
            Event::StreamStart | Event::DocumentStart(_) => {}
            event => return node(event, &mut events, &mut anchors),
        }
    }
}

fn node<'a>(
    event: Event<'a>,
    events: &mut impl Iterator<Item = Event<'a>>,
    anchors: &mut BTreeMap<usize, Value>,
) -> Value {
    let (value, anchor) = match event {
        Event::Scalar(text, _, anchor, _) => (Value::from(text.to_string()), anchor),
        Event::Alias(anchor) => (anchors[&anchor].clone(), 0),
        Event::SequenceStart(anchor, _) => {
            let mut items = Vec::new();
            loop {
                match events.next().unwrap() {
                    Event::SequenceEnd => break (Value::from(items), anchor),
                    item => items.push(node(item, events, anchors)),
                }
            }
        }
        Event::MappingStart(anchor, _) => {
            let mut entries = serde_json::Map::new();
            loop {
                match events.next().unwrap() {
                    Event::MappingEnd => break (Value::from(entries), anchor),
                    key => {
                        let key = node(key, events, anchors).as_str().unwrap().to_owned();
                        let value = events.next().unwrap();
                        let value = node(value, events, anchors);
                        assert!(entries.insert(key.clone(), value).is_none(), "{key} stands twice");
                    }
                }
            }
        }
        other => panic!("{other:?}"),
    };
    if anchor > 0 {
        anchors.insert(anchor, value.clone());
    }
    value
}

/// The pages are in the index, and each is about a gate that a test runs.
#[test]
fn the_index_names_every_page() {
    let index = fs::read_to_string(root().join("docs/gates/README.md")).unwrap();
    let mut pages: Vec<String> = fs::read_dir(root().join("docs/gates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    pages.sort();
    assert_eq!(pages.len(), 9);
    for page in pages {
        assert!(index.contains(&format!("({page})")), "{page}");
    }
}
