//! One edition as its file holds it.

mod contradictions;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The format of an edition's file.
pub(super) const SCHEMA: &str = "openai-data-controls-edition/1";

/// A dated edition of the page.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Format of the file: `openai-data-controls-edition/1`.
    pub schema: String,
    /// Name: year and month, as the file's name.
    pub edition: String,
    /// The day of the text, `YYYY-MM-DD`; null where only a range is known.
    pub edition_date: Option<String>,
    /// The range of days, `FROM..TO`, where the day is not certain.
    #[serde(default)]
    pub edition_date_estimate: Option<String>,
    /// Why that date.
    #[serde(default)]
    pub edition_date_evidence: Vec<String>,
    /// Whether the edition may judge; one that is not lacks tables or notes.
    pub complete: bool,
    /// What is missing.
    #[serde(default)]
    pub complete_note: Option<String>,
    /// The edition to fall back to where this one is incomplete.
    #[serde(default)]
    pub base_edition: Option<String>,
    /// What came after it.
    #[serde(default)]
    pub superseded_by: Option<String>,
    /// Language of the text that the data was taken from.
    pub language: String,
    /// Where the data comes from.
    pub source: Source,
    /// The retention controls that can be chosen.
    #[serde(default)]
    pub retention_controls: Option<RetentionControls>,
    /// How a region is selected.
    #[serde(default)]
    pub residency_selection: Option<ResidencySelection>,
    /// The page's table of regions.
    pub regions: Vec<Region>,
    /// The page's table of endpoints.
    pub endpoints: Vec<Endpoint>,
    /// The page's table of services: endpoints, tools and features with their models and regions.
    pub services: Vec<Service>,
    /// Single facts of the page's text.
    pub rules: Vec<PageFact>,
}

/// Where an edition's data comes from.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
pub struct Source {
    /// Title of the page.
    #[serde(default)]
    pub title: Option<String>,
    /// Its public address.
    #[serde(default)]
    pub url: Option<String>,
    /// Which copy was read, and further sources.
    #[serde(flatten)]
    pub further: BTreeMap<String, Value>,
}

/// The retention controls that can be chosen at each level.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionControls {
    /// For the organization.
    pub organization: Vec<String>,
    /// For a project.
    pub project: Vec<String>,
    /// Whether the page says that a project can inherit, or have none.
    pub project_inherit_or_none_documented: bool,
    /// Whether the page speaks of enhanced controls.
    pub enhanced_variants_mentioned: bool,
    /// Regimes that OpenAI agrees with single customers.
    pub named_exceptions: Vec<String>,
    /// The Administration API's words for each level.
    #[serde(default)]
    pub admin_api: Option<BTreeMap<String, Vec<String>>>,
}

/// How a region is selected.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidencySelection {
    /// For a project.
    pub project_level: bool,
    /// For a single request, by the host that it goes to.
    pub per_request: bool,
    /// Whether per-request selection needs a project without a region.
    #[serde(default)]
    pub per_request_needs_global_project: Option<bool>,
    /// Whether it must be switched on when the project is created.
    #[serde(default)]
    pub per_request_opt_in_at_project_creation: Option<bool>,
    /// Whether a project's region can change; null where the page does not say.
    pub mutable_after_creation: Option<bool>,
}

/// A row of the table of regions.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Two-letter code.
    pub code: String,
    /// The page's name.
    pub name: String,
    /// The name in this edition's table.
    #[serde(default)]
    pub label: Option<String>,
    /// Content rests in the region.
    pub storage: bool,
    /// Inference runs in the region.
    pub processing: bool,
    /// What is processed there.
    pub processing_scope: String,
    /// Whether a retention control is required.
    pub requires_mam_or_zdr: Option<bool>,
    /// The controls of which one is required; empty: none is.
    pub requirement_any_of: Option<Vec<String>>,
    /// A further approval by OpenAI is needed.
    pub extra_approval: Option<bool>,
    /// The agreement that must be executed.
    pub extra_agreement: Option<String>,
    /// Modalities.
    pub modes: Option<Vec<String>>,
    /// Image support needs an enhanced control.
    pub image_requires_enhanced: Option<bool>,
    /// The region's host.
    pub domain: Option<String>,
    /// Whether requests must go to it; null where the edition does not say.
    pub domain_required: Option<bool>,
    /// Services whose content rests there, where the edition lists them by region.
    pub storage_services: Option<Vec<String>>,
    /// Services processed there, where the edition lists them by region.
    pub processing_services: Option<Vec<ProcessingService>>,
    /// Processing is a choice made with the region.
    #[serde(default)]
    pub processing_optional: Option<bool>,
    /// The Administration API's residency words for the region.
    #[serde(default)]
    pub residency_configurations: Option<Vec<String>>,
    /// TLS ends in the region.
    #[serde(default)]
    pub tls_terminated_in_region: Option<bool>,
    /// The SDKs have a name for the host.
    #[serde(default)]
    pub sdk_named_endpoint: Option<bool>,
    /// The edition that the rest of the row is taken from.
    #[serde(default)]
    pub inherits: Option<String>,
}

/// A service that a region processes.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessingService {
    /// The service's cell.
    pub service: String,
    /// The models; null: all that the service lists.
    pub models: Option<Vec<String>>,
}

/// A number of days, or the word `until_deleted`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Days {
    /// Days.
    Count(u32),
    /// `until_deleted`.
    Word(String),
}

