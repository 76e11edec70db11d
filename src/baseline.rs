//! The baseline: the JSON report of an earlier run. What it holds is known, and only what is new fails.

mod compare;

use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::digest::sha256;
use crate::document::{RawEntries, SyntaxError, json_error, raw_json, span_of};
use crate::error::Error;
use crate::location::SourceMap;

/// How to make one.
const HOW: &str = "make it: openai-data-controls check … --format json > baseline.json";

/// An earlier run.
#[derive(Debug, Clone)]
pub struct Baseline {
    path: String,
    sha256: String,
    edition: Option<String>,
    today: Option<String>,
    /// Violations and undetermined verdicts that no waiver covered.
    findings: Vec<KnownFinding>,
    /// The fingerprints of what waivers covered: others are numbered behind them.
    waived: Vec<String>,
}

/// A finding of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KnownFinding {
    /// `violation` or `undetermined`.
    pub verdict: String,
    /// The rule.
    pub rule: String,
    /// Severity.
    pub severity: String,
    /// Name of the subject.
    pub subject: String,
    /// Terraform address.
    pub address: Option<String>,
    /// What was wrong, or open.
    pub message: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// The subject's id.
    #[serde(skip)]
    id: String,
    /// Whether it stood behind a violation of its rule and subject.
    #[serde(skip)]
    behind: bool,
}

/// What reports say of the baseline.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BaselineRecord {
    /// Path.
    pub path: String,
    /// Digest of its bytes, in hex.
    pub sha256: String,
    /// The day that its run compared dates with.
    pub today: Option<String>,
    /// The edition that judged its run.
    pub edition: Option<String>,
    /// Findings of this run that it holds.
    pub known: usize,
    /// Findings of this run that it does not hold.
    pub new: usize,
    /// What it holds and this run does not.
    pub gone: Vec<KnownFinding>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
}

#[derive(Deserialize)]
struct Edition {
    name: String,
}

#[derive(Deserialize)]
struct Finding {
    verdict: String,
    rule: String,
    severity: String,
    subject: Subject,
    message: String,
    fingerprint: String,
    waiver: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Subject {
    id: String,
    name: String,
    address: Option<String>,
}

impl Baseline {
    /// The largest one, in bytes.
    pub const MAX_BYTES: u64 = 256 << 20;

    /// Reads a report; `shown` is its path in messages.
    ///
    /// # Errors
    /// Bytes that are no report of this program of schema 1, with the place.
    pub fn parse(bytes: Vec<u8>, shown: &str) -> Result<Baseline, Error> {
        let wrong = |why: &str| Error::new(shown, format!("the baseline {why}")).help(HOW);
        if bytes.len() as u64 > Baseline::MAX_BYTES {
            return Err(wrong(&format!("is larger than {} MiB, the most that is read", Baseline::MAX_BYTES >> 20)));
        }
        let sha256 = sha256([bytes.as_slice()]);
        let text = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8"))?;
        let text = Arc::new(text.trim_start_matches('\u{feff}').to_owned());
        let read = read(&text).map(|baseline| Baseline { path: shown.to_owned(), sha256, ..baseline });
        read.map_err(|problem| {
            let mut map = SourceMap::default();
            let file = map.add_file(shown, text.clone());
            let told = SyntaxError { message: format!("the baseline: {}", problem.message), ..problem };
            let error = told.told_of(shown, file, &map);
            Error { help: error.help.or_else(|| Some(HOW.to_owned())), ..error }
        })
    }

    /// Reads the file at a path.
    ///
    /// # Errors
    /// As [`Baseline::parse`], and a file that can't be read.
    pub fn read(path: &Path, shown: &str) -> Result<Baseline, Error> {
        use std::io::Read;
        let mut bytes = Vec::new();
        let file =
            std::fs::File::open(path).and_then(|file| file.take(Baseline::MAX_BYTES + 1).read_to_end(&mut bytes));
        match file {
            Ok(_) => Baseline::parse(bytes, shown),
            Err(e) => Err(Error::new(shown, format!("the baseline can't be read: {e}")).help(HOW)),
        }
    }

    /// The edition that judged the earlier run.
    pub fn edition(&self) -> Option<&str> {
        self.edition.as_deref()
    }
}

fn read(text: &str) -> Result<Baseline, SyntaxError> {
    let whole = raw_json(text)?;
    let top = 0..1.min(text.len());
    let no_report = |span, why: &str| SyntaxError { span, message: why.to_owned(), help: None };
    if !whole.get().starts_with('{') {
        return Err(no_report(top, "a JSON report is an object"));
    }
    let RawEntries(entries) = serde_json::from_str(whole.get()).map_err(|e| json_error(text, whole.get(), &e))?;
    let find = |key: &str| entries.iter().find(|(name, _)| name.get() == format!("{key:?}")).map(|(_, value)| *value);
    let needed = |key: &str| {
        find(key).ok_or_else(|| no_report(top.clone(), &format!("it has no {key:?}, so it is no JSON report")))
    };
    let schema = needed("schema")?;
    if schema.get() != "1" {
        let message = format!("its schema is {}, and 1 is read", schema.get());
        return Err(no_report(span_of(text, schema), &message));
    }
    let tool = needed("tool")?;
    let name = part::<Tool>(text, tool)?.name;
    if name != env!("CARGO_PKG_NAME") {
        return Err(no_report(span_of(text, tool), &format!("it is a report of {name:?}")));
    }
    let edition = find("edition").map(|raw| part::<Option<Edition>>(text, raw)).transpose()?.flatten();
    let today = find("today").map(|raw| part::<Option<String>>(text, raw)).transpose()?.flatten();
    let findings = part::<Vec<Finding>>(text, needed("findings")?)?;
    let behind = find("behind").map(|raw| part::<Vec<Finding>>(text, raw)).transpose()?.unwrap_or_default();
    let findings = findings.into_iter().map(|f| (f, false)).chain(behind.into_iter().map(|f| (f, true)));
    let wrong = findings.filter(|(f, _)| matches!(f.verdict.as_str(), "violation" | "undetermined"));
    let (waived, findings): (Vec<_>, Vec<_>) = wrong.partition(|(f, _)| f.waiver.is_some());
    let findings = findings.into_iter().map(|(f, behind)| KnownFinding {
        verdict: f.verdict,
        rule: f.rule,
        severity: f.severity,
        subject: f.subject.name,
        address: f.subject.address,
        message: f.message,
        fingerprint: f.fingerprint,
        id: f.subject.id,
        behind,
    });
    Ok(Baseline {
        path: String::new(),
        sha256: String::new(),
        edition: edition.map(|edition| edition.name),
        today,
        findings: findings.collect(),
        waived: waived.into_iter().map(|(f, _)| f.fingerprint).collect(),
    })
}

fn part<'t, T: Deserialize<'t>>(text: &str, raw: &'t RawValue) -> Result<T, SyntaxError> {
    serde_json::from_str(raw.get()).map_err(|e| json_error(text, raw.get(), &e))
}
