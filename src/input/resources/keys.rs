//! What tells the project of a workload: the ids, service accounts and keys of projects.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Mapped;
use super::join::{Join, Joiner};
use super::workload::leads;
use crate::digest::sha256;
use crate::hcl::{Identity, Reached, Which, split_address};
use crate::input::mapping::{Resource, Role};
use crate::input::reading::{Owner, ProjectReading};

/// What tells the project of a client: by reference, or by the key itself.
pub(super) struct Keys {
    /// Module and resource: the projects of its instances.
    resources: BTreeMap<(String, String), Owners>,
    /// Digest of a key: its project.
    digests: BTreeMap<String, Owner>,
    /// The ids of projects, with whose they are.
    ids: Vec<(String, Owner)>,
    /// The same by the digest of the id, once something asks for one.
    by_id: OnceCell<BTreeMap<String, Owner>>,
}

/// The projects of a resource's instances.
#[derive(Default)]
struct Owners {
    /// Last part of the address (`name["key"]`): project.
    by_part: BTreeMap<String, Owner>,
    /// The one project of all instances.
    common: Option<Owner>,
    /// How its attributes are read.
    read: Option<&'static Resource>,
}

impl Owners {
    /// Whether an attribute may hold the id of the project or a key of it.
    fn may_tell(&self, attribute: &str) -> bool {
        let Some(resource) = self.read else { return false };
        let mut named = resource.identities.iter().chain(&resource.secrets).chain(&resource.link);
        let is_key = ["key", "secret", "token"].iter().any(|word| attribute.contains(word));
        attribute == "id" || named.any(|name| name == attribute) || (resource.secrets.is_empty() && is_key)
    }
}

/// A resource or instance, from its module, and an attribute of it: `t.n["k"].attribute` is `t.n`, `n["k"]` and
/// `attribute`.
fn resource_and_part(reference: &str) -> Option<(String, &str, Option<&str>)> {
    let parts = split_address(reference);
    let last = if parts.first() == Some(&"data") { 2 } else { 1 };
    let part = parts.get(last)?;
    let name = part.split('[').next().unwrap_or(part);
    let before = parts.get(..last)?.join(".");
    let attribute = parts.get(last + 1).map(|attribute| attribute.split('[').next().unwrap_or(attribute));
    Some((format!("{before}.{name}"), part, attribute))
}

