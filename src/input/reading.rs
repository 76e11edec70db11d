//! What one input brings, before inputs are merged.

use std::collections::BTreeMap;

use super::fact_name::ProjectFact;
use super::lay_over::{is_set, lay_over, make_way};
use crate::error::Error;
use crate::facts::{Before, Change, Client, Fact, Origin, Project, Unjoined, Use};
use crate::location::Place;

/// How the reason of an attribute starts that its provider does not report.
pub(super) const NOT_REPORTED: &str = "not reported by";

/// The reason of what an export of the Administration API does not hold.
pub(super) const NOT_IN_EXPORT: &str = "not in the export";

/// The reason of a control whose word is none that this version knows.
pub(super) const NO_CONTROL: &str = "it is no data retention that is known";

/// The reason of what is not known of a project that is only named by its id.
pub(super) const NOT_DECLARED: &str = "no input declares the project";

/// The reason of what is not known of a project that a definition names and another input shows as archived.
pub(super) const ARCHIVED: &str = "its id is that of an archived project, which is not judged";

/// Whether an unknown for this reason can be filled in by another input.
pub(super) fn is_open(reason: &str) -> bool {
    reason.starts_with(NOT_REPORTED) || reason == NOT_IN_EXPORT || reason == NOT_DECLARED
}

/// What a reader found in one input.
#[derive(Debug, Default)]
pub struct Reading {
    /// The organization, key by key.
    pub organization: OrganizationParts,
    /// What Terraform does with the organization's retention setting.
    pub organization_change: Option<Change>,
    /// Projects, and what is added to projects of other inputs.
    pub projects: Vec<ProjectReading>,
    /// Uses that stand for themselves, not below a project.
    pub uses: Vec<Loose<UseReading>>,
    /// Clients that stand for themselves.
    pub clients: Vec<Loose<ClientReading>>,
    /// Settings whose project nothing proves.
    pub unjoined: Vec<(String, Unjoined)>,
    /// Settings that name a project by an id that this input does not have.
    pub by_id: Vec<SettingById>,
    /// What could not be read or checked.
    pub problems: Vec<Error>,
    /// What is worth knowing and changes no verdict.
    pub notes: Vec<String>,
    /// The ids of projects that are archived: counted, not judged.
    pub archived: Vec<String>,
    /// The organizations that settings of OpenAI's providers name, with their places.
    pub organizations: Vec<(String, Place)>,
    /// Whether the input says that it shows only a part, or can be seen to.
    pub incomplete: bool,
    /// True where the plan ended with an error.
    pub errored: bool,
    /// Nothing was wrong with it.
    pub clean: bool,
}

impl Reading {
    /// Makes the organization's control unknown where nothing has given it: something that can't be read may.
    pub(super) fn organization_may_be_set(&mut self, why: &str, place: &Place, source: &str) {
        let path = vec!["data_retention".to_owned()];
        if self.organization.contains_key(&path) {
            return;
        }
        let origin = Origin { source: Some(source.to_owned()), address: None };
        let part = |leaf: Leaf| Part { leaf, place: place.clone(), origin: origin.clone() };
        self.organization.entry(Vec::new()).or_insert(part(Leaf::Object));
        self.organization.insert(path, part(Leaf::Unknown(why.to_owned())));
    }
}

/// One value of the organization.
#[derive(Debug, Clone, PartialEq)]
pub enum Leaf {
    /// An object is declared, perhaps an empty one.
    Object,
    /// A value; a list is one value.
    Value(serde_json::Value),
    /// Not known, with the reason.
    Unknown(String),
}

/// Where something of the organization was written, and its value there.
#[derive(Debug, Clone)]
pub struct Part {
    /// The value.
    pub leaf: Leaf,
    /// Where.
    pub place: Place,
    /// Which input, and which address in it.
    pub origin: Origin,
}

/// The organization, key by key: path of keys → value.
pub(super) type OrganizationParts = BTreeMap<Vec<String>, Part>;

/// A project with what hangs on it.
#[derive(Debug, Default)]
pub struct ProjectReading {
    /// Subject id.
    pub id: String,
    /// Its facts.
    pub project: Project,
    /// How it calls the API.
    pub uses: Vec<UseReading>,
    /// Workloads that call it.
    pub clients: Vec<ClientReading>,
    /// Attribute → where it was written; the empty attribute is the project itself.
    pub places: Vec<(String, Place)>,
    /// The project of another input that this adds to.
    pub adds_to: Option<AddsTo>,
    /// Its known ids (`proj_…`).
    pub identities: Vec<String>,
    /// Its known ids before a change that replaces it.
    pub former_identities: Vec<String>,
    /// It exists already, and its id is not shown.
    pub identity_hidden: bool,
}

