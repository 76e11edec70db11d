//! Damages to fixtures that violate something, and what may not change when they are read damaged: what was known stays as it
//! was, becomes unknown, or is reported as not read. Nothing else may change but what stood in the damaged place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use hcl::edit::structure::{Body, Structure};
use hcl::edit::visit::{self, Visit};
use hcl::edit::{Span, expr::Expression};
use openai_data_controls::edition::{EditionFacts, choose};
use openai_data_controls::input::{self, Inputs};
use openai_data_controls::rule::Severity;
use openai_data_controls::{Options, check};
use serde_json::Value;

use super::support::{TODAY, directories, examples, inputs, options, root, testdata};

/// One damage: a range of bytes of a file that is replaced.
#[derive(Clone)]
pub struct Damage {
    pub what: &'static str,
    pub range: Range<usize>,
    pub with: String,
}

/// Ends of a text at 200 places, at each where it is shorter.
pub fn truncations(text: &str) -> Vec<Damage> {
    let step = (text.len() / 200).max(1);
    let ends = (0..text.len()).step_by(step).filter(|end| text.is_char_boundary(*end));
    ends.map(|end| Damage { what: "truncated", range: end..text.len(), with: String::new() }).collect()
}

/// Every entry of an object and every item of a list is taken out; every value becomes null; every text names another thing.
pub fn of_json(text: &str) -> Vec<Damage> {
    let mut found = Vec::new();
    let mut scan = Json { text: text.as_bytes(), at: 0, found: &mut found };
    scan.value();
    found
}

struct Json<'a> {
    text: &'a [u8],
    at: usize,
    found: &'a mut Vec<Damage>,
}

