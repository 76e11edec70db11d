//! The documentation is true: its commands are run, and the pages of rules say what the rules say.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::support::{self, TODAY, binary, examples, inputs, is_published, report};
use openai_data_controls::policy::{self, CATALOG, catalog, embedded, list};
use openai_data_controls::rule::{Rule, Severity};

#[test]
fn commands_print_what_the_readme_shows() {
    let cases = trycmd::TestCases::new();
    cases.case("README.md").case("docs/inputs.md").case("docs/waivers.md");
    cases.run();
}

/// The page on rules of one's own writes some: it is run elsewhere, with the directory that it shows.
#[test]
fn commands_print_what_the_page_on_own_rules_shows() {
    page_is_true("own-rules", "testdata/own-rules");
}

/// The page on formats writes reports, so it is run elsewhere, too.
#[test]
fn commands_print_what_the_page_on_formats_shows() {
    page_is_true("formats", "testdata/quickstart");
}

/// Runs a page in a directory of its own, with what it needs of the test data.
fn page_is_true(name: &str, needs: &str) {
    let root = support::root();
    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join(format!("{name}.md"));
    fs::copy(root.join(format!("docs/{name}.md")), &page).unwrap();
    copy(&root.join(needs), &directory.path().join(format!("{name}.in")).join(needs));
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

/// Pictures of the text report: on a terminal, in 80 columns without colour, and as the log of a pipeline has it.
#[test]
fn pictures_show_what_is_printed() {
    for (name, columns, arguments) in [
        ("terminal", Some(110), &["--color", "always"][..]),
        ("narrow", Some(80), &["--color", "never"]),
        ("log", None, &["--quiet"]),
    ] {
        let mut command = binary();
        command.args(["check", "plan.json", "openai.hcl", "--today", TODAY]).args(arguments);
        command.current_dir(support::testdata("quickstart")).env_remove("COLUMNS");
        if let Some(columns) = columns {
            command.env("COLUMNS", columns.to_string());
        }
        let shown = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let text: Vec<&str> = shown.lines().collect();
        assert_eq!(shown.contains('\u{1b}'), name == "terminal");
        if name == "narrow" {
            let mut notes = text.iter().filter(|line| line.trim_start().starts_with("= why: "));
            assert!(notes.all(|line| line.chars().count() <= 80), "{shown}");
        }
        let picture = anstyle_svg::Term::new().render_svg(&shown);
        is_published(&format!("docs/pictures/{name}.svg"), &format!("{picture}\n"));
    }
}

/// The page of a rule, from its METADATA and its examples.
fn page(rule: &Rule) -> String {
    let mut page = format!("# {}\n\n{}\n\n", rule.id, rule.title);
    let statements = if rule.statements.is_empty() { "none".to_owned() } else { rule.statements.join(", ") };
    let _ = write!(
        page,
        "| severity | judges | section of OpenAI's page | [statements](../../statements.md) |\n|---|---|---|---|\n"
    );
    let _ = write!(page, "| {} | {} | {} | {statements} |\n\n", rule.severity.name(), rule.subject, rule.section);
    let _ = write!(page, "## Why\n\n{}\n\n## What to do\n\n```text\n{}\n```\n", rule.description, rule.remediation);
    for example in policy::examples(&rule.id) {
        let title = match example.kind.as_str() {
            "fail" => "What fails",
            "pass" => "What passes",
            "unknown" => "What can't be decided",
            _ => "What is not judged",
        };
        let _ = write!(page, "\n## {title}\n");
        for file in &example.files {
            let language = file.name.rsplit('.').next().unwrap_or_default();
            let name = format!("[{}](../../../{}/{})", file.name, example.path, file.name);
            let _ = write!(page, "\n{name}\n\n```{language}\n{}\n```\n", file.text.trim_end());
        }
        let report = report(inputs(&support::root().join(&example.path)));
        let said: Vec<&str> =
            report.findings.iter().filter(|f| f.rule == rule.id).map(|f| f.message.as_str()).collect();
        if !said.is_empty() {
            let _ = write!(page, "\nThe rule says:\n\n```text\n{}\n```\n", said.join("\n"));
        }
    }
    let all: Vec<String> = examples()
        .iter()
        .filter(|example| example.rule == rule.id.as_str())
        .map(|example| example.path.file_name().unwrap().to_string_lossy().into_owned())
        .map(|name| format!("[{name}](../../../testdata/rules/{}/{name})", rule.id))
        .collect();
    let _ = write!(page, "\n## Read\n\n");
    for link in &rule.related_resources {
        let _ = writeln!(page, "- <{link}>");
    }
    let _ = writeln!(
        page,
        "- [the rule](../../../{}), its [tests](../../../{})",
        rule.path,
        rule.path.replace(".rego", "_test.rego")
    );
    let _ = writeln!(page, "- all examples: {}", all.join(", "));
    page
}

/// The list of all rules, by group.
fn index(rules: &[Rule]) -> String {
    let mut page =
        String::from("# The rules\n\nMade from the rules' METADATA and examples: `UPDATE_DOCS=1 cargo test docs::`.\n");
    let mut group = "";
    for rule in rules {
        let own = rule.id.as_str().split('/').next().unwrap_or_default();
        if own != group {
            group = own;
            let _ = write!(page, "\n## {group}\n\n| rule | severity | judges | the problem |\n|---|---|---|---|\n");
        }
        let _ = writeln!(
            page,
            "| [{}]({}.md) | {} | {} | {} |",
            rule.id,
            rule.id,
            rule.severity.name(),
            rule.subject,
            rule.title
        );
    }
    page
}

#[test]
fn every_rule_has_its_page() {
    let (rules, problems) = list(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    for rule in &rules {
        is_published(&rule.help(), &page(rule));
    }
    is_published("docs/rules/README.md", &index(&rules));
}

#[test]
fn explain_shows_what_the_page_shows() {
    for rule in list(&embedded()).0 {
        let output = support::binary().args(["explain", rule.id.as_str()]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0));
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&text).contains(&words(&rule.description)) && words(&text).contains(&words(&rule.remediation)));
        let shown = policy::examples(&rule.id);
        assert!(shown.len() >= 2, "{}: a failing or open example, and another", rule.id);
        for file in shown.iter().flat_map(|example| &example.files) {
            assert!(words(&text).contains(&words(&file.text)), "{}: {}", rule.id, file.name);
        }
    }
}

#[test]
fn gates_have_the_catalog_of_all_rules() {
    let (rules, problems) = list(&embedded());
    assert!(problems.is_empty(), "{problems:?}");
    is_published(CATALOG, &catalog(&rules, Severity::Medium));
}
