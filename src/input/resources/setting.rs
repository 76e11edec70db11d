//! Settings: of the organization, and of the project that each is proven to belong to.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::join::{Candidates, Join, Joiner};
use super::value::Resolved;
use super::{Mapped, Places, Reader};
use crate::document::SyntaxError;
use crate::facts::{Before, Change, Fact, ORGANIZATION_DEFAULT, Project, Unjoined};
use crate::hcl::module_of;
use crate::input::lay_over::{beside, make_unknown, settles};
use crate::input::mapping::ProjectFact;
use crate::input::reading::{Leaf, NO_CONTROL, Part, ProjectReading, SettingById, SettingChange};
use crate::input::repeated::{Effect, Repeated, Turn, too_many};
use crate::location::SourceMap;

/// What is kept while settings are read.
#[derive(Default)]
pub(super) struct Pending {
    /// Groups of projects whose attribute is marked already, by a data source or not.
    marked: BTreeSet<(Candidates, String, bool)>,
    /// Projects, by their index, that a setting left: what it was there.
    left: Vec<(usize, Project, SettingChange)>,
    /// What was laid over projects that share an id, and what left them.
    joined: Repeated,
    moved: Repeated,
}

impl Pending {
    /// Gives projects what settings left behind in them, once all others are read.
    pub(super) fn settle(self, projects: &mut [ProjectReading]) {
        for (index, was, change) in self.left {
            if let Some(target) = projects.get_mut(index) {
                SettingChange::settle(Some(change), &mut target.project, &was, |_, _| {});
            }
        }
    }
}

/// A setting that says no control where it could says nothing that is known: the provider asks for one.
fn without_control(item: &Mapped<'_>, values: &mut Project) {
    let says = item.resource.attributes.contains_key(&ProjectFact::DataRetention);
    if says && values.data_retention.is_absent() {
        make_unknown(values, ProjectFact::DataRetention, "the setting names no control");
    }
}

/// An organization has no default to take its control from.
fn without_default(values: &mut Project) {
    if values.data_retention.known().is_some_and(|control| control == ORGANIZATION_DEFAULT) {
        make_unknown(values, ProjectFact::DataRetention, NO_CONTROL);
    }
}

impl<'a> Reader<'a> {
    pub(super) fn organization(&mut self, item: &Mapped<'a>, joiner: &mut Joiner<'_>, map: &mut SourceMap) {
        let stays = item.instance.exists_after();
        if !(stays || item.resource.stays_when_destroyed || item.instance.lets_go()) {
            return;
        }
        let (mut values, places) = self.values(item, stays, joiner, map);
        without_default(&mut values);
        if stays {
            without_control(item, &mut values);
        }
        if let Some(why) = item.instance.doubt("") {
            values = item.doubted(&values, &why);
        }
        let before = item.instance.has_before().then(|| {
            let (mut was, _) = self.values(item, false, joiner, map);
            without_default(&mut was);
            Before { data_retention: was.data_retention, ..Before::default() }
        });
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
            // Another resource sets it now; what it was, the one that goes knows.
            if let Some(change) = self.reading.organization_change.as_mut().filter(|_| !stays) {
                change.before = change.before.take().or(before);
            }
            return;
        }
        let origin = self.origin(&item.instance.address);
        let declared = Part { leaf: Leaf::Object, place: place(""), origin: origin.clone() };
        let value = Part { leaf, place: place("data_retention"), origin };
        self.reading.organization.entry(Vec::new()).or_insert(declared);
        if let Some(actions) = item.instance.actions.clone().filter(|_| !item.is_data()) {
            let no_longer_managed = if stays { Vec::new() } else { vec!["data_retention".to_owned()] };
            let change = Change { actions, before, no_longer_managed };
            let held = self.reading.organization_change.take();
            self.reading.organization_change = Some(match held {
                Some(held) => crate::input::merge::together(held, change),
                None => change,
            });
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
        pending: &mut Pending,
        map: &mut SourceMap,
    ) {
        let instance = &item.instance;
        let stays = instance.exists_after();
        let stays_behind = item.resource.stays_when_destroyed || instance.lets_go();
        if !stays && !stays_behind {
            return;
        }
        let Some(link) = &item.resource.link else { return };
        let (mut values, places) = self.values(item, stays, joiner, map);
        if stays {
            without_control(item, &mut values);
        }
        let (was, _) = if instance.has_before() { self.values(item, false, joiner, map) } else { Default::default() };
        let Some(fact) = item.resource.attributes.keys().next().map(|fact| fact.whole()) else { return };
        let join = joiner.join(instance, link);
        let change = instance.actions.clone().filter(|_| !item.is_data()).map(|actions| SettingChange {
            actions,
            was: was.data_retention.clone(),
            released: (!stays).then_some(fact),
        });
        // Projects may be somewhere else, or not at all.
        let doubtful = instance.doubt("").map(|why| item.doubted(&values, &why));
        let setting = Setting { item, link, fact, values, doubtful, was, change, places };
        setting.was_of_replaced(joiner, &join, projects);
        if stays && stays_behind {
            setting.leave_behind(joiner, &join, projects, pending);
        }
        match join {
            Join::Projects(indexes) => setting.give(&indexes, projects, pending),
            // The setting goes with its project, or is passed over with it.
            Join::ById(project_id) if !stays && joiner.is_gone(&project_id) => {}
            Join::ById(project_id) if joiner.is_archived(&project_id) => {}
            Join::ById(project_id) => {
                let reason = format!("it belongs to project {project_id}, which no input declares");
                let unjoined = self.unjoined(&setting, reason, Vec::new());
                self.reading.by_id.push(SettingById {
                    project_id,
                    fact,
                    unjoined,
                    id: format!("{}#{}", self.source, instance.address),
                    values: setting.doubtful.unwrap_or(setting.values),
                    is_data: item.is_data(),
                    change: setting.change,
                    places: setting.places,
                });
            }
            Join::Unproven { reason, candidates } => {
                setting.mark(&candidates, &reason, joiner, projects, pending);
                self.unproven(setting, reason, &candidates, joiner, map);
            }
        }
    }

