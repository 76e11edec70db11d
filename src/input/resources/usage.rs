//! API calls as resources: each is a use.

use super::join::{Join, Joiner};
use super::set_use::{set_constant, set_use};
use super::value::Resolved;
use super::{Mapped, Places, Reader};
use crate::facts::Use;
use crate::input::reading::{Loose, Owner, ProjectReading, UseReading};
use crate::location::SourceMap;

impl<'a> Reader<'a> {
    pub(super) fn usage(
        &mut self,
        item: &Mapped<'a>,
        joiner: &mut Joiner<'_>,
        projects: &[ProjectReading],
        map: &mut SourceMap,
    ) {
        let (instance, resource) = (&item.instance, item.resource);
        let Some(endpoint) = resource.endpoint.as_ref().filter(|_| instance.exists_after()) else { return };
        let address = instance.address.to_string();
        let mut facts = Use { endpoint: endpoint.clone(), origin: self.origin(&address), ..Use::default() };
        for (fact, words) in &resource.constants {
            set_constant(&mut facts, *fact, words);
        }
        self.hide_marked(instance, joiner, map);
        let mut places: Places = self.block_places(instance, joiner);
        for (fact, name) in &resource.use_attributes {
            let resolved = instance.after(name);
            let named = (fact.name(), name.as_str());
            places.extend(self.attribute_places(instance, named, true, resolved.is_sensitive(), joiner, map));
            // What always holds, an unknown value does not put in doubt.
            if matches!(resolved, Resolved::Unknown(_)) && resource.constants.contains_key(fact) {
                continue;
            }
            if let Err(problem) = set_use(&mut facts, *fact, &resolved, &address, name) {
                self.problem_in(instance, problem, map);
            }
        }
        let owner = match resource.link.as_deref().map(|link| (link, instance.after(link))) {
            None | Some((_, Resolved::Absent)) => Owner::Untold,
            Some((link, _)) => match joiner.join(instance, link) {
                Join::Projects(indexes) => match indexes.as_slice() {
                    [one] => projects.get(*one).map_or(Owner::Untold, |p| Owner::Subject(p.id.clone())),
                    _ => Owner::Untold,
                },
                Join::ById(id) => Owner::Identity(id),
                Join::Unproven { .. } => Owner::Untold,
            },
        };
        let id = format!("{}#{address}{endpoint}", self.source);
        self.reading.uses.push(Loose { id, reading: UseReading { facts, places }, owner });
    }
}
