//! Settings that name their project by an id.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::conflict;
use super::targets::Targets;
use crate::error::Error;
use crate::facts::{Fact, Facts, Origin, Project};
use crate::input::lay_over::{beside, make_unknown, settles};
use crate::input::reading::{NOT_DECLARED, ProjectReading, SettingById, SettingChange};
use crate::input::repeated::{Effect, Repeated, Turn, too_many};
use crate::location::SourceMap;

/// The most projects that a setting names one by one as those it may belong to.
const MAX_NAMED: usize = 100;

/// Gives projects the settings that name them.
pub(super) fn settle(
    mut settings: Vec<SettingById>,
    projects: &mut Vec<ProjectReading>,
    targets: &mut Targets,
    facts: &mut Facts,
    map: &mut SourceMap,
    problems: &mut Vec<Error>,
) {
    // What Terraform manages counts before what a data source shows, and that before what is let go.
    settings.sort_by_key(|s| (s.change.as_ref().is_some_and(|change| change.released.is_some()), s.is_data));
    // A project that has a setting is there, whoever declares it.
    let hides = !targets.hidden().is_empty();
    // What a data source shows is of a project, though it may be one whose id is hidden: what is managed is not given to it.
    let mut shown: BTreeSet<String> = BTreeSet::new();
    for setting in settings.iter().filter(|setting| setting.is_data || !hides) {
        if targets.with_identity(&setting.project_id).is_empty() {
            let project = undeclared(setting);
            targets.take(projects.len(), &project);
            projects.push(project);
            shown.extend(Some(setting.project_id.clone()).filter(|_| hides));
        }
    }
    let mut marked: BTreeSet<String> = BTreeSet::new();
    let mut repeated = Repeated::default();
    let candidates: Vec<String> =
        targets.hidden().iter().take(MAX_NAMED).filter_map(|index| Some(projects.get(*index)?.id.clone())).collect();
    for setting in settings {
        let owners = targets.with_identity(&setting.project_id);
        if owners.is_empty() || (!setting.is_data && shown.contains(&setting.project_id)) {
            let mut unjoined = setting.unjoined;
            // The first that may set an attribute of a project whose id is hidden tells why it is not known.
            if marked.insert(unjoined.attribute.clone()) {
                let reason = format!(
                    "{} may set it: it names {}, and this project's id is hidden",
                    unjoined.address, setting.project_id
                );
                for project in targets.hidden() {
                    if let Some(project) = projects.get_mut(*project) {
                        make_unknown(&mut project.project, setting.fact, &reason);
                    }
                }
            }
            unjoined.candidates.extend(candidates.iter().cloned());
            for (name, place) in setting.places {
                map.record(&setting.id, &name, place);
            }
            facts.unjoined.insert(setting.id, unjoined);
            continue;
        }
        let attribute = &setting.unjoined.attribute;
        let effect = || Effect { values: setting.values.clone(), change: setting.change.clone(), belonged_to: None };
        let turn = repeated.turn(owners, attribute, effect);
        for (number, index) in owners.iter().enumerate().filter(|_| turn != Turn::Again) {
            let Some(project) = projects.get_mut(*index) else { continue };
            if turn == Turn::TooMany {
                if !setting.is_data || !settles(&project.project, setting.fact) {
                    make_unknown(&mut project.project, setting.fact, &too_many());
                }
                continue;
            }
            let mut conflicts = Vec::new();
            let values = match setting.is_data {
                true => Cow::Owned(beside(&project.project, setting.values.clone())),
                false => Cow::Borrowed(&setting.values),
            };
            SettingChange::settle(setting.change.clone(), &mut project.project, &values, |_, name| {
                conflicts.push(name.to_owned());
            });
            // Told of the first of several projects with this id.
            for name in conflicts.into_iter().filter(|_| number == 0) {
                problems.push(conflict(&name, &project.id, &project.places, &setting.places, map));
            }
            project.places.extend(setting.places.iter().filter(|(name, _)| !name.is_empty()).cloned());
        }
    }
}

/// The project of a setting that names an id which no input declares: nothing else is known of it.
fn undeclared(setting: &SettingById) -> ProjectReading {
    let id = &setting.project_id;
    fn untold<T>() -> Fact<T> {
        Fact::Unknown(NOT_DECLARED.to_owned())
    }
    let source = setting.unjoined.origin.source.clone();
    ProjectReading {
        id: source.as_ref().map_or_else(|| id.clone(), |source| format!("{source}#{id}")),
        project: Project {
            project_id: Fact::Known(id.clone()),
            region: untold(),
            data_retention: untold(),
            models: untold(),
            tools: untold(),
            origin: Origin { source, address: None },
            ..Project::default()
        },
        places: setting.places.iter().filter(|(name, _)| name.is_empty()).cloned().collect(),
        identities: vec![id.clone()],
        ..ProjectReading::default()
    }
}
