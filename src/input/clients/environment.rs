//! Where a resource of any provider sets the variables that OpenAI's SDKs read.
//!
//! A map with the variable's name as key, a list of name and value pairs, a list of `NAME=value`, JSON inside a text,
//! and other text that assigns it: all variables that stand together are one environment.

use std::collections::BTreeMap;
use std::ops::Range;

use super::marked::Marked;
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

    fn of(name: &str) -> Option<Variable> {
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
    /// The attribute of the resource that it lies in.
    pub(in crate::input) attribute: String,
    pub(in crate::input) variables: BTreeMap<Variable, Setting>,
}

/// Why the value is not known of a variable that takes it from a secret or another object.
const ELSEWHERE: &str = "set from elsewhere";

/// How deep JSON may lie in texts of JSON.
const MAX_TEXTS: usize = 3;

/// Maps that hold no environment, whatever their keys are called.
const NO_ENVIRONMENT: [&str; 5] = ["tags", "tags_all", "labels", "annotations", "triggers"];

const NAMES: [&str; 5] = ["name", "key", "variable_name", "variable", "env_name"];
const VALUES: [&str; 6] = ["value", "plaintext_value", "secret_value", "encrypted_value", "value_wo", "string_value"];
const SOURCES: [&str; 7] =
    ["value_from", "valuefrom", "value_source", "valuesource", "secret_name", "secret_ref", "secret_key_ref"];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Index(usize),
}

/// What a variable with this value is set to; `None` where it is not set.
fn setting(of: Marked<'_>, variable: Variable, span: Option<&Range<usize>>) -> Option<Setting> {
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
    let value = match text.trim_start().starts_with("sk-") {
        true => Set::Unknown("looks like a key, not kept".to_owned()),
        false => Set::Known(text.to_owned()),
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
    let environment = |((steps, prefix), (attribute, variables)): ((Vec<Step>, String), (String, _))| Environment {
        path: shown(&steps, &prefix),
        attribute,
        variables,
    };
    search.found.into_iter().map(environment).collect()
}

/// Where an environment is: steps into the resource, and for pairs with dotted names what stands before the last dot.
type Owner = (Vec<Step>, String);

#[derive(Default)]
struct Search {
    found: BTreeMap<Owner, (String, BTreeMap<Variable, Setting>)>,
}

impl Search {
    fn add(&mut self, owner: &[Step], prefix: &str, steps: &[Step], variable: Variable, setting: Setting) {
        let attribute = match steps.first() {
            Some(Step::Key(key)) => key.clone(),
            Some(Step::Index(_)) | None => "value".to_owned(),
        };
        let place = self.found.entry((owner.to_vec(), prefix.to_owned())).or_insert((attribute, BTreeMap::new()));
        place.1.entry(variable).and_modify(|held| both(held, &setting)).or_insert(setting);
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

/// `NAME=value`.
fn assignment(text: &str) -> Option<(Variable, &str)> {
    let (name, value) = text.split_once('=')?;
    Some((Variable::of(name.trim())?, value))
}

/// The fields of an object that has a name, in lower case.
fn fields<'n>(object: Marked<'n>) -> Option<BTreeMap<String, Marked<'n>>> {
    // What has this many fields is no pair.
    const MOST: usize = 64;
    let children = object.children();
    let named = children.keys().any(|key| NAMES.iter().any(|name| key.eq_ignore_ascii_case(name)));
    (named && children.len() <= MOST)
        .then(|| children.into_iter().map(|(key, child)| (key.to_ascii_lowercase(), child)).collect())
}

fn name_of(object: Marked<'_>) -> Option<&str> {
    let fields = fields(object)?;
    NAMES.iter().find_map(|name| fields.get(*name)?.text())
}

/// A pair of name and value.
fn pair(object: Marked<'_>, span: Option<&Range<usize>>) -> Option<(Variable, Setting)> {
    let fields = fields(object)?;
    let named = NAMES.iter().find_map(|name| Variable::of(fields.get(*name)?.text()?))?;
    Some((named, value_of(object, named, span)?))
}

/// The value of a pair.
fn value_of(object: Marked<'_>, variable: Variable, span: Option<&Range<usize>>) -> Option<Setting> {
    let fields = fields(object)?;
    let given = VALUES.iter().find_map(|name| setting(*fields.get(*name)?, variable, span));
    let is_blank = VALUES.iter().all(|name| fields.get(*name).is_none_or(|field| field.text() == Some("")));
    let is_empty = |tree: &Node| match &tree.value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    let source = SOURCES
        .iter()
        .filter_map(|name| fields.get(*name))
        .find(|s| s.value.is_some_and(|v| !is_empty(v)) || covers(s.unknown) || covers(s.sensitive));
    match (given, source) {
        (Some(given), None) => Some(given),
        (Some(given), Some(_)) if !is_blank => Some(given),
        (_, Some(source)) => {
            let span = span.cloned().or_else(|| source.value.map(|n| n.span.clone()));
            Some(Setting { value: Set::Unknown(ELSEWHERE.to_owned()), span, digest: None })
        }
        (None, None) => None,
    }
}
