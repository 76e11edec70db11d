//! The cells of the table that follow from facts and edition alone, and what the page says of all of them.

use super::{Cell, Duration, ProjectTable, Row};
use crate::edition::{EditionFacts, RowFacts};
use crate::facts::{Effective, Fact, Facts, Project, Use};

/// What stands at the head of a project.
pub(super) fn project(id: &str, project: &Project, facts: &Facts) -> ProjectTable {
    let address = project.origin.address.clone();
    let name = project.name.known().cloned().or_else(|| address.clone()).unwrap_or_else(|| id.to_owned());
    ProjectTable {
        id: id.to_owned(),
        name,
        address,
        control: control(&project.effective),
        region: region(&project.region, &project.processing, &facts.edition),
        rows: Vec::new(),
    }
}

fn control(effective: &Fact<Effective>) -> Cell {
    match effective {
        Fact::Unknown(reason) => Cell::new("not known", reason.clone()),
        Fact::Absent => Cell::new("not declared", "neither the project nor the organization declares one"),
        Fact::Known(effective) => match (&effective.data_retention, effective.from.as_deref()) {
            (Some(control), Some("project")) => Cell::new(control.clone(), "selected for the project"),
            (Some(control), _) => Cell::new(control.clone(), "selected for the organization"),
            (None, _) => Cell::new("not declared", "neither the project nor the organization declares one"),
        },
    }
}

fn region(region: &Fact<String>, processing: &Fact<bool>, edition: &EditionFacts) -> Cell {
    match region {
        Fact::Absent => Cell::new("none", "the project has no region"),
        Fact::Unknown(reason) => Cell::new("not known", reason.clone()),
        Fact::Known(code) if !edition.regions.contains_key(code) => {
            Cell::new(code.clone(), "the edition lists no such region")
        }
        Fact::Known(code) => {
            let what = match processing {
                Fact::Known(true) => "storage and processing".to_owned(),
                Fact::Known(false) => "storage only".to_owned(),
                Fact::Absent => "storage; processing is not known: the edition does not say".to_owned(),
                Fact::Unknown(reason) => format!("storage; processing is not known: {reason}"),
            };
            Cell::new(code.clone(), what)
        }
    }
}

/// One row; `logs` and `state` are what the library of the rules says.
pub(super) fn row(
    project: &Project,
    endpoint: &str,
    call: Option<(&String, &Use)>,
    facts: &Facts,
    logs: &Duration,
    state: &Duration,
) -> Row {
    let edition = &facts.edition;
    Row {
        endpoint: endpoint.to_owned(),
        of_use: call.map(|(id, _)| id.clone()),
        training: training(endpoint, facts),
        abuse_logs: logs.clone(),
        application_state: state.clone(),
        zdr_eligible: eligible(endpoint, edition),
        stored_in_region: stored(project, endpoint, edition),
        processed_in_region: processed(project, endpoint, call.and_then(|(_, call)| call.model.known()), edition),
    }
}

fn training(endpoint: &str, facts: &Facts) -> Cell {
    match (facts.edition.endpoints.get(endpoint), facts.organization.data_sharing) {
        (None, _) => Cell::new("not known", "the edition does not rate the endpoint"),
        (Some(row), _) if row.training => Cell::new("yes", "the page says so of the endpoint"),
        (Some(_), Some(true)) => Cell::new("opted in", "the organization shares data for training"),
        (Some(_), Some(false)) => Cell::new("no", "the organization does not share data for training"),
        (Some(_), None) => Cell::new("no", "by default; whether the organization opted in is not declared"),
    }
}

fn eligible(endpoint: &str, edition: &EditionFacts) -> Cell {
    match edition.endpoints.get(endpoint).map(|row| row.zdr_eligible.as_str()) {
        Some("yes") => Cell::new("yes", "the page's table says so"),
        Some("yes_with_limits") => Cell::new("limits", "the page's table says so, with limits that its notes give"),
        Some("no") => Cell::new("no", "the endpoint keeps application state, or can't be used with it"),
        Some(_) | None => Cell::new("not known", "the edition does not rate the endpoint"),
    }
}

fn rows<'e>(endpoint: &str, edition: &'e EditionFacts) -> &'e [RowFacts] {
    edition.services.by_path.get(endpoint).map_or(&[], Vec::as_slice)
}

/// The region that a cell is about, or what the cell says without one.
fn region_of<'p>(project: &'p Project, edition: &EditionFacts) -> Result<&'p String, Cell> {
    match &project.region {
        Fact::Absent => Err(Cell::new("-", "the project has no region")),
        Fact::Unknown(reason) => Err(Cell::new("not known", format!("the region is not known: {reason}"))),
        Fact::Known(code) if !edition.regions.contains_key(code) => {
            Err(Cell::new("no", format!("the edition lists no region {code}")))
        }
        Fact::Known(code) => Ok(code),
    }
}

fn stored(project: &Project, endpoint: &str, edition: &EditionFacts) -> Cell {
    let code = match region_of(project, edition) {
        Ok(code) => code,
        Err(cell) => return cell,
    };
    let here: Vec<&RowFacts> =
        rows(endpoint, edition).iter().filter(|row| row.storage_regions.contains(code)).collect();
    match here.iter().all(|row| row.models_scope == "listed") {
        _ if here.is_empty() => Cell::new("no", format!("no row of the page has the endpoint in {code}")),
        true => Cell::new("yes", "for the models that the page lists"),
        false => Cell::new("yes", "the page lists the endpoint, and no models"),
    }
}

fn processed(project: &Project, endpoint: &str, model: Option<&String>, edition: &EditionFacts) -> Cell {
    let code = match region_of(project, edition) {
        Ok(code) => code,
        Err(cell) => return cell,
    };
    match &project.processing {
        Fact::Unknown(reason) => return Cell::new("not known", reason.clone()),
        Fact::Known(false) => return Cell::new("no", format!("{code} only stores")),
        Fact::Absent => return Cell::new("not known", "the edition does not say whether the region processes"),
        Fact::Known(true) => {}
    }
    let here: Vec<&RowFacts> = rows(endpoint, edition)
        .iter()
        .filter(|row| row.storage_regions.contains(code) && row.processing_regions.contains(code))
        .collect();
    if here.is_empty() {
        return Cell::new("no", format!("no row of the page processes the endpoint in {code}"));
    }
    if here.iter().all(|row| row.caveat.as_deref() == Some("availability_in_region_is_not_inference_in_region")) {
        return Cell::new("not known", "the page says that availability in the region is not inference there");
    }
    let allowed: Vec<&String> =
        here.iter().filter_map(|row| row.processing_model_allowlist.get(code)).flatten().collect();
    match (allowed.is_empty(), model) {
        (true, _) => Cell::new("yes", "for the models that the page lists"),
        (false, Some(model)) if allowed.contains(&model) => Cell::new("yes", format!("{code} processes {model}")),
        (false, Some(model)) => Cell::new("no", format!("{code} does not process {model} there")),
        (false, None) => {
            let names: Vec<&str> = allowed.iter().map(|name| name.as_str()).collect();
            Cell::new("some", format!("{code} processes {} only", names.join(", ")))
        }
    }
}