impl Keys {
    /// The projects, and the service accounts and keys of projects, among `mapped`.
    pub(super) fn new(mapped: &[Mapped<'_>], joiner: &mut Joiner<'_>, projects: &[ProjectReading]) -> Keys {
        let by_address: BTreeMap<&str, &str> =
            projects.iter().filter_map(|p| Some((p.project.origin.address.as_deref()?, p.id.as_str()))).collect();
        let ids =
            projects.iter().flat_map(|p| p.identities.iter().map(|id| (id.clone(), Owner::Subject(p.id.clone()))));
        let mut keys =
            Keys { resources: BTreeMap::new(), digests: BTreeMap::new(), ids: ids.collect(), by_id: OnceCell::new() };
        // A reference to a list says nothing of which item is meant.
        for item in mapped.iter().filter(|m| m.instance.exists_after() && m.resource.list.is_none()) {
            let instance = &item.instance;
            let owner = match (item.resource.is, &item.resource.link) {
                (Role::Project, _) => {
                    let id = by_address.get(&*instance.address);
                    id.map_or(Owner::Untold, |id| Owner::Subject((*id).to_owned()))
                }
                (Role::ProjectKey, Some(link)) => match joiner.join(instance, link) {
                    Join::Projects(indexes) => match indexes.as_slice() {
                        [one] => projects.get(*one).map_or(Owner::Untold, |p| Owner::Subject(p.id.clone())),
                        _ => Owner::Untold,
                    },
                    Join::ById(id) => Owner::Identity(id),
                    Join::Unproven { .. } => Owner::Untold,
                },
                (Role::ProjectKey | Role::ProjectSetting | Role::OrganizationSetting | Role::Use, _) => continue,
            };
            for digest in item.resource.secrets.iter().filter_map(|name| instance.digest(name)) {
                let same = keys.digests.entry(digest).or_insert_with(|| owner.clone());
                if *same != owner {
                    *same = Owner::Untold;
                }
            }
            let within = instance.address.strip_prefix(&instance.module).unwrap_or(&instance.address);
            let Some((resource, part, _)) = resource_and_part(within.trim_start_matches('.')) else { continue };
            let owners = keys.resources.entry((instance.module.clone(), resource)).or_default();
            owners.read = Some(item.resource);
            match &mut owners.common {
                None => owners.common = Some(owner.clone()),
                Some(common) if *common != owner => *common = Owner::Untold,
                Some(_) => {}
            }
            owners.by_part.insert(part.to_owned(), owner);
        }
        keys
    }

    /// The project of the key with this digest, if one is known.
    pub(super) fn by_digest(&self, digest: &str) -> Option<&Owner> {
        self.digests.get(digest).filter(|owner| **owner != Owner::Untold)
    }

    /// The project of the id with this digest, if there is one.
    pub(super) fn by_digest_of_id(&self, digest: &str) -> Option<&Owner> {
        let by_id = self.by_id.get_or_init(|| {
            let mut by_id = BTreeMap::new();
            for (id, owner) in &self.ids {
                let same = by_id.entry(sha256([id.as_bytes()])).or_insert_with(|| owner.clone());
                if same != owner {
                    *same = Owner::Untold;
                }
            }
            by_id
        });
        by_id.get(digest).filter(|owner| **owner != Owner::Untold)
    }

    /// The project that an attribute of an instance leads to: its id, or the secret of its key.
    pub(super) fn by_identity(&self, identity: &Identity) -> Option<Owner> {
        let (resource, key) = (
            identity.resource.to_string(),
            match &identity.which {
                Which::Only => String::new(),
                Which::Key(key) => key.to_string(),
                Which::Some | Which::All => return None,
            },
        );
        let of = self.resources.get(&(identity.module.to_string(), resource))?;
        let name = identity.resource.rsplit('.').next()?;
        if !of.may_tell(&identity.attribute) {
            return None;
        }
        of.by_part.get(&format!("{name}{key}")).filter(|owner| **owner != Owner::Untold).cloned()
    }

    /// The one project that all instances of a resource are of, or belong to.
    pub(super) fn by_reach(&self, reached: &Reached) -> &Owner {
        let common =
            self.resources.get(&(reached.module.clone(), reached.resource.clone())).and_then(|o| o.common.as_ref());
        common.unwrap_or(&Owner::Untold)
    }

    /// The one project that references of a module lead to. References that can't carry a key are passed over; any other
    /// that leads elsewhere proves nothing.
    pub(super) fn by_references(&self, module: &str, references: &BTreeSet<String>) -> Option<Owner> {
        let leads = |shorter: &str, longer: &str| shorter != longer && leads(shorter, longer);
        let mut owners: Vec<&Owner> = Vec::new();
        for reference in references.iter().filter(|r| !references.iter().any(|other| leads(r, other))) {
            let known = reference.starts_with("var.") && module.is_empty();
            if known || ["each.key", "count.index"].contains(&reference.as_str()) || reference.starts_with("path.") {
                continue;
            }
            let (resource, part, attribute) = resource_and_part(reference)?;
            let of = self.resources.get(&(module.to_owned(), resource))?;
            // A name, for one, tells nothing of the key that stands beside it.
            if attribute.is_some_and(|attribute| !of.may_tell(attribute)) {
                continue;
            }
            owners.push(if part.contains('[') { of.by_part.get(part)? } else { of.common.as_ref()? });
        }
        let first = owners.first()?;
        (**first != Owner::Untold && owners.iter().all(|owner| owner == first)).then(|| (*first).clone())
    }
}
