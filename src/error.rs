//! What goes wrong with what a user gave, and the exit codes of a run.

use schemars::JsonSchema;
use serde::Serialize;

use crate::location::Location;
use crate::secret::masked;

/// Something that could not be read or used: what it is, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What is wrong and what was expected, in one sentence without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where; `None` for the command line.
    pub location: Option<Location>,
    /// The thing that could not be checked: a path, an address, an option.
    pub what: String,
    /// Settings can't acknowledge it.
    pub firm: bool,
    /// Settings acknowledge it.
    pub acknowledged: bool,
}

impl Error {
    /// An error about `what` (a path, an option, an address). What looks like a key is not repeated.
    pub fn new(what: impl Into<String>, message: impl Into<String>) -> Error {
        let shown = |text: String| masked(&text).into_owned();
        Error {
            message: shown(message.into()),
            help: None,
            location: None,
            what: shown(what.into()),
            firm: false,
            acknowledged: false,
        }
    }

    /// The same as one that settings can't acknowledge.
    #[must_use]
    pub fn firm(self) -> Error {
        Error { firm: true, ..self }
    }

    /// What makes two errors the same, whatever they are told of: place and message. `None` without a place.
    pub fn identity(&self) -> Option<(Location, String)> {
        Some((self.location.clone()?, self.message.clone()))
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Error {
        self.location = Some(location);
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.location {
            Some(location) => write!(f, "{location}: {}", self.message)?,
            None => write!(f, "{}: {}", self.what, self.message)?,
        }
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// How a run ends. 1 and 2 are never used: conftest up to 0.69 turns a plugin's 1 or 2 into success. The later of two
/// in this list wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(into = "u8")]
pub enum ExitCode {
    /// Everything that was to be checked was checked and passed.
    Pass,
    /// Something at or above the threshold could not be decided.
    Undetermined,
    /// A rule at or above the threshold is violated.
    Violation,
    /// Something could not be checked: usage, input, settings or policy.
    Unchecked,
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> u8 {
        match code {
            ExitCode::Pass => 0,
            ExitCode::Violation => 3,
            ExitCode::Undetermined => 4,
            ExitCode::Unchecked => 5,
        }
    }
}

impl From<u8> for ExitCode {
    /// What is no exit code of a run says that something could not be checked.
    fn from(code: u8) -> ExitCode {
        let all = [ExitCode::Pass, ExitCode::Undetermined, ExitCode::Violation];
        all.into_iter().find(|known| u8::from(*known) == code).unwrap_or(ExitCode::Unchecked)
    }
}

impl ExitCode {
    /// Why a run fails that ends so; `None` where it passes.
    pub fn why(self) -> Option<&'static str> {
        match self {
            ExitCode::Pass => None,
            ExitCode::Violation => Some("a rule is violated"),
            ExitCode::Undetermined => Some("something could not be decided"),
            ExitCode::Unchecked => Some("something could not be checked"),
        }
    }
}

/// The one of `known` that is nearest to `given`, if any is near enough to be what was meant.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = given.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&folded, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_exit_code_wins() {
        let order = [ExitCode::Pass, ExitCode::Undetermined, ExitCode::Violation, ExitCode::Unchecked];
        assert!(order.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(order.map(u8::from), [0, 4, 3, 5]);
        assert_eq!([0, 4, 3, 5].map(ExitCode::from), order);
        assert_eq!(ExitCode::from(1), ExitCode::Unchecked);
    }

    #[test]
    fn hints_are_near_or_absent() {
        assert_eq!(nearest("data_retenton", ["region", "data_retention"]), Some("data_retention"));
        assert_eq!(nearest("zzz", ["region", "data_retention"]), None);
    }
}
