//! The kinds of input.

use schemars::JsonSchema;
use serde::Serialize;

/// What an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// Plan JSON: `terraform show -json tfplan`.
    TerraformPlan,
    /// State: `terraform show -json`, or a raw `terraform.tfstate`.
    TerraformState,
    /// A directory with `*.tf` files.
    TerraformSource,
    /// A project definition, JSON or HCL.
    Definition,
    /// Answers of the Administration API.
    AdminApi,
}

impl InputKind {
    /// All kinds.
    pub const ALL: [InputKind; 5] = [
        InputKind::TerraformPlan,
        InputKind::TerraformState,
        InputKind::TerraformSource,
        InputKind::Definition,
        InputKind::AdminApi,
    ];

    /// The word in facts and reports.
    pub fn name(self) -> &'static str {
        match self {
            InputKind::TerraformPlan => "terraform_plan",
            InputKind::TerraformState => "terraform_state",
            InputKind::TerraformSource => "terraform_source",
            InputKind::Definition => "definition",
            InputKind::AdminApi => "admin_api",
        }
    }
}
