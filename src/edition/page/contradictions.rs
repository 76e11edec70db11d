//! What can't be true at once in an edition.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Days, Edition, Region, SCHEMA, Service, StorageRegions};
use crate::document::is_date;

/// How often each name stands in a table.
type Counts<'e> = BTreeMap<&'e str, usize>;

fn counts<'e>(names: impl Iterator<Item = &'e str>) -> Counts<'e> {
    let mut counts = Counts::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    counts
}

/// What follows the first dot of a host.
fn parent(host: &str) -> &str {
    host.split_once('.').map_or("", |(_, parent)| parent)
}

impl Edition {
    /// What can't be true at once, each with the path inside the file.
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        word("schema", &self.schema, &[SCHEMA], &mut found);
        if let Some(date) = self.edition_date.as_deref().filter(|date| !is_date(date)) {
            found.push(format!("edition_date: {date:?} is no day of the calendar as YYYY-MM-DD"));
        }
        if let Some(range) = &self.edition_date_estimate
            && !range
                .split_once("..")
                .is_some_and(|(from, to)| from <= to && is_month_or_day(from) && is_month_or_day(to))
        {
            found.push(format!("edition_date_estimate: {range:?} is no range of days or months, FROM..TO"));
        }
        for (name, empty) in [
            ("regions", self.regions.is_empty()),
            ("endpoints", self.endpoints.is_empty()),
            ("services", self.services.is_empty()),
        ] {
            if self.complete && empty {
                found.push(format!("{name}: a complete edition has some"));
            }
        }
        let codes = counts(self.regions.iter().map(|r| r.code.as_str()));
        let hosts = counts(self.regions.iter().filter_map(|r| r.domain.as_deref()));
        for (i, region) in self.regions.iter().enumerate() {
            let scopes = ["all_listed_services", "listed_services_and_snapshots_only", "none", "unknown_list"];
            word(&format!("regions[{i}].processing_scope"), &region.processing_scope, &scopes, &mut found);
            let stated = region.requirement_any_of.is_some()
                && region.extra_approval.is_some()
                && region.image_requires_enhanced.is_some()
                && region.modes.is_some();
            if self.complete && !stated {
                found.push(format!("regions[{i}]: a complete edition says what {} requires", region.code));
            }
            if region.processing && !region.storage {
                found.push(format!("regions[{i}]: {} processes and does not store", region.code));
            }
            if codes[region.code.as_str()] > 1 {
                found.push(format!("regions[{i}]: {} stands twice", region.code));
            }
            domain_contradictions(&format!("regions[{i}].domain"), region, &hosts, &mut found);
        }
        let endpoints = counts(self.endpoints.iter().map(|e| e.path.as_str()));
        for (i, endpoint) in self.endpoints.iter().enumerate() {
            word(
                &format!("endpoints[{i}].zdr_eligible"),
                &endpoint.zdr_eligible,
                &["yes", "yes_with_limits", "no"],
                &mut found,
            );
            let states = ["none", "none_with_exceptions", "none_or_30_days_if_stored", "until_deleted"];
            word(&format!("endpoints[{i}].application_state"), &endpoint.application_state, &states, &mut found);
            if let Days::Word(word) = &endpoint.abuse_monitoring_days
                && word != "until_deleted"
            {
                found.push(format!("endpoints[{i}].abuse_monitoring_days: {word:?} is no word for it"));
            }
            if endpoints[endpoint.path.as_str()] > 1 {
                found.push(format!("endpoints[{i}]: {} stands twice", endpoint.path));
            }
        }
        for (i, service) in self.services.iter().enumerate() {
            self.row_contradictions(&format!("services[{i}]"), service, [&codes, &endpoints], &mut found);
        }
        self.facts_contradictions(&mut found);
        found
    }

    /// What the page's text says twice: a fact of one name, target and scope has one value.
    fn facts_contradictions(&self, found: &mut Vec<String>) {
        let mut said: BTreeMap<(&str, Option<&str>, Option<&str>), &Value> = BTreeMap::new();
        for (i, fact) in self.rules.iter().enumerate() {
            let targets = match &fact.applies_to {
                Some(_) => fact.targets().into_iter().map(Some).collect(),
                None => vec![None],
            };
            for target in targets {
                let earlier = said.entry((&fact.fact, target, fact.scope.as_deref())).or_insert(&fact.value);
                if **earlier != fact.value {
                    let of = target.map_or_else(String::new, |target| format!(" of {target}"));
                    found.push(format!("rules[{i}]: {}{of} stands twice, with other values", fact.fact));
                }
            }
        }
    }

    fn row_contradictions(&self, at: &str, row: &Service, [codes, endpoints]: [&Counts; 2], found: &mut Vec<String>) {
        let models: BTreeSet<&String> = row.models.iter().collect();
        let listed = |model: &String| models.contains(model);
        word(&format!("{at}.models_scope"), &row.models_scope, &["listed", "service_level"], found);
        let limited = row.service_tier_limits.iter().flat_map(|limit| &limit.models);
        for model in
            limited.chain(row.service_tier_regions.values().flat_map(|tier| tier.keys())).filter(|m| !listed(m))
        {
            found.push(format!("{at}: a service tier names {model:?}, which is not among the row's models"));
        }
        for model in row.model_region_limits.keys().filter(|m| !listed(m)) {
            found.push(format!("{at}.model_region_limits: {model:?} is not among the row's models"));
        }
        for (region, models) in &row.processing_model_allowlist {
            for model in models.iter().filter(|m| !listed(m)) {
                found
                    .push(format!("{at}.processing_model_allowlist.{region}: {model:?} is not among the row's models"));
            }
        }
        let storage = match &row.storage_regions {
            Some(StorageRegions::Codes(codes)) => codes.as_slice(),
            Some(StorageRegions::Word(word)) if word != "all" => {
                found.push(format!("{at}.storage_regions: {word:?} is neither \"all\" nor a list"));
                &[]
            }
            Some(StorageRegions::Word(_)) | None => &[],
        };
        let processing = row.processing_regions.as_deref().unwrap_or(&[]);
        let limits = row.model_region_limits.values().flatten();
        let tiers = row.service_tier_regions.values().flat_map(|tier| tier.values().flatten());
        let limited = row.service_tier_limits.iter().map(|limit| &limit.region);
        let listed = storage.iter().chain(processing).chain(limits).chain(row.processing_model_allowlist.keys());
        for code in listed.chain(tiers).chain(limited) {
            if !codes.contains_key(code.as_str()) {
                found.push(format!("{at}: {code:?} is no region of the edition"));
            }
        }
        let paths: BTreeSet<&String> = row.paths.iter().collect();
        for (j, path) in row.paths_without_model.iter().enumerate().filter(|(_, path)| !paths.contains(path)) {
            found.push(format!("{at}.paths_without_model[{j}]: {path:?} is not among the row's paths"));
        }
        if self.complete {
            for (j, path) in row.paths.iter().enumerate() {
                let mut above = path.match_indices('/').map(|(at, _)| &path[..at]);
                if !endpoints.contains_key(path.as_str()) && !above.any(|above| endpoints.contains_key(above)) {
                    found.push(format!("{at}.paths[{j}]: {path:?} is neither an endpoint nor below one"));
                }
            }
        }
    }
}

fn domain_contradictions(at: &str, region: &Region, hosts: &Counts, found: &mut Vec<String>) {
    let Some(domain) = region.domain.as_deref() else {
        if region.domain_required == Some(true) {
            found.push(format!("{at}: {} requires a domain and has none", region.code));
        }
        return;
    };
    let of_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
    if !domain.contains('.') || !domain.chars().all(of_host) {
        found.push(format!("{at}: {domain:?} is no host in lower case"));
    }
    if hosts[domain] > 1 {
        found.push(format!("{at}: {domain:?} stands twice"));
    }
    // The host of requests that choose no region is what follows the first dot of any.
    if let Some(first) = hosts.keys().find(|host| host.contains('.')).filter(|first| parent(first) != parent(domain)) {
        found.push(format!("{at}: {domain:?} is not below {:?}, as {first:?} is", parent(first)));
    }
}

fn is_month_or_day(text: &str) -> bool {
    is_date(text) || (text.len() == 7 && is_date(&format!("{text}-01")))
}

/// A word of a closed set.
fn word(at: &str, word: &str, words: &[&str], found: &mut Vec<String>) {
    if !words.contains(&word) {
        found.push(format!("{at}: {word:?} is none of {}", words.join(", ")));
    }
}
