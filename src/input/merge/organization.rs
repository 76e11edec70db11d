//! The organization, put together key by key.

use crate::error::Error;
use crate::facts::{Before, Change, Fact, ORGANIZATION, Organization};
use crate::input::reading::{Leaf, OrganizationParts, Part, is_open};
use crate::location::{Place, SourceMap};

/// Adds what one input says of the organization to what others said.
pub(super) fn add_parts(
    parts: &mut OrganizationParts,
    given: impl Iterator<Item = (Vec<String>, Part)>,
    map: &SourceMap,
    problems: &mut Vec<Error>,
) {
    for (path, part) in given {
        let Some(held) = parts.get_mut(&path) else {
            parts.insert(path, part);
            continue;
        };
        match (&held.leaf, &part.leaf) {
            (Leaf::Object, Leaf::Object) => {
                // Evidence is written in definitions: that is where what is missing belongs.
                if held.origin.address.is_some() && part.origin.address.is_none() {
                    *held = part;
                }
            }
            (one, other) if one == other => {}
            (_, Leaf::Unknown(reason)) if is_open(reason) => {}
            (Leaf::Unknown(reason), _) if is_open(reason) => *held = part,
            (Leaf::Unknown(_), _) => {}
            (_, Leaf::Unknown(_)) => *held = part,
            (_, _) => {
                let name = path.join(".");
                let (here, there) = (map.location(&part.place), map.location(&held.place));
                problems.push(
                    Error::new(ORGANIZATION, format!("the organization's {name:?} has another value at {there}"))
                        .at(here)
                        .help("give each value of the organization once")
                        .firm(),
                );
            }
        }
    }
}

/// What is wrong where settings of providers name another organization than others do, or than the one that is declared: what one
/// declares would count for the projects of the other.
pub(super) fn several(parts: &OrganizationParts, named: &[(String, Place)], map: &SourceMap) -> Option<Error> {
    let declared = parts.get(&vec!["id".to_owned()]).and_then(|part| match &part.leaf {
        Leaf::Value(serde_json::Value::String(id)) => Some((id.as_str(), &part.place)),
        Leaf::Value(_) | Leaf::Object | Leaf::Unknown(_) => None,
    });
    let first = declared.or_else(|| named.first().map(|(name, place)| (name.as_str(), place)))?;
    let (other, place) = named.iter().find(|(name, _)| name != first.0)?;
    let message = format!(
        "the settings of a provider name the organization {other:?}, and {} names {:?}: two organizations in one run",
        map.location(first.1),
        first.0
    );
    let help = "check what belongs to each in a run of its own, and the root modules of each by themselves";
    Some(Error::new(ORGANIZATION, message).at(map.location(place)).help(help).firm())
}

/// What two resources of it do with the organization's control. One that leaves it as it is has no say in what it was; what two
/// set in its place is not known before, and it stays managed as long as one of them does.
pub(in crate::input) fn together(one: Change, other: Change) -> Change {
    let changes = |change: &Change| !change.actions.iter().all(|action| action == "no-op" || action == "read");
    let no_longer_managed: Vec<String> =
        one.no_longer_managed.iter().filter(|name| other.no_longer_managed.contains(name)).cloned().collect();
    let change = match (changes(&one), changes(&other)) {
        (true, false) => one,
        (false, true) => other,
        (true, true) | (false, false) => {
            let before = match (one.before, other.before) {
                (Some(one), Some(other)) if one.data_retention != other.data_retention => {
                    let why = "several resources change the organization's data retention".to_owned();
                    Some(Before { data_retention: Fact::Unknown(why), ..one })
                }
                (one, other) => one.or(other),
            };
            Change { actions: one.actions.max(other.actions), before, no_longer_managed: Vec::new() }
        }
    };
    Change { no_longer_managed, ..change }
}