    fn unjoined(&self, setting: &Setting<'_, 'a>, reason: String, candidates: Vec<String>) -> Unjoined {
        let address = &setting.item.instance.address;
        Unjoined {
            address: address.to_string(),
            attribute: setting.fact.name().into_owned(),
            reason,
            candidates,
            origin: self.origin(address),
        }
    }

    /// Notes a setting of which nothing proves the project. Where none is known that it may belong to, that is a problem.
    fn unproven(
        &mut self,
        setting: Setting<'_, 'a>,
        reason: String,
        candidates: &Candidates,
        joiner: &mut Joiner<'_>,
        map: &mut SourceMap,
    ) {
        let instance = &setting.item.instance;
        let named = joiner.names(candidates, self.source);
        if named.is_empty() {
            let attribute = setting.fact.name();
            let message =
                format!("{} sets the {attribute} of a project that can't be told: {reason}", instance.address);
            let help = "give it together with the plan of its project, where their ids are known".to_owned();
            let problem = SyntaxError { span: instance.address_span.clone(), message, help: Some(help) };
            self.problem_in(instance, problem, map);
        }
        let unjoined = self.unjoined(&setting, reason, named);
        let id = format!("{}#{}", self.source, instance.address);
        for (name, place) in setting.places {
            map.record(&id, &name, place);
        }
        self.reading.unjoined.push((id, unjoined));
    }
}

/// What one resource sets of a project.
struct Setting<'m, 'a> {
    item: &'m Mapped<'a>,
    /// The attribute that names the project.
    link: &'m str,
    /// What it sets, as a whole.
    fact: ProjectFact,
    values: Project,
    /// The values where it may not be there.
    doubtful: Option<Project>,
    /// What it set before the change.
    was: Project,
    change: Option<SettingChange>,
    places: Places,
}

impl Setting<'_, '_> {
    /// A project that is replaced had what was set of the one before it, which goes with all that was set of it.
    fn was_of_replaced(&self, joiner: &Joiner<'_>, join: &Join, projects: &mut [ProjectReading]) {
        let before = self.item.instance.before(self.link);
        let (Some(change), Some(id)) = (&self.change, before.as_text()) else { return };
        let goes_to: BTreeSet<usize> = joiner.leads_to(join).into_iter().collect();
        for index in joiner.replaced(id).iter().filter(|index| !goes_to.contains(index)) {
            if let Some(target) = projects.get_mut(*index) {
                let change = SettingChange { released: None, ..change.clone() };
                SettingChange::settle(Some(change), &mut target.project, &Project::default(), |_, _| {});
            }
        }
    }

