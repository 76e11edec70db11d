//! Where a resource of any provider sets the variables that OpenAI's SDKs read.
//!
//! A map with the variable's name as key, a list of name and value pairs, a list of `NAME=value`, JSON inside a text,
//! and other text that assigns it: all variables that stand together are one environment.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::marked::Marked;
use super::pair::{assignment, fields, name_of, pair, value_of};
use super::text;
use crate::digest::sha256;
use crate::document::{Node, Value, parse_json};
use crate::input::marks::{AFTER_APPLY, SENSITIVE, covers};

/// The variables that OpenAI's SDKs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::input) enum Variable {
    ApiKey,
    Project,
    ProjectId,
    BaseUrl,
    ApiBase,
}

impl Variable {
    /// Longer names before those that they start with.
    pub(super) const ALL: [Variable; 5] =
        [Variable::ApiKey, Variable::ProjectId, Variable::Project, Variable::BaseUrl, Variable::ApiBase];

    pub(in crate::input) fn name(self) -> &'static str {
        match self {
            Variable::ApiKey => "OPENAI_API_KEY",
            Variable::Project => "OPENAI_PROJECT",
            Variable::ProjectId => "OPENAI_PROJECT_ID",
            Variable::BaseUrl => "OPENAI_BASE_URL",
            Variable::ApiBase => "OPENAI_API_BASE",
        }
    }

    pub(super) fn of(name: &str) -> Option<Variable> {
        Variable::ALL.into_iter().find(|variable| variable.name() == name)
    }
}

/// What a variable is set to.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::input) enum Set {
    Known(String),
    /// Not known, with the reason.
    Unknown(String),
}

/// A variable that is set.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::input) struct Setting {
    pub(in crate::input) value: Set,
    /// Where: the value, or the text that holds it; `None` where only a mark says that it is set.
    pub(in crate::input) span: Option<Range<usize>>,
    /// Digest of a key, which itself is never kept.
    pub(in crate::input) digest: Option<String>,
}

/// Variables that are set together.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::input) struct Environment {
    /// Where in the resource, as in `container[0]` or `environment[0].variables`.
    pub(in crate::input) path: String,
    pub(in crate::input) variables: BTreeMap<Variable, Setting>,
    /// The attribute of the resource that each variable lies in.
    pub(in crate::input) attributes: BTreeMap<Variable, String>,
}

impl Environment {
    /// The attribute that a variable lies in; the first one's where it is not set.
    pub(in crate::input) fn attribute(&self, variable: Variable) -> &str {
        self.attributes.get(&variable).or_else(|| self.attributes.values().next()).map_or("", String::as_str)
    }
}

/// Why the value is not known of a variable that takes it from a secret or another object.
pub(super) const ELSEWHERE: &str = "set from elsewhere";

/// How texts start that platforms replace by a secret or parameter.
const REFERENCES: [&str; 2] = ["arn:aws", "@Microsoft.KeyVault("];

/// How deep JSON may lie in texts of JSON.
const MAX_TEXTS: usize = 3;

/// Maps that hold no environment, whatever their keys are called.
pub(super) const NO_ENVIRONMENT: [&str; 5] = ["tags", "tags_all", "labels", "annotations", "triggers"];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Index(usize),
}

/// What a variable with this value is set to; `None` where it is not set.
pub(super) fn setting(of: Marked<'_>, variable: Variable, span: Option<&Range<usize>>) -> Option<Setting> {
    let here = span.cloned().or_else(|| of.value.or(of.unknown).map(|n| n.span.clone()));
    let unknown = |reason: &str| Set::Unknown(reason.to_owned());
    let text = match of.value.map(|n| &n.value) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::Bool(flag)) => Some(flag.to_string()),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => None,
    };
    let value = match (&text, of.value.map(|n| &n.value)) {
        _ if covers(of.sensitive) => unknown(SENSITIVE),
        _ if covers(of.unknown) => unknown(AFTER_APPLY),
        (Some(text), _) => return Some(known(variable, text, here)),
        (None, None | Some(Value::Null)) => return None,
        (None, Some(_)) => unknown(ELSEWHERE),
    };
    let digest = text.filter(|_| variable == Variable::ApiKey).map(|text| sha256([text.as_bytes()]));
    Some(Setting { value, span: here, digest })
}

/// A variable with a value that is known; what looks like a key is not kept.
pub(super) fn known(variable: Variable, text: &str, span: Option<Range<usize>>) -> Setting {
    if variable == Variable::ApiKey {
        let digest = (!text.is_empty()).then(|| sha256([text.as_bytes()]));
        return Setting { value: Set::Unknown("a key, not kept".to_owned()), span, digest };
    }
    let value = match text.trim_start() {
        start if start.starts_with("sk-") => Set::Unknown("looks like a key, not kept".to_owned()),
        start if REFERENCES.iter().any(|sign| start.starts_with(sign)) => Set::Unknown(ELSEWHERE.to_owned()),
        _ => Set::Known(text.to_owned()),
    };
    Setting { value, span, digest: None }
}

