//! Releases of Helm: what stands later among `values`, and what `set` blocks say, is laid over what stands before.

use std::collections::BTreeMap;

use super::environment::{Environment, Variable};
use super::setting::{Set, Setting, both};

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

/// Both generations of the SDKs' variables for one thing.
fn group(variable: Variable) -> Variable {
    match variable {
        Variable::ApiBase => Variable::BaseUrl,
        Variable::ProjectId => Variable::Project,
        Variable::ApiKey | Variable::BaseUrl | Variable::Project => variable,
    }
}

/// Makes unknown what an environment of a release sets and a later part of the release sets otherwise, or may: `open` are the
/// paths of what is not known.
pub(in crate::input) fn lay_over(environments: &mut [Environment], open: &[String]) {
    let mut later: BTreeMap<usize, Vec<(Variable, Setting)>> = BTreeMap::new();
    for environment in environments.iter() {
        let own = later.entry(order(&environment.path)).or_default();
        own.extend(environment.variables.iter().map(|(variable, setting)| (group(*variable), setting.clone())));
    }
    let last_open = open.iter().filter(|path| may_set(path)).map(|path| order(path)).max();
    for environment in environments {
        let own = order(&environment.path);
        let Some(from) = own.checked_add(1) else { continue };
        for (variable, setting) in &mut environment.variables {
            let others = later.range(from..).flat_map(|(_, settings)| settings);
            others.filter(|(other, _)| *other == group(*variable)).for_each(|(_, other)| both(setting, other));
            // The project stays the one that is named: what is judged there is its host.
            if group(*variable) == Variable::BaseUrl && last_open.is_some_and(|open| open > own) {
                setting.value = Set::Unknown("other values of the release are not known".to_owned());
            }
        }
    }
}
