//! Which attributes of which provider's resources become which facts: data, one file a provider.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

pub use super::fact_name::{ProjectFact, UseFact};

const FILES: [&str; 3] =
    [include_str!("mapping/openai.json"), include_str!("mapping/jianyuan.json"), include_str!("mapping/mkdev-me.json")];

/// Parts of names that speak of data controls. A resource type or an attribute with one of them, and that no mapping
/// knows, can't be passed over.
const DATA_CONTROLS: [&str; 14] = [
    "abuse",
    "data_control",
    "data_sharing",
    "geograph",
    "hosted_tool",
    "model_permission",
    "monitoring",
    "private_safety",
    "processing",
    "region",
    "residency",
    "retention",
    "zdr",
    "zero_data",
];

/// Whether a name speaks of data controls.
pub fn names_data_controls(name: &str) -> bool {
    DATA_CONTROLS.iter().any(|word| name.contains(word))
}

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
    /// Type of data source: what it is. Types that are not listed and do not name data controls tell nothing.
    #[serde(default)]
    pub data_sources: BTreeMap<String, Resource>,
}

impl Mapping {
    /// What a resource type, or a type of data source, is.
    pub fn resource(&self, kind: &str, is_data: bool) -> Option<&Resource> {
        if is_data { self.data_sources.get(kind) } else { self.resources.get(kind) }
    }
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
    /// Fact (`models.ids` for a part) → attribute of the resource; an attribute the resource lacks is absent.
    #[serde(default)]
    pub attributes: BTreeMap<ProjectFact, String>,
    /// The same of a use.
    #[serde(default)]
    pub use_attributes: BTreeMap<UseFact, String>,
    /// Of a data source that lists things: the attribute with the list. All other attributes are those of an item.
    #[serde(default)]
    pub list: Option<String>,
    /// Attributes that name data controls and say nothing that is judged.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Every attribute is a setting: one that is not known can't be passed over, whatever it is called.
    #[serde(default)]
    pub settings_only: bool,
    /// Of a project: attributes that say that it is archived, by that word or by a time.
    #[serde(default)]
    pub archived: Vec<String>,
    /// Facts that the provider never shows.
    #[serde(default)]
    pub not_reported: Vec<ProjectFact>,
    /// Facts that the provider does not read back from the API: null there is unknown for what exists already.
    #[serde(default)]
    pub not_read_back: Vec<ProjectFact>,
    /// Destroying the resource leaves the remote setting as it is.
    #[serde(default)]
    pub stays_when_destroyed: bool,
    /// Of a use: the endpoint that it calls.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Of a use: facts that always hold.
    #[serde(default)]
    pub constants: BTreeMap<UseFact, Vec<String>>,
    /// Of a key: the attributes that hold the secret.
    #[serde(default)]
    pub secrets: Vec<String>,
}

impl Resource {
    /// The attributes that give facts.
    pub fn read(&self) -> impl Iterator<Item = &String> {
        self.attributes.values().chain(self.use_attributes.values())
    }

    /// Whether an attribute is read, or is known to say nothing.
    pub fn knows(&self, attribute: &str) -> bool {
        let read = self.read().any(|path| path.split('.').next() == Some(attribute));
        read || self.link.as_deref() == Some(attribute)
            || [&self.identities, &self.secrets, &self.ignored].iter().any(|list| list.iter().any(|a| a == attribute))
    }

    /// Whether all that it gives is read of a resource with its role: what is given elsewhere would be passed over.
    fn is_sound(&self) -> bool {
        let mut wholes: Vec<ProjectFact> = self.attributes.keys().map(|fact| fact.whole()).collect();
        wholes.dedup();
        let sets = match self.is {
            Role::Project => true,
            Role::ProjectSetting => {
                let settings = [ProjectFact::DataRetention, ProjectFact::Models, ProjectFact::Tools];
                matches!(wholes.as_slice(), [one] if settings.contains(one))
            }
            Role::OrganizationSetting => self.attributes.keys().eq([&ProjectFact::DataRetention]),
            Role::ProjectKey | Role::Use => self.attributes.is_empty(),
        };
        // Without these it would be passed over.
        let is_joined = match self.is {
            Role::ProjectSetting | Role::ProjectKey => self.link.is_some(),
            Role::Use => self.endpoint.is_some(),
            Role::Project | Role::OrganizationSetting => true,
        };
        let of_project = self.is == Role::Project || (self.not_reported.is_empty() && self.not_read_back.is_empty());
        let of_use = self.is == Role::Use || (self.use_attributes.is_empty() && self.constants.is_empty());
        sets && is_joined
            && of_project
            && of_use
            && self.attributes.keys().all(|fact| fact.is_set())
            && self.use_attributes.keys().all(|fact| fact.is_set())
            && self.constants.keys().all(|fact| fact.may_be_constant())
            && self.not_read_back.iter().all(|fact| *fact == ProjectFact::Region)
    }