/// A row of the table of endpoints.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// Path, such as `/v1/responses`.
    pub path: String,
    /// Whether content is used for training.
    pub training: bool,
    /// Days in the abuse monitoring logs.
    pub abuse_monitoring_days: Days,
    /// Application state: `none`, `none_with_exceptions`, `none_or_30_days_if_stored`, `until_deleted`.
    pub application_state: String,
    /// A mark at that cell.
    #[serde(default)]
    pub application_state_marker: Option<String>,
    /// Zero Data Retention eligibility: `yes`, `yes_with_limits`, `no`.
    pub zdr_eligible: String,
    /// What the cell adds.
    #[serde(default)]
    pub zdr_note: Option<String>,
    /// Eligibility for the other retention regimes.
    #[serde(default)]
    pub alt_retention_eligible: Option<String>,
    /// A suffix of the path's cell, such as `(beta)`.
    #[serde(default)]
    pub label_suffix: Option<String>,
}

/// The regions of a row: the word `all`, or codes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum StorageRegions {
    /// `all`.
    Word(String),
    /// Region codes.
    Codes(Vec<String>),
}

/// A row of the table of services.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The cell's text.
    pub service: String,
    /// Key that is the same in all editions.
    pub key: String,
    /// Group of rows.
    #[serde(default)]
    pub group: Option<String>,
    /// Endpoints of the row.
    pub paths: Vec<String>,
    /// Endpoints of the row that take no model.
    #[serde(default)]
    pub paths_without_model: Vec<String>,
    /// Model names.
    pub models: Vec<String>,
    /// `listed`, or `service_level` where the row has no list of models.
    pub models_scope: String,
    /// The region cell's text.
    #[serde(default)]
    pub region_cell: Option<String>,
    /// Where content rests; null where the edition does not say.
    pub storage_regions: Option<StorageRegions>,
    /// Where inference runs; null where the edition does not say.
    pub processing_regions: Option<Vec<String>>,
    /// Whether that was taken from the table of regions, because the row has one region column.
    #[serde(default)]
    pub processing_regions_derived: bool,
    /// Region: the only models that are processed there.
    #[serde(default)]
    pub processing_model_allowlist: BTreeMap<String, Vec<String>>,
    /// Model: the only regions that it is eligible in.
    #[serde(default)]
    pub model_region_limits: BTreeMap<String, Vec<String>>,
    /// Service tiers that are limited in a region.
    #[serde(default)]
    pub service_tier_limits: Vec<ServiceTierLimit>,
    /// Where those limits were read.
    #[serde(default)]
    pub service_tier_limits_source: Option<String>,
    /// Tier: model: the only regions of that tier.
    #[serde(default)]
    pub service_tier_regions: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// The tool, where the row is a tool's own.
    #[serde(default)]
    pub tool: Option<String>,
    /// A condition of the row.
    #[serde(default)]
    pub condition: Option<String>,
    /// A reservation of the row.
    #[serde(default)]
    pub caveat: Option<String>,
    /// Input modalities.
    #[serde(default)]
    pub modalities: Option<Vec<String>>,
    /// What is odd about the row in the page.
    #[serde(default)]
    pub oddities: Vec<String>,
}

/// Service tiers that models are limited to in a region.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceTierLimit {
    /// Region code.
    pub region: String,
    /// Models.
    pub models: Vec<String>,
    /// The only tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_tiers_allowed: Option<Vec<String>>,
    /// Tiers that are excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_tiers_forbidden: Option<Vec<String>>,
}

/// One fact of the page's text.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageFact {
    /// Heading of the section, with its parents.
    pub section: String,
    /// Stable name, the same in all editions.
    pub fact: String,
    /// Its value.
    pub value: Value,
    /// What it applies to: an endpoint (and every path below it) or another name; absent: everything.
    #[serde(default)]
    pub applies_to: Option<Value>,
    /// `organization`: holds for a control that is set there.
    #[serde(default)]
    pub scope: Option<String>,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Which source says so.
    #[serde(default)]
    pub source: Option<String>,
}

impl PageFact {
    /// The names it applies to.
    pub fn targets(&self) -> Vec<&str> {
        match &self.applies_to {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

impl Edition {
    /// Why the edition can't judge, or `None` if it can.
    pub fn refusal(&self) -> Option<String> {
        if self.complete {
            return None;
        }
        let note = self.complete_note.as_deref().unwrap_or("tables or notes are missing");
        Some(match &self.base_edition {
            Some(base) => format!("it is incomplete ({note}); the edition before it is {base:?}"),
            None => format!("it is incomplete ({note})"),
        })
    }

    /// The last day that the text may be of: its day, or the end of the range. `None` where neither is known.
    pub fn last_day(&self) -> Option<&str> {
        let end = |range: &'_ str| range.rsplit_once("..").map_or(range.len(), |(_, end)| end.len());
        let range = self.edition_date_estimate.as_deref();
        self.edition_date.as_deref().or_else(|| range.map(|range| &range[range.len() - end(range)..]))
    }

    /// How old the text is on a day, in days: of its day, else of the end of its range (a month's last day). `None` where no date
    /// is known, or `today` lies before it.
    pub fn age(&self, today: &str) -> Option<i32> {
        let last = self.last_day()?;
        let day: Date = match last.parse() {
            Ok(day) => day,
            Err(_) => format!("{last}-01").parse::<Date>().ok()?.last_of_month(),
        };
        let age = today.parse::<Date>().ok()?.since(day).ok()?.get_days();
        (age >= 0).then_some(age)
    }

    /// How sure the data is: the date, the language that it was read in, what is missing.
    pub fn certainty(&self) -> String {
        let mut says = vec![if self.edition_date.is_some() { "day known" } else { "day estimated" }.to_owned()];
        if self.language != "en" {
            says.push(format!("read in {}", self.language));
        }
        if !self.complete {
            says.push("incomplete".to_owned());
        }
        says.join(", ")
    }

    /// The page's day, or the range it lies in.
    pub fn date_or_range(&self) -> &str {
        self.edition_date.as_deref().or(self.edition_date_estimate.as_deref()).unwrap_or("date not known")
    }
}
