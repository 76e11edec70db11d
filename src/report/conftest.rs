//! What `conftest test --output json` writes, so that `conftest reformat` renders it and readers of that JSON read it.

use std::collections::BTreeMap;
use std::io::{Result, Write};

use serde::Serialize;

use super::Report;
use super::case::{Case, Standing, place, primary};
use super::escape::{plain, write_json};

/// The namespace of the bundle's rules that deny and warn.
const NAMESPACE: &str = "openai.main";

#[derive(Serialize)]
struct File {
    filename: String,
    namespace: &'static str,
    successes: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Outcome>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Outcome>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exceptions: Vec<Outcome>,
}

/// conftest keeps what it does not know of a result under `metadata`.
#[derive(Serialize)]
struct Outcome {
    msg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    loc: Option<Place>,
    metadata: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Place {
    file: String,
    line: usize,
}

/// Writes one entry for each input, in conftest's words: the counts are those of the summary line.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    let mut files = Files::default();
    for input in &report.inputs {
        files.of(&input.path);
    }
    let mut listed = 0;
    for case in report.cases() {
        let file = files.of(report.file_of(case.first));
        match case.standing {
            Standing::Failure => file.failures.push(outcome(&case)),
            Standing::Warning => file.warnings.push(outcome(&case)),
            Standing::Waived => file.exceptions.push(outcome(&case)),
            Standing::Passed => {
                file.successes += 1;
                listed += 1;
            }
            Standing::NotApplicable => {}
        }
    }
    let first = report.inputs.first().map_or("-", |input| input.path.as_str());
    for entry in &report.unchecked {
        let file = files.of(entry.path.as_deref().unwrap_or(first));
        let outcome = Outcome {
            msg: format!("not checked: {}", entry.said()),
            loc: entry.path.as_ref().zip(entry.line).map(|(path, line)| Place { file: shown(path), line }),
            metadata: BTreeMap::from([("verdict", "unchecked".to_owned())]),
        };
        match entry.standing() {
            Standing::Failure => file.failures.push(outcome),
            Standing::Warning | Standing::Waived | Standing::Passed | Standing::NotApplicable => {
                file.warnings.push(outcome);
            }
        }
    }
    // Passes are counted, and only listed where that was asked for.
    files.of(first).successes += report.summary.pass.saturating_sub(listed);
    write_json(&files.listed, out)
}

/// The entries of files, and by name where each is.
#[derive(Default)]
struct Files {
    listed: Vec<File>,
    places: BTreeMap<String, usize>,
}

impl File {
    fn new(path: &str) -> File {
        File {
            filename: shown(path),
            namespace: NAMESPACE,
            successes: 0,
            warnings: Vec::new(),
            failures: Vec::new(),
            exceptions: Vec::new(),
        }
    }
}

impl Files {
    /// The entry of a file.
    fn of(&mut self, path: &str) -> &mut File {
        let at = *self.places.entry(shown(path)).or_insert(self.listed.len());
        if at == self.listed.len() {
            self.listed.push(File::new(path));
        }
        &mut self.listed[at]
    }
}

fn shown(path: &str) -> String {
    plain(path).into_owned()
}

fn outcome(case: &Case<'_>) -> Outcome {
    let finding = case.first;
    let said: Vec<String> = case.messages().collect();
    let place_of = place(finding).map(|place| format!("{place}: ")).unwrap_or_default();
    let mark = if case.standing == Standing::Waived { "waived: " } else { "" };
    let rule = plain(finding.rule.as_str());
    let mut metadata = BTreeMap::from([
        ("rule", rule.clone().into_owned()),
        ("severity", finding.severity.name().to_owned()),
        ("verdict", finding.verdict.name().to_owned()),
        ("subject", finding.subject.id.clone()),
        ("section", finding.section.clone()),
        ("remediation", finding.remediation.clone()),
        ("fingerprint", finding.fingerprint.clone()),
    ]);
    metadata.extend(finding.attribute.clone().map(|attribute| ("attribute", attribute)));
    metadata.extend(finding.waiver.clone().map(|waiver| ("waiver", waiver)));
    Outcome {
        msg: plain(&format!("{mark}{place_of}{rule}: {}", said.join("; "))).into_owned(),
        loc: primary(finding).map(|l| Place { file: shown(&l.path), line: l.start.line }),
        metadata,
    }
}