    /// Whether an attribute, which is not known, can't be passed over.
    pub fn must_know(&self, attribute: &str) -> bool {
        let says_what_it_is = ["id", "object", "timeouts"].contains(&attribute) || attribute.ends_with("_id");
        names_data_controls(attribute) || (self.settings_only && !says_what_it_is)
    }
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
    /// A service account or key of one project.
    ProjectKey,
    /// A call of the API.
    Use,
}

/// The mappings of all known providers. An embedded file that can't be read is left out, so that its provider is one that is not
/// read; a test holds that none is.
static MAPPINGS: LazyLock<Vec<Mapping>> = LazyLock::new(|| FILES.iter().filter_map(|text| parse(text)).collect());

fn parse(text: &str) -> Option<Mapping> {
    let mapping: Mapping = serde_json::from_str(text).ok()?;
    mapping.resources.values().chain(mapping.data_sources.values()).all(Resource::is_sound).then_some(mapping)
}

/// All types that some mapping knows.
static TYPES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    MAPPINGS.iter().flat_map(|m| m.resources.keys().chain(m.data_sources.keys())).map(String::as_str).collect()
});

/// Whether a provider's full name in a plan, such as `registry.terraform.io/openai/openai`, is that of `provider`; the
/// registry's host does not matter unless `provider` has one.
fn is_named(full_name: &str, provider: &str) -> bool {
    let host = full_name.strip_suffix(provider).and_then(|rest| rest.strip_suffix('/'));
    full_name == provider || host.is_some_and(|host| !host.is_empty() && !host.contains('/'))
}

/// Whether resources of a type may have to be looked into.
pub fn concerns(kind: &str) -> bool {
    kind.starts_with("openai_") || TYPES.contains(kind)
}

/// The attributes that hold a project's id, of a type that some provider has for projects.
pub fn identities_of(kind: &str) -> impl Iterator<Item = &'static str> {
    let of = move |m: &'static Mapping| [m.resources.get(kind), m.data_sources.get(kind)];
    let projects = MAPPINGS.iter().flat_map(of).flatten().filter(|r| r.is == Role::Project && r.list.is_none());
    let names: BTreeSet<&'static str> = projects.flat_map(|r| r.identities.iter().map(String::as_str)).collect();
    names.into_iter()
}

/// Whether resources of a type, or data sources of it, are service accounts or keys of projects.
pub fn is_key(kind: &str) -> bool {
    let of = |m: &'static Mapping| [m.resources.get(kind), m.data_sources.get(kind)];
    MAPPINGS.iter().flat_map(of).flatten().any(|r| r.is == Role::ProjectKey)
}

/// Whether resources of a type may set what is judged: every type of these providers but those known to set nothing.
pub fn may_set(kind: &str) -> bool {
    concerns(kind) && !MAPPINGS.iter().any(|m| m.others.iter().any(|other| other == kind))
}

/// Whether some provider that is read has resources of this type.
pub fn is_known(kind: &str) -> bool {
    TYPES.contains(kind) || MAPPINGS.iter().any(|m| m.others.iter().any(|other| other == kind))
}

/// What settings of a type that some provider has give a project; nothing where they are the organization's. `None` where no
/// provider that is read has settings of this type.
pub fn facts_set_by(kind: &str) -> Option<Vec<ProjectFact>> {
    let is_setting = |r: &&Resource| matches!(r.is, Role::ProjectSetting | Role::OrganizationSetting);
    let setting = MAPPINGS.iter().filter_map(|m| m.resources.get(kind)).find(is_setting)?;
    let facts = setting.attributes.keys().map(|fact| fact.whole()).collect::<BTreeSet<_>>();
    Some(if setting.is == Role::ProjectSetting { facts.into_iter().collect() } else { Vec::new() })
}

/// The providers that have a mapping.
pub fn providers() -> impl Iterator<Item = &'static str> {
    MAPPINGS.iter().map(|m| m.provider.as_str())
}

/// Providers that are read as another one: forks, by their name, perhaps with a registry's host.
#[derive(Debug, Clone, Default)]
pub struct Forks(pub BTreeMap<String, String>);