/// The organization that the parts declare.
pub(super) fn declared(parts: &OrganizationParts, map: &mut SourceMap, problems: &mut Vec<Error>) -> Organization {
    let mut organization = Organization::default();
    if let Some(first) = parts.values().next() {
        organization.origin = first.origin.clone();
    }
    for (path, part) in parts {
        map.record(ORGANIZATION, &path.join("."), part.place.clone());
    }
    if let Some(Part { leaf: Leaf::Unknown(reason), .. }) = parts.get(&vec!["data_retention".to_owned()]) {
        organization.data_retention = Fact::Unknown(reason.clone());
    }
    for (path, part) in parts {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let value = match &part.leaf {
            Leaf::Value(value) => value,
            Leaf::Object => {
                declare(&mut organization, &names);
                continue;
            }
            Leaf::Unknown(_) => continue,
        };
        if set(&mut organization, &names, value).is_none() {
            let wrong = Error::new(ORGANIZATION, format!("{:?} has a value of the wrong type", path.join(".")));
            let help = "openai-data-controls schema definition tells what may stand there";
            problems.push(wrong.at(map.location(&part.place)).help(help));
        }
    }
    if let Some(part) = parts.get(&vec!["data_retention".to_owned()])
        && let Some(address) = &part.origin.address
    {
        organization.origin.address = Some(address.clone());
    }
    organization
}

/// Notes that an object is there, perhaps an empty one.
fn declare(organization: &mut Organization, names: &[&str]) {
    match names {
        ["abuse_monitoring_approval"] => {
            organization.abuse_monitoring_approval.get_or_insert_default();
        }
        ["zdr_amendment"] => {
            organization.zdr_amendment.get_or_insert_default();
        }
        ["modified_retention_amendment"] => {
            organization.modified_retention_amendment.get_or_insert_default();
        }
        ["business_associate_agreement"] => {
            organization.business_associate_agreement.get_or_insert_default();
        }
        ["region_approvals", region] => {
            organization.region_approvals.entry((*region).to_owned()).or_default();
        }
        _ => {}
    }
}

/// Sets one value; `None` where the type is not the key's.
fn set(organization: &mut Organization, names: &[&str], value: &serde_json::Value) -> Option<()> {
    let text = || value.as_str().map(str::to_owned);
    let texts = || value.as_array()?.iter().map(|v| v.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
    match names {
        ["id"] => organization.id = Some(text()?),
        ["data_retention"] => organization.data_retention = Fact::Known(text()?),
        ["residency_approved"] => organization.residency_approved = Some(value.as_bool()?),
        ["data_sharing"] => organization.data_sharing = Some(value.as_bool()?),
        ["responsible_contact"] => organization.responsible_contact = Some(text()?),
        ["abuse_monitoring_approval", key] => {
            let approval = organization.abuse_monitoring_approval.get_or_insert_default();
            match *key {
                "controls" => approval.controls = texts()?,
                "approved_on" => approval.approved_on = Some(text()?),
                "requirements_accepted" => approval.requirements_accepted = Some(value.as_bool()?),
                "reference" => approval.reference = Some(text()?),
                _ => return None,
            }
        }
        [name @ ("zdr_amendment" | "modified_retention_amendment"), key] => {
            let amendment = match *name {
                "zdr_amendment" => organization.zdr_amendment.get_or_insert_default(),
                _ => organization.modified_retention_amendment.get_or_insert_default(),
            };
            match *key {
                "executed_on" => amendment.executed_on = Some(text()?),
                "expires_on" => amendment.expires_on = Some(text()?),
                "reference" => amendment.reference = Some(text()?),
                _ => return None,
            }
        }
        ["business_associate_agreement", key] => {
            let agreement = organization.business_associate_agreement.get_or_insert_default();
            match *key {
                "executed_on" => agreement.executed_on = Some(text()?),
                "reference" => agreement.reference = Some(text()?),
                _ => return None,
            }
        }
        ["region_approvals", region, key] => {
            let approval = organization.region_approvals.entry((*region).to_owned()).or_default();
            match *key {
                "approved_on" => approval.approved_on = Some(text()?),
                "reference" => approval.reference = Some(text()?),
                _ => return None,
            }
        }
        ["requirements", key] => {
            let demanded = &mut organization.requirements;
            match *key {
                "allowed_regions" => demanded.allowed_regions = Some(texts()?),
                "region_required" => demanded.region_required = Some(value.as_bool()?),
                "regional_processing" => demanded.regional_processing = Some(value.as_bool()?),
                "training_forbidden" => demanded.training_forbidden = Some(value.as_bool()?),
                "max_abuse_log_days" => demanded.max_abuse_log_days = Some(value.as_u64()?),
                "max_application_state_days" => demanded.max_application_state_days = Some(value.as_u64()?),
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(())
}
