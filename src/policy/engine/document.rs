//! A facts document, as the engine reads it.

use std::collections::BTreeMap;

use regorus::Value;
use serde::{Serialize, Serializer};

use crate::error::Error;
use crate::facts::Facts;
use crate::policy::cores;
use crate::policy::stacks::on_large_stacks;

/// The subjects from which the work on a document is shared out to threads.
const MANY: usize = 2_000;

/// A facts document, as the engine reads it.
#[derive(Debug, Clone)]
pub struct Document(pub(super) Value);

impl Document {
    /// Takes facts.
    ///
    /// # Errors
    /// Facts that can't be written as JSON, or that the engine can't read.
    pub fn new(facts: &impl Serialize) -> Result<Document, Error> {
        value(facts).map(Document)
    }

    /// The same of facts of many subjects, read by several threads.
    ///
    /// # Errors
    /// As [`Document::new`].
    pub fn of_facts(facts: &Facts) -> Result<Document, Error> {
        let Facts { projects, uses, clients, .. } = facts;
        if projects.len() + uses.len() + clients.len() < MANY {
            return Document::new(facts);
        }
        // Each thread reads a part of each kind of subject.
        let count = cores();
        let part = |number: usize| {
            move || {
                Ok([entries(projects, number, count)?, entries(uses, number, count)?, entries(clients, number, count)?])
            }
        };
        let parts = on_large_stacks((0..count).map(part));
        let mut subjects = [const { BTreeMap::new() }; 3];
        for part in parts {
            for (all, some) in subjects.iter_mut().zip(part?) {
                all.extend(some);
            }
        }
        let others = Facts {
            schema: facts.schema,
            today: facts.today.clone(),
            edition: facts.edition.clone(),
            sources: facts.sources.clone(),
            organization: facts.organization.clone(),
            projects: BTreeMap::new(),
            uses: BTreeMap::new(),
            clients: BTreeMap::new(),
            unjoined: facts.unjoined.clone(),
        };
        let mut document = value(&others)?;
        let whole = document.as_object_mut().map_err(|e| wrong(&e))?;
        for (name, all) in ["projects", "uses", "clients"].into_iter().zip(subjects) {
            whole.insert(Value::from(name), Value::from(all));
        }
        Ok(Document(document))
    }
}

/// One of `count` parts of a map, as the engine's entries.
fn entries<T: Serialize>(map: &BTreeMap<String, T>, number: usize, count: usize) -> Result<Vec<(Value, Value)>, Error> {
    let size = map.len().div_ceil(count);
    let read = value(&Part(map.iter().skip(number * size).take(size).collect()))?;
    let read = read.as_object().map_err(|e| wrong(&e))?;
    Ok(read.iter().map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// Some entries of a map, written as a map.
struct Part<'f, T>(Vec<(&'f String, &'f T)>);

impl<T: Serialize> Serialize for Part<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

fn value(facts: &impl Serialize) -> Result<Value, Error> {
    let text = serde_json::to_string(facts).map_err(|e| wrong(&e))?;
    Value::from_json_str(&text).map_err(|e| wrong(&e))
}

fn wrong(why: &dyn std::fmt::Display) -> Error {
    Error::new("facts", format!("the facts can't be handed to the rules: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::{EditionFacts, choose};
    use crate::facts::{Client, Project, Use};

    #[test]
    fn many_subjects_are_read_as_few_are() {
        let mut facts = Facts::new(EditionFacts::new(&choose(None).unwrap().edition), "2026-11-22".to_owned());
        for number in 0..MANY {
            facts.projects.insert(format!("p{number}"), Project::default());
            facts.uses.insert(format!("u{number}"), Use { endpoint: format!("/{number}"), ..Use::default() });
        }
        facts.clients.insert("c".to_owned(), Client::default());
        assert_eq!(Document::of_facts(&facts).unwrap().0, Document::new(&facts).unwrap().0);
    }
}