impl Forks {
    /// The mapping for a provider's full name in a plan.
    pub fn mapping(&self, full_name: &str) -> Option<&'static Mapping> {
        let fork = self.0.iter().find(|(fork, _)| is_named(full_name, fork));
        match fork {
            Some((_, known)) => MAPPINGS.iter().find(|m| m.provider == *known),
            None => MAPPINGS.iter().find(|m| is_named(full_name, &m.provider)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_mapping() {
        assert_eq!(MAPPINGS.len(), FILES.len());
        for mapping in MAPPINGS.iter() {
            for (name, resource) in mapping.resources.iter().chain(&mapping.data_sources) {
                assert!(resource.list.is_none() || resource.is == Role::Project, "{name}");
                match resource.is {
                    Role::Project => {
                        assert!(!resource.identities.is_empty() && !resource.archived.is_empty(), "{name}")
                    }
                    Role::ProjectSetting | Role::ProjectKey => assert!(resource.link.is_some(), "{name}"),
                    Role::OrganizationSetting => assert!(resource.link.is_none(), "{name}"),
                    Role::Use => assert!(resource.endpoint.is_some(), "{name}"),
                }
            }
            for name in &mapping.others {
                assert!(!mapping.resources.contains_key(name) && !names_data_controls(name), "{name}");
            }
        }
    }

    #[test]
    fn a_fact_that_there_is_not_or_of_something_else_is_refused() {
        let mapping = |role: &str, resource: &str| {
            let joined = r#""link": "project_id", "endpoint": "/v1/responses""#;
            let resource = format!(r#"{{"openai_x": {{"is": "{role}", {joined}, {resource}}}}}"#);
            let text = format!(r#"{{"provider": "a/b", "facts_from": "", "others": [], "resources": {resource}}}"#);
            parse(&text).is_some()
        };
        for (role, good) in [
            ("project", r#""attributes": {"region": "geography"}, "not_reported": ["models", "tools"]"#),
            ("project_setting", r#""attributes": {"models.ids": "ids", "models.mode": "mode"}"#),
            ("project_setting", r#""attributes": {"tools.mcp": "mcp"}"#),
            ("organization_setting", r#""attributes": {"data_retention": "type"}"#),
            ("use", r#""use_attributes": {"tools": "tools"}, "constants": {"inputs": ["text"]}"#),
        ] {
            assert!(mapping(role, good), "{good}");
        }
        for (role, bad) in [
            ("project_setting", r#""attributes": {"data_retenton": "type"}"#),
            ("project_setting", r#""attributes": {"tools.mpc": "mcp"}"#),
            ("project_setting", r#""attributes": {"models": "models"}"#),
            ("project_setting", r#""attributes": {"store": "store"}"#),
            ("project_setting", r#""attributes": {"name": "name"}"#),
            ("project_setting", r#""attributes": {"data_retention": "type", "tools.mcp": "mcp"}"#),
            ("project_setting", r#""attributes": {}"#),
            ("project_setting", r#""attributes": {"data_retention": "type"}, "not_reported": ["models"]"#),
            ("organization_setting", r#""attributes": {"region": "region"}"#),
            ("project", r#""not_reported": ["data_retenton"]"#),
            ("project", r#""not_reported": ["store"]"#),
            ("project", r#""not_read_back": ["regoin"]"#),
            ("project", r#""not_read_back": ["models"]"#),
            ("project", r#""constants": {"inputs": ["text"]}"#),
            ("use", r#""attributes": {"region": "region"}"#),
            ("use", r#""use_attributes": {"region": "region"}"#),
            ("use", r#""use_attributes": {"inputs": "inputs"}"#),
            ("project", r#""use_attributes": {"store": "store"}"#),
            ("use", r#""constants": {"input": ["text"]}"#),
            ("use", r#""constants": {"model": ["x"]}"#),
        ] {
            assert!(!mapping(role, bad), "{bad}");
        }
    }

    #[test]
    fn what_says_not_where_it_belongs_is_refused() {
        let mapping = |resource: &str| {
            let text = format!(
                r#"{{"provider": "a/b", "facts_from": "", "others": [], "resources": {{"x": {{{resource}}}}}}}"#
            );
            parse(&text).is_some()
        };
        let setting = r#""is": "project_setting", "attributes": {"data_retention": "type"}"#;
        let (key, usage) =
            (r#""is": "project_key", "secrets": ["value"]"#, r#""is": "use", "use_attributes": {"tools": "tools"}"#);
        for lacking in [setting, key, usage] {
            assert!(!mapping(lacking), "{lacking}");
            let joined = format!(r#"{lacking}, "link": "project_id", "endpoint": "/v1/responses""#);
            assert!(mapping(&joined), "{joined}");
        }
    }

    #[test]
    fn a_provider_is_found_under_any_registry() {
        let forks = Forks::default();
        for name in ["registry.terraform.io/openai/openai", "registry.opentofu.org/openai/openai", "openai/openai"] {
            assert!(forks.mapping(name).is_some(), "{name}");
        }
        for name in [
            "registry.terraform.io/acme/openai",
            "example.com/notopenai/openai",
            "openai",
            "a/b/openai/openai",
            "/openai/openai",
        ] {
            assert!(forks.mapping(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_fork_is_read_as_what_it_forks() {
        let forks = Forks(BTreeMap::from([("acme/openai".to_owned(), "jianyuan/openai".to_owned())]));
        let mapping = |name: &str| forks.mapping(name).map(|m| m.provider.as_str());
        assert_eq!(mapping("registry.terraform.io/acme/openai"), Some("jianyuan/openai"));
        assert_eq!(mapping("registry.terraform.io/openai/openai"), Some("openai/openai"));
    }
}
