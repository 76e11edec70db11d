//! An edition as rules see it: everything is found by region code, endpoint path, tool or service key.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::page::{Days, Edition, Region, ResidencySelection, Service, ServiceTierLimit, StorageRegions};

/// An edition, keyed. This is `input.edition` in Rego.
#[derive(Default, Debug, Clone, Serialize, JsonSchema)]
pub struct EditionFacts {
    /// Name.
    pub name: String,
    /// Day of the text, or null.
    pub date: Option<String>,
    /// Range of days where the day is not certain.
    pub date_range: Option<String>,
    /// The host of requests that choose no region: what all hosts of regions end with.
    pub global_host: String,
    /// Host: code of its region. The global host is not among them.
    pub hosts: BTreeMap<String, String>,
    /// How a region is selected.
    pub selection: ResidencySelection,
    /// Region code: row of the table of regions.
    pub regions: BTreeMap<String, RegionFacts>,
    /// Endpoint path: row of the table of endpoints.
    pub endpoints: BTreeMap<String, EndpointFacts>,
    /// Rows of the table of services.
    pub services: ServiceFacts,
    /// Endpoint path: fact: what the page's text says of it; the paths below an endpoint have its facts too.
    pub notes: BTreeMap<String, BTreeMap<String, NoteFacts>>,
    /// Fact: everything the page's text says under that name.
    pub page: BTreeMap<String, Vec<StatedFact>>,
}

/// A row of the table of regions.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RegionFacts {
    /// The page's name of the region.
    pub name: String,
    /// Content rests there.
    pub storage: bool,
    /// Inference runs there.
    pub processing: bool,
    /// The region exists with and without processing. Rules find what follows from it in `processing` of a project.
    #[serde(skip)]
    pub processing_optional: bool,
    /// What is processed there.
    pub processing_scope: String,
    /// The controls of which one is required; empty: none is.
    pub requirement_any_of: Vec<String>,
    /// A further approval by OpenAI is needed.
    pub extra_approval: bool,
    /// The agreement that must be executed.
    pub extra_agreement: Option<String>,
    /// Modalities.
    pub modes: Vec<String>,
    /// Image support needs an enhanced control.
    pub image_requires_enhanced: bool,
    /// The region's host.
    pub domain: Option<String>,
    /// Whether requests must go to it.
    pub domain_required: Option<bool>,
}

/// A row of the table of endpoints.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EndpointFacts {
    /// Whether content is used for training.
    pub training: bool,
    /// Days in the abuse monitoring logs, or `until_deleted`.
    pub abuse_monitoring_days: Days,
    /// Application state.
    pub application_state: String,
    /// `yes`, `yes_with_limits`, `no`.
    pub zdr_eligible: String,
}

/// Rows of the table of services, by what they are looked up with.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct ServiceFacts {
    /// Endpoint path: its rows that are no tool's.
    pub by_path: BTreeMap<String, Vec<RowFacts>>,
    /// Tool: its rows.
    pub by_tool: BTreeMap<String, Vec<RowFacts>>,
    /// Key: every row.
    pub by_key: BTreeMap<String, Vec<RowFacts>>,
}

/// A row of the table of services.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RowFacts {
    /// The cell's text.
    pub service: String,
    /// Key that is the same in all editions.
    pub key: String,
    /// Model names.
    pub models: Vec<String>,
    /// `listed` or `service_level`.
    pub models_scope: String,
    /// Endpoints of the row that take no model.
    pub paths_without_model: Vec<String>,
    /// Codes of the regions where content rests; `all` is written out.
    pub storage_regions: Vec<String>,
    /// Codes of the regions where inference runs.
    pub processing_regions: Vec<String>,
    /// Region: the only models that are processed there.
    pub processing_model_allowlist: BTreeMap<String, Vec<String>>,
    /// Model: the only regions that it is eligible in.
    pub model_region_limits: BTreeMap<String, Vec<String>>,
    /// Service tiers that are limited in a region.
    pub service_tier_limits: Vec<ServiceTierLimit>,
    /// Tier: model: the only regions of that tier.
    pub service_tier_regions: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// A condition of the row.
    pub condition: Option<String>,
    /// A reservation of the row.
    pub caveat: Option<String>,
}

/// What the page's text says of an endpoint.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NoteFacts {
    /// The value.
    pub value: Value,
    /// `organization`: holds for a control that is set there.
    pub scope: Option<String>,
}

/// A fact of the page's text, with what it applies to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StatedFact {
    /// The value.
    pub value: Value,
    /// An endpoint (and every path below it), other names, or null for everything.
    pub applies_to: Option<Value>,
    /// `organization`: holds for a control that is set there.
    pub scope: Option<String>,
}

