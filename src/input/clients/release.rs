//! Releases of Helm: what stands later among `values`, and what `set` blocks say, is laid over what stands before.

use std::collections::BTreeMap;

use super::called::{Hosts, called};
use super::environment::{Environment, is_base_url};
use super::marked::Marked;
use super::pair::name_of;
use super::setting::Set;
use crate::document::Node;

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

/// The item of a list that a `set` block speaks of, and its part: `env[1]` and `value` of `env[1].value`.
fn part_of_item(name: &str) -> Option<(&str, &str)> {
    let (item, part) = name.rsplit_once('.')?;
    (item.ends_with(']') && matches!(part, "name" | "value")).then_some((item, part))
}

/// The paths of those `set` blocks that give one of name and value to an item of a list that has the other from elsewhere.
/// `values` are the attributes of the release.
pub(in crate::input) fn halves(values: Option<&Node>) -> Vec<String> {
    let release = Marked { value: values, unknown: None, sensitive: None };
    let mut parts: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for (attribute, list) in release.children().into_iter().filter(|(name, _)| name.starts_with("set")) {
        for (index, pair) in list.items().into_iter().enumerate() {
            if let Some(part) = name_of(pair).and_then(part_of_item) {
                parts.entry(part).or_default().push(format!("{attribute}[{index}]"));
            }
        }
    }
    let other = |part: &str| if part == "name" { "value" } else { "name" };
    let alone = parts.iter().filter(|((item, part), _)| !parts.contains_key(&(*item, other(part))));
    alone.flat_map(|(_, paths)| paths.clone()).collect()
}

/// Makes unknown which base URLs of a release a later part of it sets otherwise, or may: `open` are the paths of what is not
/// known, and of the halves. The project stays the one that is named: what is judged there is its host.
pub(in crate::input) fn lay_over(environments: &mut [Environment], open: &[String]) {
    let mut hosts: BTreeMap<usize, Hosts> = BTreeMap::new();
    for environment in environments.iter() {
        let own = hosts.entry(order(&environment.path)).or_insert(Hosts::None);
        for (_, setting) in environment.variables.iter().filter(|(variable, _)| is_base_url(**variable)) {
            *own = own.clone().with(called(setting));
        }
    }
    // What stands behind each, itself left out.
    let (mut behind, mut later) = (BTreeMap::new(), Hosts::None);
    for (order, own) in hosts.into_iter().rev() {
        behind.insert(order, later.clone());
        later = match own {
            Hosts::None => later,
            Hosts::One(host) => later.with(host),
            Hosts::Several => Hosts::Several,
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
