//! Puts the inputs of a run together: one organization, projects with what other inputs add to them.

use std::collections::BTreeMap;

use super::lay_over::{lay_over, make_unknown, make_way};
use super::reading::{AddsTo, Leaf, OrganizationParts, Owner, Part, ProjectReading, Reading, SettingChange, is_open};
use crate::error::Error;
use crate::facts::{Fact, Facts, ORGANIZATION, Organization, Project};
use crate::hcl::matches_address;
use crate::location::{Place, SourceMap};

/// Merges readings into facts; `map` learns where everything stands. What can't be merged is a problem.
pub(super) fn merge(readings: Vec<Reading>, facts: &mut Facts, map: &mut SourceMap) -> Vec<Error> {
    let mut problems = Vec::new();
    let mut parts = OrganizationParts::new();
    let mut projects: Vec<ProjectReading> = Vec::new();
    let mut additions = Vec::new();
    let mut change = None;
    let mut settings = Vec::new();
    let (mut uses, mut clients) = (Vec::new(), Vec::new());
    for reading in readings {
        organization_parts(&mut parts, reading.organization, map, &mut problems);
        change = change.or(reading.organization_change);
        for project in reading.projects {
            if project.adds_to.is_some() { additions.push(project) } else { projects.push(project) }
        }
        facts.unjoined.extend(reading.unjoined);
        settings.extend(reading.by_id);
        uses.extend(reading.uses);
        clients.extend(reading.clients);
    }
    for reading in projects.iter_mut().chain(&mut additions) {
        if let Fact::Known(text) = &reading.project.region
            && let Some(code) = facts.edition.region_code(text)
        {
            reading.project.region = Fact::Known(code.to_owned());
        }
    }
    facts.organization = organization(&parts, map, &mut problems);
    facts.organization.change = change;
    check_residency(projects.iter().chain(&additions), map, &mut problems);
    for addition in additions {
        add(addition, &mut projects, map, &mut problems);
    }
    let mut by_identity: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, project) in projects.iter().enumerate() {
        for identity in &project.identities {
            by_identity.entry(identity.clone()).or_default().push(index);
        }
    }
    // What Terraform lets go comes last: it counts where nothing else sets it.
    settings.sort_by_key(|s| s.change.as_ref().is_some_and(|change| change.released.is_some()));
    for setting in settings {
        let Some(owners) = by_identity.get(&setting.project_id) else {
            let attribute = setting.unjoined.attribute.clone();
            let mut unjoined = setting.unjoined;
            for project in projects.iter_mut().filter(|p| p.identity_hidden) {
                let reason = format!(
                    "{} may set it: it names {}, and this project's id is hidden",
                    unjoined.address, setting.project_id
                );
                make_unknown(&mut project.project, &attribute, &reason);
                unjoined.candidates.push(project.id.clone());
            }
            for (name, place) in setting.places {
                map.record(&setting.id, &name, place);
            }
            facts.unjoined.insert(setting.id, unjoined);
            continue;
        };
        for index in owners {
            let project = &mut projects[*index];
            let mut conflicts = Vec::new();
            SettingChange::settle(setting.change.clone(), &mut project.project, &setting.values, |_, name| {
                conflicts.push(name.to_owned());
            });
            for name in conflicts {
                problems.push(conflict(&name, &project.id, &project.places, &setting.places, map));
            }
            project.places.extend(setting.places.iter().filter(|(name, _)| !name.is_empty()).cloned());
        }
    }
    let owner_of = |owner: &Owner| match owner {
        Owner::Untold => None,
        Owner::Subject(id) => Some(id.clone()),
        Owner::Identity(id) => match by_identity.get(id)?.as_slice() {
            [one] => projects.get(*one).map(|p| p.id.clone()),
            _ => None,
        },
    };
    for call in &mut uses {
        call.reading.facts.project = owner_of(&call.owner);
    }
    for client in &mut clients {
        client.reading.facts.project = owner_of(&client.owner);
        if client.reading.facts.project.is_none() {
            client.reading.facts.linked_by = None;
        }
    }
    for project in projects {
        settle(project, facts, map, &mut problems);
    }
    let mut settle = |facts: &Facts, id: &str, places: Vec<(String, Place)>| {
        for (name, place) in places {
            map.record(id, &name, place);
        }
        is_new(facts, id, &mut problems)
    };
    for call in uses {
        if settle(facts, &call.id, call.reading.places) {
            facts.uses.insert(call.id, call.reading.facts);
        }
    }
    for client in clients {
        if settle(facts, &client.id, client.reading.places) {
            facts.clients.insert(client.id, client.reading.facts);
        }
    }
    problems
}

