//! What can't be true at once in an edition.

use super::{Days, Edition, Endpoint, Region, SCHEMA, Service, StorageRegions};
use crate::document::is_date;

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
        let codes: Vec<&str> = self.regions.iter().map(|r| r.code.as_str()).collect();
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
            if codes.iter().filter(|c| **c == region.code).count() > 1 {
                found.push(format!("regions[{i}]: {} stands twice", region.code));
            }
            self.domain_contradictions(&format!("regions[{i}].domain"), region, &mut found);
        }
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
            if self.endpoints.iter().filter(|e| e.path == endpoint.path).count() > 1 {
                found.push(format!("endpoints[{i}]: {} stands twice", endpoint.path));
            }
        }
        for (i, service) in self.services.iter().enumerate() {
            self.row_contradictions(&format!("services[{i}]"), service, &codes, &mut found);
        }
        found
    }

    fn domain_contradictions(&self, at: &str, region: &Region, found: &mut Vec<String>) {
        let Some(domain) = &region.domain else {
            if region.domain_required == Some(true) {
                found.push(format!("{at}: {} requires a domain and has none", region.code));
            }
            return;
        };
        let of_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
        if !domain.contains('.') || !domain.chars().all(of_host) {
            found.push(format!("{at}: {domain:?} is no host in lower case"));
        }
        if self.regions.iter().filter(|r| r.domain.as_ref() == Some(domain)).count() > 1 {
            found.push(format!("{at}: {domain:?} stands twice"));
        }
    }

    fn row_contradictions(&self, at: &str, row: &Service, codes: &[&str], found: &mut Vec<String>) {
        let listed = |model: &String| row.models.contains(model);
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
            if !codes.contains(&code.as_str()) {
                found.push(format!("{at}: {code:?} is no region of the edition"));
            }
        }
        for (j, path) in row.paths_without_model.iter().enumerate().filter(|(_, path)| !row.paths.contains(path)) {
            found.push(format!("{at}.paths_without_model[{j}]: {path:?} is not among the row's paths"));
        }
        if self.complete {
            for (j, path) in row.paths.iter().enumerate() {
                let known = |e: &Endpoint| &e.path == path || path.starts_with(&format!("{}/", e.path));
                if !self.endpoints.iter().any(known) {
                    found.push(format!("{at}.paths[{j}]: {path:?} is neither an endpoint nor below one"));
                }
            }
        }
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
