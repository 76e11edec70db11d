//! What several tests need: fixtures, the library's check, the programs to compare with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![allow(dead_code, unreachable_pub, missing_docs, unused_imports)]

pub mod fixtures;
pub mod generated;
pub mod made;
pub mod mutants;
pub mod opa;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use openai_data_controls::policy::{embedded, rule_ids};
use openai_data_controls::rule::RuleId;

#[allow(unused_imports)]
pub use fixtures::{
    Example, TODAY, directories, examples, facts_and_report, fixtures, inputs, options, report, root, testdata,
    write_files,
};

/// Holds the page of the language to what a test found.
pub fn stands_in_language_page(figures: &str) {
    let page = fs::read_to_string(root().join("docs/terraform-language.md")).unwrap();
    assert!(page.lines().any(|line| line == figures), "docs/terraform-language.md is to say: {figures}");
}

/// Holds a generated file to what it is made of; `UPDATE_DOCS=1` writes it.
pub fn is_published(path: &str, made: &str) {
    let full = root().join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(&full, made).unwrap();
    }
    let published = fs::read_to_string(&full).unwrap_or_default();
    assert!(published == made, "{path} is old: UPDATE_DOCS=1 cargo test writes it");
}

/// The program `name` to compare with. Where it is not installed the test has nothing to compare and says so, unless
/// `OPENAI_DATA_CONTROLS_PEERS` names it among those that have to be there.
pub fn peer(name: &str) -> Option<Command> {
    match on_path(name) {
        Some(path) => Some(Command::new(path)),
        None if std::env::var("OPENAI_DATA_CONTROLS_PEERS").is_ok_and(|v| v.split(' ').any(|peer| peer == name)) => {
            panic!("{name} is not on PATH, and OPENAI_DATA_CONTROLS_PEERS asks for it")
        }
        None => {
            eprintln!("not compared: {name} is not on PATH");
            None
        }
    }
}

/// Where a program is.
pub fn on_path(name: &str) -> Option<PathBuf> {
    std::env::var_os("PATH").and_then(|paths| std::env::split_paths(&paths).map(|p| p.join(name)).find(|p| p.is_file()))
}

/// A file of settings in a directory that leave these of the product's rules on, and no other.
pub fn only(directory: &Path, rules: &BTreeSet<&str>) -> PathBuf {
    let path = directory.join(".openai-data-controls.hcl");
    let ids = rule_ids(&embedded());
    let off = ids.iter().map(RuleId::as_str).filter(|id| !rules.contains(id));
    let text: String = off.map(|id| format!("rule \"{id}\" {{\n  enabled = false\n}}\n")).collect();
    fs::write(&path, text).unwrap();
    path
}

/// The binary under test.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openai-data-controls"));
    command.current_dir(root()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}