    /// One that moves to another project leaves its value behind in the one that it belonged to.
    fn leave_behind(
        &self,
        joiner: &mut Joiner<'_>,
        join: &Join,
        projects: &mut [ProjectReading],
        pending: &mut Pending,
    ) {
        let before = self.item.instance.before(self.link);
        let (Some(change), Some(left)) = (&self.change, before.as_text()) else { return };
        let goes_to: BTreeSet<usize> = joiner.leads_to(join).into_iter().collect();
        let change = SettingChange { released: Some(self.fact), ..change.clone() };
        let stood: Vec<usize> =
            joiner.with_identity(left).iter().copied().filter(|index| !goes_to.contains(index)).collect();
        let effect = || Effect { values: self.was.clone(), change: Some(change.clone()), belonged_to: None };
        match pending.moved.turn(&stood, &self.fact.name(), effect) {
            Turn::First => pending.left.extend(stood.iter().map(|index| (*index, self.was.clone(), change.clone()))),
            Turn::Again => {}
            Turn::TooMany => {
                for index in stood {
                    if let Some(project) = projects.get_mut(index) {
                        make_unknown(&mut project.project, self.fact, &too_many());
                    }
                }
            }
        }
    }

    /// Whether it may make a fact of a project unknown: what Terraform manages counts before what a data source shows.
    fn may_mark(&self, project: &Project) -> bool {
        !self.item.is_data() || !settles(project, self.fact)
    }

    /// Gives its projects what it sets.
    fn give(&self, indexes: &[usize], projects: &mut [ProjectReading], pending: &mut Pending) {
        let instance = &self.item.instance;
        let before = instance.before(self.link);
        let effect = || Effect {
            values: self.values.clone(),
            change: self.change.clone(),
            belonged_to: before.as_text().map(str::to_owned),
        };
        let turn = pending.joined.turn(indexes, &self.fact.name(), effect);
        for index in indexes.iter().filter(|_| turn != Turn::Again) {
            let Some(target) = projects.get_mut(*index) else { continue };
            if turn == Turn::TooMany {
                if self.may_mark(&target.project) {
                    make_unknown(&mut target.project, self.fact, &too_many());
                }
                continue;
            }
            let module = module_of(target.project.origin.address.as_deref().unwrap_or_default());
            let doubtful = self.doubtful.as_ref().filter(|_| instance.doubt(module).is_some());
            let mut values = Cow::Borrowed(doubtful.unwrap_or(&self.values));
            if self.item.is_data() {
                values = Cow::Owned(beside(&target.project, values.into_owned()));
            }
            let was_its_own = match &before {
                Resolved::Known(id) => id.as_text().is_some_and(|id| target.has_or_had(id)),
                Resolved::Absent | Resolved::Unknown(_) => true,
            };
            let change = self.change.clone().filter(|_| was_its_own);
            SettingChange::settle(change, &mut target.project, &values, |project, name| {
                if let Some(fact) = ProjectFact::of(name).filter(|_| !self.item.is_data()) {
                    let reason = format!("several resources set it, {} among them", instance.address);
                    make_unknown(project, fact, &reason);
                }
            });
            target.places.extend(self.places.iter().filter(|(name, _)| !name.is_empty()).cloned());
        }
    }

    /// Makes unknown what it may set. One mark for each group of candidates: what may set an attribute need not all be named.
    fn mark(
        &self,
        candidates: &Candidates,
        reason: &str,
        joiner: &Joiner<'_>,
        projects: &mut [ProjectReading],
        pending: &mut Pending,
    ) {
        let group = (candidates.clone(), self.fact.name().into_owned(), self.item.is_data());
        if !pending.marked.insert(group) {
            return;
        }
        let told = format!("{} may set it: {reason}", self.item.instance.address);
        for index in joiner.members(candidates) {
            if let Some(project) = projects.get_mut(index).filter(|project| self.may_mark(&project.project)) {
                make_unknown(&mut project.project, self.fact, &told);
            }
        }
    }
}
