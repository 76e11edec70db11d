//! Dated editions of OpenAI's page "Data controls in the OpenAI platform", as data.
//!
//! The files below `policies/editions/` are embedded; each is one [`Edition`], read strictly. Rules see an edition in
//! its keyed form, [`EditionFacts`], in which everything is found by region code, endpoint path, tool or service key.

mod answered;
mod compare;
mod keyed;
mod pack;
mod page;
mod written;

use std::borrow::Cow;
use std::path::PathBuf;

pub use answered::{ANSWERED, is_answered};
pub use compare::{Changes, Comparison, Section, compare};
pub use keyed::{EditionFacts, EndpointFacts, NoteFacts, RegionFacts, RowFacts, ServiceFacts, StatedFact};
use pack::Pack;
pub use page::{
    Days, Edition, Endpoint, PageFact, ProcessingService, Region, ResidencySelection, RetentionControls, Service,
    ServiceTierLimit, Source, StorageRegions,
};

use crate::digest::sha256;
use crate::error::{Error, nearest};
use crate::limits::read_text;
use crate::location::{Location, Position};
pub(crate) use written::Written;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// The rules of the product: path and text of every `.rego` file below `policies/` that is no test.
pub fn embedded_rules() -> &'static [(&'static str, &'static str)] {
    embedded::RULES
}

/// The METADATA of an embedded rule, as the build script read it.
pub(crate) fn embedded_metadata(path: &str) -> Option<&'static Written> {
    embedded::METADATA.iter().find(|(of, _)| *of == path).map(|(_, written)| written)
}

/// The SHA-256 digest of an embedded rule or edition, in hexadecimal, as the build script took it; `None` for any other path.
pub(crate) fn embedded_digest(path: &str) -> Option<&'static str> {
    embedded::DIGESTS.iter().find(|(of, _)| *of == path).map(|(_, digest)| *digest)
}

/// The tests of the embedded rules: path and text of each file.
pub fn embedded_tests() -> impl Iterator<Item = (&'static str, &'static str)> {
    embedded::TESTS.texts()
}

/// The text of the published JSON Schema of this name; `None` where there is none.
pub(crate) fn embedded_schema(name: &str) -> Option<&'static str> {
    embedded::SCHEMAS.texts().find(|(path, _)| name_of(path) == name).map(|(_, text)| text)
}

/// One example of each kind of each rule: path and text of its files.
pub fn embedded_examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    embedded::EXAMPLES.texts()
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().and_then(|file| file.strip_suffix(".json")).unwrap_or(path)
}

/// The names of the embedded editions, oldest first.
pub fn names() -> impl DoubleEndedIterator<Item = &'static str> {
    embedded::EDITIONS.iter().flat_map(Pack::paths).map(name_of)
}

/// Every embedded edition, oldest first.
///
/// # Errors
/// An embedded file that is not an edition; a test holds that there is none.
pub fn all() -> Result<Vec<Edition>, Error> {
    embedded::EDITIONS.iter().flat_map(Pack::texts).map(|(path, text)| parse(path, text)).collect()
}

/// The text of an embedded edition.
pub fn text(name: &str) -> Option<&'static str> {
    file(name).map(|(_, text)| text)
}

/// Path and text of an embedded edition.
fn file(name: &str) -> Option<(&'static str, &'static str)> {
    let pack = embedded::EDITIONS.iter().find(|pack| pack.paths().any(|path| name_of(path) == name))?;
    pack.texts().next()
}

/// An edition that was found, with its text.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The edition.
    pub edition: Edition,
    /// The text of its file.
    pub text: Cow<'static, str>,
    /// The SHA-256 digest of that, in hexadecimal.
    pub sha256: Cow<'static, str>,
    /// The file, where the edition is not an embedded one.
    pub path: Option<PathBuf>,
}

/// The largest edition file, in bytes.
const MAX_BYTES: u64 = 8 << 20;

/// Reads an edition's text; `path` is what messages call it.
///
/// # Errors
/// Broken JSON, an unknown key, a value of the wrong type, with line and column; or a contradiction
/// ([`Edition::contradictions`]), with the path inside the file.
pub fn parse(path: &str, text: &str) -> Result<Edition, Error> {
    let text = text.trim_start_matches('\u{feff}');
    let edition: Edition = serde_json::from_str(text).map_err(|e| {
        let message = e.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        // The parser counts bytes.
        let before = text.split('\n').nth(e.line().saturating_sub(1)).unwrap_or_default().bytes();
        let column = before.take(e.column().saturating_sub(1)).filter(|byte| byte & 0xc0 != 0x80).count() + 1;
        let start = Position { line: e.line().max(1), column };
        Error::new(path, format!("no edition of the page: {message}"))
            .at(Location { path: path.to_owned(), start, end: start })
            .help("`openai-data-controls schema edition` prints what is expected")
    })?;
    let contradictions = edition.contradictions();
    match contradictions.split_first() {
        None => Ok(edition),
        Some((first, more)) => {
            let more = if more.is_empty() { String::new() } else { format!("; and {} more", more.len()) };
            Err(Error::new(path, format!("the edition contradicts itself: {first}{more}"))
                .help("the path is the one inside the file"))
        }
    }
}

/// Whether what stands for an edition is a file and no name.
pub fn is_path(name: &str) -> bool {
    name.ends_with(".json") || name.contains(['/', '\\'])
}

