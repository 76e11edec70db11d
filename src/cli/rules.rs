//! `rules` and `explain`: what the rules say of themselves.

use std::io::Write;
use std::path::PathBuf;

use openai_data_controls::error::{Error, ExitCode, nearest};
use openai_data_controls::policy::{self, Example};
use openai_data_controls::report::{padded, wrapped};
use openai_data_controls::rule::Rule;
use serde_json::json;

use super::{ListFormat, out, write_json};
use crate::{complain, printable};

/// The rules of the product and of these directories; what is wrong with some is told.
fn rules(directories: &[PathBuf]) -> anyhow::Result<(Vec<Rule>, u8)> {
    let working_directory = std::env::current_dir()?;
    let mut files = policy::embedded();
    let (own, mut problems) = policy::read_directories(directories, &working_directory, &policy::embedded_for_gates());
    files.extend(own.into_iter().filter(|file| !file.is_test()));
    let (rules, wrong) = policy::list(&files);
    problems.extend(wrong);
    problems.iter().for_each(|problem| complain(&printable(&problem.to_string())));
    Ok((rules, if problems.is_empty() { ExitCode::Pass.into() } else { ExitCode::Unchecked.into() }))
}

/// Prints every rule with its severity and title.
pub(crate) fn list_rules(directories: &[PathBuf], format: ListFormat) -> anyhow::Result<u8> {
    let (rules, code) = rules(directories)?;
    match format {
        ListFormat::Json => write_json(&rules)?,
        ListFormat::Text => {
            let width = rules.iter().map(|r| r.id.as_str().len()).max().unwrap_or(0);
            let mut out = out();
            for rule in &rules {
                let title = printable(&rule.title);
                writeln!(out, "{}  {:<8}  {title}", padded(rule.id.as_str(), width), rule.severity.name())?;
            }
        }
    }
    Ok(code)
}

/// Prints all of one rule, with an example of each kind.
pub(crate) fn explain(id: &str, directories: &[PathBuf], format: ListFormat) -> anyhow::Result<u8> {
    let (rules, code) = rules(directories)?;
    // The group may be left out where no other has a rule of that name.
    let names = |rule: &&Rule| rule.id.as_str().split_once('/').is_some_and(|(_, name)| name == id);
    let mut named = rules.iter().filter(names);
    let by_name = named.next().filter(|_| named.next().is_none());
    let Some(rule) = rules.iter().find(|rule| rule.id.as_str() == id).or(by_name) else {
        let help = match nearest(id, rules.iter().map(|rule| rule.id.as_str())) {
            Some(near) => format!("did you mean {near:?}? `openai-data-controls rules` lists them"),
            None => "`openai-data-controls rules` lists them".to_owned(),
        };
        return Err(Error::new("explain", format!("there is no rule {id:?}")).help(help).into());
    };
    let examples = if rule.own { policy::own_examples(directories, &rule.id) } else { policy::examples(&rule.id) };
    match format {
        ListFormat::Json => write_json(&json!({ "rule": rule, "examples": examples }))?,
        ListFormat::Text => page(rule, &examples, &mut out())?,
    }
    Ok(code)
}

fn page(rule: &Rule, examples: &[Example], out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}\n{}\n", rule.id, printable(&rule.title))?;
    writeln!(out, "severity    {}", rule.severity.name())?;
    writeln!(out, "judges      {}", printable(&rule.subject))?;
    if !rule.section.is_empty() {
        writeln!(out, "page        {}", printable(&rule.section))?;
    }
    if !rule.statements.is_empty() {
        writeln!(out, "statements  {} (docs/statements.md)", printable(&rule.statements.join(", ")))?;
    }
    for link in &rule.related_resources {
        writeln!(out, "read        {}", printable(link))?;
    }
    writeln!(out, "\nwhy\n{}", indented(&wrapped(&rule.description, 98)))?;
    writeln!(out, "\nwhat to do\n{}", indented(&rule.remediation))?;
    for example in examples {
        let what = match example.kind.as_str() {
            "fail" => "fails",
            "pass" => "passes",
            "unknown" => "can't be decided",
            _ => "is not judged",
        };
        for file in &example.files {
            let path = printable(&format!("{}/{}", example.path, file.name));
            writeln!(out, "\n{what}: {path}\n{}", indented(&file.text))?;
        }
    }
    Ok(())
}

fn indented(text: &str) -> String {
    let shown = |line: &str| if line.is_empty() { String::new() } else { format!("  {}", printable(line)) };
    text.trim_end().lines().map(shown).collect::<Vec<_>>().join("\n")
}
