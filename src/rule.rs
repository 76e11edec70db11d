//! What a rule says about itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `group/kebab-name`: the rule's path below its policy directory, its package and its id are one thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct RuleId(String);

impl RuleId {
    /// The id of the rule in a package such as `openai.residency.region_not_set`; `None` for other packages.
    pub fn of_package(package: &str) -> Option<RuleId> {
        let parts: Vec<&str> = package.split('.').collect();
        let [_, group, name] = parts.as_slice() else {
            return None;
        };
        Some(RuleId(format!("{group}/{}", name.replace('_', "-"))))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RuleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How bad a violation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Low,
    /// Fails a run unless told otherwise.
    Medium,
    /// A requirement of the page or of the organization is not met.
    High,
    /// A precondition of using a region, or of a control, is missing.
    Critical,
}

impl Severity {
    /// All, from the least.
    pub const ALL: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl std::str::FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Severity, String> {
        let known = || Severity::ALL.map(Severity::name).join(", ");
        Severity::ALL.into_iter().find(|s| s.name() == text).ok_or_else(|| format!("known are {}", known()))
    }
}

/// A rule.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Rule {
    /// Id.
    pub id: RuleId,
    /// Severity, the settings' where they name the rule.
    pub severity: Severity,
    /// The problem, in a few words.
    pub title: String,
    /// Why it matters.
    pub description: String,
    /// What kinds of subject it judges.
    pub subject: String,
    /// What some subject has to state, so that the rule has anything to say of any: one of [`NEEDS`](crate::facts::NEEDS).
    #[serde(skip)]
    pub needs: Option<String>,
    /// What to write instead.
    pub remediation: String,
    /// Section of the page.
    pub section: String,
    /// Numbers of the founding document's statements that it answers.
    pub statements: Vec<String>,
    /// Pages to read.
    pub related_resources: Vec<String>,
    /// Rego package.
    pub package: String,
    /// File that holds it.
    pub path: String,
    /// Whether it is the user's, not the product's.
    pub own: bool,
    /// Whether it never denies, and only leaves verdicts open: it says `deny := set()`.
    #[serde(skip)]
    pub only_open: bool,
    /// Whether it never leaves a verdict open: it says `undetermined := set()`.
    #[serde(skip)]
    pub never_open: bool,
}

impl Rule {
    /// Whether it judges subjects of this kind.
    pub fn judges(&self, kind: &str) -> bool {
        self.subject.split_whitespace().any(|word| word == kind)
    }

    /// The page of the rule in the product's documentation; the file of a rule of one's own.
    pub fn help(&self) -> String {
        if self.own { self.path.clone() } else { format!("docs/rules/{}.md", self.id) }
    }
}