impl EditionFacts {
    /// Keys an edition.
    pub fn new(edition: &Edition) -> EditionFacts {
        let all: Vec<String> = edition.regions.iter().filter(|r| r.storage).map(|r| r.code.clone()).collect();
        let hosts: BTreeMap<String, String> =
            edition.regions.iter().filter_map(|r| Some((r.domain.clone()?, r.code.clone()))).collect();
        let global = hosts.keys().find_map(|h| h.split_once('.')).map(|(_, rest)| rest.to_owned());
        let mut services = ServiceFacts::default();
        for service in &edition.services {
            let row = row(service, &all);
            match &service.tool {
                Some(tool) => services.by_tool.entry(tool.clone()).or_default().push(row.clone()),
                None => {
                    for path in &service.paths {
                        services.by_path.entry(path.clone()).or_default().push(row.clone());
                    }
                }
            }
            services.by_key.entry(service.key.clone()).or_default().push(row);
        }
        let mut page: BTreeMap<String, Vec<StatedFact>> = BTreeMap::new();
        for fact in &edition.rules {
            let stated = StatedFact {
                value: fact.value.clone(),
                applies_to: fact.applies_to.clone(),
                scope: fact.scope.clone(),
            };
            page.entry(fact.fact.clone()).or_default().push(stated);
        }
        EditionFacts {
            name: edition.edition.clone(),
            date: edition.edition_date.clone(),
            date_range: edition.edition_date_estimate.clone(),
            global_host: global.unwrap_or_default(),
            hosts,
            selection: edition.residency_selection.clone().unwrap_or_default(),
            regions: edition.regions.iter().map(|r| (r.code.clone(), region(r))).collect(),
            endpoints: edition.endpoints.iter().map(|e| (e.path.clone(), endpoint(e))).collect(),
            notes: notes(edition, &services),
            services,
            page,
        }
    }

    /// The region code that a text stands for: a code, or the page's own name of a region. Case counts.
    pub fn region_code(&self, text: &str) -> Option<&str> {
        let named = || self.regions.iter().find(|(_, region)| region.name == text);
        self.regions
            .get_key_value(text)
            .map(|(code, _)| code.as_str())
            .or_else(|| named().map(|(code, _)| code.as_str()))
    }
}

fn region(region: &Region) -> RegionFacts {
    RegionFacts {
        name: region.name.clone(),
        storage: region.storage,
        processing: region.processing,
        processing_optional: region.processing_optional.unwrap_or_default(),
        processing_scope: region.processing_scope.clone(),
        requirement_any_of: region.requirement_any_of.clone().unwrap_or_default(),
        extra_approval: region.extra_approval.unwrap_or_default(),
        extra_agreement: region.extra_agreement.clone(),
        modes: region.modes.clone().unwrap_or_default(),
        image_requires_enhanced: region.image_requires_enhanced.unwrap_or_default(),
        domain: region.domain.clone(),
        domain_required: region.domain_required,
    }
}

fn endpoint(endpoint: &super::page::Endpoint) -> EndpointFacts {
    EndpointFacts {
        training: endpoint.training,
        abuse_monitoring_days: endpoint.abuse_monitoring_days.clone(),
        application_state: endpoint.application_state.clone(),
        zdr_eligible: endpoint.zdr_eligible.clone(),
    }
}

fn row(service: &Service, all: &[String]) -> RowFacts {
    RowFacts {
        service: service.service.clone(),
        key: service.key.clone(),
        models: service.models.clone(),
        models_scope: service.models_scope.clone(),
        paths_without_model: service.paths_without_model.clone(),
        storage_regions: match &service.storage_regions {
            Some(StorageRegions::Word(_)) => all.to_vec(),
            Some(StorageRegions::Codes(codes)) => codes.clone(),
            None => Vec::new(),
        },
        processing_regions: service.processing_regions.clone().unwrap_or_default(),
        processing_model_allowlist: service.processing_model_allowlist.clone(),
        model_region_limits: service.model_region_limits.clone(),
        service_tier_limits: service.service_tier_limits.clone(),
        service_tier_regions: service.service_tier_regions.clone(),
        condition: service.condition.clone(),
        caveat: service.caveat.clone(),
    }
}

/// Facts by endpoint. An endpoint stands for itself and every path below it; where one has a fact both with and
/// without a scope, the scoped one binds, and a fact of the path itself goes before one of a path above.
fn notes(edition: &Edition, services: &ServiceFacts) -> BTreeMap<String, BTreeMap<String, NoteFacts>> {
    let mut paths: BTreeSet<&str> = edition.endpoints.iter().map(|e| e.path.as_str()).collect();
    paths.extend(services.by_path.keys().map(String::as_str));
    let mut notes: BTreeMap<String, BTreeMap<String, NoteFacts>> = BTreeMap::new();
    let mut strength: BTreeMap<(String, String), (bool, usize)> = BTreeMap::new();
    for fact in &edition.rules {
        for target in fact.targets().into_iter().filter(|t| t.starts_with('/')) {
            let inside = format!("{target}/");
            let below = paths.range(inside.as_str()..).take_while(|path| path.starts_with(&inside));
            for path in paths.get(target).into_iter().chain(below) {
                let strong = (fact.scope.is_some(), target.len());
                let key = ((*path).to_owned(), fact.fact.clone());
                if strength.get(&key).is_some_and(|held| *held >= strong) {
                    continue;
                }
                strength.insert(key, strong);
                let note = NoteFacts { value: fact.value.clone(), scope: fact.scope.clone() };
                notes.entry((*path).to_owned()).or_default().insert(fact.fact.clone(), note);
            }
        }
    }
    notes
}
