//! Commands beside an environment, which may set its base URL otherwise: the arguments and scripts of the same container.

use std::collections::BTreeMap;

use super::called::{Hosts, called};
use super::environment::{Environment, Variable, is_base_url};
use super::setting::{Set, Setting};

/// The base URLs of an environment.
fn base_urls(environment: &Environment) -> impl Iterator<Item = &Setting> {
    environment.variables.iter().filter(|(variable, _)| is_base_url(**variable)).map(|(_, setting)| setting)
}

/// Whether an environment names a project, or has a key.
fn is_of_project(environment: &Environment) -> bool {
    [Variable::Project, Variable::ProjectId, Variable::ApiKey].iter().any(|v| environment.variables.contains_key(v))
}

/// What an environment belongs to: `container[0]` of `container[0].environment`; a list of pairs is told by that itself.
fn thing(path: &str) -> &str {
    match path.rfind('.') {
        _ if path.ends_with(']') => path,
        dot => dot.map_or("", |dot| &path[..dot]),
    }
}

/// The paths that lead to one, the empty one among them.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.char_indices().filter(|(_, c)| matches!(c, '.' | '[')).map(|(at, _)| &path[..at]);
    ends.chain(["", path])
}

/// Makes the base URL of an environment unknown where a text in the same container, which names no project of its own, sets
/// another one.
pub(in crate::input) fn overrule(environments: &mut [Environment]) {
    let mut texts: BTreeMap<String, Hosts> = BTreeMap::new();
    for text in environments.iter().filter(|e| !is_of_project(e)) {
        for host in base_urls(text).map(called) {
            for thing in prefixes(&text.path) {
                let held = texts.entry(thing.to_owned()).or_insert(Hosts::None);
                *held = held.clone().with(host.clone());
            }
        }
    }
    for environment in environments.iter_mut().filter(|e| is_of_project(e)) {
        let Some(beside) = texts.get(thing(&environment.path)) else { continue };
        for (_, setting) in environment.variables.iter_mut().filter(|(variable, _)| is_base_url(**variable)) {
            let host = called(setting);
            if beside.is_other_than(host.as_ref()) {
                setting.value = Set::Unknown("a command beside it sets another one".to_owned());
            }
        }
    }
}
