//! Regions that the organization and requirements name: the page's own name of one stands for its code, and what no edition
//! lists is noted, since a typo there approves or allows nothing.

use std::collections::BTreeSet;

use crate::edition::{self, EditionFacts};
use crate::error::nearest;
use crate::input::reading::{Leaf, OrganizationParts, ProjectReading};
use crate::location::{Place, SourceMap};

const APPROVALS: &str = "region_approvals";

/// The same parts, where approvals of regions are keyed by code.
pub(super) fn by_code(path: Vec<String>, edition: &EditionFacts) -> Vec<String> {
    let mut path = path;
    if let [of, region, ..] = path.as_mut_slice()
        && of == APPROVALS
        && let Some(code) = edition.region_code(region)
    {
        *region = code.to_owned();
    }
    path
}

/// What names a region that neither this edition lists nor another one that is known.
pub(super) fn unlisted(
    parts: &OrganizationParts,
    projects: &[&ProjectReading],
    edition: &EditionFacts,
    map: &SourceMap,
) -> Vec<String> {
    let mut named: Vec<(&str, String, &Place)> = Vec::new();
    for (path, part) in parts {
        match (path.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), &part.leaf) {
            ([APPROVALS, region], Leaf::Object) => named.push((APPROVALS, (*region).to_owned(), &part.place)),
            (["requirements", "allowed_regions"], Leaf::Value(serde_json::Value::Array(regions))) => {
                let texts = regions.iter().filter_map(|region| region.as_str());
                named.extend(texts.map(|region| (ALLOWED, region.to_owned(), &part.place)));
            }
            (_, Leaf::Object | Leaf::Value(_) | Leaf::Unknown(_)) => {}
        }
    }
    for reading in projects {
        let place = reading.places.iter().find(|(name, _)| name == "requirements.allowed_regions");
        let regions = reading.project.requirements.allowed_regions.iter().flatten();
        named
            .extend(place.into_iter().flat_map(|(_, place)| regions.clone().map(move |r| (ALLOWED, r.clone(), place))));
    }
    named.retain(|(what, region, _)| {
        edition.region_code(region).is_none() && (*what == APPROVALS || region != "GLOBAL")
    });
    if named.is_empty() {
        return Vec::new();
    }
    let others = edition::all().unwrap_or_default();
    let known: BTreeSet<&str> =
        others.iter().flat_map(|e| &e.regions).flat_map(|r| [r.code.as_str(), r.name.as_str()]).collect();
    let codes: Vec<&str> = edition.regions.keys().map(String::as_str).collect();
    let mut notes: Vec<String> = Vec::new();
    for (what, region, place) in named.iter().filter(|(_, region, _)| !known.contains(region.as_str())) {
        let near =
            nearest(region, codes.iter().copied()).map_or_else(String::new, |near| format!("did you mean {near}? "));
        let note = format!(
            "{}: {what} names {region:?}, which is no region of an edition: {near}edition {} lists {}",
            map.location(place),
            edition.name,
            codes.join(", ")
        );
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

const ALLOWED: &str = "allowed_regions";
