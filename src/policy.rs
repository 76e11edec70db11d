//! The rules: loaded, checked before they run, evaluated one by one on the embedded engine.

mod archive;
mod bundle;
mod directory;
mod engine;
mod examples;
mod held;
mod metadata;
mod shard;
mod sprintf;
mod stacks;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;

use serde::Deserialize;
use serde_json::Value;

pub use archive::{CATALOG, catalog, write_bundle};
use bundle::Source;
pub use bundle::{
    File, asked_with_facts, embedded, embedded_for_gates, embedded_placed, embedded_tests, rule_ids, wrong_package,
};
pub use directory::{EXAMPLES, read_directories};
pub use engine::{
    Document, EditionDocument, LineCoverage, TestResult, ask, check_files, emptied, evaluate_texts, mistakes,
    run_tests, tests_hold, variants_hold,
};
pub(crate) use examples::entries;
pub use examples::{Example, ExampleFile, examples, own_examples};

use crate::digest::sha256;
use crate::error::Error;
use crate::rule::{Rule, RuleId};
pub use held::Held;
use shard::{Portion, Shard};
pub use stacks::let_go;
use stacks::{Ended, on_large_stacks};

/// What a rule says of one subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Said {
    /// Subject id.
    pub subject: String,
    /// The attribute it is about.
    pub attribute: String,
    /// The message.
    pub msg: String,
    /// The offending value.
    #[serde(default)]
    pub value: Option<Text>,
    /// The evidence that is missing or bad.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// What would be right.
    #[serde(default)]
    pub hint: Option<Text>,
}

/// A value as text: what a fingerprint is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(from = "Value")]
pub struct Text(pub String);

impl From<Value> for Text {
    fn from(value: Value) -> Text {
        match value {
            Value::String(text) => Text(text),
            Value::Array(items) => Text(items.into_iter().map(|i| Text::from(i).0).collect::<Vec<_>>().join(", ")),
            other => Text(other.to_string()),
        }
    }
}

/// Where the cause of a finding lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Cause {
    /// Subject id, mostly the organization.
    pub subject: String,
    /// Attribute.
    pub attribute: String,
}

/// The three sets of a rule.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Outcome {
    /// Ids of the subjects that the rule applies to.
    #[serde(default)]
    pub applies: Vec<String>,
    /// Violations.
    #[serde(default)]
    pub deny: Vec<Said>,
    /// What can't be decided.
    #[serde(default)]
    pub undetermined: Vec<Said>,
}

/// Rules that were loaded and checked, ready to run. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct PolicySet {
    rules: Vec<Rule>,
    /// Those of them that are not run, as they have nothing to say.
    silent: BTreeSet<RuleId>,
    shards: Vec<Shard>,
    sha256: String,
}

/// The product's own rules as they were loaded, by the paths of the files and what facts held: a process that judges many times
/// loads them once. At most [`MOST_LOADED`].
static LOADED: Mutex<BTreeMap<String, PolicySet>> = Mutex::new(BTreeMap::new());

/// How many sets of rules are kept: each takes some megabytes.
const MOST_LOADED: usize = 16;

/// What [`PolicySet::load_ahead`] loads.
static AHEAD: Mutex<Ahead> = Mutex::new(Ahead::Not);

/// Rules of the product that are loaded before it is known which are needed.
enum Ahead {
    /// None.
    Not,
    /// A thread is at it; nothing where something is wrong, which is told when they are loaded again.
    Loading(JoinHandle<Option<Vec<Shard>>>),
    /// They are.
    Loaded(Vec<Shard>),
}

impl Ahead {
    /// What is loaded ahead, waited for; empty where that is nothing.
    fn shards() -> Vec<Shard> {
        let mut ahead = AHEAD.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = match std::mem::replace(&mut *ahead, Ahead::Not) {
            Ahead::Loading(loading) => loading.join().ok().flatten().map_or(Ahead::Not, Ahead::Loaded),
            other => other,
        };
        if let Ahead::Loaded(shards) = &*ahead { shards.clone() } else { Vec::new() }
    }
}