fn organization_parts(
    parts: &mut OrganizationParts,
    given: OrganizationParts,
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
                        .help("give each value of the organization once"),
                );
            }
        }
    }
}

/// The organization that the parts declare.
fn organization(parts: &OrganizationParts, map: &mut SourceMap, problems: &mut Vec<Error>) -> Organization {
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
            problems.push(Error::new(ORGANIZATION, format!("{:?} has a value of the wrong type", path.join("."))));
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

type Places = [(String, crate::location::Place)];

fn location(places: &Places, name: &str, map: &SourceMap) -> Option<crate::location::Location> {
    let root = name.split('.').next().unwrap_or(name);
    let found = [name, root, ""].into_iter().find_map(|n| places.iter().find(|(p, _)| p == n))?;
    Some(map.location(&found.1))
}

fn conflict(name: &str, id: &str, one: &Places, other: &Places, map: &SourceMap) -> Error {
    let there = location(one, name, map).map_or_else(|| id.to_owned(), |l| l.to_string());
    let mut error = Error::new(id, format!("{name:?} has another value at {there}"))
        .help("one project gets each value from one place");
    error.location = location(other, name, map);
    error
}

/// `region` beside a `residency` of another region, or `GLOBAL`, is an error.
fn check_residency<'p>(projects: impl Iterator<Item = &'p ProjectReading>, map: &SourceMap, problems: &mut Vec<Error>) {
    for reading in projects {
        let (Fact::Known(region), Fact::Known(residency)) = (&reading.project.region, &reading.project.residency)
        else {
            continue;
        };
        let stated = residency.split('_').next().unwrap_or(residency);
        if region != stated {
            let mut error =
                Error::new(&reading.id, format!("region {region:?} stands beside the residency {residency:?}"))
                    .help("give one of them, or make both name one region");
            error.location = location(&reading.places, "residency", map);
            problems.push(error);
        }
    }
}

/// Adds a definition's project to the projects that it names, or makes it one of its own.
fn add(addition: ProjectReading, projects: &mut Vec<ProjectReading>, map: &SourceMap, problems: &mut Vec<Error>) {
    let Some(adds_to) = &addition.adds_to else { return };
    let fits = |p: &ProjectReading| match (adds_to, &p.project.origin.address) {
        (AddsTo::Address(pattern), Some(address)) => matches_address(pattern, address),
        (AddsTo::Address(_), None) => false,
        (AddsTo::Id(id), _) => p.identities.contains(id),
    };
    let matching: Vec<usize> = (0..projects.len()).filter(|i| fits(&projects[*i])).collect();
    if matching.is_empty() {
        match adds_to {
            AddsTo::Id(id) if projects.iter().any(|p| p.identity_hidden) => {
                let mut error = Error::new(id, format!("a project of the plan hides its id, and may be {id:?}"))
                    .help("name it by its \"address\" instead of its \"id\"");
                error.location = location(&addition.places, "project_id", map);
                problems.push(error);
            }
            AddsTo::Id(_) => projects.push(ProjectReading { adds_to: None, ..addition }),
            AddsTo::Address(address) => {
                let mut error = Error::new(address, format!("no project of this run has the address {address:?}"))
                    .help("give the plan that holds it, or correct the address");
                error.location = location(&addition.places, "address", map);
                problems.push(error);
            }
        }
        return;
    }
    for index in matching {
        let project = &mut projects[index];
        let mut conflicts = Vec::new();
        let held = project.project.clone();
        add_region(&mut project.project, &addition.project, &mut conflicts);
        let without_region = Project { region: Fact::Absent, residency: Fact::Absent, ..addition.project.clone() };
        make_way(&mut project.project, &without_region);
        lay_over(&mut project.project, without_region, |name| conflicts.push(name.to_owned()));
        for name in conflicts {
            problems.push(conflict(&name, &project.id, &project.places, &addition.places, map));
        }
        held_before(&mut project.project, &held);
        project.uses.extend(addition.uses.iter().cloned());
        project.clients.extend(addition.clients.iter().cloned());
        let further = addition.places.iter().filter(|(name, _)| !name.is_empty() && name != "name");
        project.places.extend(further.cloned());
    }
}

/// What a definition fills in, no change touches: it was so before. `held` is the project without it.
fn held_before(project: &mut Project, held: &Project) {
    let Some(before) = project.change.as_mut().and_then(|change| change.before.as_mut()) else { return };
    let fills = |was: &Fact<String>, held: &Fact<String>| was == held && !matches!(was, Fact::Known(_));
    if fills(&before.region, &held.region) && fills(&before.residency, &held.residency) {
        (before.region, before.residency) = (project.region.clone(), project.residency.clone());
    }
    if fills(&before.data_retention, &held.data_retention) {
        before.data_retention = project.data_retention.clone();
    }
}

