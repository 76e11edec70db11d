//! What reports say of a waiver.

use schemars::JsonSchema;
use serde::Serialize;

/// What became of a waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WaiverState {
    /// It holds and covers something.
    Used,
    /// There is nothing that it covers.
    Unused,
    /// Its last day is over: it hides nothing.
    Expired,
    /// Something is missing or wrong: it hides nothing.
    Malformed,
}

impl WaiverState {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            WaiverState::Used => "used",
            WaiverState::Unused => "unused",
            WaiverState::Expired => "expired",
            WaiverState::Malformed => "malformed",
        }
    }

    fn can_hold(self) -> bool {
        match self {
            WaiverState::Used | WaiverState::Unused => true,
            WaiverState::Expired | WaiverState::Malformed => false,
        }
    }
}

/// A waiver and its state.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WaiverRecord {
    /// The rule.
    pub rule: String,
    /// The subject pattern; of an ignore in a text, the path and line that it covers.
    pub subject: String,
    /// What became of it.
    pub state: WaiverState,
    /// Why it is waived.
    pub reason: Option<String>,
    /// Its last day, as written.
    pub expires: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// The pairs of rule and subject with a finding that it covers, or would cover if it held.
    pub covers: usize,
    /// Why it hides nothing, where neither its last day nor a lack of findings tells.
    pub why: Option<String>,
    /// The file that it is written in.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl WaiverRecord {
    /// Whether it hides what it covers.
    pub(super) fn holds(&self) -> bool {
        self.state.can_hold() && self.why.is_none()
    }

    /// What a finding says of the waiver that covers it.
    pub(super) fn said(&self) -> String {
        let by = self.approved_by.as_ref().map(|by| format!(", approved by {by}")).unwrap_or_default();
        let (reason, until) = (self.reason.as_deref().unwrap_or_default(), self.expires.as_deref().unwrap_or_default());
        format!("{reason} (until {until}{by})")
    }
}

/// An `unchecked` block and its state.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AcknowledgementRecord {
    /// What it names.
    pub what: String,
    /// What became of it.
    pub state: WaiverState,
    /// Why it need not be checked.
    pub reason: Option<String>,
    /// Its last day, as written.
    pub expires: Option<String>,
    /// The entries that it acknowledges, or would if it held.
    pub covers: usize,
    /// Why it acknowledges nothing, where neither its last day nor a lack of entries tells.
    pub why: Option<String>,
    /// The file that it is written in.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl AcknowledgementRecord {
    /// Whether it acknowledges what it names.
    pub(super) fn holds(&self) -> bool {
        self.state.can_hold()
    }
}
