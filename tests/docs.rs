//! The documentation is true: its commands are run, and the pages of rules say what the rules say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use openai_data_controls::policy::{CATALOG, PolicySet, catalog, embedded, list};
use openai_data_controls::rule::{Rule, Severity};

#[test]
fn commands_print_what_the_readme_shows() {
    let cases = trycmd::TestCases::new();
    cases.case("README.md").case("docs/inputs.md");
    cases.run();
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

/// Holds a generated file to what it is made of; `UPDATE_DOCS=1` writes it.
fn is_published(path: &str, made: &str) {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(&full, made).unwrap();
    }
    let published = fs::read_to_string(&full).unwrap_or_default();
    assert!(published == made, "{path} is old: UPDATE_DOCS=1 cargo test --test docs writes it");
}

#[test]
fn gates_have_the_catalog_of_all_rules() {
    let (rules, problems) = list(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    is_published(CATALOG, &catalog(&rules, Severity::Medium));
}

#[test]
fn every_rule_has_its_page() {
    let (policies, problems) = PolicySet::load(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    for rule in policies.rules() {
        is_published(&rule.help(), &page(rule));
    }
}
