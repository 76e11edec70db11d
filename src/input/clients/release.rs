//! Releases of Helm: what stands later among `values`, and what `set` blocks say, is laid over what stands before.

use std::collections::BTreeMap;

use super::environment::{Environment, is_base_url};
use super::host;
use super::setting::{Set, Setting};

/// The type of a release.
pub(in crate::input) const KIND: &str = "helm_release";

/// Where a path of a release stands among what is laid over each other: the items of `values` in their order, then all else.
fn order(path: &str) -> usize {
    let item = path.strip_prefix("values[").and_then(|rest| rest.split(']').next());
    item.and_then(|index| index.parse().ok()).unwrap_or(usize::MAX)
}

/// Whether what stands at a path that is not known may set variables: not the value of a name that is known.
fn may_set(path: &str) -> bool {
    path.starts_with("set") && !path.ends_with(".value") || path.starts_with("values") && !path.contains('.')
}

/// What a base URL comes to: its host, or nothing that can be compared.
fn called(setting: &Setting) -> Option<String> {
    match &setting.value {
        Set::Known(url) => host(url).ok(),
        Set::Unknown(_) => None,
    }
}

/// The hosts that parts behind an environment set, as far as they matter: none, one, or several of which one is another for sure.
#[derive(Clone, PartialEq)]
enum Later {
    None,
    One(Option<String>),
    Several,
}

impl Later {
    fn with(self, host: Option<String>) -> Later {
        match self {
            Later::None => Later::One(host),
            Later::One(held) if held == host && held.is_some() => Later::One(held),
            Later::One(_) | Later::Several => Later::Several,
        }
    }

    fn is_other_than(&self, host: Option<&String>) -> bool {
        match self {
            Later::None => false,
            Later::One(held) => held.is_none() || held.as_ref() != host,
            Later::Several => true,
        }
    }
}

/// Makes unknown which base URLs of a release a later part of it sets otherwise, or may: `open` are the paths of what is not
/// known. The project stays the one that is named: what is judged there is its host.
pub(in crate::input) fn lay_over(environments: &mut [Environment], open: &[String]) {
    let mut hosts: BTreeMap<usize, Later> = BTreeMap::new();
    for environment in environments.iter() {
        let own = hosts.entry(order(&environment.path)).or_insert(Later::None);
        for (_, setting) in environment.variables.iter().filter(|(variable, _)| is_base_url(**variable)) {
            *own = own.clone().with(called(setting));
        }
    }
    // What stands behind each, itself left out.
    let (mut behind, mut later) = (BTreeMap::new(), Later::None);
    for (order, own) in hosts.into_iter().rev() {
        behind.insert(order, later.clone());
        later = match own {
            Later::None => later,
            Later::One(host) => later.with(host),
            Later::Several => Later::Several,
        };
    }
    let last_open = open.iter().filter(|path| may_set(path)).map(|path| order(path)).max();
    for environment in environments {
        let own = order(&environment.path);
        for (_, setting) in environment.variables.iter_mut().filter(|(variable, _)| is_base_url(**variable)) {
            if behind.get(&own).is_some_and(|later| later.is_other_than(called(setting).as_ref())) {
                setting.value = Set::Unknown("set again in a later part of the release".to_owned());
            } else if last_open.is_some_and(|open| open > own) {
                setting.value = Set::Unknown("other values of the release are not known".to_owned());
            }
        }
    }
}
