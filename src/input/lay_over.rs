//! Laying what one input says of a project over what another says.

use super::fact_name::ProjectFact;
use super::reading::is_open;
use crate::facts::{Fact, HOSTED_TOOLS, Project};

/// Gives `target` every attribute that `overlay` has. Where both have one and differ, `conflict` is told the attribute
/// and the target keeps its own; what is unknown on either side is unknown.
pub(super) fn lay_over(target: &mut Project, overlay: Project, mut conflict: impl FnMut(&str)) {
    fn one<T: PartialEq>(target: &mut Fact<T>, overlay: Fact<T>, name: &str, conflict: &mut impl FnMut(&str)) {
        match (&*target, overlay) {
            (_, Fact::Absent) | (Fact::Unknown(_), _) => {}
            (Fact::Absent, given) => *target = given,
            (Fact::Known(_), unknown @ Fact::Unknown(_)) => *target = unknown,
            (Fact::Known(held), Fact::Known(given)) => {
                if *held != given {
                    conflict(name);
                }
            }
        }
    }
    one(&mut target.project_id, overlay.project_id, "id", &mut conflict);
    one(&mut target.region, overlay.region, "region", &mut conflict);
    one(&mut target.residency, overlay.residency, "residency", &mut conflict);
    one(&mut target.data_retention, overlay.data_retention, "data_retention", &mut conflict);
    one(&mut target.models, overlay.models, "models", &mut conflict);
    one(&mut target.handles_phi, overlay.handles_phi, "handles_phi", &mut conflict);
    match (&mut target.tools, overlay.tools) {
        (Fact::Known(held), Fact::Known(given)) => {
            for (tool, enabled) in given {
                if *held.entry(tool.clone()).or_insert(enabled) != enabled {
                    conflict(&format!("tools.{tool}"));
                }
            }
        }
        (held, given) => one(held, given, "tools", &mut conflict),
    }
    let (held, given) = (&mut target.requirements, overlay.requirements);
    macro_rules! requirement {
        ($($name:ident),*) => {$(
            match (&held.$name, given.$name) {
                (None, given) => held.$name = given,
                (Some(held), Some(given)) if *held != given => conflict(concat!("requirements.", stringify!($name))),
                (Some(_), _) => {}
            }
        )*};
    }
    requirement!(
        allowed_regions,
        region_required,
        regional_processing,
        training_forbidden,
        max_abuse_log_days,
        max_application_state_days
    );
    target.unknown_parts.extend(overlay.unknown_parts);
    // What one side does not know is unknown, also where the other side gives it.
    let unknown = &target.unknown_parts;
    if let Fact::Known(tools) = &mut target.tools {
        tools.retain(|tool, _| !unknown.contains_key(&format!("tools.{tool}")));
    }
}

/// Makes way in `target` for what `overlay` says of facts that the target's input leaves open.
pub(super) fn make_way(target: &mut Project, overlay: &Project) {
    fn one<T>(target: &mut Fact<T>, overlay: &Fact<T>) {
        if !overlay.is_absent() && target.reason().is_some_and(is_open) {
            *target = Fact::Absent;
        }
    }
    one(&mut target.data_retention, &overlay.data_retention);
    one(&mut target.models, &overlay.models);
    // Tools that are given leave open what the others are.
    if let (Some(reason), Some(given)) = (target.tools.reason().filter(|reason| is_open(reason)), overlay.tools.known())
    {
        let left = HOSTED_TOOLS.into_iter().filter(|tool| !given.contains_key(*tool)).map(ProjectFact::Tool);
        let left: Vec<_> = left.map(|fact| (fact.name().into_owned(), reason.to_owned())).collect();
        target.unknown_parts.extend(left);
    }
    one(&mut target.tools, &overlay.tools);
}

/// Whether something gives the project this attribute, known or not.
pub(super) fn is_set(project: &Project, fact: ProjectFact) -> bool {
    fn set<T>(fact: &Fact<T>) -> bool {
        !fact.is_absent() && !fact.reason().is_some_and(is_open)
    }
    match fact {
        ProjectFact::DataRetention => set(&project.data_retention),
        ProjectFact::Models | ProjectFact::ModelsIds | ProjectFact::ModelsMode => set(&project.models),
        ProjectFact::Tools | ProjectFact::Tool(_) => set(&project.tools),
        ProjectFact::Name => set(&project.name),
        ProjectFact::Region => set(&project.region),
        ProjectFact::Residency => set(&project.residency),
    }
}

/// Whether something gives the project just this, known or not: of tools, each by itself.
pub(super) fn settles(project: &Project, fact: ProjectFact) -> bool {
    match (fact, &project.tools) {
        (ProjectFact::Tool(tool), Fact::Known(tools)) => {
            tools.contains_key(tool) || project.unknown_parts.contains_key(fact.name().as_ref())
        }
        _ => is_set(project, fact),
    }
}

