//! Waivers: what settings and comments excuse, whether that holds today, and what of a run it covers. A waiver hides
//! nothing silently: each is reported with its state.

mod ignores;
mod record;
mod subject;

use std::collections::{BTreeMap, BTreeSet};

use crate::document::is_date;
use crate::error::Error;
use crate::hcl::{matches_address, matches_part};
use crate::location::{Location, SourceMap};
use crate::secret::masked;
use crate::settings::{Acknowledgement, Settings, Waiver};
use crate::verdict::{Finding, FindingLocation, Role};
use ignores::{Base, Ignore, Void};
pub use record::{AcknowledgementRecord, WaiverRecord, WaiverState};

/// The waivers and acknowledgements of a run.
#[derive(Debug, Clone, Default)]
pub struct Waivers {
    waivers: Vec<Held>,
    acknowledgements: Vec<AcknowledgementRecord>,
}

/// A waiver with what it covers.
#[derive(Debug, Clone)]
struct Held {
    record: WaiverRecord,
    scope: Scope,
    /// Pairs of rule and subject; of one that does not hold, those that it would cover.
    covered: BTreeSet<String>,
}

/// What a waiver covers.
#[derive(Debug, Clone)]
enum Scope {
    /// The subjects of a pattern.
    Subjects(String),
    /// What stands at a line.
    Line(String, usize),
    /// Nothing that it names.
    Nothing,
}

/// The numbers of waivers by what they can be about, so that not each is asked about each finding.
#[derive(Default)]
struct Index {
    /// By rule.
    subjects: BTreeMap<String, Vec<usize>>,
    /// By path, line and rule.
    lines: BTreeMap<(String, usize, String), Vec<usize>>,
}

impl Index {
    fn of(waivers: &[Held]) -> Index {
        let mut index = Index::default();
        for (number, held) in waivers.iter().enumerate() {
            let rule = held.record.rule.clone();
            match &held.scope {
                Scope::Subjects(_) => index.subjects.entry(rule).or_default().push(number),
                Scope::Line(path, line) => index.lines.entry((path.clone(), *line, rule)).or_default().push(number),
                Scope::Nothing => {}
            }
        }
        index
    }

    /// Those that may cover a finding, in the order of the waivers: what the settings say comes before what texts say.
    fn about(&self, finding: &Finding) -> Vec<usize> {
        let rule = finding.rule.as_str();
        let at = |place: &FindingLocation| (place.path.clone(), place.start.line, rule.to_owned());
        let here = finding.locations.first().and_then(|place| self.lines.get(&at(place)));
        self.subjects.get(rule).into_iter().chain(here).flatten().copied().collect()
    }
}

/// The texts of files in the revision that counts.
pub struct Revised<'r> {
    /// Its name.
    pub name: &'r str,
    /// The text of the file with this path, as reports show it.
    pub text: &'r dyn Fn(&str) -> Option<String>,
    /// The names of the files in the directory with this path; `None` where they can't be told.
    pub names: &'r dyn Fn(&str) -> Option<Vec<String>>,
}

impl Waivers {
    /// Those of the settings, and of the texts of a run; with a revision those of the texts hold only where it has them, too.
    /// `known` are the ids of the rules that there are. With what is wrong in comments: a rule that does not exist.
    pub fn new(
        settings: Option<&Settings>,
        map: &SourceMap,
        known: &[String],
        revised: Option<&Revised<'_>>,
        today: &str,
    ) -> (Waivers, Vec<Error>) {
        let unwaivable = |rule: &str| settings.and_then(|s| s.rules.get(rule)).and_then(|r| r.waivable) == Some(false);
        let base = revised.map(|revised| Base { revision: revised.name, text: revised.text, names: revised.names });
        let (ignores, problems) = ignores::read(map, known, base.as_ref());
        let declared =
            settings.into_iter().flat_map(|s| &s.waivers).map(|w| Held::declared(w, unwaivable(&w.rule), today));
        let commented = ignores.iter().map(|i| Held::commented(i, unwaivable(&i.rule), today));
        let acknowledgements = settings.into_iter().flat_map(|s| &s.acknowledgements);
        let waivers = Waivers {
            waivers: declared.chain(commented).collect(),
            acknowledgements: acknowledgements.map(|a| acknowledgement(a, today)).collect(),
        };
        (waivers, problems)
    }

    /// Marks the findings that a waiver covers.
    pub fn apply(&mut self, findings: &mut [Finding]) {
        let index = Index::of(&self.waivers);
        findings.iter_mut().filter(|f| f.is_wrong()).for_each(|finding| self.cover(finding, &index));
    }

    fn cover(&mut self, finding: &mut Finding, index: &Index) {
        for number in index.about(finding) {
            let held = &mut self.waivers[number];
            if held.covers(finding) {
                held.covered.insert(format!("{} {}", finding.rule, finding.subject.id));
                if held.record.holds() && finding.waiver.is_none() {
                    finding.waiver = Some(held.record.said());
                }
            }
        }
    }

