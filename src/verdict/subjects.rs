//! Whom rules judge.

use std::collections::BTreeMap;

use super::{Subject, SubjectKind};
use crate::facts::{Facts, ORGANIZATION};

/// Every subject of the facts by id.
pub(super) fn subjects(facts: &Facts) -> BTreeMap<&str, Subject> {
    let mut subjects = BTreeMap::new();
    let organization = &facts.organization;
    subjects.insert(
        ORGANIZATION,
        Subject {
            kind: SubjectKind::Organization,
            id: ORGANIZATION.to_owned(),
            name: ORGANIZATION.to_owned(),
            project: None,
            endpoint: None,
            address: organization.origin.address.clone(),
            source: organization.origin.source.clone().unwrap_or_default(),
        },
    );
    let name_of = |id: &str| {
        let project = facts.projects.get(id)?;
        project.name.known().cloned().or_else(|| project.origin.address.clone())
    };
    for (id, project) in &facts.projects {
        let name = name_of(id).unwrap_or_else(|| id.clone());
        let subject = Subject {
            kind: SubjectKind::Project,
            id: id.clone(),
            project: Some(name.clone()),
            name,
            endpoint: None,
            address: project.origin.address.clone(),
            source: project.origin.source.clone().unwrap_or_default(),
        };
        subjects.insert(id.as_str(), subject);
    }
    for (id, call) in &facts.uses {
        let project = call.project.as_deref().and_then(name_of);
        let subject = Subject {
            kind: SubjectKind::Use,
            id: id.clone(),
            name: format!("{}:{}", project.as_deref().unwrap_or("?"), call.endpoint),
            project,
            endpoint: Some(call.endpoint.clone()),
            address: call.origin.address.clone(),
            source: call.origin.source.clone().unwrap_or_default(),
        };
        subjects.insert(id.as_str(), subject);
    }
    for (id, client) in &facts.clients {
        let project = client.project.as_deref().and_then(name_of);
        let subject = Subject {
            kind: SubjectKind::Client,
            id: id.clone(),
            name: id.rsplit_once('@').map_or(id.clone(), |(_, key)| {
                project.as_ref().map_or_else(|| key.to_owned(), |p| format!("{p}@{key}"))
            }),
            project,
            endpoint: None,
            address: client.origin.address.clone(),
            source: client.origin.source.clone().unwrap_or_default(),
        };
        subjects.insert(id.as_str(), subject);
    }
    subjects
}
