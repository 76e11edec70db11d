//! Which attributes of which provider's resources become which facts: data, one file a provider.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

const FILES: [&str; 1] = [include_str!("mapping/openai.json")];

/// A provider's resources.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Namespace and name in a registry.
    pub provider: String,
    /// Which version the names were read from.
    #[serde(rename = "facts_from")]
    pub _facts_from: String,
    /// Resource types that set nothing that is judged here.
    pub others: Vec<String>,
    /// Resource type: what it is.
    pub resources: BTreeMap<String, Resource>,
}

/// What a resource type is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Its role.
    pub is: Role,
    /// Attributes that hold the id of the project.
    #[serde(default)]
    pub identities: Vec<String>,
    /// The attribute that names the project it belongs to.
    #[serde(default)]
    pub link: Option<String>,
    /// Fact (`models.ids` for a part) → attribute of the resource.
    pub attributes: BTreeMap<String, String>,
    /// Facts that the provider does not read back from the API: null there is unknown for what exists already.
    #[serde(default)]
    pub not_read_back: Vec<String>,
    /// Destroying the resource leaves the remote setting as it is.
    #[serde(default)]
    pub stays_when_destroyed: bool,
}

/// The role of a resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A project.
    Project,
    /// Settings of one project.
    ProjectSetting,
    /// Settings of the organization.
    OrganizationSetting,
}

/// The mappings of all known providers. An embedded file that can't be read is left out; a test holds that none is.
static MAPPINGS: LazyLock<Vec<Mapping>> =
    LazyLock::new(|| FILES.iter().filter_map(|text| serde_json::from_str(text).ok()).collect());

/// The mapping for a provider's full name in a plan, such as `registry.terraform.io/openai/openai`; the registry's host
/// does not matter.
pub fn of_provider(full_name: &str) -> Option<&'static Mapping> {
    MAPPINGS.iter().find(|m| {
        let host = full_name.strip_suffix(&m.provider).and_then(|rest| rest.strip_suffix('/'));
        full_name == m.provider || host.is_some_and(|host| !host.is_empty() && !host.contains('/'))
    })
}

/// Whether some provider's resource type of this name is read.
pub fn is_mapped(kind: &str) -> bool {
    MAPPINGS.iter().any(|m| m.resources.contains_key(kind))
}

/// The attributes that hold a project's id, of a resource type that some provider has for projects.
pub fn identities_of(kind: &str) -> impl Iterator<Item = &'static str> {
    MAPPINGS.iter().filter_map(move |m| m.resources.get(kind)).flat_map(|r| r.identities.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_mapping() {
        assert_eq!(MAPPINGS.len(), FILES.len());
        for mapping in MAPPINGS.iter() {
            for (name, resource) in &mapping.resources {
                match resource.is {
                    Role::Project => assert!(!resource.identities.is_empty(), "{name}"),
                    Role::ProjectSetting => assert!(resource.link.is_some(), "{name}"),
                    Role::OrganizationSetting => assert!(resource.link.is_none(), "{name}"),
                }
            }
        }
    }

    #[test]
    fn a_provider_is_found_under_any_registry() {
        for name in ["registry.terraform.io/openai/openai", "registry.opentofu.org/openai/openai", "openai/openai"] {
            assert!(of_provider(name).is_some(), "{name}");
        }
        for name in [
            "registry.terraform.io/acme/openai",
            "example.com/notopenai/openai",
            "openai",
            "a/b/openai/openai",
            "/openai/openai",
        ] {
            assert!(of_provider(name).is_none(), "{name}");
        }
    }
}
