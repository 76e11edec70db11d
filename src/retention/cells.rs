//! The cells of the table that follow from facts and edition alone, and what the page says of all of them.

use super::placed::{Placed, Said};
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

/// One row; `logs` and `state` are what the library of the rules says, `placed` what rules say of the use.
pub(super) fn row(
    project: &Project,
    endpoint: &str,
    call: Option<(&String, &Use)>,
    facts: &Facts,
    (logs, state): &(Duration, Duration),
    placed: Option<&Placed>,
) -> Row {
    let edition = &facts.edition;
    let model = call.and_then(|(_, call)| call.model.known());
    Row {
        endpoint: endpoint.to_owned(),
        of_use: call.map(|(id, _)| id.clone()),
        training: training(endpoint, facts),
        abuse_logs: logs.clone(),
        application_state: state.clone(),
        zdr_eligible: eligible(endpoint, edition),
        stored_in_region: stored(project, endpoint, model, placed.map(|placed| &placed.stored), edition),
        processed_in_region: processed(project, endpoint, model, placed.map(|placed| &placed.processed), edition),
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

/// What a row says of a use in its region, in the words of the rules; where no rule says "no" or "not known", or no use is
/// declared, what the page lists.
fn told(said: Option<&Said>, otherwise: impl FnOnce() -> Cell) -> Cell {
    match said {
        Some(said) if said.value != "yes" => Cell::new(said.value.clone(), said.reason.clone()),
        Some(_) | None => otherwise(),
    }
}

fn stored(
    project: &Project,
    endpoint: &str,
    model: Option<&String>,
    said: Option<&Said>,
    edition: &EditionFacts,
) -> Cell {
    let code = match region_of(project, edition) {
        Ok(code) => code,
        Err(cell) => return cell,
    };
    let here: Vec<&RowFacts> =
        rows(endpoint, edition).iter().filter(|row| row.storage_regions.contains(code)).collect();
    told(said, || match here.is_empty() {
        true => Cell::new("no", format!("no row of the page has the endpoint in {code}")),
        false => Cell::new("yes", models_of(&here, endpoint, model)),
    })
}

/// Which models rows are true of.
fn models_of(rows: &[&RowFacts], endpoint: &str, model: Option<&String>) -> String {
    let listing: Vec<&&RowFacts> = rows.iter().filter(|row| row.models_scope == "listed").collect();
    match model {
        _ if listing.is_empty() => "the page lists the endpoint, and no models".to_owned(),
        Some(model) => format!("the page lists {model} there"),
        None if listing.iter().all(|row| row.paths_without_model.iter().any(|path| path == endpoint)) => {
            "the page lists the endpoint, which takes no model".to_owned()
        }
        None => "for the models that the page lists".to_owned(),
    }
}

fn processed(
    project: &Project,
    endpoint: &str,
    model: Option<&String>,
    said: Option<&Said>,
    edition: &EditionFacts,
) -> Cell {
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
    let allowed: Vec<&str> =
        here.iter().filter_map(|row| row.processing_model_allowlist.get(code)).flatten().map(String::as_str).collect();
    told(said, || match (allowed.is_empty(), model) {
        _ if here.is_empty() => Cell::new("no", format!("no row of the page processes the endpoint in {code}")),
        _ if here
            .iter()
            .all(|row| row.caveat.as_deref() == Some("availability_in_region_is_not_inference_in_region")) =>
        {
            Cell::new("not known", "the page says that availability in the region is not inference there")
        }
        (true, _) => Cell::new("yes", models_of(&here, endpoint, model)),
        (false, Some(model)) => Cell::new("yes", format!("{code} processes {model}")),
        (false, None) => Cell::new("some", format!("{code} processes {} only", allowed.join(", "))),
    })
}