/// The edition of this name, or in this file, whether it may judge or not.
///
/// # Errors
/// An unknown name (the nearest known one is the hint), a file that can't be read, what [`parse`] says.
pub fn find(name: &str) -> Result<Chosen, Error> {
    if let Some((path, text)) = file(name) {
        let sha256 = embedded_digest(path).map_or_else(|| sha256([text.as_bytes()]).into(), Cow::Borrowed);
        return Ok(Chosen { edition: parse(name, text)?, text: Cow::Borrowed(text), sha256, path: None });
    }
    if !is_path(name) {
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean {near:?}? `openai-data-controls editions` lists them"),
            None => {
                "`openai-data-controls editions` lists them; a file is given as a path that ends in .json".to_owned()
            }
        };
        return Err(Error::new("--edition", format!("no edition is named {name:?}")).help(hint));
    }
    let path = PathBuf::from(name);
    let text = read_text(&path, MAX_BYTES).map_err(|e| {
        Error::new(name, format!("the edition can't be read: {e}"))
            .help("give the name of an edition, or a file of one")
    })?;
    let sha256 = sha256([text.as_bytes()]).into();
    Ok(Chosen { edition: parse(name, &text)?, text: Cow::Owned(text), sha256, path: Some(path) })
}

/// The edition that judges: of this name or in this file; without one, the newest complete edition.
///
/// # Errors
/// What [`find`] says, or an edition that is not complete and so can't judge.
pub fn choose(name: Option<&str>) -> Result<Chosen, Error> {
    let Some(name) = name else {
        let mut complete = names().rev().filter_map(|name| choose(Some(name)).ok());
        return complete.next().ok_or_else(|| Error::new("--edition", "no complete edition is embedded"));
    };
    let chosen = find(name)?;
    match chosen.edition.refusal() {
        None => Ok(chosen),
        Some(why) => Err(Error::new("--edition", format!("the edition {name:?} can't judge: {why}"))
            .help("choose a complete one: `openai-data-controls editions` lists them")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_editions_judge_and_the_newest_is_the_default() {
        let complete: Vec<_> =
            all().unwrap().into_iter().filter(|e| e.refusal().is_none()).map(|e| e.edition).collect();
        assert!(complete.starts_with(&["2025-06", "2026-03", "2026-10"].map(str::to_owned)), "{complete:?}");
        assert_eq!(Some(&choose(None).unwrap().edition.edition), complete.last());
        assert!(names().count() >= 9);
    }

    #[test]
    fn others_are_refused_with_the_reason() {
        assert!(choose(Some("2026-04")).unwrap_err().to_string().contains("incomplete"));
        assert!(choose(Some("2026-11-partial")).unwrap_err().to_string().contains("2026-10"));
        let unknown = choose(Some("2026-1")).unwrap_err().to_string();
        assert!(unknown.contains("did you mean"), "{unknown}");
    }

    #[test]
    fn the_digests_that_the_build_took_are_those_of_the_texts() {
        let rules = embedded_rules().iter().copied();
        let mut count = 0;
        for (path, text) in rules.chain(names().filter_map(file)) {
            assert_eq!(embedded_digest(path), Some(sha256([text.as_bytes()]).as_str()), "{path}");
            count += 1;
        }
        assert_eq!(count, embedded::DIGESTS.len());
        assert_eq!(choose(None).unwrap().sha256, sha256([choose(None).unwrap().text.as_bytes()]));
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
        assert!(damaged(|v| v["schema"] = "other/1".into()).contains("schema"));
        assert!(damaged(|v| v["edition_date"] = "2026-02-30".into()).contains("edition_date"));
        assert!(damaged(|v| v["regions"] = serde_json::json!([])).contains("regions"));
        assert!(
            damaged(|v| v["regions"][1]["domain"] = v["regions"][0]["domain"].clone()).contains("regions[0].domain")
        );
        assert!(
            damaged(|v| v["regions"][1]["domain"] = "https://eu.example.com/".into()).contains("regions[1].domain")
        );
        assert!(
            damaged(|v| v["services"][0]["paths_without_model"] = serde_json::json!(["/v1/x"]))
                .contains("paths_without_model[0]")
        );

        assert!(
            damaged(|v| v["services"][0]["service_tier_limits"] = serde_json::json!([{"region": "ZZ", "models": []}]))
                .contains("ZZ")
        );
        assert!(damaged(|v| v["regions"][1]["domain"] = "eu.api.example.com".into()).contains("is not below"));
        let twice = damaged(|v| {
            let rules = v["rules"].as_array_mut().unwrap();
            rules.push(serde_json::json!({"section": "s", "fact": "a", "applies_to": ["/v1/x", "/v1/y"], "value": 1}));
            rules.push(serde_json::json!({"section": "s", "fact": "a", "applies_to": "/v1/y", "value": 1}));
            rules.push(serde_json::json!({"section": "s", "fact": "a", "applies_to": "/v1/y", "value": 2, "scope": "organization"}));
            rules.push(serde_json::json!({"section": "s", "fact": "a", "applies_to": "/v1/y", "value": 2}));
        });
        assert_eq!(twice.matches("stands twice").count(), 1, "{twice}");
        assert!(twice.contains("a of /v1/y stands twice, with other values"), "{twice}");
    }

    #[test]
    fn the_keyed_form_expands_all_and_inherits_notes() {
        let facts = EditionFacts::new(&choose(Some("2025-06")).unwrap().edition);
        let chat = &facts.services.by_path["/v1/chat/completions"][0];
        assert_eq!(chat.storage_regions.len(), 7);
        assert_eq!(facts.hosts.get("eu.api.openai.com").map(String::as_str), Some("EU"));
        assert_eq!(facts.global_host, "api.openai.com");
        assert!(facts.notes["/v1/images/generations"].contains_key("zdr_compatible_models"));
        assert!(facts.notes["/v1/threads/runs"].contains_key("retained_indefinitely_if_not_deleted"));
        assert_eq!(facts.services.by_tool["file_search"].len(), 2);
    }
}
