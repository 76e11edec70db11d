//! Resources of OpenAI's that no mapping reads: that they are there is told, and what they may set is not known.

use std::collections::BTreeSet;

use super::join::{Join, Joiner};
use super::{Instance, Reader};
use crate::document::SyntaxError;
use crate::facts::{Project, Unjoined};
use crate::input::lay_over::{SETTINGS, make_unknown, may_be_set};
use crate::input::mapping::{ProjectFact, facts_set_by, is_known, names_data_controls};
use crate::input::reading::{ProjectReading, SettingById};
use crate::location::SourceMap;

/// The attribute by which settings of a project name it, in all providers that are read.
const LINK: &str = "project_id";

/// Whether the provider is the one that Terraform takes where none is declared: there is no such provider of OpenAI's.
pub(in crate::input) fn is_of_no_provider(provider: &str) -> bool {
    provider.starts_with("registry.terraform.io/hashicorp/")
}

/// What to do about something of OpenAI's that is not read.
pub(in crate::input) const DECLARE: &str = "declare its projects in a definition, and check that";
pub(super) const FORK: &str = "if it is a fork of one that is read, name that in the settings: provider \"namespace/name\" { mapping = \"openai/openai\" }; \
                               else declare its projects in a definition, and check that";

impl<'a> Reader<'a> {
    /// Tells what can't be read here, once.
    pub(super) fn unread(
        &mut self,
        instance: &Instance<'_>,
        message: String,
        help: &str,
        told: &mut BTreeSet<String>,
        map: &SourceMap,
    ) {
        if told.insert(message.clone()) {
            let problem = SyntaxError { span: instance.address_span.clone(), message, help: Some(help.to_owned()) };
            self.problem_in(instance, problem, map);
        }
    }

    /// The instance with its values, if it may set what is judged: its type, or an attribute that it has, speaks of data controls.
    pub(super) fn open_unread(&mut self, instance: &Instance<'a>, map: &SourceMap) -> Option<Instance<'a>> {
        // A project, a use or a key of a fork sets nothing of other projects.
        if instance.mode == "data" || (is_known(&instance.kind) && facts_set_by(&instance.kind).is_none()) {
            return None;
        }
        let mut instance = instance.clone();
        if let Err(problem) = instance.open() {
            self.problem(&instance.address, problem, map);
        }
        let speaks = facts_set_by(&instance.kind).is_some() || names_data_controls(&instance.kind);
        (speaks || !instance.set_attributes(|_| false, names_data_controls).is_empty()).then_some(instance)
    }

    /// What the instance may set is not known: of the project that it names, or else of all projects and of the organization.
    pub(super) fn may_set(
        &mut self,
        instance: &Instance<'_>,
        joiner: &mut Joiner<'_>,
        projects: &mut [ProjectReading],
    ) {
        let why = format!("{} is not read, and may set it", instance.address);
        let facts = facts_set_by(&instance.kind).unwrap_or_else(|| SETTINGS.to_vec());
        let indexes = match instance.has(LINK).then(|| joiner.join(instance, LINK)) {
            None => {
                let block = instance.declared.as_ref().and_then(|source| source.block.first().cloned());
                let place = block.unwrap_or_else(|| self.place(instance.address_span.clone()));
                self.reading.organization_may_be_set(&why, &place, self.source);
                (0..projects.len()).collect()
            }
            Some(Join::ById(project_id)) if joiner.is_gone(&project_id) || joiner.is_archived(&project_id) => {
                Vec::new()
            }
            Some(Join::ById(project_id)) => {
                self.may_set_by_id(instance, &project_id, &facts, &why);
                Vec::new()
            }
            Some(join) => joiner.leads_to(&join),
        };
        for index in indexes {
            if let Some(project) = projects.get_mut(index) {
                may_be_set(&mut project.project, &facts, &why);
            }
        }
    }

    /// The same of a project that another input may declare.
    fn may_set_by_id(&mut self, instance: &Instance<'_>, project_id: &str, facts: &[ProjectFact], why: &str) {
        for fact in facts.iter().copied() {
            let mut values = Project::default();
            make_unknown(&mut values, fact, why);
            self.reading.by_id.push(SettingById {
                project_id: project_id.to_owned(),
                fact,
                unjoined: Unjoined {
                    address: instance.address.to_string(),
                    attribute: fact.name().into_owned(),
                    reason: format!("it belongs to project {project_id}, which no input declares"),
                    candidates: Vec::new(),
                    origin: self.origin(&instance.address),
                },
                id: format!("{}#{}", self.source, instance.address),
                values,
                // As what a data source does not know: it takes nothing from what is set.
                is_data: true,
                change: None,
                places: Vec::new(),
            });
        }
    }
}