/// What a data source adds to a project: nothing that it does not know, where something else settles that.
pub(super) fn beside(managed: &Project, mut values: Project) -> Project {
    let whole = [
        ProjectFact::Name,
        ProjectFact::Region,
        ProjectFact::Residency,
        ProjectFact::DataRetention,
        ProjectFact::Models,
        ProjectFact::Tools,
    ];
    let parts: Vec<ProjectFact> = values.unknown_parts.keys().filter_map(|name| ProjectFact::of(name)).collect();
    for fact in whole.into_iter().chain(parts).filter(|fact| settles(managed, *fact)) {
        leave_out_unknown(&mut values, fact);
    }
    values
}

/// Leaves out a fact, or a part of one, that is not known.
fn leave_out_unknown(values: &mut Project, fact: ProjectFact) {
    fn one<T>(fact: &mut Fact<T>) {
        if fact.reason().is_some() {
            *fact = Fact::Absent;
        }
    }
    match fact {
        ProjectFact::Name => one(&mut values.name),
        ProjectFact::Region => one(&mut values.region),
        ProjectFact::Residency => one(&mut values.residency),
        ProjectFact::DataRetention => one(&mut values.data_retention),
        ProjectFact::Tools => one(&mut values.tools),
        ProjectFact::Tool(_) => {
            one(&mut values.tools);
            values.unknown_parts.remove(fact.name().as_ref());
        }
        ProjectFact::Models | ProjectFact::ModelsIds | ProjectFact::ModelsMode => {
            one(&mut values.models);
            if values.unknown_parts.remove(ProjectFact::ModelsIds.name().as_ref()).is_some() {
                values.models = Fact::Absent;
            }
        }
    }
}

/// What settings give a project.
pub(super) const SETTINGS: [ProjectFact; 3] = [ProjectFact::DataRetention, ProjectFact::Models, ProjectFact::Tools];

/// Makes unknown which of these facts nothing has given a project: something that can't be read may.
pub(super) fn may_be_set(values: &mut Project, facts: &[ProjectFact], why: &str) {
    for fact in facts {
        let is_absent = match fact {
            ProjectFact::DataRetention => values.data_retention.is_absent(),
            ProjectFact::Models => values.models.is_absent(),
            ProjectFact::Tools => values.tools.is_absent(),
            ProjectFact::Region => values.region.is_absent() && values.residency.is_absent(),
            ProjectFact::Name | ProjectFact::Residency => false,
            ProjectFact::ModelsMode | ProjectFact::ModelsIds | ProjectFact::Tool(_) => false,
        };
        if is_absent {
            make_unknown(values, *fact, why);
        }
    }
}

/// Makes a fact of a project, or a part of one, unknown.
pub(super) fn make_unknown(values: &mut Project, fact: ProjectFact, reason: &str) {
    let reason = reason.to_owned();
    match fact {
        ProjectFact::Name => values.name = Fact::Unknown(reason),
        ProjectFact::Region => values.region = Fact::Unknown(reason),
        ProjectFact::Residency => values.residency = Fact::Unknown(reason),
        ProjectFact::DataRetention => values.data_retention = Fact::Unknown(reason),
        ProjectFact::Tools => values.tools = Fact::Unknown(reason),
        ProjectFact::ModelsIds => {
            if values.models.reason().is_none() {
                let models = values.models.known().cloned().unwrap_or_default();
                values.models = Fact::Known(models);
                values.unknown_parts.insert(fact.name().into_owned(), reason);
            }
        }
        ProjectFact::Models | ProjectFact::ModelsMode => {
            values.models = Fact::Unknown(reason);
            values.unknown_parts.remove(ProjectFact::ModelsIds.name().as_ref());
        }
        ProjectFact::Tool(tool) => {
            if values.tools.is_absent() {
                values.tools = Fact::Known(std::collections::BTreeMap::new());
            }
            if let Fact::Known(tools) = &mut values.tools {
                tools.remove(tool);
            }
            values.unknown_parts.insert(fact.name().into_owned(), reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told_and_unknowns_win() {
        let known = |text: &str| Fact::Known(text.to_owned());
        let mut target = Project { region: known("EU"), data_retention: known("none"), ..Project::default() };
        let overlay = Project {
            region: known("US"),
            data_retention: Fact::Unknown("sensitive".into()),
            handles_phi: Fact::Known(true),
            ..Project::default()
        };
        let mut conflicts = Vec::new();
        lay_over(&mut target, overlay, |name| conflicts.push(name.to_owned()));
        assert_eq!(conflicts, ["region"]);
        assert_eq!(target.region, known("EU"));
        assert_eq!(target.data_retention.reason(), Some("sensitive"));
        assert_eq!(target.handles_phi, Fact::Known(true));
        let mut hidden = Project::default();
        make_unknown(&mut hidden, ProjectFact::Tool("mcp"), "sensitive");
        let tools = std::collections::BTreeMap::from([("mcp".to_owned(), false), ("web_search".to_owned(), true)]);
        lay_over(&mut hidden, Project { tools: Fact::Known(tools), ..Project::default() }, |_| {});
        assert_eq!(hidden.tools.known().unwrap().keys().collect::<Vec<_>>(), ["web_search"]);
        assert!(hidden.unknown_parts.contains_key("tools.mcp"));
    }
}
