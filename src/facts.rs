//! The facts: what rules see, and all that they see.
//!
//! [`Facts`] is complete in itself: it carries the edition and the day, so that a verdict can be repeated from this one
//! document. Everything is keyed by id, never an array to search. An attribute is known, absent or unknown
//! ([`Fact`]): in JSON a value, `null`, or a missing key that `unknown` gives the reason for.

mod derive;
mod record;
mod stated;
mod unread;
mod words;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use record::Fact;
pub use stated::NEEDS;
pub use words::*;

use crate::edition::EditionFacts;
use record::record;

/// The id of the organization among subjects.
pub const ORGANIZATION: &str = "organization";

/// The facts document, schema 1.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Facts {
    /// Version of this shape.
    pub schema: u32,
    /// The day that dates are compared with, `YYYY-MM-DD`.
    pub today: String,
    /// The edition of the page.
    pub edition: EditionFacts,
    /// Input: what it was.
    pub sources: BTreeMap<String, SourceFacts>,
    /// The organization, put together from all inputs.
    pub organization: Organization,
    /// Project id (`source#address` or `source#name`): project.
    pub projects: BTreeMap<String, Project>,
    /// Use id: one way a project calls the API.
    pub uses: BTreeMap<String, Use>,
    /// Client id: a workload that calls the API.
    pub clients: BTreeMap<String, Client>,
    /// Settings that could not be joined to one project.
    pub unjoined: BTreeMap<String, Unjoined>,
}

/// An input.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SourceFacts {
    /// Input kind, such as `terraform_plan`; null where it was not recognised.
    pub kind: Option<String>,
    /// False where the input shows only a part, or not all of it could be read.
    pub complete: bool,
    /// True where the plan ended with an error.
    pub errored: bool,
}

/// Where a subject comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Origin {
    /// The input; null for an organization that nothing declares.
    pub source: Option<String>,
    /// The Terraform address, if it has one.
    pub address: Option<String>,
}

/// A setting that belongs to one of several projects, and nothing proves which.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Unjoined {
    /// Terraform address of the setting.
    pub address: String,
    /// The project attribute that it sets.
    pub attribute: String,
    /// Why it could not be joined.
    pub reason: String,
    /// Ids of the projects that it could belong to, the first hundred of them.
    pub candidates: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
}

/// What OpenAI approved for the organization.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct AbuseMonitoringApproval {
    /// The controls that were approved.
    pub controls: Vec<String>,
    /// Day of the approval.
    pub approved_on: Option<String>,
    /// Whether the additional requirements were accepted.
    pub requirements_accepted: Option<bool>,
    /// Where the paper is.
    pub reference: Option<String>,
}

/// An executed amendment to the services agreement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Amendment {
    /// Day of execution.
    pub executed_on: Option<String>,
    /// Last day, if it ends.
    pub expires_on: Option<String>,
    /// Where the paper is.
    pub reference: Option<String>,
}

/// The further approval that a region needs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct RegionApproval {
    /// Day of the approval.
    pub approved_on: Option<String>,
    /// Where the paper is.
    pub reference: Option<String>,
}

/// An executed business associate agreement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct BusinessAssociateAgreement {
    /// Day of execution.
    pub executed_on: Option<String>,
    /// Where the paper is.
    pub reference: Option<String>,
}

/// What the user's own organization demands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Requirements {
    /// Region codes and `GLOBAL`.
    pub allowed_regions: Option<Vec<String>>,
    /// A region must be set.
    pub region_required: Option<bool>,
    /// Inference must run in the region.
    pub regional_processing: Option<bool>,
    /// The organization must not share data for training.
    pub training_forbidden: Option<bool>,
    /// The most days in abuse monitoring logs.
    pub max_abuse_log_days: Option<u64>,
    /// The most days of application state.
    pub max_application_state_days: Option<u64>,
}

/// The control that is in effect for a project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Effective {
    /// The control; null: not declared.
    pub data_retention: Option<String>,
    /// Who declares it: `project` or `organization`.
    pub from: Option<String>,
}

/// Which models a project may call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Models {
    /// `allow_list` or `deny_list`.
    pub mode: String,
    /// Model names. Where `unknown` names `models.ids`, there are more.
    pub ids: Vec<String>,
}

/// What Terraform does with a subject.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// Terraform's words: `create`, `update`, `no-op` …
    pub actions: Vec<String>,
    /// What was there before; null for what is created.
    pub before: Option<Before>,
    /// Attributes whose setting Terraform lets go while the subject stays: they keep their value, unseen.
    pub no_longer_managed: Vec<String>,
}

