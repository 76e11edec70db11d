//! Settings: of the organization, and of the project that each is proven to belong to.

use std::collections::BTreeSet;

use super::join::{Candidates, Join, Joiner};
use super::value::Resolved;
use super::{Mapped, Reader};
use crate::document::SyntaxError;
use crate::facts::{Before, Change, Fact, Unjoined};
use crate::input::lay_over::{lay_over, make_unknown, make_way};
use crate::input::reading::{Leaf, Part, ProjectReading, SettingById};
use crate::location::SourceMap;

impl<'a> Reader<'a> {
    pub(super) fn organization(&mut self, item: &Mapped<'a>, joiner: &mut Joiner<'_>, map: &mut SourceMap) {
        let stays = item.instance.exists_after();
        if !stays && !item.resource.stays_when_destroyed {
            return;
        }
        let (values, places) = self.values(item, stays, joiner, map);
        let place = |fact: &str| {
            let own = places.iter().find(|(name, _)| name == fact).or_else(|| places.first());
            own.map_or(self.place(0..0), |(_, place)| place.clone())
        };
        let leaf = match &values.data_retention {
            Fact::Known(control) => Leaf::Value(control.as_str().into()),
            Fact::Unknown(reason) => Leaf::Unknown(reason.clone()),
            Fact::Absent => return,
        };
        let path = vec!["data_retention".to_owned()];
        if (!stays || item.is_data()) && self.reading.organization.contains_key(&path) {
            return;
        }
        let origin = self.origin(&item.instance.address);
        let declared = Part { leaf: Leaf::Object, place: place(""), origin: origin.clone() };
        let value = Part { leaf, place: place("data_retention"), origin };
        self.reading.organization.entry(Vec::new()).or_insert(declared);
        if let Some(actions) = item.instance.actions.clone().filter(|_| !item.is_data()) {
            let (was, _) = self.values(item, false, joiner, map);
            let before = Before { data_retention: was.data_retention, ..Before::default() };
            let before = item.instance.has_before().then_some(before);
            let no_longer_managed = if stays { Vec::new() } else { vec!["data_retention".to_owned()] };
            self.reading.organization_change = Some(Change { actions, before, no_longer_managed });
        }
        if let Some(other) = self.reading.organization.get(&path)
            && other.leaf != value.leaf
        {
            let why = "several resources set the organization's data retention".to_owned();
            let both = Part { leaf: Leaf::Unknown(why), ..value };
            self.reading.organization.insert(path, both);
            return;
        }
        self.reading.organization.insert(path, value);
    }

    pub(super) fn setting(
        &mut self,
        item: &Mapped<'a>,
        joiner: &mut Joiner<'_>,
        projects: &mut [ProjectReading],
        marked: &mut BTreeSet<(Candidates, String)>,
        map: &mut SourceMap,
    ) {
        let instance = &item.instance;
        let stays = instance.exists_after();
        if !stays && !item.resource.stays_when_destroyed {
            return;
        }
        let Some(link) = &item.resource.link else { return };
        let (values, places) = self.values(item, stays, joiner, map);
        let (was, _) = if instance.has_before() { self.values(item, false, joiner, map) } else { Default::default() };
        let id = format!("{}#{}", self.source, instance.address);
        let attribute =
            item.resource.attributes.keys().next().map_or("", |fact| fact.split('.').next().unwrap_or(fact));
        let origin = self.origin(&instance.address);
        let unjoined = |reason: String, candidates: Vec<String>| Unjoined {
            address: instance.address.to_string(),
            attribute: attribute.to_owned(),
            reason,
            candidates,
            origin: origin.clone(),
        };
        match joiner.join(instance, link, map) {
            Join::Projects(indexes) => {
                for index in indexes {
                    let Some(target) = projects.get_mut(index) else { continue };
                    let mut conflicts = Vec::new();
                    make_way(&mut target.project, &values);
                    lay_over(&mut target.project, values.clone(), |attribute| conflicts.push(attribute.to_owned()));
                    for attribute in conflicts.iter().filter(|_| stays && !item.is_data()) {
                        let reason = format!("several resources set it, {} among them", instance.address);
                        make_unknown(&mut target.project, attribute, &reason);
                    }
                    let was_its_own = match instance.before(link) {
                        Resolved::Known(id) => id.as_text().is_some_and(|id| target.has_or_had(id)),
                        Resolved::Absent | Resolved::Unknown(_) => true,
                    };
                    if let Some(change) = target.project.change.as_mut().filter(|_| !item.is_data()) {
                        if let Some(before) = change.before.as_mut().filter(|_| was_its_own)
                            && !was.data_retention.is_absent()
                        {
                            before.data_retention = was.data_retention.clone();
                        }
                        if !stays {
                            change.no_longer_managed.push(attribute.to_owned());
                        }
                    }
                    target.places.extend(places.iter().filter(|(name, _)| !name.is_empty()).cloned());
                }
            }
            Join::ById(project_id) => {
                let reason = format!("it belongs to project {project_id}, which no input declares");
                let unjoined = unjoined(reason, Vec::new());
                self.reading.by_id.push(SettingById { project_id, unjoined, id, values, places });
            }
            Join::Unproven { reason, candidates } => {
                let told = format!("{} may set it: {reason}", instance.address);
                // One mark for each group of candidates: what may set an attribute need not all be named.
                if marked.insert((candidates.clone(), attribute.to_owned())) {
                    for index in joiner.members(&candidates) {
                        if let Some(project) = projects.get_mut(index) {
                            make_unknown(&mut project.project, attribute, &told);
                        }
                    }
                }
                let named = joiner.names(&candidates, self.source);
                if named.is_empty() {
                    let problem = SyntaxError {
                        span: instance.address_span.clone(),
                        message: format!(
                            "{} sets the {attribute} of a project that can't be told: {reason}",
                            instance.address
                        ),
                        help: Some(
                            "give it together with the plan of its project, where their ids are known".to_owned(),
                        ),
                    };
                    self.problem(&instance.address, problem, map);
                }
                for (name, place) in places {
                    map.record(&id, &name, place);
                }
                self.reading.unjoined.push((id, unjoined(reason, named)));
            }
        }
    }
}
