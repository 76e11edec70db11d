//! METADATA: the comment in which a rule says what it is. The engine skips comments, so it is read here; that of the product's
//! own rules by the build script, since YAML takes as long to read as the rules to load.

use serde::Deserialize;

use super::bundle::File;
use super::engine::yaml;
use crate::edition::embedded_metadata;
use crate::error::Error;
use crate::facts::NEEDS;
use crate::rule::{Rule, RuleId, Severity};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    #[serde(default, rename = "scope")]
    _scope: Option<String>,
    title: String,
    description: String,
    #[serde(default)]
    related_resources: Vec<Resource>,
    custom: Custom,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resource {
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default, rename = "description")]
    _description: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Custom {
    severity: Severity,
    subject: String,
    needs: Option<String>,
    remediation: String,
    #[serde(default)]
    section: String,
    #[serde(default)]
    statements: Vec<String>,
}

/// Reads the METADATA of a rule file.
///
/// # Errors
/// No METADATA, broken YAML, a missing or unknown key, with the place in the comment, or else its first line.
pub(super) fn read(file: &File, id: RuleId, package: &str) -> Result<Rule, Error> {
    let Some(start) = file.text.lines().position(|line| line.trim() == "# METADATA") else {
        return Err(Error::new(id.as_str(), "the rule has no METADATA")
            .at(file.at(1, 1))
            .help("start the file with a comment `# METADATA` that holds title, description and custom"));
    };
    let wrong_at = |word: Option<&str>, message: String| {
        let (line, column) = word.and_then(|word| place(file, start, word)).unwrap_or((start + 1, 1));
        Error::new(id.as_str(), format!("METADATA can't be read: {message}")).at(file.at(line, column)).help(
            "it is YAML with title, description, related_resources and custom: severity, subject, needs, remediation, section, statements",
        )
    };
    let written = if file.is_embedded() { embedded_metadata(&file.path) } else { None };
    let value = match written {
        Some(written) => written.to_json(),
        None => yaml(&comment(file, start)).map_err(|message| wrong_at(None, message))?,
    };
    let read: Metadata = serde_json::from_value(value).map_err(|e| {
        let message = e.to_string();
        // The first word that is quoted is the one that is wrong.
        wrong_at(message.split('`').nth(1), message.clone())
    })?;
    let kinds = ["organization", "project", "use", "client"];
    let mut named = read.custom.subject.split_whitespace().filter(|word| *word != "or").peekable();
    if named.peek().is_none() || named.any(|word| !kinds.contains(&word)) {
        let message = format!("the subject {:?} is none of {}", read.custom.subject, kinds.join(", "));
        return Err(wrong_at(Some("subject"), message));
    }
    if let Some(needs) = read.custom.needs.as_deref().filter(|needs| !NEEDS.contains(needs)) {
        let message = format!("what it needs, {needs:?}, is none of {}", NEEDS.join(", "));
        return Err(wrong_at(Some("needs"), message));
    }
    Ok(Rule {
        severity: read.custom.severity,
        title: read.title.trim().to_owned(),
        description: read.description.trim().to_owned(),
        subject: read.custom.subject,
        needs: read.custom.needs,
        remediation: read.custom.remediation.trim_end().to_owned(),
        section: read.custom.section,
        statements: read.custom.statements,
        related_resources: read.related_resources.into_iter().map(|r| r.reference).collect(),
        package: package.to_owned(),
        path: file.path.clone(),
        own: file.is_own(),
        only_open: says(file, "deny := set()"),
        never_open: says(file, "undetermined := set()"),
        id,
    })
}

/// The text of the comment behind this line.
fn comment(file: &File, start: usize) -> String {
    let lines = file.text.lines().skip(start + 1).map_while(|line| line.trim_start().strip_prefix('#'));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// Line and column of a word in the comment behind this line: of a key, or else of a value.
fn place(file: &File, start: usize, word: &str) -> Option<(usize, usize)> {
    let comment =
        || file.text.lines().enumerate().skip(start + 1).take_while(|(_, line)| line.trim_start().starts_with('#'));
    let key = |line: &str| {
        line.trim_start_matches(['#', ' ', '-']).split_once(':').is_some_and(|(key, _)| key.trim() == word)
    };
    let value =
        |line: &str| line.split_once(':').is_some_and(|(_, value)| value.trim().trim_matches(['"', '\'']) == word);
    let (number, line) = comment().find(|(_, line)| key(line)).or_else(|| comment().find(|(_, line)| value(line)))?;
    Some((number + 1, line.find(word).map_or(1, |at| line[..at].chars().count() + 1)))
}

/// Whether a file has this line.
fn says(file: &File, line: &str) -> bool {
    file.text.match_indices(line).any(|(at, _)| {
        let (before, behind) = (&file.text[..at], &file.text[at + line.len()..]);
        (before.is_empty() || before.ends_with('\n')) && behind.lines().next().unwrap_or_default().trim_end().is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::embedded;

    #[test]
    fn what_is_wrong_is_told_at_its_place() {
        let good = "package openai.x.y\n# METADATA\n# title: a\n# description: b\n# custom:\n#   severity: high\n#   subject: project\n#   remediation: c\n";
        let told = |from: &str, to: &str| {
            let file = File::new("policies/openai/x/y.rego", good.replace(from, to));
            read(&file, file.rule_id().unwrap(), file.package())
                .err()
                .and_then(|e| e.location)
                .map(|place| place.to_string().replace("policies/openai/", ""))
        };
        assert_eq!(told("none", ""), None);
        assert_eq!(told("title: a", "titel: a").as_deref(), Some("x/y.rego:3:3"));
        assert_eq!(told("severity: high", "severity: dire").as_deref(), Some("x/y.rego:6:15"));
        assert_eq!(told("subject: project", "subject: projects").as_deref(), Some("x/y.rego:7:5"));
        assert_eq!(told("subject: project", "subject: project\n#   needs: x").as_deref(), Some("x/y.rego:8:5"));
        assert_eq!(told("#   remediation: c\n", "").as_deref(), Some("x/y.rego:2:1"));
        assert_eq!(told("title: a", "title: [").as_deref(), Some("x/y.rego:2:1"));
    }

    #[test]
    fn the_build_script_reads_what_the_engine_reads() {
        let mut count = 0;
        for file in embedded().iter().filter(|file| file.rule_id().is_some()) {
            let start = file.text.lines().position(|line| line == "# METADATA").unwrap();
            let written = embedded_metadata(&file.path).map(|written| written.to_json());
            assert_eq!(written, yaml(&comment(file, start)).ok(), "{}", file.path);
            count += 1;
        }
        assert!(count > 40);
    }
}
