//! The project of an environment, by its variables and by what they are given.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::leads;
use crate::hcl::{Identity, Reached, Undecided};
use crate::input::clients::environment::{Environment, Variable, environments};
use crate::input::clients::setting::{Set, Setting};
use crate::input::mapping;
use crate::input::reading::Owner;
use crate::input::resources::Instance;
use crate::input::resources::join::Joiner;
use crate::input::resources::keys::Keys;

/// The project of an environment, and what tells it.
pub(super) fn project_of(
    instance: &Instance<'_>,
    environment: &Environment,
    written: &OnceCell<Vec<Environment>>,
    keys: &Keys,
    joiner: &mut Joiner<'_>,
) -> (Owner, Option<&'static str>) {
    let named = [Variable::Project, Variable::ProjectId].map(|v| environment.variables.get(&v));
    let ids: BTreeSet<&String> = named
        .iter()
        .flatten()
        .filter_map(|s| match &s.value {
            Set::Known(id) if !id.is_empty() => Some(id),
            Set::Known(_) | Set::Unknown(_) => None,
        })
        .collect();
    if let Some(id) = ids.first() {
        return if ids.len() == 1 {
            (Owner::Identity((*id).clone()), Some("environment"))
        } else {
            (Owner::Untold, None)
        };
    }
    let hidden = named.iter().flatten().filter_map(|setting| keys.by_digest_of_id(setting.digest.as_ref()?));
    let hidden: BTreeSet<&Owner> = hidden.collect();
    if let (Some(owner), 1) = (hidden.first(), hidden.len()) {
        return ((*owner).clone(), Some("environment"));
    }
    let key = environment.variables.get(&Variable::ApiKey);
    let by_digest = || keys.by_digest(key?.digest.as_ref()?);
    let mut sources: BTreeMap<Variable, Option<Owner>> = BTreeMap::new();
    for variable in [Variable::Project, Variable::ProjectId, Variable::ApiKey] {
        let identity = identity(instance, environment, variable, written, joiner);
        sources.insert(variable, identity.and_then(|identity| keys.by_identity(&identity)));
    }
    // What is known was compared; another variable of the same map may be what the references lead to.
    let by_reference = |variable: Variable| {
        if let Some(Some(owner)) = sources.get(&variable) {
            return Some(owner.clone());
        }
        environment.variables.get(&variable).filter(|setting| setting.after_apply)?;
        let references = joiner.references(instance, environment.attribute(variable), variable.name());
        keys.by_references(&instance.module, &references)
    };
    let is_named = |variable: &Variable| environment.variables.contains_key(variable);
    let owners = [Variable::Project, Variable::ProjectId].into_iter().filter(is_named).filter_map(by_reference);
    let owners: BTreeSet<Owner> = owners.collect();
    if let (Some(owner), 1) = (owners.first(), owners.len()) {
        return (owner.clone(), Some("environment"));
    }
    // A project that is named, but not told, may be another than that of the key.
    if named.iter().any(Option::is_some) {
        return (Owner::Untold, None);
    }
    match by_digest().cloned().or_else(|| key.and_then(|_| by_reference(Variable::ApiKey))) {
        Some(owner) => (owner, Some("reference")),
        None => (Owner::Untold, None),
    }
}

/// What a variable that is not known yet stands for, by the source: that of the same environment, or of the only one there
/// that sets it. `written` takes the environments of the source.
fn identity(
    instance: &Instance<'_>,
    environment: &Environment,
    variable: Variable,
    written: &OnceCell<Vec<Environment>>,
    joiner: &mut Joiner<'_>,
) -> Option<Arc<Identity>> {
    let setting = environment.variables.get(&variable).filter(|setting| matches!(setting.value, Set::Unknown(_)))?;
    let source = joiner.declared(instance).ok()?;
    if instance.declared.is_some() {
        return source.identity(setting.span.as_ref()?).cloned();
    }
    let find = || environments(source.after.as_ref(), source.unknown.as_ref(), source.sensitive.as_ref()).0;
    let written = written.get_or_init(find);
    let sets: Vec<&Environment> = written.iter().filter(|e| e.variables.contains_key(&variable)).collect();
    let same = match sets.as_slice() {
        [only] => only,
        several => several.iter().find(|e| e.path == environment.path)?,
    };
    source.identity(same.variables.get(&variable)?.span.as_ref()?).cloned()
}

/// The one project that the variables of an environment lead to by what the source gives them, where it is not known what they are:
/// its id, whatever is made of it, or, where no project is named, its service account or key. All that stands under such a
/// variable in this part of the resource has to lead there, and to nothing else.
pub(super) fn reached_by(instance: &Instance<'_>, environment: &Environment, keys: &Keys) -> Option<Owner> {
    let source = instance.declared.as_ref()?;
    let set = |variable: Variable| Some((variable, environment.variables.get(&variable)?));
    let mut asked: Vec<(Variable, &Setting)> =
        [Variable::Project, Variable::ProjectId].into_iter().filter_map(set).collect();
    if asked.is_empty() {
        asked.extend(set(Variable::ApiKey));
    }
    let is_open = |setting: &Setting| matches!(setting.value, Set::Unknown(_)) && setting.digest.is_none();
    if asked.is_empty() || !asked.iter().all(|(_, setting)| is_open(setting)) {
        return None;
    }
    let beside = |part: &&Undecided| leads(&part.path, &environment.path) || leads(&environment.path, &part.path);
    let mut owners: BTreeSet<&Owner> = BTreeSet::new();
    for (variable, _) in asked {
        let entries = source.undecided.iter().filter(beside).filter_map(|part| part.entries.get(variable.name()));
        let mut found = false;
        for entry in entries {
            if entry.open || entry.reaches.is_empty() || !entry.reaches.iter().all(leads_to_project) {
                return None;
            }
            // Another project's id that is written there may be the one.
            if entry.texts.iter().any(|text| text.starts_with("proj_")) {
                return None;
            }
            found = true;
            owners.extend(entry.reaches.iter().map(|reached| keys.by_reach(reached)));
        }
        if !found {
            return None;
        }
    }
    match owners.first() {
        Some(owner) if owners.len() == 1 && **owner != Owner::Untold => Some((*owner).clone()),
        _ => None,
    }
}

/// The one id of a project that is written under the variables that name one.
pub(super) fn written_id(part: &Undecided) -> Option<&str> {
    let named = [Variable::Project, Variable::ProjectId].into_iter();
    let entries: Vec<_> = named.filter_map(|variable| part.entries.get(variable.name())).collect();
    let texts: BTreeSet<&String> = entries.iter().flat_map(|entry| &entry.texts).collect();
    let is_plain = entries.iter().all(|entry| entry.reaches.is_empty() && !(entry.open || entry.computed));
    texts.first().filter(|id| is_plain && texts.len() == 1 && id.starts_with("proj_")).map(|id| id.as_str())
}

/// Whether it is the id of a project, or something of a service account or key.
pub(super) fn leads_to_project(reached: &Reached) -> bool {
    mapping::is_key(&reached.kind)
        || reached.attribute.as_deref().is_none_or(|own| mapping::identities_of(&reached.kind).any(|id| id == own))
}
