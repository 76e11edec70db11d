//! API calls as resources: each is a use.

use super::join::{Join, Joiner};
use super::value::{Resolved, set_use};
use super::{Mapped, Places, Reader};
use crate::facts::{Fact, Use};
use crate::input::reading::{LooseUse, Owner, ProjectReading, UseReading};
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
            match fact.as_str() {
                "inputs" => facts.inputs = Fact::Known(words.clone()),
                "outputs" => facts.outputs = Fact::Known(words.clone()),
                "file_upload" => facts.file_upload = words.first().cloned().into(),
                _ => {}
            }
        }
        let block = joiner.source_places(instance, map);
        if let Some((place, attributes)) = &block {
            self.hide_marked(instance, (place, attributes), map);
        }
        let mut places: Places = Vec::new();
        places.extend(block.as_ref().map(|(place, _)| (String::new(), place.clone())));
        places.push((String::new(), self.place(instance.address_span.clone())));
        for (fact, name) in &resource.attributes {
            let resolved = instance.after(name);
            let written = block.as_ref().and_then(|(_, attributes)| attributes.get(name)).cloned();
            if let Some(place) = written.as_ref().filter(|_| resolved.is_sensitive()) {
                map.hide(place);
            }
            places.extend(written.map(|place| (fact.clone(), place)));
            places.extend(instance.span(name, true).map(|span| (fact.clone(), self.place(span))));
            // What always holds, an unknown value does not put in doubt.
            if matches!(resolved, Resolved::Unknown(_)) && resource.constants.contains_key(fact) {
                continue;
            }
            if let Err(problem) = set_use(&mut facts, fact, &resolved, &address, name) {
                self.problem(&address, problem, map);
            }
        }
        let owner = match resource.link.as_deref().map(|link| (link, instance.after(link))) {
            None | Some((_, Resolved::Absent)) => Owner::Untold,
            Some((link, _)) => match joiner.join(instance, link, map) {
                Join::Projects(indexes) => match indexes.as_slice() {
                    [one] => projects.get(*one).map_or(Owner::Untold, |p| Owner::Subject(p.id.clone())),
                    _ => Owner::Untold,
                },
                Join::ById(id) => Owner::Identity(id),
                Join::Unproven { .. } => Owner::Untold,
            },
        };
        let id = format!("{}#{address}{endpoint}", self.source);
        self.reading.uses.push(LooseUse { id, reading: UseReading { facts, places }, owner });
    }
}