record! {
    /// A subject before the change.
    Before {
        known {
        }
        facts {
            /// Region code.
            region: String,
            /// The declared control.
            data_retention: String,
            /// The control in effect.
            effective: Effective,
        }
        given {
            /// The Administration API's residency word: region and processing in one.
            residency: String,
        }
    }
}

record! {
    /// The organization.
    Organization {
        known {
            /// Where it comes from; the first of several inputs.
            origin: Origin,
            /// Region code: its further approval.
            region_approvals: BTreeMap<String, RegionApproval>,
            /// What it demands of every project.
            requirements: Requirements,
            /// What Terraform does with its retention setting.
            change: Option<Change>,
            /// `org-…`
            id: Option<String>,
            /// OpenAI granted data residency.
            residency_approved: Option<bool>,
            /// Opted in to sharing data for training.
            data_sharing: Option<bool>,
            /// What OpenAI approved.
            abuse_monitoring_approval: Option<AbuseMonitoringApproval>,
            /// The executed Zero Data Retention amendment.
            zdr_amendment: Option<Amendment>,
            /// The executed Modified Retention amendment.
            modified_retention_amendment: Option<Amendment>,
            /// The executed business associate agreement.
            business_associate_agreement: Option<BusinessAssociateAgreement>,
            /// Who answers for policy compliance, moderation and reporting.
            responsible_contact: Option<String>,
        }
        facts {
            /// The control selected for the organization.
            data_retention: String,
        }
    }
}

record! {
    /// A project.
    Project {
        known {
            /// Where it comes from.
            origin: Origin,
            /// What the organization and the project demand, the stricter of each.
            requirements: Requirements,
            /// What Terraform does with it.
            change: Option<Change>,
        }
        facts {
            /// Name.
            name: String,
            /// `proj_…`
            project_id: String,
            /// Region code; the text as given where the edition lists no such region; null: no residency.
            region: String,
            /// Whether inference runs in the region; null without a region, and for the code or name of one that the edition does
            /// not list.
            processing: bool,
            /// The declared control.
            data_retention: String,
            /// The control in effect.
            effective: Effective,
            /// Which models may be called.
            models: Models,
            /// Hosted tool: whether it may be used.
            tools: BTreeMap<String, bool>,
            /// Protected health information is handled.
            handles_phi: bool,
        }
        given {
            /// The Administration API's residency word: region and processing in one.
            residency: String,
        }
    }
}

record! {
    /// One way a project calls the API.
    Use {
        known {
            /// Where it comes from.
            origin: Origin,
            /// Id of the project; null where it can't be told.
            project: Option<String>,
            /// Name of the project.
            project_name: Option<String>,
            /// Endpoint path, without a final slash.
            endpoint: String,
            /// The project's requirements.
            requirements: Requirements,
        }
        facts {
            /// Model name.
            model: String,
            /// The request's `store`.
            store: bool,
            /// Input modalities: text, image, file, audio.
            inputs: Vec<String>,
            /// Output modalities: text, image, audio.
            outputs: Vec<String>,
            /// Tools.
            tools: Vec<String>,
            /// Structured Outputs with a schema.
            structured_output: bool,
            /// How files come: base64, file_id, url.
            file_upload: String,
            /// Background mode.
            background: bool,
            /// Service tier.
            service_tier: String,
            /// Web search reads the live web.
            external_web_access: bool,
            /// The project's region.
            region: String,
            /// The project's processing.
            processing: bool,
            /// The project's control in effect.
            effective: Effective,
        }
    }
}

record! {
    /// A workload that calls the API.
    Client {
        known {
            /// Where it comes from.
            origin: Origin,
            /// Id of the project; null where it can't be told.
            project: Option<String>,
            /// Name of the project.
            project_name: Option<String>,
            /// What joined it to the project: `definition`, `environment` or `reference`.
            linked_by: Option<String>,
        }
        facts {
            /// Host of its base URL: lower case, without user, port and final dot; null where it sets none.
            host: String,
            /// The project's region.
            region: String,
            /// The project's processing.
            processing: bool,
        }
    }
}

impl Facts {
    /// The same subjects under another edition.
    pub fn under(&self, edition: EditionFacts) -> Facts {
        let mut facts = Facts { edition, ..self.clone() };
        facts.complete();
        facts
    }

    /// Facts without subjects.
    pub fn new(edition: EditionFacts, today: String) -> Facts {
        Facts {
            schema: 1,
            today,
            edition,
            sources: BTreeMap::new(),
            organization: Organization::default(),
            projects: BTreeMap::new(),
            uses: BTreeMap::new(),
            clients: BTreeMap::new(),
            unjoined: BTreeMap::new(),
        }
    }
}
