//! Verdicts: what a rule said, joined with what the rule is, whom it is about and where that stands.

mod count;
mod subjects;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::sha256;
use crate::error::Error;
use crate::facts::{Facts, ORGANIZATION};
use crate::location::{Location, Position, SourceMap};
use crate::policy::{Outcome, Said};
use crate::rule::{Rule, RuleId, Severity};
use crate::secret::masked;
use schemars::JsonSchema;
use serde::Serialize;

use count::number_fingerprints;
pub(crate) use count::{Given, numbered};
use subjects::subjects;
use walk::{Beside, in_order};

/// What a rule says of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The rule applies and is met.
    Pass,
    /// The rule is violated.
    Violation,
    /// Something that decides is not known.
    Undetermined,
    /// The rule does not apply.
    NotApplicable,
}

impl Verdict {
    /// The words.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Violation => "violation",
            Verdict::Undetermined => "undetermined",
            Verdict::NotApplicable => "not applicable",
        }
    }
}

/// What a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// The organization.
    Organization,
    /// A project.
    Project,
    /// One way a project calls the API.
    Use,
    /// A workload that calls the API.
    Client,
}

/// The fact that a rule judges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Id in the facts.
    pub id: String,
    /// What people call it: a project's name; its address where the name is not known.
    pub name: String,
    /// Name of the project it belongs to; null for the organization.
    pub project: Option<String>,
    /// Endpoint of a use.
    pub endpoint: Option<String>,
    /// Terraform address.
    pub address: Option<String>,
    /// The input it comes from.
    #[serde(skip)]
    pub source: String,
}

/// What a place has to do with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Where the value stands.
    Primary,
    /// Where it comes from, or what else it is about.
    Cause,
}

/// A place of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingLocation {
    /// Path relative to the working directory, with `/`.
    pub path: String,
    /// First character.
    pub start: Position,
    /// First position behind it.
    pub end: Position,
    /// What it is to the finding.
    pub role: Role,
}

/// Whether a finding is in the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BaselineState {
    /// It is not.
    New,
    /// It is, and does not fail the run.
    Known,
}

/// A verdict with what a reader needs to act on it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// The rule.
    pub rule: RuleId,
    /// Severity.
    pub severity: Severity,
    /// Whom it is about.
    pub subject: Subject,
    /// The attribute; null for a pass and what does not apply.
    pub attribute: Option<String>,
    /// What is wrong, or open.
    pub message: String,
    /// What to write instead.
    pub remediation: String,
    /// Section of the page.
    pub section: String,
    /// Page of the rule in the product's documentation.
    pub help: String,
    /// Where.
    pub locations: Vec<FindingLocation>,
    /// Of rule, address or name, endpoint, attribute and value; no path, no line.
    pub fingerprint: String,
    /// The waiver that covers it: its reason, last day and approver.
    pub waiver: Option<String>,
    /// Whether it is in the baseline; only where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineState>,
    /// The organization's evidence that is missing, if that is the cause.
    #[serde(skip)]
    pub evidence: Option<String>,
    /// Where that evidence is written, or would be.
    #[serde(skip)]
    pub evidence_location: Option<Location>,
    /// The rule's title.
    #[serde(skip)]
    pub title: String,
    /// Why the rule matters.
    #[serde(skip)]
    pub why: String,
    /// What would be right.
    #[serde(skip)]
    pub hint: Option<String>,
}

/// All verdicts of a run.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// Violations and undetermined verdicts, with `all` also the others; in the order of the report.
    pub findings: Vec<Finding>,
    /// Pairs of rule and subject that pass.
    pub pass: usize,
    /// Pairs that are violated, with the rule's severity; neither waived nor known from a baseline.
    pub violations: Vec<Severity>,
    /// Pairs that can't be decided, with the rule's severity; neither waived nor known from a baseline.
    pub undetermined: Vec<Severity>,
    /// Pairs that do not apply.
    pub not_applicable: usize,
    /// Pairs all of whose findings are waived.
    pub waived: usize,
    /// Pairs that are violated, as in the baseline.
    pub known_violations: usize,
    /// Pairs that can't be decided, as in the baseline.
    pub known_undetermined: usize,
    /// What is undetermined of pairs that are also violated: it counts where the violation alone is excused.
    pub behind: Vec<Finding>,
    /// Answers of rules that make no sense.
    pub problems: Vec<Error>,
}

