//! Settings that name their project by an id.

use std::collections::BTreeSet;

use super::conflict;
use super::targets::Targets;
use crate::error::Error;
use crate::facts::Facts;
use crate::input::lay_over::make_unknown;
use crate::input::reading::{ProjectReading, SettingById, SettingChange};
use crate::input::repeated::{Effect, Repeated, Turn, too_many};
use crate::location::SourceMap;

/// The most projects that a setting names one by one as those it may belong to.
const MAX_NAMED: usize = 100;

/// Gives projects the settings that name them.
pub(super) fn settle(
    mut settings: Vec<SettingById>,
    projects: &mut [ProjectReading],
    targets: &Targets,
    facts: &mut Facts,
    map: &mut SourceMap,
    problems: &mut Vec<Error>,
) {
    // What Terraform lets go comes last: it counts where nothing else sets it.
    settings.sort_by_key(|s| s.change.as_ref().is_some_and(|change| change.released.is_some()));
    let mut marked: BTreeSet<String> = BTreeSet::new();
    let mut repeated = Repeated::default();
    let candidates: Vec<String> =
        targets.hidden().iter().take(MAX_NAMED).filter_map(|index| Some(projects.get(*index)?.id.clone())).collect();
    for setting in settings {
        let owners = targets.with_identity(&setting.project_id);
        if owners.is_empty() {
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
                make_unknown(&mut project.project, setting.fact, &too_many());
                continue;
            }
            let mut conflicts = Vec::new();
            SettingChange::settle(setting.change.clone(), &mut project.project, &setting.values, |_, name| {
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