/// All environments of a resource that set one of the variables. `values` are its attributes, `unknown` and `sensitive`
/// their marks.
pub(in crate::input) fn environments(
    values: Option<&Node>,
    unknown: Option<&Node>,
    sensitive: Option<&Node>,
) -> Vec<Environment> {
    let mut search = Search::default();
    search.visit(Marked { value: values, unknown, sensitive }, &mut Vec::new(), None, 0);
    let shown = |steps: &[Step], prefix: &str| {
        let mut path = String::new();
        for step in steps {
            match step {
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => path.push_str(&format!(".{key}")),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        let dot = if path.is_empty() || prefix.is_empty() { "" } else { "." };
        if path.is_empty() && prefix.is_empty() { "value".to_owned() } else { format!("{path}{dot}{prefix}") }
    };
    let environment = |((steps, prefix), found): (Owner, Found)| Environment {
        path: shown(&steps, &prefix),
        variables: found.variables,
        attributes: found.attributes,
    };
    search.joined().into_iter().map(environment).collect()
}

/// Words in the name of a map or list that holds the secret part of what another one holds.
const SECRET_WORDS: [&str; 4] = ["secret", "secrets", "secure", "sensitive"];

fn is_secret(name: &str) -> bool {
    name.split('_').any(|word| SECRET_WORDS.contains(&word))
}

/// What is left of a name that says whose variables it holds: `environment` of `secure_environment_variables`.
fn base(name: &str) -> String {
    let says_whose = |word: &&str| !SECRET_WORDS.contains(word) && *word != "variables" && *word != "vars";
    name.split('_').filter(says_whose).collect::<Vec<_>>().join("_")
}

/// Where an environment is: steps into the resource, and for pairs with dotted names what stands before the last dot.
type Owner = (Vec<Step>, String);

/// What one place sets.
#[derive(Default)]
struct Found {
    variables: BTreeMap<Variable, Setting>,
    attributes: BTreeMap<Variable, String>,
    /// The names of the lists of pairs among it.
    lists: BTreeSet<String>,
}

impl Found {
    fn add(&mut self, variable: Variable, setting: Setting, attribute: String) {
        self.variables.entry(variable).and_modify(|held| both(held, &setting)).or_insert(setting);
        self.attributes.entry(variable).or_insert(attribute);
    }
}

#[derive(Default)]
struct Search {
    found: BTreeMap<Owner, Found>,
}

impl Search {
    /// What was found, with maps and lists of one thing taken together that hold its plain and its secret variables.
    fn joined(self) -> BTreeMap<Owner, Found> {
        let mut left = self.found;
        let owners: Vec<Owner> = left.keys().cloned().collect();
        for owner in &owners {
            let (steps, prefix) = owner;
            let Some((Step::Key(name), thing)) = steps.split_last() else { continue };
            let word = base(name);
            let is_same = |other: &&Owner| match other.0.split_last() {
                _ if *other == owner || other.1 != *prefix || word.is_empty() => false,
                _ if other.0 == thing => left.get(*other).is_some_and(|found| {
                    found.lists.iter().any(|list| base(list) == word && is_secret(list) != is_secret(name))
                }),
                Some((Step::Key(plain), of)) => {
                    of == thing && is_secret(name) && !is_secret(plain) && base(plain) == word
                }
                Some((Step::Index(_), _)) | None => false,
            };
            // The plain one takes the secret ones in; a thing that has lists takes its maps in.
            let Some(into) = owners.iter().filter(|other| left.contains_key(other)).find(is_same).cloned() else {
                continue;
            };
            let Some(from) = left.remove(owner) else { continue };
            let Some(target) = left.get_mut(&into) else { continue };
            let mut attributes = from.attributes;
            for (variable, setting) in from.variables {
                let attribute = attributes.remove(&variable).unwrap_or_default();
                target.add(variable, setting, attribute);
            }
        }
        left
    }

    fn add(&mut self, owner: &[Step], prefix: &str, steps: &[Step], variable: Variable, setting: Setting) {
        let attribute = match steps.first() {
            Some(Step::Key(key)) => key.clone(),
            Some(Step::Index(_)) | None => "value".to_owned(),
        };
        let place = self.found.entry((owner.to_vec(), prefix.to_owned())).or_default();
        place.add(variable, setting, attribute);
        if owner.len() < steps.len()
            && let Some(Step::Key(list)) = steps.iter().rev().find(|step| matches!(step, Step::Key(_)))
        {
            place.lists.insert(list.clone());
        }
    }

    /// Looks into a value at `steps`. `span` is that of the text that holds it, where it is JSON inside a text.
    fn visit(&mut self, here: Marked<'_>, steps: &mut Vec<Step>, span: Option<&Range<usize>>, texts: usize) {
        if let Some(text) = here.text() {
            self.visit_text(text, span.or(here.value.map(|n| &n.span)), steps, texts);
        } else if here.is_list() {
            self.visit_list(here, steps, span, texts);
        } else {
            if steps.is_empty()
                && let Some((variable, setting)) = pair(here, span)
            {
                self.add(&[], "", &[], variable, setting);
            }
            for (key, child) in here.children() {
                if NO_ENVIRONMENT.contains(&key) {
                    continue;
                }
                if let Some(variable) = Variable::of(key) {
                    if let Some(setting) = setting(child, variable, span) {
                        self.add(steps, "", steps, variable, setting);
                    }
                    continue;
                }
                steps.push(Step::Key(key.to_owned()));
                self.visit(child, steps, span, texts);
                steps.pop();
            }
        }
    }

    fn visit_list(&mut self, here: Marked<'_>, steps: &mut Vec<Step>, span: Option<&Range<usize>>, texts: usize) {
        // The thing that has the list: `container[0]` of `container[0].env`.
        let mut owner = steps.clone();
        while let Some(Step::Index(_)) = owner.last() {
            owner.pop();
        }
        owner.pop();
        let mut dotted: BTreeMap<&str, Marked<'_>> = BTreeMap::new();
        for (index, item) in here.items().into_iter().enumerate() {
            if let Some((variable, setting)) = pair(item, span) {
                self.add(&owner, "", steps, variable, setting);
                continue;
            }
            if let Some((variable, value)) = item.text().and_then(assignment) {
                let span = span.or(item.value.map(|n| &n.span));
                self.add(&owner, "", steps, variable, text::value(variable, value, span.cloned()));
                continue;
            }
            if let Some(name) = name_of(item) {
                dotted.insert(name, item);
            }
            steps.push(Step::Index(index));
            self.visit(item, steps, span, texts);
            steps.pop();
        }
        self.dotted(&dotted, &owner, steps, span);
    }

    /// Pairs as Helm takes them: `a.b.OPENAI_BASE_URL`, or `env[0].name` beside `env[0].value`.
    fn dotted(
        &mut self,
        pairs: &BTreeMap<&str, Marked<'_>>,
        owner: &[Step],
        steps: &[Step],
        span: Option<&Range<usize>>,
    ) {
        for (name, pair) in pairs {
            let Some((prefix, last)) = name.rsplit_once('.') else { continue };
            if let Some(variable) = Variable::of(last) {
                if let Some(setting) = value_of(*pair, variable, span) {
                    self.add(owner, prefix, steps, variable, setting);
                }
            } else if last == "name"
                && let Some(variable) = fields(*pair).and_then(|f| Variable::of(f.get("value")?.text()?))
            {
                let list = prefix.split('[').next().unwrap_or(prefix);
                let value = pairs.get(format!("{prefix}.value").as_str());
                let elsewhere = || {
                    let from = format!("{prefix}.valueFrom");
                    let refers = pairs.keys().any(|key| key.starts_with(&from));
                    let value = Set::Unknown(ELSEWHERE.to_owned());
                    refers.then_some(Setting { value, span: None, digest: None })
                };
                if let Some(setting) = value.and_then(|v| value_of(*v, variable, span)).or_else(elsewhere) {
                    self.add(owner, list, steps, variable, setting);
                }
            }
        }
    }

    fn visit_text(&mut self, text: &str, span: Option<&Range<usize>>, steps: &mut Vec<Step>, texts: usize) {
        let plain;
        let text = if text.contains("OPENAI_") {
            text
        } else {
            match super::decoded(text) {
                Some(decoded) => {
                    plain = decoded;
                    plain.as_str()
                }
                None => return,
            }
        };
        if texts < MAX_TEXTS
            && text.trim_start().starts_with(['{', '['])
            && let Ok(inner) = parse_json(text)
        {
            let here = Marked { value: Some(&inner), unknown: None, sensitive: None };
            let nowhere = 0..0;
            return self.visit(here, steps, Some(span.unwrap_or(&nowhere)), texts + 1);
        }
        for (variable, setting) in text::assignments(text, span) {
            self.add(steps, "", steps, variable, setting);
        }
    }
}

/// Two values of one variable: what is not the same in both is not known.
fn both(held: &mut Setting, other: &Setting) {
    if held.value != other.value || held.digest != other.digest {
        held.value = Set::Unknown("set twice".to_owned());
        held.digest = None;
    }
}
