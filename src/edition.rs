//! Dated editions of OpenAI's page "Data controls in the OpenAI platform", as data.
//!
//! The files below `policies/editions/` are embedded; each is one [`Edition`], read strictly. Rules see an edition in
//! its keyed form, [`EditionFacts`], in which everything is found by region code, endpoint path, tool or service key.

mod keyed;
mod page;

pub use keyed::{EditionFacts, EndpointFacts, NoteFacts, RegionFacts, RowFacts, ServiceFacts, StatedFact};
pub use page::{
    Days, Edition, Endpoint, PageFact, ProcessingService, Region, ResidencySelection, RetentionControls, Service,
    ServiceTierLimit, Source, StorageRegions,
};

use crate::error::{Error, nearest};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// The rules of the product: path and text of every `.rego` file below `policies/`, tests included.
pub fn embedded_rules() -> &'static [(&'static str, &'static str)] {
    embedded::RULES
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().and_then(|file| file.strip_suffix(".json")).unwrap_or(path)
}

/// The names of the embedded editions, oldest first.
pub fn names() -> impl DoubleEndedIterator<Item = &'static str> {
    embedded::EDITIONS.iter().map(|(path, _)| name_of(path))
}

/// Every embedded edition, oldest first.
///
/// # Errors
/// An embedded file that is not an edition; a test holds that there is none.
pub fn all() -> Result<Vec<Edition>, Error> {
    embedded::EDITIONS.iter().map(|(path, text)| parse(path, text)).collect()
}

/// The text of an embedded edition.
pub fn text(name: &str) -> Option<&'static str> {
    embedded::EDITIONS.iter().find(|(path, _)| name_of(path) == name).map(|(_, text)| *text)
}

/// Reads an edition file.
///
/// # Errors
/// Broken JSON, an unknown key, a value of the wrong type, or a contradiction ([`Edition::contradictions`]).
pub fn parse(path: &str, text: &str) -> Result<Edition, Error> {
    let edition: Edition = serde_json::from_str(text)
        .map_err(|e| Error::new(path, format!("{path} is no edition: {e}")).help("see `schema edition`"))?;
    match edition.contradictions().into_iter().next() {
        None => Ok(edition),
        Some(first) => Err(Error::new(path, format!("{path} contradicts itself: {first}"))),
    }
}

/// The edition of this name; without one, the newest complete edition.
///
/// # Errors
/// An unknown name (the nearest known one is the hint), or an edition that is not complete and so can't judge.
pub fn choose(name: Option<&str>) -> Result<(Edition, &'static str), Error> {
    let Some(name) = name else {
        for name in names().rev() {
            if let (Some(text), Ok(edition)) = (text(name), choose(Some(name))) {
                return Ok((edition.0, text));
            }
        }
        return Err(Error::new("--edition", "no complete edition is embedded"));
    };
    let Some(text) = text(name) else {
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean {near:?}? `openai-data-controls editions` lists them"),
            None => "`openai-data-controls editions` lists them".to_owned(),
        };
        return Err(Error::new("--edition", format!("no edition is named {name:?}")).help(hint));
    };
    let edition = parse(name, text)?;
    match edition.refusal() {
        None => Ok((edition, text)),
        Some(why) => Err(Error::new("--edition", format!("the edition {name:?} can't judge: {why}"))
            .help("choose a complete one: `openai-data-controls editions` lists them")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_complete_editions_judge_and_the_newest_is_the_default() {
        let complete: Vec<_> =
            all().unwrap().into_iter().filter(|e| e.refusal().is_none()).map(|e| e.edition).collect();
        assert_eq!(complete, ["2025-06", "2026-03", "2026-10"]);
        assert_eq!(choose(None).unwrap().0.edition, "2026-10");
        assert_eq!(names().count(), 9);
    }

    #[test]
    fn others_are_refused_with_the_reason() {
        assert!(choose(Some("2026-04")).unwrap_err().to_string().contains("incomplete"));
        assert!(choose(Some("2026-11-partial")).unwrap_err().to_string().contains("2026-10"));
        let unknown = choose(Some("2026-1")).unwrap_err().to_string();
        assert!(unknown.contains("did you mean"), "{unknown}");
    }

    #[test]
    fn no_embedded_edition_contradicts_itself() {
        for edition in all().unwrap() {
            assert_eq!(edition.contradictions(), Vec::<String>::new(), "{}", edition.edition);
        }
    }

    #[test]
    fn contradictions_are_found() {
        let damaged = |change: fn(&mut serde_json::Value)| {
            let mut value: serde_json::Value = serde_json::from_str(text("2026-10").unwrap()).unwrap();
            change(&mut value);
            parse("damaged.json", &value.to_string()).map(|e| e.edition).unwrap_err().to_string()
        };
        assert!(damaged(|v| v["regions"][1]["storage"] = false.into()).contains("regions[1]"));
        assert!(damaged(|v| v["services"][0]["paths"][0] = "/v9/none".into()).contains("services[0].paths[0]"));
        assert!(
            damaged(|v| v["services"][0]["model_region_limits"] = serde_json::json!({"no-such-model": ["US"]}))
                .contains("model_region_limits")
        );
        assert!(damaged(|v| v["services"][0]["storage_regions"] = serde_json::json!(["ZZ"])).contains("ZZ"));
        assert!(damaged(|v| v["endpoints"][0]["zdr_eligible"] = "No".into()).contains("zdr_eligible"));
        assert!(damaged(|v| v["regions"][1]["requirement_any_of"] = serde_json::Value::Null).contains("regions[1]"));
        assert!(damaged(|v| v["rulez"] = 1.into()).contains("unknown field"));
    }

    #[test]
    fn the_keyed_form_expands_all_and_inherits_notes() {
        let facts = EditionFacts::new(&choose(Some("2025-06")).unwrap().0);
        let chat = &facts.services.by_path["/v1/chat/completions"][0];
        assert_eq!(chat.storage_regions.len(), 7);
        assert_eq!(facts.hosts.get("eu.api.openai.com").map(String::as_str), Some("EU"));
        assert_eq!(facts.global_host, "api.openai.com");
        assert!(facts.notes["/v1/images/generations"].contains_key("zdr_compatible_models"));
        assert!(facts.notes["/v1/threads/runs"].contains_key("retained_indefinitely_if_not_deleted"));
        assert_eq!(facts.services.by_tool["file_search"].len(), 2);
    }
}