/// What rule files say of themselves, without loading them; and what is wrong with that.
pub fn list(files: &[File]) -> (Vec<Rule>, Vec<Error>) {
    let (sources, problems) = bundle::sources(files);
    let mut rules: Vec<Rule> = sources.into_iter().filter_map(|source| source.rule).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    (rules, problems)
}

/// Whether any of these files reads a fact of the page's text, told by its name.
pub fn reads(files: &[File], fact: &str) -> bool {
    files.iter().any(|file| {
        let code = file.text.lines().filter(|line| !line.trim_start().starts_with('#'));
        code.into_iter().any(|line| {
            line.match_indices(fact).any(|(at, _)| {
                let part = |c: char| c.is_alphanumeric() || c == '_';
                !line[..at].ends_with(part) && !line[at + fact.len()..].starts_with(part)
            })
        })
    })
}

impl PolicySet {
    /// Loads rule files (not their tests). A file with an error is left out and reported; the others are loaded.
    pub fn load(files: &[File]) -> (PolicySet, Vec<Error>) {
        PolicySet::load_once(files, None)
    }

    /// Loads only the rules that have something to say of such facts; the others of the product are neither loaded nor
    /// checked. Those that judge a subject that is there are listed all the same, and say nothing. The user's own are all
    /// loaded, since what is wrong with them is told.
    pub fn load_for(files: &[File], held: &Held) -> (PolicySet, Vec<Error>) {
        PolicySet::load_once(files, Some(held))
    }

    fn load_once(files: &[File], held: Option<&Held>) -> (PolicySet, Vec<Error>) {
        if !files.iter().all(File::is_embedded) {
            return PolicySet::load_new(files, held, &[], cores());
        }
        let words = held.map_or_else(Vec::new, |held| [&[""], &*held.kinds, &*held.stated].concat());
        let key: Vec<&str> = words.into_iter().chain(files.iter().map(|f| f.path.as_str())).collect();
        let key = key.join("\n");
        let loaded = || LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = loaded().get(&key) {
            return (kept.clone(), Vec::new());
        }
        let ahead = held.map_or_else(Vec::new, |_| Ahead::shards());
        let (policies, problems) = PolicySet::load_new(files, held, &ahead, cores());
        if problems.is_empty() {
            let mut kept = loaded();
            if kept.len() >= MOST_LOADED {
                kept.clear();
            }
            kept.insert(key, policies.clone());
        }
        (policies, problems)
    }

    /// Begins to load those of the product's own rules that judge projects in regions, once in a process:
    /// [`load_for`](PolicySet::load_for) then loads the others only. With one core there is nothing to gain.
    pub fn load_ahead() {
        let mut ahead = AHEAD.lock().unwrap_or_else(PoisonError::into_inner);
        if cores() == 1 || !matches!(*ahead, Ahead::Not) {
            return;
        }
        let load = || {
            let usual = Held { kinds: vec!["organization", "project"], stated: vec!["region"] };
            // One core reads meanwhile.
            let (policies, problems) = PolicySet::load_new(&embedded(), Some(&usual), &[], cores() - 1);
            problems.is_empty().then_some(policies.shards)
        };
        if let Ok(loading) = std::thread::Builder::new().spawn(load) {
            *ahead = Ahead::Loading(loading);
        }
    }

