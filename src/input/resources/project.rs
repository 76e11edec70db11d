//! Projects: what they are after the change, and what they were before.

use super::join::Joiner;
use super::value::{self, Resolved};
use super::{Instance, Mapped, Places, Reader};
use crate::document::Value;
use crate::facts::{Before, Change, Fact, Project};
use crate::input::lay_over::{SETTINGS, make_unknown, may_be_set};
use crate::input::mapping::{ProjectFact, Role};
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
        let shows_residency = item.shows(ProjectFact::Residency);
        for fact in resource.not_reported.iter().copied() {
            let shown = item.shows(fact) || (fact == ProjectFact::Region && shows_residency);
            if !shown {
                let what = if item.is_data() { "the data source of " } else { "" };
                let reason = format!("{NOT_REPORTED} {what}{}", item.provider);
                make_unknown(&mut values, fact, &reason);
            }
        }
        let hides_region = resource.not_read_back.contains(&ProjectFact::Region) && !shows_residency;
        if hides_region && values.region.is_absent() && instance.existed() {
            let before = resource.attributes.get(&ProjectFact::Region).map(|name| instance.before(name));
            if !matches!(before, Some(Resolved::Known(_))) {
                let reason = format!("{NOT_REPORTED} {} for a project that exists already", item.provider);
                values.region = Fact::Unknown(reason);
            }
        }
        if let Some(why) = &instance.uncounted {
            values.unknown_parts.insert("count".to_owned(), format!("how many there are is not known: {why}"));
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
        // What only the source declares may be there already, with an id that it does not show.
        let existed = instance.existed() || instance.declared.is_some();
        let hidden = identities.is_empty() && existed && !item.is_data();
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
        let reads_back =
            item.shows(ProjectFact::Residency) || !item.resource.not_read_back.contains(&ProjectFact::Region);
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
        self.hide_marked(instance, joiner, map);
        let mut places = self.block_places(instance, joiner);
        for (fact, name) in &item.resource.attributes {
            let resolved = if after { instance.after(name) } else { instance.before(name) };
            let called = fact.name();
            let named = (called.as_ref(), name.as_str());
            places.extend(self.attribute_places(instance, named, after, resolved.is_sensitive(), joiner, map));
            if let Err(problem) = value::set(&mut values, *fact, &resolved, &instance.address, name) {
                make_unknown(&mut values, *fact, "it is of the wrong type");
                self.problem_in(instance, problem, map);
            }
        }
        if values.models.known().is_some_and(|models| models.mode.is_empty()) {
            make_unknown(&mut values, ProjectFact::Models, "its mode is not given");
        }
        if let Some(why) = item.unread.as_ref().filter(|_| after) {
            match item.resource.is {
                Role::Project => {
                    may_be_set(&mut values, &SETTINGS, why);
                    may_be_set(&mut values, &[ProjectFact::Region], why);
                }
                Role::ProjectSetting | Role::OrganizationSetting | Role::ProjectKey | Role::Use => {
                    values = item.doubted(&values, why);
                }
            }
        }
        (values, places)
    }

    /// Where an instance stands: its block in the source with the calls of modules that lead there, and in the input.
    pub(super) fn block_places(&self, instance: &Instance<'_>, joiner: &mut Joiner<'_>) -> Places {
        let mut places: Places = Vec::new();
        if let Ok(source) = joiner.declared(instance) {
            places.extend(source.block.iter().map(|place| (String::new(), place.clone())));
        }
        if instance.declared.is_none() {
            places.push((String::new(), self.place(instance.address_span.clone())));
        }
        places
    }

    /// Where the value of an attribute comes from in the source, and where it stands in the input.
    pub(super) fn attribute_places(
        &self,
        instance: &Instance<'_>,
        (fact, name): (&str, &str),
        after: bool,
        sensitive: bool,
        joiner: &mut Joiner<'_>,
        map: &mut SourceMap,
    ) -> Places {
        let mut places: Places = Vec::new();
        if let Ok(source) = joiner.declared(instance)
            && let Some(node) = source.attribute(name)
        {
            let written = source.places(&node.span);
            if sensitive {
                written.iter().for_each(|place| map.hide(place));
            }
            let calls = source.block.iter().skip(1);
            places.extend(written.iter().chain(calls.clone()).map(|place| (fact.to_owned(), place.clone())));
            // Each text of a list has places of its own.
            if let Value::Array(items) = &node.value
                && !sensitive
            {
                for item in items {
                    if let Value::String(text) = &item.value {
                        let own = source.places(&item.span).iter().chain(written).chain(calls.clone());
                        places.extend(own.map(|place| (format!("{fact}.{text}"), place.clone())));
                    }
                }
            }
        }
        if instance.declared.is_none() {
            places.extend(instance.span(name, after).map(|span| (fact.to_owned(), self.place(span))));
        }
        places
    }
}
