//! What several tests need: fixtures, the library's check, the programs to compare with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![allow(dead_code, unreachable_pub, missing_docs)]

pub mod generated;
pub mod made;
pub mod mutants;
pub mod opa;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use openai_data_controls::report::Report;
use openai_data_controls::{Options, check};

/// The day on which all fixtures are judged.
pub const TODAY: &str = "2026-11-22";

/// The project's directory.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A fixture.
pub fn testdata(path: &str) -> PathBuf {
    root().join("testdata").join(path)
}

/// Holds the page of the language to what a test found.
pub fn stands_in_language_page(figures: &str) {
    let page = fs::read_to_string(root().join("docs/terraform-language.md")).unwrap();
    assert!(page.lines().any(|line| line == figures), "docs/terraform-language.md is to say: {figures}");
}

/// The directories in a directory, sorted.
pub fn directories(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    found.sort();
    found
}

/// An example of a rule: `testdata/rules/<group>/<name>/<kind>-<what>/`.
pub struct Example {
    pub rule: String,
    pub kind: String,
    pub path: PathBuf,
}

/// All examples of all rules.
pub fn examples() -> Vec<Example> {
    let mut found = Vec::new();
    for group in directories(&testdata("rules")) {
        for rule in directories(&group) {
            for path in directories(&rule) {
                let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
                let kind = name(&path).split('-').next().unwrap().to_owned();
                found.push(Example { rule: format!("{}/{}", name(&group), name(&rule)), kind, path });
            }
        }
    }
    found
}

/// The inputs that lie in a fixture's directory: definitions and a plan.
pub fn inputs(directory: &Path) -> Vec<PathBuf> {
    ["openai.hcl", "openai.json", "plan.json"].iter().map(|n| directory.join(n)).filter(|p| p.exists()).collect()
}

/// Options for a check of these paths.
pub fn options(paths: Vec<PathBuf>) -> Options {
    Options { paths, today: TODAY.to_owned(), ..Options::default() }
}

/// Checks these paths.
pub fn report(paths: Vec<PathBuf>) -> Report {
    check(&options(paths), &mut std::io::empty()).0
}

/// Every plan and definition below `testdata` that is healthy enough to have facts, by directory.
pub fn fixtures() -> Vec<Vec<PathBuf>> {
    let mut found: Vec<Vec<PathBuf>> = examples().iter().map(|e| inputs(&e.path)).collect();
    for directory in ["plans", "joins", "clients"] {
        found.extend(directories(&testdata(directory)).iter().map(|d| inputs(d)).filter(|i| !i.is_empty()));
    }
    found.push(inputs(&testdata("quickstart")));
    found
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

/// The binary under test.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openai-data-controls"));
    command.current_dir(root()).env_remove("NO_COLOR");
    command
}