    fn load_new(files: &[File], held: Option<&Held>, ahead: &[Shard], count: usize) -> (PolicySet, Vec<Error>) {
        let (mut sources, mut problems) = bundle::sources(files);
        let mut silent = Vec::new();
        // A rule that another one refers to is needed whatever it judges.
        if let Some(held) = held.filter(|_| bundle::are_independent(&sources)) {
            sources.retain(|source| source.rule.as_ref().is_none_or(|rule| held.is_judged_by(rule)));
            let is_silent = |source: &Source| source.rule.as_ref().is_some_and(|rule| held.silences(rule));
            silent.extend(sources.extract_if(.., |source| is_silent(source)).filter_map(|source| source.rule));
        }
        let mut shards = ahead.to_vec();
        for shard in &mut shards {
            let is_of = |rule: &Rule, source: &Source| source.rule.as_ref().is_some_and(|of| of.id == rule.id);
            shard.rules.retain(|rule| sources.iter().any(|source| is_of(rule, source)));
            sources.retain(|source| !shard.rules.iter().any(|rule| is_of(rule, source)));
        }
        let is_left = ahead.is_empty() || sources.iter().any(|source| source.rule.is_some());
        let parts = if is_left { bundle::independent_parts(sources, count) } else { Vec::new() };
        match on_large_stacks(parts.into_iter().map(|part| || Shard::load(part))) {
            Ok(loaded) => shards.extend(loaded),
            Err(problem) => problems.push(problem),
        }
        for problem in shards.iter().flat_map(|s| &s.problems) {
            // What is wrong with a library is found in every shard.
            if !problems.contains(problem) {
                problems.push(problem.clone());
            }
        }
        let ids = silent.iter().map(|rule| rule.id.clone()).collect();
        let mut rules: Vec<Rule> = shards.iter().flat_map(|s| s.rules.iter().cloned()).chain(silent).collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let digests: Vec<(&str, Cow<'_, str>)> = files.iter().map(|f| (f.path.as_str(), f.sha256())).collect();
        let sha256 = sha256(digests.iter().flat_map(|(path, digest)| [path.as_bytes(), &[0], digest.as_bytes(), &[0]]));
        (PolicySet { rules, silent: ids, shards, sha256 }, problems)
    }

    /// The rules by id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Sets how long one rule may run; without it, ten seconds.
    pub fn set_rule_time(&mut self, limit: std::time::Duration) {
        for shard in &mut self.shards {
            shard.engine.set_rule_time(limit);
        }
    }

    /// Leaves rules out.
    pub fn retain(&mut self, keep: impl Fn(&Rule) -> bool) {
        self.rules.retain(&keep);
        for shard in &mut self.shards {
            shard.rules.retain(&keep);
        }
    }

    /// Digest of all loaded files, in hex: of the path and the digest of each, with a zero byte behind both.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Evaluates every rule on a facts document. A rule that errs is a problem; the others still speak.
    pub fn evaluate(&self, facts: Document) -> (BTreeMap<RuleId, Outcome>, Vec<Error>) {
        let silent = self.rules.iter().filter(|rule| self.silent.contains(&rule.id));
        let mut outcomes: BTreeMap<_, _> = silent.map(|rule| (rule.id.clone(), Outcome::default())).collect();
        let (mut problems, mut erred) = (Vec::new(), BTreeSet::new());
        let asked: Vec<&Shard> = self.shards.iter().filter(|shard| !shard.rules.is_empty()).collect();
        let each = cores().div_ceil(asked.len().max(1));
        let portions: Vec<Portion> = asked.into_iter().flat_map(|shard| shard.portions(each, &facts)).collect();
        let begun: Vec<_> = portions.iter().map(Portion::begin).collect();
        let parts: Vec<Vec<(&Rule, Result<Outcome, Error>)>> = std::thread::scope(|scope| {
            let ended = portions.iter().zip(begun).map(|(portion, begun)| match begun.end() {
                Ended::Answer(Some(outcomes)) => {
                    Ok(portion.rules.iter().copied().zip(outcomes.into_iter().map(Ok)).collect())
                }
                // Each alone, so that one broken rule does not silence the others.
                Ended::Answer(None) | Ended::Late | Ended::Broken | Ended::Unstarted(_) => {
                    let asking = std::thread::Builder::new().spawn_scoped(scope, || portion.ask_each());
                    asking.map_or_else(|_| Ok(portion.ask_each()), Err)
                }
            });
            let ended: Vec<_> = ended.collect();
            ended.into_iter().map(|part| part.unwrap_or_else(|asking| asking.join().unwrap_or_default())).collect()
        });
        for (rule, outcome) in parts.into_iter().flatten() {
            match outcome {
                Ok(outcome) => {
                    outcomes.insert(rule.id.clone(), outcome);
                }
                Err(problem) => {
                    erred.insert(&rule.id);
                    problems.push(problem);
                }
            }
        }
        let_go((portions.into_iter().map(|portion| portion.engine).collect::<Vec<_>>(), facts));
        for rule in &self.rules {
            if !outcomes.contains_key(&rule.id) && !erred.contains(&rule.id) {
                problems.push(Error::new(rule.id.as_str(), "the rule ended without an answer"));
            }
        }
        problems.sort_by(|a, b| (&a.what, &a.message).cmp(&(&b.what, &b.message)));
        (outcomes, problems)
    }
}

fn cores() -> usize {
    // The system looks for it in several files.
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, |n| n.get().min(4)))
}