/// What a project says of its region, `region` and `residency` taken together.
enum Stated {
    Nothing,
    Global,
    Region(String),
    Unknown,
}

fn stated(project: &Project) -> Stated {
    let none_is = |word: &str| word == "GLOBAL";
    match (&project.residency, &project.region) {
        (Fact::Unknown(_), _) | (Fact::Absent, Fact::Unknown(_)) => Stated::Unknown,
        (Fact::Known(word), _) | (Fact::Absent, Fact::Known(word)) if none_is(word) => Stated::Global,
        (Fact::Known(word), _) => Stated::Region(word.split('_').next().unwrap_or(word).to_owned()),
        (Fact::Absent, Fact::Known(code)) => Stated::Region(code.clone()),
        (Fact::Absent, Fact::Absent) => Stated::Nothing,
    }
}

/// Adds what a definition says of the region. What Terraform says counts, also that there is none; only what its
/// provider does not report can be filled in.
fn add_region(target: &mut Project, given: &Project, conflicts: &mut Vec<String>) {
    let name = if given.region.is_absent() { "residency" } else { "region" };
    let from_terraform = target.origin.address.is_some();
    let not_reported = target.region.reason().is_some_and(is_open);
    let fill = |target: &mut Project| {
        target.region = given.region.clone();
        target.residency = given.residency.clone();
    };
    match (stated(target), stated(given)) {
        (_, Stated::Nothing | Stated::Unknown) | (Stated::Nothing | Stated::Global, Stated::Global) => {}
        (Stated::Unknown, _) => {
            if not_reported {
                fill(target);
            }
        }
        (Stated::Nothing, Stated::Region(_)) if !from_terraform => fill(target),
        (Stated::Region(held), Stated::Region(code)) if held == code => {
            if target.residency.is_absent() {
                target.residency = given.residency.clone();
            } else if !given.residency.is_absent() && given.residency != target.residency {
                conflicts.push("residency".to_owned());
            }
        }
        (Stated::Nothing | Stated::Global | Stated::Region(_), Stated::Region(_) | Stated::Global) => {
            conflicts.push(name.to_owned());
        }
    }
}

/// Whether no subject has an id yet; a second one is a problem.
fn is_new(facts: &Facts, id: &str, problems: &mut Vec<Error>) -> bool {
    let there = facts.projects.contains_key(id) || facts.uses.contains_key(id) || facts.clients.contains_key(id);
    if there {
        let twice = format!("two subjects have the id {id}");
        problems.push(Error::new(id, twice).help("give one of them another name"));
    }
    !there
}

/// Gives uses and clients their ids and the map its places.
fn settle(reading: ProjectReading, facts: &mut Facts, map: &mut SourceMap, problems: &mut Vec<Error>) {
    let id = reading.id;
    if !is_new(facts, &id, problems) {
        return;
    }
    for (name, place) in reading.places {
        map.record(&id, &name, place);
    }
    let address = reading.project.origin.address.clone();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for call in &reading.uses {
        *count.entry(call.facts.endpoint.clone()).or_default() += 1;
    }
    let mut number: BTreeMap<String, usize> = BTreeMap::new();
    for mut call in reading.uses {
        let endpoint = call.facts.endpoint.clone();
        let nth = number.entry(endpoint.clone()).or_default();
        *nth += 1;
        let several = count.get(&endpoint).is_some_and(|n| *n > 1);
        let use_id = if several { format!("{id}{endpoint}#{nth}") } else { format!("{id}{endpoint}") };
        call.facts.project = Some(id.clone());
        call.facts.origin.address = address.clone();
        for (name, place) in call.places {
            map.record(&use_id, &name, place);
        }
        if is_new(facts, &use_id, problems) {
            facts.uses.insert(use_id, call.facts);
        }
    }
    for (index, mut client) in reading.clients.into_iter().enumerate() {
        let key = if index == 0 { client.key } else { format!("{}#{}", client.key, index + 1) };
        let client_id = format!("{id}@{key}");
        client.facts.project = Some(id.clone());
        client.facts.origin.address = address.clone();
        for (name, place) in client.places {
            map.record(&client_id, &name, place);
        }
        if is_new(facts, &client_id, problems) {
            facts.clients.insert(client_id, client.facts);
        }
    }
    facts.projects.insert(id, reading.project);
}
