//! The report of a run; the formats it is written in are below, one file each.

mod azure;
mod case;
mod conftest;
mod escape;
mod excused;
mod format;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod sarif;
mod tap;
mod text;
mod wrap;

pub use case::placed;
pub use escape::{plain, write_json};
pub use format::{Format, Style};
pub(crate) use markdown::prose;
pub use wrap::{padded, wrapped};

use schemars::JsonSchema;
use serde::Serialize;

pub use crate::baseline::{BaselineRecord, KnownFinding};
use crate::error::{Error, ExitCode};
use crate::input::InputRecord;
use crate::rule::{RuleId, Severity};
use crate::verdict::{Finding, Subject, Verdict, Verdicts};
pub use crate::waivers::{AcknowledgementRecord, WaiverRecord, WaiverState};

/// What happened in a run: this struct is the JSON report, schema 1.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this shape.
    pub schema: u32,
    /// The program.
    pub tool: Tool,
    /// The edition of the page that judged.
    pub edition: Option<EditionRecord>,
    /// The day that dates were compared with.
    pub today: String,
    /// The inputs.
    pub inputs: Vec<InputRecord>,
    /// The rules.
    pub policies: Policies,
    /// The settings file.
    pub settings: Option<SettingsRecord>,
    /// Counts.
    pub summary: Summary,
    /// Violations and undetermined verdicts, waived and known ones too; with `--verdicts` all.
    pub findings: Vec<Finding>,
    /// What is undetermined of pairs of rule and subject that are violated, too: it counts where waivers and baseline excuse all
    /// that is violated. Only where there is any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub behind: Vec<Finding>,
    /// What could not be checked.
    pub unchecked: Vec<Unchecked>,
    /// Waivers and their states.
    pub waivers: Vec<WaiverRecord>,
    /// What the settings acknowledge as unchecked, and the states of that.
    pub acknowledgements: Vec<AcknowledgementRecord>,
    /// The baseline that findings were compared with; only where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineRecord>,
    /// What is worth knowing and changes no verdict.
    pub notes: Vec<String>,
    /// The verdicts that would be others under another edition; only where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared_edition: Option<ComparedEdition>,
    /// The severity from which a finding fails the run.
    #[serde(skip)]
    pub fail_on: Severity,
    /// Undetermined verdicts do not fail the run.
    #[serde(skip)]
    pub allow_undetermined: bool,
    /// Whether anything could be checked.
    #[serde(skip)]
    pub checked: bool,
    /// Violations, undetermined verdicts and unchecked entries that make the exit code non-zero.
    #[serde(skip)]
    pub failures: usize,
}

/// The program.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tool {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
}

/// The edition that judged.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EditionRecord {
    /// Name.
    pub name: String,
    /// Day of the text; null where only a range is known.
    pub date: Option<String>,
    /// That range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_range: Option<String>,
    /// Address of the page.
    pub source: Option<String>,
    /// Digest of the edition's file, in hex.
    pub sha256: String,
    /// Days from its day, or the end of its range, to today; null where no day is known.
    pub age_days: Option<i32>,
    /// How sure the data is: the day, the language that it was read in.
    pub certainty: String,
}

impl EditionRecord {
    /// What there is to say of an edition that is no longer new.
    pub fn age_note(&self) -> Option<String> {
        let days = self.age_days.filter(|days| *days > MAX_EDITION_AGE)?;
        Some(format!(
            "the edition {} is {days} days old, and OpenAI's page changes often: see whether there is a newer one, which --edition FILE takes",
            self.name
        ))
    }
}

/// The days after which reports say that an edition is old.
const MAX_EDITION_AGE: i32 = 60;

/// Which verdicts would be others under another edition.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ComparedEdition {
    /// The other edition.
    pub edition: EditionRecord,
    /// The exit code that the verdicts under it would give: 0, 3 or 4.
    pub exit_code: u8,
    /// The verdicts that would be others.
    pub changes: Vec<VerdictChange>,
}

/// A verdict that would be another one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VerdictChange {
    /// The rule.
    pub rule: RuleId,
    /// Severity.
    pub severity: Severity,
    /// Whom it is about.
    pub subject: Subject,
    /// The verdict of this run.
    pub from: Verdict,
    /// The verdict under the other edition.
    pub to: Verdict,
    /// What the rule says under the other edition; where it is silent there, what it says in this run.
    pub message: String,
}