    /// Marks the problems that the settings acknowledge. With a revision, what is told of a call of a module is acknowledged only
    /// where the revision has the same call with the same source: what was not looked into is that module, and no other.
    pub fn acknowledge(&mut self, problems: &mut [Error], map: &SourceMap, revised: Option<&Revised<'_>>) {
        let is_known = |problem: &Error| match (revised, &problem.location) {
            (Some(revised), Some(at)) if names_call(&problem.what) => {
                let text = map.texts().find(|(path, _)| *path == at.path).map(|(_, text)| text);
                let there = (revised.text)(&at.path);
                text.zip(there).is_some_and(|(text, there)| ignores::has_line(text, at.start.line, &there))
            }
            _ => true,
        };
        for problem in problems.iter_mut().filter(|problem| !problem.firm) {
            let is_meant = self.acknowledgements.iter().any(|one| is_about(&one.what, problem));
            if is_meant && !is_known(problem) {
                let revision = revised.map_or("", |revised| revised.name);
                problem.help = Some(format!(
                    "it is acknowledged with the source that it has in {revision}, of which settings count; for another one run terraform \
                     init, so that it is read"
                ));
                continue;
            }
            for one in &mut self.acknowledgements {
                if is_about(&one.what, problem) {
                    one.covers += 1;
                    problem.acknowledged |= one.holds();
                }
            }
        }
    }

    /// Their states, in the order of the settings, then of the texts.
    pub fn records(self) -> (Vec<WaiverRecord>, Vec<AcknowledgementRecord>) {
        let used = |state: WaiverState, covers: usize| match state {
            WaiverState::Unused if covers > 0 => WaiverState::Used,
            state => state,
        };
        let waivers = self.waivers.into_iter().map(|held| {
            let covers = held.covered.len();
            let state = if held.record.holds() { used(held.record.state, covers) } else { held.record.state };
            WaiverRecord { covers, state, ..held.record }
        });
        let acknowledgements = self.acknowledgements.into_iter();
        let acknowledgements = acknowledgements.map(|one| {
            let (what, state) = (shown(&one.what), used(one.state, one.covers));
            AcknowledgementRecord { what, state, ..one }
        });
        (waivers.collect(), acknowledgements.collect())
    }
}

/// Whether what could not be checked is a call of a module, perhaps behind its source.
fn names_call(what: &str) -> bool {
    let address = what.split_once('#').map_or(what, |(_, address)| address);
    let parts: Vec<&str> = address.split('.').collect();
    parts.len() >= 2 && parts.iter().step_by(2).all(|part| *part == "module")
}

/// Whether something that could not be checked is what an `unchecked` block names: an address, perhaps behind its source, or
/// a path.
fn is_about(named: &str, problem: &Error) -> bool {
    let what = problem.what.as_str();
    // An address stands in a file of another name.
    let is_address = problem.location.as_ref().is_some_and(|location| location.path != what);
    let behind = what.split_once('#').map(|(_, address)| address);
    let matches = |own: &str| match reads_as_path(own) && !is_address {
        true => reads_as_path(named) && matches_path(named, own),
        false => matches_address(named, own),
    };
    std::iter::once(what).chain(behind).any(|own| own == named || matches(own))
}

/// Whether a path matches a pattern, in which `*` stands for any text within one name.
fn matches_path(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(p, own)| matches_part(p, own))
}

/// Whether what an `unchecked` block or a report names reads as a path, not as an address: a change may call a file like a module.
fn reads_as_path(text: &str) -> bool {
    let extensions = ["tf", "tofu", "json", "hcl", "tfvars", "tfstate", "rego", "tfplan"];
    // The keys of instances may hold anything.
    let outside_keys = if text.ends_with(']') { text.split('[').next().unwrap_or(text) } else { text };
    let extension = outside_keys.rsplit_once('.').map(|(_, extension)| extension);
    text.split('[').next().is_some_and(|text| text.contains('/'))
        || extension.is_some_and(|extension| extensions.contains(&extension))
}

impl Held {
    fn declared(waiver: &Waiver, unwaivable: bool, today: &str) -> Held {
        let why = match &waiver.subject {
            Some(subject) if !subject.trim().is_empty() => None,
            Some(_) | None => Some("it names no subject".to_owned()),
        };
        let record = WaiverRecord {
            subject: waiver.subject.as_deref().map(shown).unwrap_or_default(),
            approved_by: waiver.approved_by.as_deref().map(shown),
            ..record(&waiver.rule, &waiver.reason, &waiver.expires, &waiver.location)
        };
        let scope = match waiver.subject.as_deref() {
            Some(subject) if why.is_none() => Scope::Subjects(subject.to_owned()),
            Some(_) | None => Scope::Nothing,
        };
        Held { record, scope, covered: BTreeSet::new() }.judged(why, unwaivable, today)
    }

