//! Projects: what they are after the change, and what they were before.

use super::join::Joiner;
use super::value::{self, Resolved};
use super::{Mapped, Places, Reader};
use crate::facts::{Before, Change, Fact, Project};
use crate::input::lay_over::make_unknown;
use crate::input::reading::{NOT_REPORTED, ProjectReading, is_open};
use crate::location::SourceMap;

impl<'a> Reader<'a> {
    pub(super) fn project(
        &mut self,
        item: &Mapped<'a>,
        joiner: &mut Joiner<'_>,
        map: &mut SourceMap,
    ) -> ProjectReading {
        let (instance, resource) = (&item.instance, item.resource);
        let address = instance.address.to_string();
        let (mut values, places) = self.values(item, true, joiner, map);
        let shows_residency = item.shows("residency");
        for fact in &resource.not_reported {
            let shown = item.shows(fact) || (fact == "region" && shows_residency);
            if !shown {
                let what = if item.is_data() { "the data source of " } else { "" };
                let reason = format!("{NOT_REPORTED} {what}{}", item.provider);
                make_unknown(&mut values, fact, &reason);
            }
        }
        let hides = |fact: &str| resource.not_read_back.iter().any(|f| f == fact) && !shows_residency;
        if hides("region") && values.region.is_absent() && instance.existed() {
            let before = resource.attributes.get("region").map(|name| instance.before(name));
            if !matches!(before, Some(Resolved::Known(_))) {
                let reason = format!("{NOT_REPORTED} {} for a project that exists already", item.provider);
                values.region = Fact::Unknown(reason);
            }
        }
        values.origin = self.origin(&address);
        values.change = instance.actions.clone().map(|actions| Change {
            actions,
            before: instance.has_before().then(|| self.before(item, &values, joiner, map)),
            ..Change::default()
        });
        let before = || item.former_identities();
        let after = resource.identities.iter().filter_map(|n| instance.after(n).as_text().map(str::to_owned));
        let mut identities: Vec<String> = after.collect();
        let hidden = identities.is_empty() && instance.existed() && !item.is_data();
        if hidden {
            identities = before().collect();
        }
        identities.dedup();
        values.project_id = match resource.identities.first().map(|name| instance.after(name)) {
            Some(Resolved::Unknown(reason)) if identities.is_empty() || !item.is_data() => Fact::Unknown(reason),
            Some(_) | None => identities.first().cloned().into(),
        };
        ProjectReading {
            id: format!("{}#{address}", self.source),
            project: values,
            places,
            identity_hidden: hidden && identities.is_empty(),
            identities,
            former_identities: before().collect(),
            ..ProjectReading::default()
        }
    }

    /// What a project was before the change; the settings that hang on it are added later.
    fn before(&mut self, item: &Mapped<'a>, after: &Project, joiner: &mut Joiner<'_>, map: &mut SourceMap) -> Before {
        let (was, _) = self.values(item, false, joiner, map);
        let mut before = Before { region: was.region, residency: was.residency, ..Before::default() };
        // What the provider does not report, the plan does not change, unless it replaces the project.
        let open = |fact: &Fact<String>| {
            let reason = fact.reason().filter(|reason| is_open(reason))?;
            let other = if item.instance.existed() { "" } else { " for the project that is replaced" };
            Some(Fact::Unknown(format!("{reason}{other}")))
        };
        before.data_retention = open(&after.data_retention).unwrap_or_default();
        if before.region.is_absent() && before.residency.is_absent() {
            before.region = open(&after.region).unwrap_or_default();
        }
        let reads_back = item.shows("residency") || !item.resource.not_read_back.iter().any(|fact| fact == "region");
        if !reads_back && before.region.is_absent() {
            before.region = Fact::Unknown(format!("{NOT_REPORTED} {}", item.provider));
        }
        before
    }

    /// What an instance sets after the change, or before it, with the places.
    pub(super) fn values(
        &mut self,
        item: &Mapped<'a>,
        after: bool,
        joiner: &mut Joiner<'_>,
        map: &mut SourceMap,
    ) -> (Project, Places) {
        let instance = &item.instance;
        let mut values = Project::default();
        let block = joiner.source_places(instance, map);
        if let Some((place, attributes)) = &block {
            self.hide_marked(instance, (place, attributes), map);
        }
        let mut places: Places = Vec::new();
        places.extend(block.as_ref().map(|(place, _)| (String::new(), place.clone())));
        places.push((String::new(), self.place(instance.address_span.clone())));
        for (fact, name) in &item.resource.attributes {
            let resolved = if after { instance.after(name) } else { instance.before(name) };
            let written = block.as_ref().and_then(|(_, attributes)| attributes.get(name)).cloned();
            if let Some(place) = written.as_ref().filter(|_| resolved.is_sensitive()) {
                map.hide(place);
            }
            places.extend(written.map(|place| (fact.clone(), place)));
            places.extend(instance.span(name, after).map(|span| (fact.clone(), self.place(span))));
            if let Err(problem) = value::set(&mut values, fact, &resolved, &instance.address, name) {
                make_unknown(&mut values, fact, "it is of the wrong type");
                self.problem(&instance.address, problem, map);
            }
        }
        (values, places)
    }
}
