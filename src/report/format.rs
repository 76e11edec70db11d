//! The formats: a new one is a file beside this one, a variant and an arm here.

use super::{Report, azure, conftest, github, gitlab, json, junit, markdown, sarif, tap, text};
use crate::error::nearest;
use crate::location::SourceMap;

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// The JSON report.
    Json,
    /// SARIF 2.1.0: code scanning, editors.
    Sarif,
    /// JUnit XML: test reports of nearly every pipeline.
    Junit,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Code Quality of GitLab.
    Gitlab,
    /// Logging commands of Azure Pipelines.
    Azure,
    /// Test Anything Protocol, version 14.
    Tap,
    /// Markdown: a comment at a pull request.
    Markdown,
    /// What `conftest test --output json` writes.
    Conftest,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 10] = [
        Format::Text,
        Format::Json,
        Format::Sarif,
        Format::Junit,
        Format::Github,
        Format::Gitlab,
        Format::Azure,
        Format::Tap,
        Format::Markdown,
        Format::Conftest,
    ];

    /// The word of `--format`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Azure => "azure",
            Format::Tap => "tap",
            Format::Markdown => "markdown",
            Format::Conftest => "conftest",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Format, String> {
        let known = || Format::ALL.map(Format::name);
        Format::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| {
            let hint = nearest(text, known()).map(|name| format!("; did you mean {name}?")).unwrap_or_default();
            format!("known formats are {}{hint}", known().join(", "))
        })
    }
}

/// How text is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// With colour.
    pub color: bool,
    /// Findings and the last line only.
    pub quiet: bool,
    /// Columns of the terminal: explanations are wrapped to them. Without it they are not wrapped, as logs want it.
    pub width: Option<usize>,
}

impl Report {
    /// Writes the report.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(
        &self,
        format: Format,
        style: Style,
        map: &SourceMap,
        out: &mut dyn std::io::Write,
    ) -> std::io::Result<()> {
        match format {
            Format::Text => text::write(self, style, map, out),
            Format::Json => json::write(self, out),
            Format::Sarif => sarif::write(self, out),
            Format::Junit => junit::write(self, out),
            Format::Github => github::write(self, out),
            Format::Gitlab => gitlab::write(self, out),
            Format::Azure => azure::write(self, out),
            Format::Tap => tap::write(self, out),
            Format::Markdown => markdown::write(self, out),
            Format::Conftest => conftest::write(self, out),
        }
    }
}