impl Json<'_> {
    fn space(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while self.text[self.at] != b'"' {
            self.at += if self.text[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
    }

    /// Items of an object or list, each with what has to go with it: a comma.
    fn items(&mut self, end: u8, object: bool) {
        self.at += 1;
        let mut before: Option<usize> = None;
        loop {
            self.space();
            if self.text[self.at] == end {
                self.at += 1;
                return;
            }
            let start = self.at;
            if object {
                self.string();
                self.space();
                self.at += 1;
                self.space();
            }
            self.value();
            let ended = self.at;
            self.space();
            let range = if self.text[self.at] == b',' {
                self.at += 1;
                start..self.at
            } else {
                before.unwrap_or(start)..ended
            };
            self.found.push(Damage { what: "taken out", range, with: String::new() });
            before = Some(ended);
        }
    }

    fn value(&mut self) {
        self.space();
        let start = self.at;
        match self.text[self.at] {
            b'{' => self.items(b'}', true),
            b'[' => self.items(b']', false),
            b'"' => {
                self.string();
                self.found.push(Damage { what: "renamed", range: start..self.at, with: "\"damaged.damaged\"".into() });
            }
            _ => {
                while self.text.get(self.at).is_some_and(|b| !b",]} \n\r\t".contains(b)) {
                    self.at += 1;
                }
            }
        }
        if start > 0 {
            self.found.push(Damage { what: "null", range: start..self.at, with: "null".into() });
        }
    }
}

/// Every attribute and block is taken out, every reference leads nowhere, every literal becomes null.
pub fn of_hcl(text: &str) -> Vec<Damage> {
    let Ok(body) = text.parse::<Body>() else { return Vec::new() };
    // Editing loses the places of what is edited; it is only looked at.
    let mut places = Places { found: Vec::new() };
    places.visit_body(&body);
    places.found
}

struct Places {
    found: Vec<Damage>,
}

impl Visit for Places {
    fn visit_structure(&mut self, node: &Structure) {
        if let Some(range) = node.span() {
            self.found.push(Damage { what: "taken out", range, with: String::new() });
        }
        visit::visit_structure(self, node);
    }

    fn visit_expr(&mut self, node: &Expression) {
        if let Some(range) = node.span() {
            let (what, with) = match node {
                Expression::Traversal(_) | Expression::Variable(_) => ("reference broken", "damaged.damaged.id"),
                _ => ("null", "null"),
            };
            self.found.push(Damage { what, range, with: with.into() });
        }
        visit::visit_expr(self, node);
    }
}

/// What the facts know of everything, flat: subject, attribute, and what is known of it, or that it is unknown.
#[derive(PartialEq, Clone, Debug)]
pub enum Known {
    Value(Value),
    Unknown,
}

pub type Flat = BTreeMap<(String, String), Known>;

/// Computed from other facts, which are compared themselves; an id only joins them.
const DERIVED: [&str; 9] =
    ["effective", "requirements", "change", "origin", "unknown", "project", "linked_by", "processing", "project_id"];

pub fn flat(inputs: &Inputs) -> Flat {
    let mut found = Flat::new();
    let all = serde_json::to_value(&inputs.facts).unwrap();
    let mut add = |kind: &str, id: &str, subject: &Value| {
        found.insert((id.to_owned(), String::new()), Known::Value(Value::Null));
        // A client has these from its project.
        let own = |name: &str| kind == "projects" || !["region", "project_name"].contains(&name);
        for (name, value) in subject.as_object().unwrap() {
            if !DERIVED.contains(&name.as_str()) && !value.is_null() && own(name) {
                found.insert((id.to_owned(), name.clone()), Known::Value(value.clone()));
            }
        }
        for name in subject["unknown"].as_object().into_iter().flatten().map(|(name, _)| name) {
            let name = name.split('.').next().unwrap();
            if !DERIVED.contains(&name) && own(name) {
                found.insert((id.to_owned(), name.to_owned()), Known::Unknown);
            }
        }
    };
    add("organization", "organization", &all["organization"]);
    for kind in ["projects", "uses", "clients"] {
        for (id, subject) in all[kind].as_object().unwrap() {
            add(kind, id, subject);
        }
    }
    found
}

/// What a run reads; the rules see nothing else.
pub fn read(given: &[PathBuf]) -> Inputs {
    static EDITION: LazyLock<EditionFacts> = LazyLock::new(|| EditionFacts::new(&choose(None).unwrap().edition));
    let options = input::Options { recursive: true, working_directory: root(), ..input::Options::default() };
    input::read(given, &mut std::io::empty(), EDITION.clone(), TODAY, &options)
}

/// A range of bytes of a file.
type InFile = (PathBuf, Range<usize>);

/// A fixture in a directory of its own.
pub struct Fixture {
    pub name: String,
    pub directory: tempfile::TempDir,
    /// Relative paths of its files.
    pub files: Vec<PathBuf>,
    pub given: Vec<PathBuf>,
    pub facts: Flat,
    /// Subject and attribute: the places where they are written, as relative path and range.
    pub places: BTreeMap<(String, String), Vec<InFile>>,
}

fn copy(from: &Path, to: &Path, below: &Path, files: &mut Vec<PathBuf>) {
    fs::create_dir_all(to.join(below)).unwrap();
    for entry in fs::read_dir(from.join(below)).unwrap() {
        let name = below.join(entry.unwrap().file_name());
        if from.join(&name).is_dir() {
            copy(from, to, &name, files);
        } else {
            fs::copy(from.join(&name), to.join(&name)).unwrap();
            files.push(name);
        }
    }
}

/// A damage that was done.
pub struct Done<'a> {
    /// The file, relative to its fixture.
    pub file: &'a Path,
    pub damage: &'a Damage,
    /// What stood there.
    pub lost: &'a str,
}

impl Done<'_> {
    fn is_json(&self) -> bool {
        self.file.extension().is_some_and(|e| e == "json")
    }
}

