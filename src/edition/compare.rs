//! What changed between two editions.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::page::{Edition, Service, StorageRegions};

/// What changed from one edition to another, by part of the page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// Name of the first edition.
    pub from: String,
    /// Name of the second.
    pub to: String,
    /// Which of the two is incomplete, so that what it lacks is not gone from the page.
    pub incomplete: Vec<String>,
    /// The table of regions, by code.
    pub regions: Section,
    /// The table of endpoints, by path.
    pub endpoints: Section,
    /// The table of services without models and limits, by row.
    pub rows: Section,
    /// The models that rows list: name → rows.
    pub models: Section,
    /// What is limited further: models to regions, processing to models, service tiers to regions.
    pub limits: Section,
    /// Facts of the page's text, by name and what they apply to.
    pub facts: Section,
    /// Which controls can be chosen, and how a region is.
    pub choices: Section,
}

/// What changed in one part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Section {
    /// What only the second edition has: key → its values.
    pub added: BTreeMap<String, Value>,
    /// What only the first has.
    pub removed: BTreeMap<String, Value>,
    /// What both have with different values.
    pub changed: Vec<Changes>,
}

/// A value that changed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Changes {
    /// Region, path, row, model, limit or fact.
    pub key: String,
    /// The field of it.
    pub field: String,
    /// The value in the first edition.
    pub before: Value,
    /// The value in the second.
    pub after: Value,
    /// Of two lists: what only the second has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Value>,
    /// Of two lists: what only the first has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Value>,
}

impl Section {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

impl Comparison {
    /// The parts with what they are called, in the page's order.
    pub fn sections(&self) -> [(&'static str, &Section); 7] {
        [
            ("regions", &self.regions),
            ("endpoints", &self.endpoints),
            ("rows", &self.rows),
            ("models", &self.models),
            ("limits", &self.limits),
            ("facts", &self.facts),
            ("choices", &self.choices),
        ]
    }

    /// Whether the editions say the same.
    pub fn is_empty(&self) -> bool {
        self.sections().iter().all(|(_, section)| section.is_empty())
    }
}

/// Compares two editions.
pub fn compare(from: &Edition, to: &Edition) -> Comparison {
    let part = |keyed: fn(&Edition) -> BTreeMap<String, Value>| section(&keyed(from), &keyed(to));
    Comparison {
        from: from.edition.clone(),
        to: to.edition.clone(),
        incomplete: [from, to].iter().filter(|e| !e.complete).map(|e| e.edition.clone()).collect(),
        regions: part(regions),
        endpoints: part(endpoints),
        rows: part(rows),
        models: part(models),
        limits: part(limits),
        facts: part(facts),
        choices: part(choices),
    }
}

fn section(from: &BTreeMap<String, Value>, to: &BTreeMap<String, Value>) -> Section {
    let only = |here: &BTreeMap<String, Value>, there: &BTreeMap<String, Value>| {
        here.iter().filter(|(key, _)| !there.contains_key(*key)).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    let mut changed = Vec::new();
    for (key, before) in from {
        let Some(after) = to.get(key) else { continue };
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                let mut fields: Vec<&String> = before.keys().chain(after.keys()).collect();
                fields.sort();
                fields.dedup();
                for field in fields {
                    let value = |of: &Map<String, Value>| of.get(field).cloned().unwrap_or(Value::Null);
                    changed.extend(change(key, field, value(before), value(after)));
                }
            }
            (before, after) => changed.extend(change(key, "value", before.clone(), after.clone())),
        }
    }
    Section { added: only(to, from), removed: only(from, to), changed }
}

fn change(key: &str, field: &str, before: Value, after: Value) -> Option<Changes> {
    if before == after || (is_nothing(&before) && is_nothing(&after)) {
        return None;
    }
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    if let (Value::Array(before), Value::Array(after)) = (&before, &after) {
        added = after.iter().filter(|item| !before.contains(item)).cloned().collect();
        removed = before.iter().filter(|item| !after.contains(item)).cloned().collect();
        if added.is_empty() && removed.is_empty() && before.len() == after.len() {
            return None;
        }
    }
    Some(Changes { key: key.to_owned(), field: field.to_owned(), before, after, added, removed })
}

/// Absent, null and an empty list say the same of a field that may be left out.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A record without fields that stand elsewhere, or that say how the data was read.
fn fields(record: &impl Serialize, without: &[&str]) -> Value {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    if let Value::Object(entries) = &mut value {
        entries.retain(|key, value| !without.contains(&key.as_str()) && !is_nothing(value));
    }
    value
}

fn regions(edition: &Edition) -> BTreeMap<String, Value> {
    let without = ["code", "label", "storage_services", "processing_services", "inherits", "requires_mam_or_zdr"];
    edition.regions.iter().map(|region| (region.code.clone(), fields(region, &without))).collect()
}

fn endpoints(edition: &Edition) -> BTreeMap<String, Value> {
    edition.endpoints.iter().map(|e| (e.path.clone(), fields(e, &["path", "application_state_marker"]))).collect()
}

/// Rows with a key that is theirs alone: that of the row, and a number where several rows have it.
fn keyed(edition: &Edition) -> Vec<(String, &Service)> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let rows = edition.services.iter().map(|row| {
        let number = seen.entry(&row.key).or_default();
        *number += 1;
        let key = if *number == 1 { row.key.clone() } else { format!("{} ({number})", row.key) };
        (key, row)
    });
    rows.collect()
}

