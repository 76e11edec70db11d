//! Times the parts of a run, in one process: `cargo bench --bench parts`.
#![allow(clippy::expect_used)]

use std::fmt::Write as _;
use std::path::PathBuf;

use divan::Bencher;
use openai_data_controls::facts::Facts;
use openai_data_controls::policy::{Document, EditionDocument, File, Held, PolicySet, embedded};
use openai_data_controls::report::{Format, Style};
use openai_data_controls::{Options, check, facts};

/// Projects of a run.
const COUNTS: [usize; 3] = [1, 20, 500];

fn main() {
    divan::main();
}

/// A definition of projects in Europe, each with one use.
fn definition(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, i| {
        let _ = writeln!(text, "project \"p{i}\" {{\n  region = \"EU\"\n  use \"/v1/responses\" {{\n    model = \"gpt-4.1-2025-04-14\"\n  }}\n}}");
        text
    })
}

/// Options for a file with this text.
fn options(name: &str, text: &str) -> Options {
    let directory = std::env::temp_dir().join(format!("openai-data-controls-parts-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let path: PathBuf = directory.join(name);
    std::fs::write(&path, text).expect("a file");
    Options { paths: vec![path], ignore_settings: true, today: "2026-11-22".into(), ..Options::default() }
}

fn read(options: &Options) -> Facts {
    let inputs = facts(options, &mut std::io::empty()).0.expect("facts");
    assert!(inputs.problems.is_empty(), "{:?}", inputs.problems);
    inputs.facts
}

#[divan::bench(args = COUNTS)]
fn read_definition(bencher: Bencher<'_, '_>, count: usize) {
    let options = options(&format!("{count}.hcl"), &definition(count));
    bencher.bench(|| read(&options));
}

#[divan::bench]
fn read_plan_of_500_projects(bencher: Bencher<'_, '_>) {
    let plan = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/plans/big-500/plan.json");
    let options =
        Options { paths: vec![plan], ignore_settings: true, today: "2026-11-22".into(), ..Options::default() };
    bencher.bench(|| read(&options));
}

fn document(facts: &Facts) -> Document {
    let edition = EditionDocument::new(&facts.edition).expect("an edition");
    Document::of_facts(facts, edition).expect("a document")
}

#[divan::bench(args = COUNTS)]
fn hand_facts_over(bencher: Bencher<'_, '_>, count: usize) {
    let facts = read(&options(&format!("{count}.hcl"), &definition(count)));
    bencher.bench(|| document(&facts));
}

/// The product's own files as if they were another's: those that are embedded are loaded once in a process, and not checked.
fn files() -> Vec<File> {
    embedded().iter().map(|file| file.with_text(file.text.clone())).collect()
}

#[divan::bench]
fn load_and_check_all_rules(bencher: Bencher<'_, '_>) {
    let files = files();
    bencher.bench(|| PolicySet::load(&files));
}

#[divan::bench]
fn load_and_check_the_rules_of_projects_in_regions(bencher: Bencher<'_, '_>) {
    let files = files();
    let held = Held { kinds: vec!["organization", "project"], stated: vec!["region"] };
    bencher.bench(|| PolicySet::load_for(&files, &held));
}

#[divan::bench(args = COUNTS)]
fn evaluate_all_rules(bencher: Bencher<'_, '_>, count: usize) {
    let facts = read(&options(&format!("{count}.hcl"), &definition(count)));
    let document = document(&facts);
    let (policies, _) = PolicySet::load(&embedded());
    bencher.bench(|| policies.evaluate(document.clone()));
}

/// The ids of all rules.
fn ids() -> Vec<String> {
    PolicySet::load(&embedded()).0.rules().iter().map(|rule| rule.id.to_string()).collect()
}

#[divan::bench(args = ids(), sample_count = 10)]
fn evaluate_one_rule_on_500_projects(bencher: Bencher<'_, '_>, id: &String) {
    let facts = read(&options("500.hcl", &definition(500)));
    let document = document(&facts);
    let (mut policies, _) = PolicySet::load(&embedded());
    policies.retain(|rule| rule.id.as_str() == id);
    bencher.bench(|| policies.evaluate(document.clone()));
}

#[divan::bench(args = Format::ALL.map(Format::name))]
fn write_the_report_of_500_projects(bencher: Bencher<'_, '_>, name: &str) {
    let (report, places) = check(&options("500.hcl", &definition(500)), &mut std::io::empty());
    let format: Format = name.parse().expect("a format");
    bencher.bench(|| {
        let mut out = Vec::new();
        report.write(format, Style::default(), &places, &mut out).expect("memory takes it");
        out
    });
}