impl Fixture {
    /// `None` where it violates nothing, or something of it is not read from the beginning.
    pub fn new(path: &Path) -> Option<Fixture> {
        let directory = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        copy(path, directory.path(), Path::new(""), &mut files);
        files.sort();
        let given = inputs(directory.path());
        let given = if given.is_empty() { vec![directory.path().to_owned()] } else { given };
        let options =
            Options { fail_on: Some(Severity::Low), ignore_settings: true, recursive: true, ..options(given.clone()) };
        let (report, _) = check(&options, &mut std::io::empty());
        if report.summary.exit_code != 3 {
            return None;
        }
        let read = read(&given);
        assert!(read.problems.is_empty());
        let facts = flat(&read);
        let relative = |id: usize, place: &openai_data_controls::location::Place| {
            let path = root().join(read.map.path(place.file));
            let path = path.strip_prefix(directory.path()).unwrap_or_else(|_| panic!("{id} {}", path.display()));
            (path.to_owned(), place.span.clone())
        };
        let mut places = BTreeMap::new();
        for (key, known) in &facts {
            let subject = read.map.exact(&key.0, "").iter();
            let parts = match known {
                Known::Value(Value::Object(parts)) => parts.keys().map(|part| format!("{}.{part}", key.1)).collect(),
                _ => Vec::new(),
            };
            let parts = parts.iter().flat_map(|part| read.map.exact(&key.0, part));
            let found = read.map.places(&key.0, &key.1).iter().chain(subject).chain(parts);
            places.insert(key.clone(), found.enumerate().map(|(id, place)| relative(id, place)).collect());
        }
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        Some(Fixture { name, directory, files, given, facts, places })
    }

    /// What is wrong with what is read after damages to files; `None` where something is reported as not read.
    pub fn complaints(&self, damages: &[Done<'_>]) -> Option<Vec<String>> {
        // What a block of a definition adds to, and what a setting belongs to by its id, are told by the damaged text alone.
        let joins = |done: &Done<'_>| {
            let lost = done.lost;
            lost.contains("address") && !done.is_json()
                || lost.starts_with("\"openai_project.")
                || lost.contains("\"proj_")
        };
        if damages.iter().any(joins) {
            return None;
        }
        let read = read(&self.given);
        if !read.problems.is_empty() {
            return None;
        }
        let now = flat(&read);
        let hit = |key: &(String, String)| {
            self.places[key].iter().any(|(path, span)| {
                damages.iter().any(|Done { file, damage, .. }| {
                    path == file && span.start < damage.range.end && damage.range.start < span.end.max(span.start + 1)
                })
            })
        };
        // A subject that is gone has to have lost something in the damage, or goes by another name.
        let is_renamed = now.keys().any(|key| key.1.is_empty() && !self.facts.contains_key(key));
        let hit_subject = |id: &str| is_renamed || self.facts.keys().any(|key| key.0 == id && hit(key));
        let mut found = Vec::new();
        for (key, was) in &self.facts {
            // A mark that is gone leaves no trace, and the value itself may have more than one place.
            let is_same = |value: &Value| damages.iter().any(|done| done.lost.contains(&value.to_string()));
            let meant = match was {
                Known::Value(value) => is_same(value) || value["ids"].as_array().into_iter().flatten().any(is_same),
                Known::Unknown => damages.iter().any(Done::is_json),
            };
            if meant {
                continue;
            }
            let subject = (key.0.clone(), String::new());
            if !now.contains_key(&subject) {
                // Where no mark and no value names a variable any more, nothing tells of the client.
                let is_unnamed = key.0.contains('@') && damages.iter().any(|done| done.lost.contains("\"OPENAI_"));
                if key.1.is_empty() && !is_unnamed && !hit_subject(&key.0) {
                    found.push(format!("{} is gone", key.0));
                }
                continue;
            }
            match (was, now.get(key)) {
                (was, Some(is)) if was == is => {}
                (Known::Value(_), Some(Known::Unknown)) => {}
                _ if hit(key) => {}
                (was, is) => found.push(format!("{}.{}: {was:?} became {is:?}", key.0, key.1)),
            }
        }
        Some(found)
    }
}

/// The fixtures that violate something.
pub fn violating() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = examples().into_iter().filter(|e| e.kind == "fail").map(|e| e.path).collect();
    for below in ["plans", "joins", "clients"] {
        paths.extend(directories(&testdata(below)));
    }
    paths.retain(|path| !path.ends_with("big-500"));
    paths.push(testdata("quickstart"));
    paths.push(testdata("source/repository"));
    paths
}
