//! The facts that mappings give values to, by name: a name that there is not is refused where it is read.

use std::borrow::Cow;

use serde::Deserialize;

use crate::facts::HOSTED_TOOLS;

/// A fact of a project, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProjectFact {
    /// `data_retention`
    DataRetention,
    /// `models`
    Models,
    /// `models.ids`
    ModelsIds,
    /// `models.mode`
    ModelsMode,
    /// `name`
    Name,
    /// `region`
    Region,
    /// `residency`
    Residency,
    /// `tools`
    Tools,
    /// `tools.mcp` and the like: one of the tools that a project allows or forbids.
    Tool(&'static str),
}

/// A fact of a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UseFact {
    /// `background`
    Background,
    /// `file_upload`
    FileUpload,
    /// `inputs`
    Inputs,
    /// `model`
    Model,
    /// `outputs`
    Outputs,
    /// `service_tier`
    ServiceTier,
    /// `store`
    Store,
    /// `structured_output`
    StructuredOutput,
    /// `tools`
    Tools,
}

impl ProjectFact {
    /// All but the single tools.
    const ALL: [ProjectFact; 8] = [
        ProjectFact::DataRetention,
        ProjectFact::Models,
        ProjectFact::ModelsIds,
        ProjectFact::ModelsMode,
        ProjectFact::Name,
        ProjectFact::Region,
        ProjectFact::Residency,
        ProjectFact::Tools,
    ];

    /// The fact of this name.
    pub fn of(name: &str) -> Option<ProjectFact> {
        let tools = HOSTED_TOOLS.into_iter().map(ProjectFact::Tool);
        ProjectFact::ALL.into_iter().chain(tools).find(|fact| fact.name() == name)
    }

    /// Its name.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            ProjectFact::DataRetention => "data_retention",
            ProjectFact::Models => "models",
            ProjectFact::ModelsIds => "models.ids",
            ProjectFact::ModelsMode => "models.mode",
            ProjectFact::Name => "name",
            ProjectFact::Region => "region",
            ProjectFact::Residency => "residency",
            ProjectFact::Tools => "tools",
            ProjectFact::Tool(tool) => return format!("tools.{tool}").into(),
        })
    }

    /// The fact that this is, or is a part of.
    pub fn whole(self) -> ProjectFact {
        match self {
            ProjectFact::Models | ProjectFact::ModelsIds | ProjectFact::ModelsMode => ProjectFact::Models,
            ProjectFact::Tools | ProjectFact::Tool(_) => ProjectFact::Tools,
            ProjectFact::DataRetention | ProjectFact::Name | ProjectFact::Region | ProjectFact::Residency => self,
        }
    }

    /// Whether an attribute sets it: of models and tools, their parts.
    pub fn is_set(self) -> bool {
        self != ProjectFact::Models && self != ProjectFact::Tools
    }
}

impl UseFact {
    const ALL: [UseFact; 9] = [
        UseFact::Background,
        UseFact::FileUpload,
        UseFact::Inputs,
        UseFact::Model,
        UseFact::Outputs,
        UseFact::ServiceTier,
        UseFact::Store,
        UseFact::StructuredOutput,
        UseFact::Tools,
    ];

    /// The fact of this name.
    pub fn of(name: &str) -> Option<UseFact> {
        UseFact::ALL.into_iter().find(|fact| fact.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            UseFact::Background => "background",
            UseFact::FileUpload => "file_upload",
            UseFact::Inputs => "inputs",
            UseFact::Model => "model",
            UseFact::Outputs => "outputs",
            UseFact::ServiceTier => "service_tier",
            UseFact::Store => "store",
            UseFact::StructuredOutput => "structured_output",
            UseFact::Tools => "tools",
        }
    }

    /// Whether an attribute sets it: what goes in and out always holds.
    pub fn is_set(self) -> bool {
        self != UseFact::Inputs && self != UseFact::Outputs
    }

    /// Whether it may always hold.
    pub fn may_be_constant(self) -> bool {
        !self.is_set() || self == UseFact::FileUpload
    }
}

fn named<'de, D: serde::Deserializer<'de>, T>(deserializer: D, of: impl Fn(&str) -> Option<T>) -> Result<T, D::Error> {
    let name = String::deserialize(deserializer)?;
    of(&name).ok_or_else(|| serde::de::Error::custom(format!("there is no fact {name:?}")))
}

impl<'de> Deserialize<'de> for ProjectFact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<ProjectFact, D::Error> {
        named(deserializer, ProjectFact::of)
    }
}

impl<'de> Deserialize<'de> for UseFact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<UseFact, D::Error> {
        named(deserializer, UseFact::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_has_one_name() {
        for fact in ProjectFact::ALL.into_iter().chain(HOSTED_TOOLS.map(ProjectFact::Tool)) {
            assert_eq!(ProjectFact::of(&fact.name()), Some(fact));
        }
        for fact in UseFact::ALL {
            assert_eq!(UseFact::of(fact.name()), Some(fact));
        }
        for name in ["data_retenton", "models.id", "tools.", "tools.mcpp", "tools.function", "store", ""] {
            assert_eq!(ProjectFact::of(name), None, "{name}");
        }
        for name in ["region", "tools.mcp", "input", ""] {
            assert_eq!(UseFact::of(name), None, "{name}");
        }
    }
}