#[cfg(test)]
mod tests {
    use super::engine::Engine;
    use super::*;

    #[test]
    fn nothing_is_wrong_with_the_calls_of_the_rules_of_the_product() {
        let mut engine = Engine::new();
        for file in embedded_for_gates() {
            assert!(file.is_embedded());
            engine.add(&file).unwrap();
        }
        assert_eq!(engine.check(), []);
        assert!(!embedded()[0].with_text("").is_embedded());
    }

    #[test]
    fn other_files_have_another_digest() {
        let digest = |files: &[(&str, &str)]| {
            let files: Vec<File> = files.iter().map(|(path, text)| File::new(*path, *text)).collect();
            PolicySet::load(&files).0.sha256
        };
        assert_ne!(digest(&[("a", "xb\0y")]), digest(&[("a", "x"), ("b", "y")]));
    }

    #[test]
    fn no_more_sets_of_rules_are_kept_than_is_said() {
        for number in 0..=2 * MOST_LOADED {
            let held = Held { kinds: Vec::new(), stated: vec!["region"; number] };
            PolicySet::load_for(&embedded(), &held);
            let kept = LOADED.lock().unwrap_or_else(PoisonError::into_inner).len();
            assert!((1..=MOST_LOADED).contains(&kept), "{kept}");
        }
    }

    #[test]
    fn what_one_run_changes_of_the_loaded_rules_no_other_sees() {
        let held = |policies: &PolicySet| (policies.rules.len(), policies.shards.iter().map(|s| s.rules.len()).sum());
        let organization = || Held { kinds: vec!["organization"], stated: crate::facts::NEEDS.to_vec() };
        let none = Held { kinds: Vec::new(), stated: Vec::new() };
        let (mut one, _) = PolicySet::load_for(&embedded(), &organization());
        let before: (usize, usize) = held(&one);
        one.set_rule_time(std::time::Duration::from_secs(3600));
        one.retain(|_| false);
        assert_eq!(held(&one), (0, 0));
        let (other, _) = PolicySet::load_for(&embedded(), &organization());
        assert_eq!(held(&other), before);
        assert!(other.shards.iter().all(|shard| shard.engine.patience() == Engine::new().patience()));
        // Other kinds and other files are other rules.
        assert!(held(&PolicySet::load(&embedded()).0) > before);
        assert_eq!(held(&PolicySet::load_for(&embedded(), &none).0), (0, 0));
        assert_eq!(held(&PolicySet::load(&[]).0), (0, 0));
    }

    #[test]
    fn all_rules_are_asked_in_one_query() {
        let (policies, problems) = PolicySet::load(&embedded());
        assert!(problems.is_empty(), "{problems:?}");
        let edition = crate::edition::EditionFacts::new(&crate::edition::choose(None).unwrap().edition);
        let mut facts = crate::facts::Facts::new(edition, "2026-11-22".to_owned());
        let project = crate::facts::Project { region: crate::facts::Fact::Known("EU".into()), ..Default::default() };
        facts.projects.insert("p".into(), project);
        facts.complete();
        let facts = Document::new(&facts).unwrap();
        let mut applied = 0;
        for shard in policies.shards {
            let mut engine = shard.engine.clone();
            engine.set_facts(facts.clone());
            let packages: Vec<String> = shard.rules.iter().map(|rule| rule.package.clone()).collect();
            let outcomes = stacks::on_large_stack(|| Ok(engine.run_together(&packages))).unwrap();
            applied += outcomes.unwrap().iter().filter(|outcome| !outcome.applies.is_empty()).count();
        }
        assert!(applied > 0);
    }
}
