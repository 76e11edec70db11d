//! The facts that mappings give values to, by name: a name that there is not is refused where it is read.

use std::borrow::Cow;

use serde::Deserialize;

use crate::facts::HOSTED_TOOLS;

/// A fact of a project or a use, or a part of one. In the order of their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactName {
    /// `background`
    Background,
    /// `data_retention`
    DataRetention,
    /// `file_upload`
    FileUpload,
    /// `inputs`
    Inputs,
    /// `model`
    Model,
    /// `models`
    Models,
    /// `models.ids`
    ModelsIds,
    /// `models.mode`
    ModelsMode,
    /// `name`
    Name,
    /// `outputs`
    Outputs,
    /// `region`
    Region,
    /// `residency`
    Residency,
    /// `service_tier`
    ServiceTier,
    /// `store`
    Store,
    /// `structured_output`
    StructuredOutput,
    /// `tools`
    Tools,
    /// `tools.mcp` and the like: one of the tools that a project allows or forbids.
    Tool(&'static str),
}

impl FactName {
    /// All but the tools.
    const ALL: [FactName; 16] = [
        FactName::Background,
        FactName::DataRetention,
        FactName::FileUpload,
        FactName::Inputs,
        FactName::Model,
        FactName::Models,
        FactName::ModelsIds,
        FactName::ModelsMode,
        FactName::Name,
        FactName::Outputs,
        FactName::Region,
        FactName::Residency,
        FactName::ServiceTier,
        FactName::Store,
        FactName::StructuredOutput,
        FactName::Tools,
    ];

    /// The fact of this name.
    pub fn of(name: &str) -> Option<FactName> {
        let tools = HOSTED_TOOLS.into_iter().map(FactName::Tool);
        FactName::ALL.into_iter().chain(tools).find(|fact| fact.name() == name)
    }

    /// Its name.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            FactName::Background => "background",
            FactName::DataRetention => "data_retention",
            FactName::FileUpload => "file_upload",
            FactName::Inputs => "inputs",
            FactName::Model => "model",
            FactName::Models => "models",
            FactName::ModelsIds => "models.ids",
            FactName::ModelsMode => "models.mode",
            FactName::Name => "name",
            FactName::Outputs => "outputs",
            FactName::Region => "region",
            FactName::Residency => "residency",
            FactName::ServiceTier => "service_tier",
            FactName::Store => "store",
            FactName::StructuredOutput => "structured_output",
            FactName::Tools => "tools",
            FactName::Tool(tool) => return format!("tools.{tool}").into(),
        })
    }

    /// The fact that this is, or is a part of.
    pub fn whole(self) -> FactName {
        match self {
            FactName::ModelsIds | FactName::ModelsMode => FactName::Models,
            FactName::Tool(_) => FactName::Tools,
            FactName::Background
            | FactName::DataRetention
            | FactName::FileUpload
            | FactName::Inputs
            | FactName::Model
            | FactName::Models
            | FactName::Name
            | FactName::Outputs
            | FactName::Region
            | FactName::Residency
            | FactName::ServiceTier
            | FactName::Store
            | FactName::StructuredOutput
            | FactName::Tools => self,
        }
    }

    /// Whether it is a fact of projects, or a part of one.
    pub fn is_of_project(self) -> bool {
        match self {
            FactName::DataRetention
            | FactName::Models
            | FactName::ModelsIds
            | FactName::ModelsMode
            | FactName::Name
            | FactName::Region
            | FactName::Residency
            | FactName::Tools
            | FactName::Tool(_) => true,
            FactName::Background
            | FactName::FileUpload
            | FactName::Inputs
            | FactName::Model
            | FactName::Outputs
            | FactName::ServiceTier
            | FactName::Store
            | FactName::StructuredOutput => false,
        }
    }

    /// Whether an attribute sets it of a project: of models and tools, their parts.
    pub fn is_set_of_project(self) -> bool {
        self.is_of_project() && self != FactName::Models && self != FactName::Tools
    }

    /// Whether an attribute sets it of a use: what goes in and out always holds.
    pub fn is_set_of_use(self) -> bool {
        let constant = self == FactName::Inputs || self == FactName::Outputs;
        self == FactName::Tools || (!self.is_of_project() && !constant)
    }
}

impl<'de> Deserialize<'de> for FactName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<FactName, D::Error> {
        let name = String::deserialize(deserializer)?;
        FactName::of(&name).ok_or_else(|| serde::de::Error::custom(format!("there is no fact {name:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_has_one_name_and_names_are_in_order() {
        let all: Vec<FactName> = FactName::ALL.into_iter().chain(HOSTED_TOOLS.map(FactName::Tool)).collect();
        for fact in &all {
            assert_eq!(FactName::of(&fact.name()), Some(*fact));
        }
        assert!(FactName::ALL.is_sorted_by_key(|fact| fact.name()) && FactName::ALL.is_sorted());
        for name in ["data_retenton", "models.id", "tools.", "tools.mcpp", "tools.function", ""] {
            assert_eq!(FactName::of(name), None, "{name}");
        }
    }
}