fn rows(edition: &Edition) -> BTreeMap<String, Value> {
    let all: Vec<&str> = edition.regions.iter().filter(|r| r.storage).map(|r| r.code.as_str()).collect();
    let without = [
        "key",
        "service",
        "region_cell",
        "models",
        "oddities",
        "processing_regions_derived",
        "processing_model_allowlist",
        "model_region_limits",
        "service_tier_limits",
        "service_tier_limits_source",
        "service_tier_regions",
    ];
    let row = |row: &Service| {
        let mut value = fields(row, &without);
        // A list of every region says what "all" says.
        if let (Some(StorageRegions::Codes(codes)), Value::Object(entries)) = (&row.storage_regions, &mut value)
            && all.len() == codes.len()
            && all.iter().all(|code| codes.iter().any(|c| c == code))
        {
            entries.insert("storage_regions".to_owned(), "all".into());
        }
        value
    };
    keyed(edition).into_iter().map(|(key, service)| (key, row(service))).collect()
}

fn models(edition: &Edition) -> BTreeMap<String, Value> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in &edition.services {
        for model in &row.models {
            let rows = found.entry(model.clone()).or_default();
            if !rows.iter().any(|key| *key == row.key) {
                rows.push(row.key.clone().into());
            }
        }
    }
    found.into_iter().map(|(model, rows)| (model, Value::Array(rows))).collect()
}

fn limits(edition: &Edition) -> BTreeMap<String, Value> {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for (row, service) in keyed(edition) {
        for (model, regions) in &service.model_region_limits {
            found.insert(format!("{row}: {model} only in"), regions.clone().into());
        }
        for (region, models) in &service.processing_model_allowlist {
            found.insert(format!("{row}: processed in {region} only"), models.clone().into());
        }
        for limit in &service.service_tier_limits {
            for model in &limit.models {
                let mut set = |word: &str, tiers: &Option<Vec<String>>| {
                    if let Some(tiers) = tiers {
                        found.insert(
                            format!("{row}: {model} in {}, service tiers {word}", limit.region),
                            tiers.clone().into(),
                        );
                    }
                };
                set("only", &limit.service_tiers_allowed);
                set("not", &limit.service_tiers_forbidden);
            }
        }
        for (tier, models) in &service.service_tier_regions {
            for (model, regions) in models {
                found.insert(format!("{row}: {model} with service tier {tier} only in"), regions.clone().into());
            }
        }
    }
    found
}

fn facts(edition: &Edition) -> BTreeMap<String, Value> {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for fact in &edition.rules {
        let targets = match &fact.applies_to {
            Some(_) => fact.targets().into_iter().map(|target| format!(" of {target}")).collect(),
            None => vec![String::new()],
        };
        let scope = fact.scope.as_ref().map_or_else(String::new, |scope| format!(" ({scope})"));
        for target in targets {
            found.insert(format!("{}{target}{scope}", fact.fact), fact.value.clone());
        }
    }
    found
}

fn choices(edition: &Edition) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    if let Some(controls) = &edition.retention_controls {
        found.insert("retention controls".to_owned(), fields(controls, &[]));
    }
    if let Some(selection) = &edition.residency_selection {
        found.insert("selection of a region".to_owned(), fields(selection, &[]));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::find;

    fn compared(from: &str, to: &str) -> Comparison {
        compare(&find(from).unwrap().edition, &find(to).unwrap().edition)
    }

    #[test]
    fn an_edition_is_equal_to_itself() {
        for name in crate::edition::names() {
            assert!(compared(name, name).is_empty(), "{name}");
        }
    }

    #[test]
    fn what_is_added_is_removed_the_other_way() {
        let (there, back) = (compared("2025-06", "2026-10"), compared("2026-10", "2025-06"));
        for ((name, there), (_, back)) in there.sections().iter().zip(back.sections()) {
            assert_eq!(there.added, back.removed, "{name}");
            assert_eq!(there.removed, back.added, "{name}");
            assert_eq!(there.changed.len(), back.changed.len(), "{name}");
        }
    }

    #[test]
    fn the_first_step_of_the_page() {
        let step = compared("2025-06", "2026-03");
        let added = |section: &Section| section.added.keys().cloned().collect::<Vec<_>>();
        assert_eq!(added(&step.regions), ["AE", "AU", "GB"]);
        let new = ["/v1/chatkit/threads", "/v1/conversations", "/v1/conversations/items", "/v1/evals", "/v1/videos"];
        assert_eq!(added(&step.endpoints), new);
        assert!(step.endpoints.removed.is_empty());
        assert!(step.models.removed.contains_key("text-moderation-007"));
        assert!(step.facts.added.contains_key("background_true_forbidden_regions of /v1/responses"));
        let required = |c: &&Changes| c.key == "US" && c.field == "domain_required";
        assert_eq!(step.regions.changed.iter().find(required).unwrap().after, true);
    }

    #[test]
    fn the_last_step_of_the_page() {
        let step = compared("2026-03", "2026-10");
        let agreement = |c: &&Changes| c.key == "JP" && c.field == "extra_agreement";
        assert_eq!(step.regions.changed.iter().find(agreement).unwrap().after, "modified_retention_amendment");
        assert!(step.limits.added.keys().any(|k| k.contains("gpt-6.1-sol with service tier ultrafast")));
        assert!(step.endpoints.removed.contains_key("/v1/videos"));
        assert!(step.facts.removed.contains_key("background_true_forbidden_regions of /v1/responses"));
    }
}
