//! Hosts of base URLs that are set in several places.

use super::host;
use super::setting::{Set, Setting};

/// What a base URL comes to: its host, or nothing that can be compared.
pub(super) fn called(setting: &Setting) -> Option<String> {
    match &setting.value {
        Set::Known(url) => host(url).ok(),
        Set::Unknown(_) => None,
    }
}

/// The hosts of some base URLs, as far as they matter: none, one, or several, of which one is another than any for sure.
#[derive(Clone, PartialEq)]
pub(super) enum Hosts {
    None,
    One(Option<String>),
    Several,
}

impl Hosts {
    /// The same with one more; `None` where it can't be told.
    pub(super) fn with(self, host: Option<String>) -> Hosts {
        match self {
            Hosts::None => Hosts::One(host),
            Hosts::One(held) if held == host && held.is_some() => Hosts::One(held),
            Hosts::One(_) | Hosts::Several => Hosts::Several,
        }
    }

    /// Whether one of them is another host than this one, or may be.
    pub(super) fn is_other_than(&self, host: Option<&String>) -> bool {
        match self {
            Hosts::None => false,
            Hosts::One(held) => held.is_none() || held.as_ref() != host,
            Hosts::Several => true,
        }
    }
}
