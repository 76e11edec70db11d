//! The documentation is true: its commands are run, and the pages of rules say what the rules say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use openai_data_controls::policy::{PolicySet, embedded};
use openai_data_controls::rule::Rule;

#[test]
fn commands_print_what_the_readme_shows() {
    let cases = trycmd::TestCases::new();
    cases.case("README.md").case("docs/inputs.md");
    cases.run();
}

/// The page on rules of one's own writes some: it is run elsewhere, with the directory that it shows.
#[test]
fn commands_print_what_the_page_on_own_rules_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join("own-rules.md");
    fs::copy(root.join("docs/own-rules.md"), &page).unwrap();
    copy(&root.join("testdata/own-rules"), &directory.path().join("own-rules.in/testdata/own-rules"));
    let cases = trycmd::TestCases::new();
    cases.case(page);
    cases.run();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The page of a rule, from its METADATA.
fn page(rule: &Rule) -> String {
    let mut page = format!("# {}\n\n{}\n\n", rule.id, rule.title);
    let statements = if rule.statements.is_empty() { "none".to_owned() } else { rule.statements.join(", ") };
    let _ = write!(page, "| severity | judges | section of OpenAI's page | statements |\n|---|---|---|---|\n");
    let _ = write!(page, "| {} | {} | {} | {statements} |\n\n", rule.severity.name(), rule.subject, rule.section);
    let _ = write!(
        page,
        "## Why\n\n{}\n\n## What to do\n\n```text\n{}\n```\n\n## Read\n\n",
        rule.description, rule.remediation
    );
    for link in &rule.related_resources {
        let _ = writeln!(page, "- <{link}>");
    }
    let _ = writeln!(page, "- [the rule](../../../{})", rule.path);
    page
}

#[test]
fn every_rule_has_its_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (policies, problems) = PolicySet::load(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    for rule in policies.rules() {
        let path = root.join(rule.help());
        let page = page(rule);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &page).unwrap();
        }
        let published = fs::read_to_string(&path).unwrap_or_default();
        assert!(published == page, "{} is old: run the tests with UPDATE_DOCS=1", rule.help());
    }
}
