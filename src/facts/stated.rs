//! What the subjects of facts state. A rule that has nothing to say where none states some attribute need not be loaded.

use super::{Change, Fact, Facts, Requirements};

/// What the METADATA of a rule may name under `needs`: attributes that in many runs no subject states.
pub const NEEDS: [&str; 13] = [
    "abuse_monitoring_approval",
    "change.before",
    "change.no_longer_managed",
    "handles_phi",
    "models",
    "region",
    "requirements.allowed_regions",
    "requirements.max_abuse_log_days",
    "requirements.max_application_state_days",
    "requirements.region_required",
    "requirements.regional_processing",
    "requirements.training_forbidden",
    "tools",
];

impl Facts {
    /// Those of [`NEEDS`] that some subject states, or may state: a value, or why it or a part of it is not known. `false` of a
    /// requirement and of health information states nothing, nor does an empty set of tools.
    pub fn stated(&self) -> Vec<&'static str> {
        NEEDS.into_iter().filter(|attribute| self.states(attribute)).collect()
    }

    fn states(&self, attribute: &str) -> bool {
        let in_part = self.parts().any(|part| part.starts_with(attribute) || attribute.starts_with(part.as_str()));
        let of_projects = self.projects.values();
        let of_uses = self.uses.values();
        in_part
            || match attribute {
                "abuse_monitoring_approval" => self.organization.abuse_monitoring_approval.is_some(),
                "change.before" => self.changes().any(|change| change.before.is_some()),
                "change.no_longer_managed" => self.changes().any(|change| !change.no_longer_managed.is_empty()),
                "handles_phi" => of_projects.into_iter().any(|p| may(&p.handles_phi, |phi| *phi)),
                "models" => of_projects.into_iter().any(|p| may(&p.models, |_| true)),
                "region" => {
                    let of_clients = self.clients.values().map(|c| &c.region);
                    let regions = of_projects.map(|p| &p.region).chain(of_uses.map(|u| &u.region)).chain(of_clients);
                    regions.into_iter().any(|region| may(region, |_| true))
                }
                "tools" => {
                    of_projects.into_iter().any(|p| may(&p.tools, |tools| !tools.is_empty()))
                        || of_uses.into_iter().any(|u| may(&u.tools, |tools| !tools.is_empty()))
                }
                _ => {
                    let requirements = of_projects.map(|p| &p.requirements).chain(of_uses.map(|u| &u.requirements));
                    std::iter::once(&self.organization.requirements).chain(requirements).any(|r| r.states(attribute))
                }
            }
    }

    /// The parts of attributes that are not known, of any subject.
    fn parts(&self) -> impl Iterator<Item = &String> {
        let projects = self.projects.values().map(|project| &project.unknown_parts);
        let uses = self.uses.values().map(|call| &call.unknown_parts);
        let clients = self.clients.values().map(|client| &client.unknown_parts);
        let before = self.changes().filter_map(|change| Some(&change.before.as_ref()?.unknown_parts));
        let all = projects.chain(uses).chain(clients).chain(before).chain([&self.organization.unknown_parts]);
        all.flat_map(|parts| parts.keys())
    }

    fn changes(&self) -> impl Iterator<Item = &Change> {
        let projects = self.projects.values().filter_map(|project| project.change.as_ref());
        projects.chain(self.organization.change.as_ref())
    }
}

impl Requirements {
    /// Whether one of those in [`NEEDS`] is made.
    fn states(&self, attribute: &str) -> bool {
        match attribute {
            "requirements.allowed_regions" => self.allowed_regions.is_some(),
            "requirements.max_abuse_log_days" => self.max_abuse_log_days.is_some(),
            "requirements.max_application_state_days" => self.max_application_state_days.is_some(),
            "requirements.region_required" => self.region_required == Some(true),
            "requirements.regional_processing" => self.regional_processing == Some(true),
            "requirements.training_forbidden" => self.training_forbidden == Some(true),
            // What is not told apart is taken as stated.
            _ => true,
        }
    }
}

fn may<T>(fact: &Fact<T>, states: impl Fn(&T) -> bool) -> bool {
    match fact {
        Fact::Absent => false,
        Fact::Known(value) => states(value),
        Fact::Unknown(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{AbuseMonitoringApproval, Before, Models, Project, Use};

    fn facts(project: Project) -> Facts {
        let edition = crate::edition::EditionFacts::new(&crate::edition::choose(None).unwrap().edition);
        let mut facts = Facts::new(edition, "2026-11-22".to_owned());
        facts.projects.insert("p".into(), project);
        facts
    }

    #[test]
    fn what_is_known_or_may_be_is_stated() {
        let unknown = || "known after apply".to_owned();
        assert!(facts(Project::default()).stated().is_empty());
        let projects = [
            (Project { handles_phi: Fact::Known(true), ..Project::default() }, "handles_phi"),
            (Project { handles_phi: Fact::Unknown(unknown()), ..Project::default() }, "handles_phi"),
            (Project { region: Fact::Known("EU".into()), ..Project::default() }, "region"),
            (Project { models: Fact::Known(Models::default()), ..Project::default() }, "models"),
            (Project { unknown_parts: [("models.ids".into(), unknown())].into(), ..Project::default() }, "models"),
            (Project { unknown_parts: [("tools.mcp".into(), unknown())].into(), ..Project::default() }, "tools"),
            (Project { tools: Fact::Known([("mcp".into(), false)].into()), ..Project::default() }, "tools"),
        ];
        for (project, attribute) in projects {
            assert_eq!(facts(project).stated(), [attribute]);
        }
        let change = |before, no_longer_managed| Some(Change { actions: Vec::new(), before, no_longer_managed });
        let changed = Project { change: change(Some(Before::default()), vec![]), ..Project::default() };
        assert_eq!(facts(changed).stated(), ["change.before"]);
        let mut left = facts(Project::default());
        left.organization.change = change(None, vec!["data_retention".into()]);
        left.organization.abuse_monitoring_approval = Some(AbuseMonitoringApproval::default());
        assert_eq!(left.stated(), ["abuse_monitoring_approval", "change.no_longer_managed"]);
    }

    #[test]
    fn what_says_no_states_nothing() {
        let requirements = Requirements {
            region_required: Some(false),
            regional_processing: Some(false),
            training_forbidden: Some(false),
            ..Requirements::default()
        };
        let project = Project {
            handles_phi: Fact::Known(false),
            tools: Fact::Known([].into()),
            change: Some(Change::default()),
            requirements,
            ..Project::default()
        };
        assert!(facts(project).stated().is_empty());
    }

    #[test]
    fn every_requirement_of_every_subject_is_stated() {
        let all = Requirements {
            allowed_regions: Some(vec![]),
            region_required: Some(true),
            regional_processing: Some(true),
            training_forbidden: Some(true),
            max_abuse_log_days: Some(0),
            max_application_state_days: Some(0),
        };
        let count = serde_json::to_value(&all).unwrap().as_object().unwrap().len();
        let mut of_organization = facts(Project::default());
        of_organization.organization.requirements = all.clone();
        let of_project = facts(Project { requirements: all.clone(), ..Project::default() });
        let mut of_use = facts(Project::default());
        of_use.uses.insert("u".into(), Use { requirements: all, ..Use::default() });
        for facts in [of_organization, of_project, of_use] {
            assert_eq!(facts.stated().len(), count);
            assert!(facts.stated().iter().all(|attribute| attribute.starts_with("requirements.")));
        }
    }
}