    fn commented(ignore: &Ignore, unwaivable: bool, today: &str) -> Held {
        let path = ignore.location.path.clone();
        let record = WaiverRecord {
            subject: shown(&format!("{path}:{}", ignore.covers)),
            ..record(&ignore.rule, &ignore.reason, &ignore.expires, &ignore.location)
        };
        let why = match &ignore.void {
            _ if ignore.rule.is_empty() => Some("it names no rule".to_owned()),
            Some(Void::Downloaded) => {
                Some("a module that was downloaded excuses nothing: write it in the settings".to_owned())
            }
            Some(Void::NotInRevision(_)) | None => None,
        };
        let mut held = Held { record, scope: Scope::Line(path, ignore.covers), covered: BTreeSet::new() };
        held = held.judged(why, unwaivable, today);
        if let (Some(Void::NotInRevision(revision)), None) = (&ignore.void, &held.record.why) {
            held.record.why = Some(format!("{revision:?}, of which ignores count, does not have it for this line"));
        }
        held
    }

    fn judged(mut self, why: Option<String>, unwaivable: bool, today: &str) -> Held {
        let rule = unwaivable.then(|| "the settings say that the rule is not waivable".to_owned());
        let why = why.or(rule);
        (self.record.state, self.record.why) =
            standing(why, self.record.reason.as_deref(), self.record.expires.as_deref(), today);
        self
    }

    fn covers(&self, finding: &Finding) -> bool {
        self.record.rule == finding.rule.as_str()
            && match &self.scope {
                Scope::Subjects(pattern) => subject::covers(pattern, &finding.subject),
                Scope::Line(path, line) => {
                    let first = finding.locations.first().filter(|location| location.role == Role::Primary);
                    first.is_some_and(|location| location.path == *path && location.start.line == *line)
                }
                Scope::Nothing => false,
            }
    }
}

/// The state of what holds only with a reason and to a day, and why it is malformed or expired.
fn standing(
    why: Option<String>,
    reason: Option<&str>,
    expires: Option<&str>,
    today: &str,
) -> (WaiverState, Option<String>) {
    // Of spaces alone, or of what has no width, nobody reads anything.
    let says = |reason: &str| reason.chars().any(char::is_alphanumeric);
    let no_reason = || (!reason.is_some_and(says)).then(|| "it has no reason".to_owned());
    let no_day = || match expires {
        None => Some("it has no expiry, a day as YYYY-MM-DD".to_owned()),
        Some(day) if !is_date(day) => Some(format!("its expiry is no day of the calendar as YYYY-MM-DD: {day:?}")),
        Some(_) => None,
    };
    match why.or_else(no_reason).or_else(no_day) {
        Some(why) => (WaiverState::Malformed, Some(why)),
        None if expires.is_some_and(|day| day < today) => (WaiverState::Expired, None),
        None => (WaiverState::Unused, None),
    }
}

fn shown(text: &str) -> String {
    masked(text).into_owned()
}

fn record(rule: &str, reason: &Option<String>, expires: &Option<String>, location: &Location) -> WaiverRecord {
    WaiverRecord {
        rule: shown(rule),
        subject: String::new(),
        state: WaiverState::Unused,
        reason: reason.as_deref().map(shown),
        expires: expires.as_deref().map(shown),
        approved_by: None,
        covers: 0,
        why: None,
        path: location.path.clone(),
        line: location.start.line,
        column: location.start.column,
    }
}

fn acknowledgement(written: &Acknowledgement, today: &str) -> AcknowledgementRecord {
    let (state, why) = standing(None, written.reason.as_deref(), written.expires.as_deref(), today);
    AcknowledgementRecord {
        what: written.what.clone(),
        state,
        reason: written.reason.as_deref().map(shown),
        expires: written.expires.as_deref().map(shown),
        covers: 0,
        why,
        path: written.location.path.clone(),
        line: written.location.start.line,
        column: written.location.start.column,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_covers_no_path() {
        for (named, what, covers) in [
            ("module.*", "module.network", true),
            ("module.*", "infra#module.network", true),
            ("module.*", "module.tofu", false),
            ("module.*", "infra/x#module.tf", false),
            ("module.*", "module.b[.openai.json", false),
            ("module.*", "module.a/main.tf", false),
            ("openai_project.p[\"a/b\"]", "openai_project.p[\"a/b\"]", true),
            ("legacy/*", "legacy/main.tf", true),
            ("*.tf", "main.tf", true),
            ("*.tf", "infra/main.tf", false),
            ("module.tf", "module.tf", true),
            ("openai_project.*", "openai_project.json", false),
        ] {
            let problem = Error::new(what, "x");
            assert_eq!(is_about(named, &problem), covers, "{named} {what}");
        }
        // One that stands in a file is an address, whatever it is called.
        let place = crate::location::Position { line: 1, column: 1 };
        let location = |path: &str| Location { path: path.to_owned(), start: place, end: place };
        let named = |path: &str| Error::new("openai_project.json", "x").at(location(path));
        assert!(is_about("openai_project.*", &named("main.tf")));
        assert!(!is_about("openai_project.*", &named("openai_project.json")));
    }
}
