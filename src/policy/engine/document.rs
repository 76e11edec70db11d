//! A facts document, as the engine reads it.

use std::collections::BTreeMap;

use regorus::Value;
use serde::{Serialize, Serializer};

use crate::edition::EditionFacts;
use crate::error::Error;
use crate::facts::{Facts, Organization, SourceFacts, Unjoined};
use crate::policy::cores;
use crate::policy::stacks::on_large_stacks;

/// The subjects from which the work on a document is shared out to threads.
const MANY: usize = 2_000;

/// A facts document, as the engine reads it.
#[derive(Debug, Clone)]
pub struct Document(pub(super) Value);

/// An edition, as the engine reads it.
#[derive(Debug, Clone)]
pub struct EditionDocument(Value);

impl EditionDocument {
    /// Takes an edition: it can be handed over before the facts are read.
    ///
    /// # Errors
    /// As [`Document::new`].
    pub fn new(edition: &EditionFacts) -> Result<EditionDocument, Error> {
        value(edition).map(EditionDocument)
    }
}

impl Document {
    /// Takes facts.
    ///
    /// # Errors
    /// Facts that can't be written as JSON, or that the engine can't read.
    pub fn new(facts: &impl Serialize) -> Result<Document, Error> {
        value(facts).map(Document)
    }

    /// Facts whose edition was handed over, which has to be theirs; where there are many subjects, several threads read them.
    ///
    /// # Errors
    /// As [`Document::new`].
    pub fn of_facts(facts: &Facts, edition: EditionDocument) -> Result<Document, Error> {
        let Facts { projects, uses, clients, .. } = facts;
        // Each thread reads a part of each kind of subject.
        let count = if projects.len() + uses.len() + clients.len() < MANY { 1 } else { cores() };
        let part = |number: usize| {
            move || {
                Ok([entries(projects, number, count)?, entries(uses, number, count)?, entries(clients, number, count)?])
            }
        };
        let parts = if count == 1 { vec![part(0)()] } else { on_large_stacks((0..count).map(part))? };
        let mut subjects = [const { BTreeMap::new() }; 3];
        for part in parts {
            for (all, some) in subjects.iter_mut().zip(part?) {
                all.extend(some);
            }
        }
        let mut document = value(&Rest {
            schema: facts.schema,
            today: &facts.today,
            sources: &facts.sources,
            organization: &facts.organization,
            unjoined: &facts.unjoined,
        })?;
        let whole = document.as_object_mut().map_err(|e| wrong(&e))?;
        whole.insert(Value::from("edition"), edition.0);
        for (name, all) in ["projects", "uses", "clients"].into_iter().zip(subjects) {
            whole.insert(Value::from(name), Value::from(all));
        }
        Ok(Document(document))
    }
}

/// What is in facts beside their edition and the subjects of which there may be many; a test holds that nothing is missing.
#[derive(Serialize)]
struct Rest<'f> {
    schema: u32,
    today: &'f str,
    sources: &'f BTreeMap<String, SourceFacts>,
    organization: &'f Organization,
    unjoined: &'f BTreeMap<String, Unjoined>,
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
    use crate::edition::choose;
    use crate::facts::{Client, Project, Use};

    #[test]
    fn many_subjects_are_read_as_few_are() {
        let mut facts = Facts::new(EditionFacts::new(&choose(None).unwrap().edition), "2026-11-22".to_owned());
        let is_read = |facts: &Facts| {
            let edition = EditionDocument::new(&facts.edition).unwrap();
            assert_eq!(Document::of_facts(facts, edition).unwrap().0, Document::new(facts).unwrap().0);
        };
        is_read(&facts);
        facts.projects.insert("few".to_owned(), Project::default());
        is_read(&facts);
        for number in 0..MANY {
            facts.projects.insert(format!("p{number}"), Project::default());
            facts.uses.insert(format!("u{number}"), Use { endpoint: format!("/{number}"), ..Use::default() });
        }
        facts.clients.insert("c".to_owned(), Client::default());
        is_read(&facts);
    }
}
