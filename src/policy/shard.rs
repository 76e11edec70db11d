//! Rules in an engine of their own, and how they are asked.

use super::Outcome;
use super::bundle::Source;
use super::engine::{self, Document, Engine};
use super::stacks::{Begun, Ended, begin_guarded, unstarted};
use crate::error::Error;
use crate::limits::raised_by;
use crate::rule::Rule;

/// Some of the rules with the libraries, in an engine of their own: shards are loaded and run side by side.
#[derive(Debug, Clone)]
pub(super) struct Shard {
    pub(super) engine: Engine,
    pub(super) rules: Vec<Rule>,
    pub(super) problems: Vec<Error>,
}

impl Shard {
    /// Loads files. One with an error is left out and reported.
    pub(super) fn load(sources: Vec<Source<'_>>) -> Shard {
        let mut shard = Shard { engine: Engine::new(), rules: Vec::new(), problems: Vec::new() };
        let known = sources.iter().all(|source| source.file.is_embedded());
        for source in sources {
            match shard.engine.add(source.file) {
                Ok(()) => shard.rules.extend(source.rule),
                Err(problem) => shard.problems.push(problem),
            }
        }
        // Nothing is wrong with the calls of the product's own rules: a test holds that.
        let problems = if known { shard.engine.prepare() } else { shard.engine.check() };
        shard.problems.extend(problems);
        let Shard { engine, rules, .. } = &mut shard;
        rules.retain(|rule| !engine.is_forgotten(&rule.path));
        shard
    }

    /// The rules in at most `count` portions, each with an engine that has the facts.
    pub(super) fn portions(&self, count: usize, facts: &Document) -> Vec<Portion<'_>> {
        let mut engine = self.engine.clone();
        engine.set_facts(facts.clone());
        let count = count.clamp(1, self.rules.len().max(1));
        let portion =
            |number| Portion { engine: engine.clone(), rules: self.rules.iter().skip(number).step_by(count).collect() };
        (0..count).map(portion).collect()
    }
}

/// Rules that are run together.
pub(super) struct Portion<'s> {
    pub(super) engine: Engine,
    pub(super) rules: Vec<&'s Rule>,
}

impl<'s> Portion<'s> {
    /// Begins to ask all rules together.
    pub(super) fn begin(&self) -> Begun<Option<Vec<Outcome>>> {
        let packages: Vec<String> = self.rules.iter().map(|r| r.package.clone()).collect();
        begin_guarded(self.engine.patience(), self.engine.clone(), move |asked| asked.run_together(&packages))
    }

    /// Asks each rule alone.
    pub(super) fn ask_each(&self) -> Vec<(&'s Rule, Result<Outcome, Error>)> {
        self.rules.iter().map(|rule| (*rule, alone(&self.engine, rule))).collect()
    }
}

fn alone(engine: &Engine, rule: &Rule) -> Result<Outcome, Error> {
    let (package, path) = (rule.package.clone(), rule.path.clone());
    let wrong = |why: &str| Err(Error::new(rule.id.as_str(), why).at(engine::top_of(&rule.path)));
    match begin_guarded(engine.patience(), engine.clone(), move |asked| asked.run(&package, &path)).end() {
        Ended::Answer(outcome) => outcome,
        Ended::Late => wrong(engine::ENDLESS).map_err(|problem| problem.help(raised_by("rule-seconds"))),
        Ended::Broken => wrong("the engine broke over the rule"),
        Ended::Unstarted(why) => Err(unstarted(rule.id.as_str(), &why)),
    }
}
