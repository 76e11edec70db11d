//! The projects of a run by what other inputs name them by.

use std::collections::BTreeMap;

use crate::hcl::matches_address;
use crate::input::reading::ProjectReading;

/// Address and id → projects, by their index.
#[derive(Default)]
pub(super) struct Targets {
    by_address: BTreeMap<String, Vec<usize>>,
    by_identity: BTreeMap<String, Vec<usize>>,
    /// Projects that exist and whose id is not shown.
    hidden: Vec<usize>,
}

impl Targets {
    pub(super) fn of(projects: &[ProjectReading]) -> Targets {
        let mut targets = Targets::default();
        projects.iter().enumerate().for_each(|(index, project)| targets.take(index, project));
        targets
    }

    /// Takes a project with its index.
    pub(super) fn take(&mut self, index: usize, project: &ProjectReading) {
        if let Some(address) = &project.project.origin.address {
            self.by_address.entry(address.clone()).or_default().push(index);
        }
        for identity in &project.identities {
            let same = self.by_identity.entry(identity.clone()).or_default();
            if same.last() != Some(&index) {
                same.push(index);
            }
        }
        if project.identity_hidden {
            self.hidden.push(index);
        }
    }

    /// The projects with an id.
    pub(super) fn with_identity(&self, id: &str) -> &[usize] {
        self.by_identity.get(id).map_or(&[], Vec::as_slice)
    }

    /// The projects whose address matches a pattern, in their order.
    pub(super) fn at_address(&self, pattern: &str) -> Vec<usize> {
        // Most patterns are plain addresses; before the first star stands what each match starts with.
        let Some((start, _)) = pattern.split_once('*') else {
            return self.by_address.get(pattern).cloned().unwrap_or_default();
        };
        let near = self.by_address.range(start.to_owned()..).take_while(|(address, _)| address.starts_with(start));
        let matching = near.filter(|(address, _)| matches_address(pattern, address));
        let mut found: Vec<usize> = matching.flat_map(|(_, indexes)| indexes.iter().copied()).collect();
        found.sort_unstable();
        found
    }

    /// Projects that exist and whose id is not shown.
    pub(super) fn hidden(&self) -> &[usize] {
        &self.hidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Origin, Project};

    #[test]
    fn addresses_and_patterns_find_the_same_projects_as_a_comparison_of_each() {
        let addresses =
            ["a.p[\"x.y\"]", "a.p[\"z\"]", "a.q", "module.m[\"k\"].a.p", "module.m[\"k\"].a.q", "a.p[\"x.y\"]"];
        let reading = |address: &&str| ProjectReading {
            project: Project {
                origin: Origin { source: None, address: Some((*address).to_owned()) },
                ..Project::default()
            },
            ..ProjectReading::default()
        };
        let targets = Targets::of(&addresses.iter().map(reading).collect::<Vec<_>>());
        for pattern in ["a.q", "a.p[\"x.y\"]", "a.*", "a.p[*]", "a.p[\"*\"]", "*", "*.a.p", "module.*.a.*", "a.none"] {
            let each = (0..addresses.len()).filter(|i| matches_address(pattern, addresses[*i]));
            assert_eq!(targets.at_address(pattern), each.collect::<Vec<_>>(), "{pattern}");
        }
    }
}
