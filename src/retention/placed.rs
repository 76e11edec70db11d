//! Where what declared uses send rests and is processed: asked of `openai.placed`, which asks the rules of residency.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::edition::EditionFacts;
use crate::error::Error;
use crate::facts::{Fact, Facts, Organization, Requirements, Use};
use crate::policy::{Document, File, ask, embedded_placed};

/// What the rules say of a use in its region.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Placed {
    pub(super) stored: Said,
    pub(super) processed: Said,
}

/// "yes", "no" or "not known", with the rules' words unless it is "yes".
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Said {
    pub(super) value: String,
    pub(super) reason: String,
}

/// The declared uses, each with what the rules say of it.
pub(super) struct PlacedUses<'f> {
    /// Id of a use: place of the answer.
    uses: BTreeMap<&'f str, usize>,
    answers: Vec<Placed>,
}

impl PlacedUses<'_> {
    /// What the rules say of a use, if its region is known and the edition lists it.
    pub(super) fn of(&self, id: &str) -> Option<&Placed> {
        self.uses.get(id).and_then(|place| self.answers.get(*place))
    }
}

/// Asks the rules about all uses whose project and region are known, alike ones once.
pub(super) fn placed<'f>(facts: &'f Facts, files: &[File]) -> Result<PlacedUses<'f>, Error> {
    #[derive(Serialize)]
    struct Input<'a> {
        today: &'a str,
        edition: &'a EditionFacts,
        organization: &'a Organization,
        projects: BTreeMap<String, Value>,
        clients: BTreeMap<String, Value>,
        uses: BTreeMap<String, &'a Use>,
    }
    let wrong = |e: serde_json::Error| Error::new("openai.placed", format!("the answers can't be read: {e}"));
    let mut asked: Vec<Use> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut uses = BTreeMap::new();
    let listed = |call: &Use| call.region.known().is_some_and(|code| facts.edition.regions.contains_key(code));
    for (id, call) in facts.uses.iter().filter(|(_, call)| call.project.is_some() && listed(call)) {
        let question = question(call);
        let place = *places.entry(serde_json::to_string(&question).map_err(wrong)?).or_insert(asked.len());
        if place == asked.len() {
            asked.push(question);
        }
        uses.insert(id.as_str(), place);
    }
    if asked.is_empty() {
        return Ok(PlacedUses { uses, answers: Vec::new() });
    }
    let input = Input {
        today: &facts.today,
        edition: &facts.edition,
        organization: &facts.organization,
        projects: BTreeMap::new(),
        clients: BTreeMap::new(),
        uses: asked.iter().enumerate().map(|(place, call)| (place.to_string(), call)).collect(),
    };
    let files = [files, embedded_placed().as_slice()].concat();
    let answered = ask(&files, "openai.placed", "answers", Document::new(&input)?)?;
    let mut read: BTreeMap<String, Placed> = serde_json::from_value(answered).map_err(wrong)?;
    let answers: Vec<Placed> = (0..asked.len()).filter_map(|place| read.remove(&place.to_string())).collect();
    if answers.len() != asked.len() {
        return Err(Error::new("openai.placed", format!("{} uses have {} answers", asked.len(), answers.len())));
    }
    Ok(PlacedUses { uses, answers })
}

/// A use by what decides where its content rests and is processed, of a project that wants it processed in its region.
fn question(call: &Use) -> Use {
    let mut unknown_parts = call.unknown_parts.clone();
    unknown_parts.remove("requirements");
    Use {
        project: Some(String::new()),
        endpoint: call.endpoint.clone(),
        requirements: Requirements { regional_processing: Some(true), ..Requirements::default() },
        model: call.model.clone(),
        inputs: call.inputs.clone(),
        outputs: call.outputs.clone(),
        tools: call.tools.clone(),
        file_upload: call.file_upload.clone(),
        region: call.region.clone(),
        // Where it is not so, the table says it without asking.
        processing: Fact::Known(true),
        unknown_parts,
        ..Use::default()
    }
}