/// Judges: joins what the rules said with rules, facts and places. With `all` every verdict becomes a finding.
pub fn judge(
    rules: &[Rule],
    outcomes: &BTreeMap<RuleId, Outcome>,
    facts: &Facts,
    map: &SourceMap,
    all: bool,
) -> Verdicts {
    let subjects = subjects(facts);
    let mut verdicts = Verdicts::default();
    for rule in rules {
        let Some(outcome) = outcomes.get(&rule.id) else {
            continue;
        };
        let judged = SubjectKind::ALL.map(|kind| rule.judges(kind.word()));
        // Of each kind that the rule does not say it judges, the first that it speaks of.
        let mut strangers: BTreeMap<SubjectKind, &Subject> = BTreeMap::new();
        let mut denied: BTreeMap<&str, BTreeSet<&Said>> = BTreeMap::new();
        let mut open: BTreeMap<&str, BTreeSet<&Said>> = BTreeMap::new();
        for (said, into) in [(&outcome.deny, &mut denied), (&outcome.undetermined, &mut open)] {
            for one in said {
                if let Some(subject) = subjects.get(one.subject.as_str()) {
                    into.entry(&one.subject).or_default().insert(one);
                    if !judged[subject.kind as usize] {
                        strangers.entry(subject.kind).or_insert(subject);
                    }
                } else {
                    verdicts.problems.push(nobody(rule, &one.subject));
                }
            }
        }
        let applies = in_order(&outcome.applies);
        let mut known = Beside::new(subjects.iter().map(|(id, subject)| (*id, subject)));
        for id in &applies {
            match known.at(id) {
                Some(subject) if judged[subject.kind as usize] => {}
                Some(subject) => drop(strangers.entry(subject.kind).or_insert(subject)),
                None => verdicts.problems.push(nobody(rule, id)),
            }
        }
        verdicts.problems.extend(strangers.into_values().map(|subject| undeclared(rule, subject)));
        let mut applies = Beside::new(applies.into_iter().map(|id| (id, ())));
        let (mut denied, mut open) = (Beside::new(denied), Beside::new(open));
        for (id, subject) in &subjects {
            let (denied, open, applies) = (denied.at(id), open.at(id), applies.at(id).is_some());
            let is_open = open.is_some();
            let left_open = open.into_iter().flatten();
            let left_open = left_open.map(|s| finding(rule, subject, Verdict::Undetermined, Some(s), map));
            if let Some(said) = denied {
                verdicts.behind.extend(left_open);
                let violation = |s: &Said| finding(rule, subject, Verdict::Violation, Some(s), map);
                verdicts.findings.extend(said.into_iter().map(violation));
            } else if is_open {
                verdicts.findings.extend(left_open);
            } else if applies {
                verdicts.pass += 1;
                if all {
                    verdicts.findings.push(finding(rule, subject, Verdict::Pass, None, map));
                }
            } else if judged[subject.kind as usize] {
                verdicts.not_applicable += 1;
                if all {
                    verdicts.findings.push(finding(rule, subject, Verdict::NotApplicable, None, map));
                }
            }
        }
    }
    verdicts.put_in_order();
    number_fingerprints(&mut verdicts.findings);
    verdicts.count();
    verdicts
}

/// The kinds of subject that facts have, as METADATA calls them.
pub fn kinds(facts: &Facts) -> Vec<&'static str> {
    let there = [
        (SubjectKind::Organization, true),
        (SubjectKind::Project, !facts.projects.is_empty()),
        (SubjectKind::Use, !facts.uses.is_empty()),
        (SubjectKind::Client, !facts.clients.is_empty()),
    ];
    there.into_iter().filter(|(_, there)| *there).map(|(kind, _)| kind.word()).collect()
}

