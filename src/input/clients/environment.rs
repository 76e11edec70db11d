//! Where a resource of any provider sets the variables that OpenAI's SDKs read.
//!
//! A map with the variable's name as key, a list of name and value pairs, a list of `NAME=value`, JSON or base64 inside
//! a text, and other text that assigns it: all variables that stand together are one environment.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::marked::Marked;
use super::pair::{assignment, fields, name_of, pair, value_of};
use super::setting::{ELSEWHERE, Setting, both, hidden, setting};
use super::{encoded, text};
use crate::document::{Node, parse_json};
use crate::input::marks::covers;
use crate::secret::holds_key;

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

/// Whether a variable holds a base URL, of either generation of the SDKs.
pub(super) fn is_base_url(variable: Variable) -> bool {
    matches!(variable, Variable::BaseUrl | Variable::ApiBase)
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

/// How deep JSON may lie in texts of JSON. Each time its quotes take twice the room.
const MAX_TEXTS: usize = 8;

/// Maps that hold no environment, whatever their keys are called.
pub(super) const NO_ENVIRONMENT: [&str; 5] = ["tags", "tags_all", "labels", "annotations", "triggers"];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Index(usize),
    /// A key that must not be shown, by its place among the others.
    Hidden(usize),
}

impl Step {
    /// The step to the key with this number in an object. Below a mark for the whole, the keys are sensitive themselves.
    fn into(object: Marked<'_>, number: usize, key: &str) -> Step {
        let hidden = covers(object.sensitive) || holds_key(key);
        if hidden { Step::Hidden(number) } else { Step::Key(key.to_owned()) }
    }
}

