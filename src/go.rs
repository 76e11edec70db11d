//! What Go's library does that Terraform's and OPA's languages show: regular expressions, and texts in quotes.

pub(crate) mod pattern;
pub(crate) mod quote;
pub(crate) mod search;
