//! METADATA: the comment in which a rule says what it is. The engine skips comments, so it is read here.

use serde::Deserialize;

use super::bundle::File;
use super::engine::yaml;
use crate::error::Error;
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
    remediation: String,
    #[serde(default)]
    section: String,
    #[serde(default)]
    statements: Vec<String>,
}

/// Reads the METADATA of a rule file.
///
/// # Errors
/// No METADATA, broken YAML, a missing or unknown key, with the line of the comment.
pub(super) fn read(file: &File, id: RuleId, package: &str) -> Result<Rule, Error> {
    let Some(start) = file.text.lines().position(|line| line.trim() == "# METADATA") else {
        return Err(Error::new(id.as_str(), "the rule has no METADATA")
            .at(file.at(1, 1))
            .help("start the file with a comment `# METADATA` that holds title, description and custom"));
    };
    let comment: Vec<&str> = file
        .text
        .lines()
        .skip(start + 1)
        .map_while(|line| line.trim_start().strip_prefix('#'))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let wrong = |message: String| {
        Error::new(id.as_str(), format!("METADATA can't be read: {message}")).at(file.at(start + 1, 1)).help(
            "it is YAML with title, description, related_resources and custom: severity, subject, remediation, section, statements",
        )
    };
    let value = yaml(&comment.join("\n")).map_err(wrong)?;
    let read: Metadata = serde_json::from_value(value).map_err(|e| wrong(e.to_string()))?;
    let kinds = ["organization", "project", "use", "client"];
    if read.custom.subject.split_whitespace().any(|word| word != "or" && !kinds.contains(&word)) {
        return Err(wrong(format!("the subject {:?} is none of {}", read.custom.subject, kinds.join(", "))));
    }
    Ok(Rule {
        severity: read.custom.severity,
        title: read.title.trim().to_owned(),
        description: read.description.trim().to_owned(),
        subject: read.custom.subject,
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

/// Whether a file has this line.
fn says(file: &File, line: &str) -> bool {
    file.text.lines().any(|said| said.trim_end() == line)
}