/// All environments of a resource that set one of the variables, and whether a text names a base URL that was not
/// understood. `values` are its attributes, `unknown` and `sensitive` their marks.
pub(in crate::input) fn environments(
    values: Option<&Node>,
    unknown: Option<&Node>,
    sensitive: Option<&Node>,
) -> (Vec<Environment>, bool) {
    let mut search = Search::default();
    search.visit(Marked { value: values, unknown, sensitive }, &mut Vec::new(), None, 0);
    let shown = |steps: &[Step], prefix: &str| {
        let mut path = String::new();
        for step in steps {
            match step {
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => path.push_str(&format!(".{key}")),
                Step::Index(index) | Step::Hidden(index) => path.push_str(&format!("[{index}]")),
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
    let unread = search.unread;
    (search.joined().into_iter().map(environment).collect(), unread)
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
    /// A text names a base URL, and what it is set to was not understood.
    unread: bool,
}

impl Search {
    /// What was found, with maps and lists of one thing taken together that hold its plain and its secret variables.
    fn joined(self) -> BTreeMap<Owner, Found> {
        let mut left = self.found;
        let owners: Vec<Owner> = left.keys().cloned().collect();
        // The maps of a thing that are plain, and the lists that it has, plain or secret, by what they hold.
        let mut plain: BTreeMap<(&[Step], &str, String), Vec<&Owner>> = BTreeMap::new();
        let mut lists: BTreeSet<(&[Step], &str, String, bool)> = BTreeSet::new();
        for owner in &owners {
            let (steps, prefix) = owner;
            if let Some((Step::Key(name), thing)) = steps.split_last()
                && !is_secret(name)
            {
                plain.entry((thing, prefix, base(name))).or_default().push(owner);
            }
            let own = left.get(owner).into_iter().flat_map(|found| &found.lists);
            lists.extend(own.map(|list| (steps.as_slice(), prefix.as_str(), base(list), is_secret(list))));
        }
        for owner in &owners {
            let (steps, prefix) = owner;
            let Some((Step::Key(name), thing)) = steps.split_last() else { continue };
            let (word, secret) = (base(name), is_secret(name));
            if word.is_empty() {
                continue;
            }
            // The plain one takes the secret ones in; a thing that has lists takes its maps in.
            let whole = (thing.to_vec(), prefix.clone());
            let into = if lists.contains(&(thing, prefix, word.clone(), !secret)) && left.contains_key(&whole) {
                Some(whole)
            } else {
                let beside = plain.get(&(thing, prefix.as_str(), word)).filter(|_| secret);
                beside.into_iter().flatten().find(|other| left.contains_key(**other)).map(|other| (*other).clone())
            };
            let Some(into) = into else { continue };
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
            Some(Step::Index(_) | Step::Hidden(_)) | None => "value".to_owned(),
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
        if let Some(text) = Text::of(here, span) {
            self.visit_text(text, steps, texts);
        } else if here.is_list() {
            self.visit_list(here, steps, span, texts);
        } else {
            if steps.is_empty()
                && let Some((variable, setting)) = pair(here, span)
            {
                self.add(&[], "", &[], variable, setting);
            }
            for (number, (key, child)) in here.children().into_iter().enumerate() {
                if NO_ENVIRONMENT.contains(&key) {
                    continue;
                }
                if let Some(variable) = Variable::of(key) {
                    if let Some(setting) = setting(child, variable, span) {
                        self.add(steps, "", steps, variable, setting);
                    }
                    continue;
                }
                // The keys at the top are attributes, which the provider names.
                let own = steps.is_empty() && !holds_key(key);
                steps.push(if own { Step::Key(key.to_owned()) } else { Step::into(here, number, key) });
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
            if let Some(text) = Text::of(item, span)
                && let Some((variable, value)) = assignment(text.text)
            {
                // A command may follow, or further variables.
                let is_command = value.trim().contains(char::is_whitespace) || value.contains("OPENAI_");
                let found = match is_command {
                    true => text::assignments(text.text, text.span),
                    false => vec![(variable, text::value(variable, value, text.span.cloned()))],
                };
                for (variable, setting) in found {
                    self.add(&owner, "", steps, variable, text.shown(variable, setting));
                }
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
            let Some((prefix, last)) = name.rsplit_once('.').filter(|_| !holds_key(name)) else { continue };
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
                    let refers = pairs.range(from.as_str()..).next().is_some_and(|(key, _)| key.starts_with(&from));
                    refers.then(|| Setting::unknown(ELSEWHERE, None))
                };
                if let Some(setting) = value.and_then(|v| value_of(*v, variable, span)).or_else(elsewhere) {
                    self.add(owner, list, steps, variable, setting);
                }
            }
        }
    }

    fn visit_text(&mut self, text: Text<'_>, steps: &mut Vec<Step>, texts: usize) {
        if text.text.contains("OPENAI_") {
            self.visit_plain(text, steps, texts);
        }
        for decoded in encoded::texts(text.text) {
            self.visit_plain(Text { text: &decoded, ..text }, steps, texts);
        }
    }

    fn visit_plain(&mut self, text: Text<'_>, steps: &mut Vec<Step>, texts: usize) {
        if texts < MAX_TEXTS
            && text.text.trim_start().starts_with(['{', '['])
            && let Ok(inner) = parse_json(text.text)
        {
            let here = Marked { value: Some(&inner), unknown: None, sensitive: text.secrecy };
            let nowhere = 0..0;
            return self.visit(here, steps, Some(text.span.unwrap_or(&nowhere)), texts + 1);
        }
        let found = text::assignments(text.text, text.span);
        let urls = [Variable::BaseUrl, Variable::ApiBase].into_iter();
        let mut unread = urls.filter(|url| !found.iter().any(|(variable, _)| variable == url));
        self.unread |= unread.any(|url| text::leaves_open(text.text, url));
        for (variable, setting) in found {
            self.add(steps, "", steps, variable, text.shown(variable, setting));
        }
    }
}

/// A text in which variables may be set.
#[derive(Clone, Copy)]
struct Text<'t> {
    text: &'t str,
    /// The mark that makes it sensitive.
    secrecy: Option<&'t Node>,
    /// Where it stands.
    span: Option<&'t Range<usize>>,
}

impl<'t> Text<'t> {
    /// A value that is a text, in another text that stands at `span` or by itself.
    fn of(here: Marked<'t>, span: Option<&'t Range<usize>>) -> Option<Text<'t>> {
        let span = span.or(here.value.map(|node| &node.span));
        Some(Text { text: here.raw_text()?, secrecy: here.secrecy(), span })
    }

    /// What may be shown of a setting that was found in it.
    fn shown(self, variable: Variable, setting: Setting) -> Setting {
        if self.secrecy.is_some() { hidden(variable, setting) } else { setting }
    }
}