impl SubjectKind {
    /// All, in the order that they are declared in.
    const ALL: [SubjectKind; 4] =
        [SubjectKind::Organization, SubjectKind::Project, SubjectKind::Use, SubjectKind::Client];

    /// The word in a rule's METADATA.
    pub fn word(self) -> &'static str {
        match self {
            SubjectKind::Organization => "organization",
            SubjectKind::Project => "project",
            SubjectKind::Use => "use",
            SubjectKind::Client => "client",
        }
    }
}

fn nobody(rule: &Rule, id: &str) -> Error {
    Error::new(rule.id.as_str(), format!("the rule speaks of {id:?}, which is no subject"))
        .help("use the ids of input.projects, input.uses, input.clients, or \"organization\"")
}

/// Where a rule speaks of a kind that it does not declare, those of that kind that it passes over are not counted, and rules
/// are left out by their kinds before they are loaded.
fn undeclared(rule: &Rule, subject: &Subject) -> Error {
    let (declared, kind) = (&rule.subject, subject.kind.word());
    let message = format!("the rule judges {declared:?}, and speaks of the {kind} {:?}", subject.id);
    Error::new(rule.id.as_str(), message).help(format!("write in its METADATA `subject: {declared} or {kind}`"))
}

fn finding(rule: &Rule, subject: &Subject, verdict: Verdict, said: Option<&Said>, map: &SourceMap) -> Finding {
    let mut locations = Vec::new();
    let mut evidence_location = None;
    let value = said.and_then(|s| s.value.as_ref()).map(|v| v.0.as_str());
    if let Some(said) = said {
        let precise = value.map(|v| format!("{}.{v}", said.attribute));
        let places = match precise.as_deref().map(|precise| map.exact(&subject.id, precise)) {
            Some(places) if !places.is_empty() => places,
            Some(_) | None => map.places(&subject.id, &said.attribute),
        };
        for place in places {
            let role = if locations.is_empty() { Role::Primary } else { Role::Cause };
            push(&mut locations, map.location(place), role);
        }
        if let Some(cause) = &said.cause {
            evidence_location = map.places(&cause.subject, &cause.attribute).first().map(|place| map.location(place));
            if let Some(location) = evidence_location.clone() {
                let role = if locations.is_empty() { Role::Primary } else { Role::Cause };
                push(&mut locations, location, role);
            }
        }
    }
    let attribute = said.map(|s| s.attribute.clone());
    let parts = [
        rule.id.as_str(),
        subject.address.as_deref().unwrap_or(&subject.name),
        subject.endpoint.as_deref().unwrap_or_default(),
        attribute.as_deref().unwrap_or_default(),
        value.unwrap_or_default(),
        said.and_then(|s| s.cause.as_ref()).map_or("", |cause| cause.attribute.as_str()),
    ];
    Finding {
        verdict,
        rule: rule.id.clone(),
        severity: rule.severity,
        subject: subject.clone(),
        message: said.map_or_else(|| rule.title.clone(), |s| masked(&s.msg).into_owned()),
        attribute: attribute.clone(),
        remediation: rule.remediation.clone(),
        section: rule.section.clone(),
        help: rule.help(),
        locations,
        fingerprint: digest(&parts),
        waiver: None,
        baseline: None,
        evidence: said
            .and_then(|s| s.cause.as_ref())
            .filter(|c| c.subject == ORGANIZATION)
            .map(|c| c.attribute.clone()),
        evidence_location,
        title: rule.title.clone(),
        why: rule.description.clone(),
        hint: said.and_then(|s| s.hint.as_ref()).map(|h| h.0.clone()),
    }
}

fn push(locations: &mut Vec<FindingLocation>, location: Location, role: Role) {
    let found = FindingLocation { path: location.path, start: location.start, end: location.end, role };
    if !locations.iter().any(|l| l.path == found.path && l.start == found.start) {
        locations.push(found);
    }
}

fn digest(parts: &[&str]) -> String {
    let mut digest = sha256(parts.iter().flat_map(|part| [part.as_bytes(), &[0]]));
    digest.truncate(32);
    digest
}