/// The rules that ran.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Policies {
    /// Digest of their files, in hex.
    pub sha256: String,
    /// How many rules.
    pub rules: usize,
}

/// The settings file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SettingsRecord {
    /// Path.
    pub path: String,
    /// Digest, in hex.
    pub sha256: String,
}

/// Counts of pairs of rule and subject; `unchecked` counts entries.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Passed.
    pub pass: usize,
    /// Violated.
    pub violation: usize,
    /// Not decidable.
    pub undetermined: usize,
    /// Not applicable.
    pub not_applicable: usize,
    /// Waived.
    pub waived: usize,
    /// Entries that are not acknowledged.
    pub unchecked: usize,
    /// 0, 3, 4 or 5.
    pub exit_code: u8,
}

/// Something that could not be checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Unchecked {
    /// Path, address, option or rule.
    pub what: String,
    /// Why, and what to do.
    pub why: String,
    /// File.
    pub path: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// Whether the settings acknowledge it.
    pub acknowledged: bool,
}

impl From<&Error> for Unchecked {
    fn from(error: &Error) -> Unchecked {
        let start = error.location.as_ref().map(|l| l.start);
        Unchecked {
            what: error.what.clone(),
            why: match &error.help {
                Some(help) => format!("{}: {help}", error.message),
                None => error.message.clone(),
            },
            path: error.location.as_ref().map(|l| l.path.clone()),
            line: start.map(|s| s.line),
            column: start.map(|s| s.column),
            acknowledged: error.acknowledged,
        }
    }
}

impl Report {
    /// A report of nothing yet.
    pub fn new(today: &str, fail_on: Severity, allow_undetermined: bool) -> Report {
        Report {
            schema: 1,
            tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            edition: None,
            today: today.to_owned(),
            inputs: Vec::new(),
            policies: Policies::default(),
            settings: None,
            summary: Summary::default(),
            findings: Vec::new(),
            behind: Vec::new(),
            unchecked: Vec::new(),
            waivers: Vec::new(),
            acknowledgements: Vec::new(),
            baseline: None,
            notes: Vec::new(),
            compared_edition: None,
            fail_on,
            allow_undetermined,
            checked: false,
            failures: 0,
        }
    }

    /// Takes the verdicts and what could not be checked, and settles the counts.
    pub fn settle(&mut self, verdicts: Verdicts, problems: &[Error]) {
        self.unchecked.extend(problems.iter().map(Unchecked::from));
        let mut code = self.code(&verdicts);
        let unchecked = self.unchecked.iter().filter(|u| !u.acknowledged).count();
        if unchecked > 0 {
            code = code.max(ExitCode::Unchecked);
        }
        self.summary = Summary {
            pass: verdicts.pass,
            violation: verdicts.violations.len() + verdicts.known_violations,
            undetermined: verdicts.undetermined.len() + verdicts.known_undetermined,
            not_applicable: verdicts.not_applicable,
            waived: verdicts.waived,
            unchecked,
            exit_code: code.into(),
        };
        self.failures = verdicts.violations.iter().filter(|s| **s >= self.fail_on).count()
            + verdicts.undetermined.iter().filter(|s| !self.allow_undetermined && **s >= self.fail_on).count()
            + unchecked;
        self.findings = verdicts.findings;
        self.behind = verdicts.behind;
    }

    /// The exit code that verdicts alone give.
    pub fn code(&self, verdicts: &Verdicts) -> ExitCode {
        let decisive = |severities: &[Severity]| severities.iter().any(|s| *s >= self.fail_on);
        if decisive(&verdicts.violations) {
            ExitCode::Violation
        } else if !self.allow_undetermined && decisive(&verdicts.undetermined) {
            ExitCode::Undetermined
        } else {
            ExitCode::Pass
        }
    }

    /// The last line of the text report, by which conftest and Atlantis read a run.
    pub fn conftest_line(&self) -> String {
        let s = &self.summary;
        let all = s.pass + s.violation + s.undetermined + s.waived + self.unchecked.len();
        format!(
            "{all} tests, {} passed, {} warnings, {} failures, {} exceptions",
            s.pass,
            all - s.pass - s.waived - self.failures,
            self.failures,
            s.waived
        )
    }
}
