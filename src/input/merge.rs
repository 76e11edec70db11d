//! Puts the inputs of a run together: one organization, projects with what other inputs add to them.

mod by_id;
mod organization;
mod owners;
mod regions;
mod targets;

use std::collections::{BTreeMap, BTreeSet};

use super::InputKind;
use super::lay_over::{lay_over, make_unknown, make_way};
use super::reading::{ARCHIVED, AddsTo, OrganizationParts, ProjectReading, Reading, is_open};
use crate::error::Error;
use crate::facts::{Fact, Facts, Project};
use crate::location::{Place, SourceMap};
pub(super) use organization::together;
use targets::Targets;

/// Merges readings into facts; `map` learns where everything stands. What can't be merged is a problem.
/// What is worth knowing goes to `notes`.
pub(super) fn merge(
    readings: Vec<Reading>,
    facts: &mut Facts,
    map: &mut SourceMap,
    notes: &mut Vec<String>,
) -> Vec<Error> {
    let mut problems = Vec::new();
    let mut parts = OrganizationParts::new();
    let mut projects: Vec<ProjectReading> = Vec::new();
    let mut additions = Vec::new();
    let mut change = None;
    let mut settings = Vec::new();
    let (mut uses, mut clients) = (Vec::new(), Vec::new());
    let mut named: Vec<(String, Place)> = Vec::new();
    let mut archived: BTreeSet<String> = BTreeSet::new();
    for reading in readings {
        named.extend(reading.organizations);
        archived.extend(reading.archived);
        let given = reading.organization.into_iter();
        let given = given.map(|(path, part)| (regions::by_code(path, &facts.edition), part));
        organization::add_parts(&mut parts, given, map, &mut problems);
        change = match (change, reading.organization_change) {
            (Some(one), Some(other)) => Some(together(one, other)),
            (one, other) => one.or(other),
        };
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
    let all: Vec<&ProjectReading> = projects.iter().chain(&additions).collect();
    notes.extend(regions::unlisted(&parts, &all, &facts.edition, map));
    problems.extend(organization::several(&parts, &named, map));
    facts.organization = organization::declared(&parts, map, &mut problems);
    facts.organization.change = change;
    check_residency(projects.iter().chain(&additions), map, &mut problems);
    let mut targets = Targets::of(&projects);
    for mut addition in additions {
        if let Some(AddsTo::Id(id)) = &addition.adds_to
            && archived.contains(id)
            && targets.with_identity(id).is_empty()
        {
            notes.push(format!("{}: {id} is the id of an archived project", addition.id));
            untold(&mut addition.project);
        }
        add(addition, &mut projects, &mut targets, facts, map, &mut problems);
    }
    by_id::settle(settings, &mut projects, &mut targets, facts, map, &mut problems);
    let uses = owners::settle(uses, &projects, &targets, &mut problems);
    let clients = owners::settle(clients, &projects, &targets, &mut problems);
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

type Places = [(String, crate::location::Place)];

fn location(places: &Places, name: &str, map: &SourceMap) -> Option<crate::location::Location> {
    let root = name.split('.').next().unwrap_or(name);
    let found = [name, root, ""].into_iter().find_map(|n| places.iter().find(|(p, _)| p == n))?;
    Some(map.location(&found.1))
}

fn conflict(name: &str, id: &str, one: &Places, other: &Places, map: &SourceMap) -> Error {
    let there = location(one, name, map).map_or_else(|| id.to_owned(), |l| l.to_string());
    let mut error = Error::new(id, format!("{name:?} has another value at {there}"))
        .help("one project gets each value from one place")
        .firm();
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

/// What another input would say of an archived project, and the definition does not, is not known.
fn untold(project: &mut Project) {
    use super::fact_name::ProjectFact;
    let says_region = !project.region.is_absent() || !project.residency.is_absent();
    for (fact, said) in [
        (ProjectFact::Region, says_region),
        (ProjectFact::DataRetention, !project.data_retention.is_absent()),
        (ProjectFact::Models, !project.models.is_absent()),
        (ProjectFact::Tools, !project.tools.is_absent()),
    ] {
        if !said {
            make_unknown(project, fact, ARCHIVED);
        }
    }
}

/// Adds a definition's project to the projects that it names, or makes it one of its own.
fn add(
    addition: ProjectReading,
    projects: &mut Vec<ProjectReading>,
    targets: &mut Targets,
    facts: &Facts,
    map: &SourceMap,
    problems: &mut Vec<Error>,
) {
    let Some(adds_to) = &addition.adds_to else { return };
    let matching = match adds_to {
        AddsTo::Address(pattern) if pattern.contains('*') => targets.at_address(pattern),
        AddsTo::Address(pattern) => beside(&addition, targets.at_address(pattern), projects, facts),
        AddsTo::Id(id) => targets.with_identity(id).to_vec(),
    };
    let matching = with_copies(matching, projects, targets);
    if matching.is_empty() {
        match adds_to {
            AddsTo::Id(id) if !targets.hidden().is_empty() => {
                let mut error = Error::new(id, format!("a project of the plan hides its id, and may be {id:?}"))
                    .help("name it by its \"address\" instead of its \"id\"");
                error.location = location(&addition.places, "project_id", map);
                problems.push(error);
            }
            AddsTo::Id(_) => {
                targets.take(projects.len(), &addition);
                projects.push(ProjectReading { adds_to: None, ..addition });
            }
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
        let answered = project.places.iter().any(|(name, _)| name == "region");
        add_region(&mut project.project, answered, &addition.project, &mut conflicts);
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

/// The same projects where other inputs show them, too: by an address or by the id, a definition says it of one project.
fn with_copies(matching: Vec<usize>, projects: &[ProjectReading], targets: &Targets) -> Vec<usize> {
    let identities = matching.iter().filter_map(|index| projects.get(*index)).flat_map(|project| &project.identities);
    let copies = identities.flat_map(|identity| targets.with_identity(identity)).copied();
    let mut all: BTreeSet<usize> = copies.collect();
    all.extend(matching);
    all.into_iter().collect()
}

/// The directory that an input lies in; that of source is the input itself.
fn directory<'s>(source: &'s str, facts: &Facts) -> &'s str {
    let source_kind = InputKind::TerraformSource.name();
    match facts.sources.get(source).and_then(|known| known.kind.as_deref()) {
        Some(kind) if kind == source_kind => source,
        Some(_) | None => source.rsplit_once('/').map_or(".", |(directory, _)| directory),
    }
}

/// Of projects with one address in several root modules, those of the directory that the definition lies in, if there are some.
fn beside(addition: &ProjectReading, matching: Vec<usize>, projects: &[ProjectReading], facts: &Facts) -> Vec<usize> {
    let directory_of = |project: &ProjectReading| {
        project.project.origin.source.as_deref().map(|source| directory(source, facts).to_owned())
    };
    let own = directory_of(addition);
    let is_beside = |index: &usize| own.is_some() && projects.get(*index).map(directory_of) == Some(own.clone());
    let near: Vec<usize> = matching.iter().copied().filter(is_beside).collect();
    if near.is_empty() { matching } else { near }
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

/// Adds what a definition says of the region. What Terraform says counts, and what an export `answered`, also that there is
/// none; only what they do not report can be filled in.
fn add_region(target: &mut Project, answered: bool, given: &Project, conflicts: &mut Vec<String>) {
    let name = if given.region.is_absent() { "residency" } else { "region" };
    let is_settled = answered || target.origin.address.is_some();
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
        (Stated::Nothing, Stated::Region(_)) if !is_settled => fill(target),
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
        // What the second one is, is in no facts: nothing can stand for it.
        problems.push(Error::new(id, twice).help("give one of them another name").firm());
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