impl ProjectReading {
    /// Whether it has or had this id.
    pub(super) fn has_or_had(&self, id: &str) -> bool {
        self.identities.iter().chain(&self.former_identities).any(|own| own == id)
    }
}

/// Which projects of other inputs a definition adds to.
#[derive(Debug, Clone, PartialEq)]
pub enum AddsTo {
    /// Those with a Terraform address that this pattern matches.
    Address(String),
    /// The one with this id, if there is one.
    Id(String),
}

/// A use with its places.
#[derive(Debug, Clone, Default)]
pub struct UseReading {
    /// Its facts.
    pub facts: Use,
    /// Attribute → where.
    pub places: Vec<(String, Place)>,
}

/// Which project something belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// Nothing tells.
    #[default]
    Untold,
    /// The project with this subject id.
    Subject(String),
    /// The project with this id, of whatever input.
    Identity(String),
}

/// A use or a client that has an id of its own.
#[derive(Debug, Clone, Default)]
pub struct Loose<R> {
    /// Subject id.
    pub id: String,
    /// Its facts and places.
    pub reading: R,
    /// Its project.
    pub owner: Owner,
}

/// A client with its places.
#[derive(Debug, Clone, Default)]
pub struct ClientReading {
    /// What tells it from the other clients of the project.
    pub key: String,
    /// Its facts.
    pub facts: Client,
    /// Attribute → where.
    pub places: Vec<(String, Place)>,
}

/// Attributes that a setting gives to the project with a known id.
#[derive(Debug, Clone)]
pub struct SettingById {
    /// The id, `proj_…`.
    pub project_id: String,
    /// The fact that it sets.
    pub fact: ProjectFact,
    /// The setting.
    pub unjoined: Unjoined,
    /// Subject id of the setting.
    pub id: String,
    /// What it sets.
    pub values: Project,
    /// It is a data source, which shows what is there and manages nothing.
    pub is_data: bool,
    /// What happens to it, where the input says so.
    pub change: Option<SettingChange>,
    /// Attribute → where.
    pub places: Vec<(String, Place)>,
}

/// What Terraform does with a project's setting.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingChange {
    /// Terraform's words.
    pub actions: Vec<String>,
    /// The control that it set before.
    pub was: Fact<String>,
    /// The fact that it sets no longer.
    pub released: Option<ProjectFact>,
}

impl SettingChange {
    /// Lays what a setting gives over the project. One that is let go leaves its value behind, unless another sets it now.
    /// `conflict` is told the attributes that are set to something else already.
    pub(super) fn settle(
        change: Option<SettingChange>,
        project: &mut Project,
        values: &Project,
        mut conflict: impl FnMut(&mut Project, &str),
    ) {
        let held = project.clone();
        let goes = change.as_ref().and_then(|change| change.released);
        let managed = goes.is_some_and(|fact| is_set(project, fact));
        make_way(project, values);
        let mut conflicts = Vec::new();
        lay_over(project, values.clone(), |attribute| conflicts.push(attribute.to_owned()));
        if goes.is_none() {
            conflicts.iter().for_each(|attribute| conflict(project, attribute));
        }
        if let Some(change) = change {
            SettingChange { released: goes.filter(|_| !managed), ..change }.note(project, &held);
        }
    }

    /// Notes in the project what it was before; `held` is the project as it was read, without the setting.
    fn note(self, project: &mut Project, held: &Project) {
        if !self.was.is_absent() {
            let untouched = || Change {
                actions: self.actions.clone(),
                before: Some(Before {
                    region: held.region.clone(),
                    residency: held.residency.clone(),
                    ..Before::default()
                }),
                ..Change::default()
            };
            let change = project.change.get_or_insert_with(untouched);
            if let Some(before) = &mut change.before {
                before.data_retention = self.was;
            }
        }
        let released = self.released.map(|fact| fact.name().into_owned());
        if let (Some(change), Some(attribute)) = (&mut project.change, released)
            && !change.no_longer_managed.contains(&attribute)
        {
            change.no_longer_managed.push(attribute);
        }
    }
}
