//! What a variable is set to.

use std::borrow::Cow;
use std::ops::Range;

use super::encoded;
use super::environment::Variable;
use super::marked::Marked;
use super::text::CHANGED;
use crate::digest::sha256;
use crate::document::Value;
use crate::input::marks::{AFTER_APPLY, SENSITIVE, covers};

/// What a variable is set to.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::input) enum Set {
    Known(String),
    /// Not known, with the reason.
    Unknown(String),
}

/// A variable that is set.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::input) struct Setting {
    pub(in crate::input) value: Set,
    /// Where: the value, or the text that holds it; `None` where only a mark says that it is set.
    pub(in crate::input) span: Option<Range<usize>>,
    /// Digest of a key, which itself is never kept, or of the id of a project that is sensitive.
    pub(in crate::input) digest: Option<String>,
    /// Nothing of it is known before apply: what its expression refers to tells where it comes from.
    pub(in crate::input) after_apply: bool,
}

impl Setting {
    /// A value that is not known, with the reason.
    pub(super) fn unknown(reason: &str, span: Option<Range<usize>>) -> Setting {
        Setting { value: Set::Unknown(reason.to_owned()), span, digest: None, after_apply: false }
    }
}

/// Why the value is not known of a variable that takes it from a secret or another object.
pub(super) const ELSEWHERE: &str = "set from elsewhere";

/// How texts start that platforms replace by a secret or parameter.
const REFERENCES: [&str; 2] = ["arn:aws", "@Microsoft.KeyVault("];

/// What a variable with this value is set to; `None` where it is not set.
pub(super) fn setting(of: Marked<'_>, variable: Variable, span: Option<&Range<usize>>) -> Option<Setting> {
    let here = span.cloned().or_else(|| of.value.or(of.unknown).map(|n| n.span.clone()));
    let unknown = |reason: &str| Set::Unknown(reason.to_owned());
    let text = match of.value.map(|n| &n.value) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::Bool(flag)) => Some(flag.to_string()),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => None,
    };
    let value = match (&text, of.value.map(|n| &n.value)) {
        _ if covers(of.sensitive) => unknown(SENSITIVE),
        _ if covers(of.unknown) => unknown(AFTER_APPLY),
        (Some(text), _) => return Some(known(variable, text, here)),
        (None, None | Some(Value::Null)) => return None,
        (None, Some(_)) => unknown(ELSEWHERE),
    };
    let after_apply = text.is_none() && covers(of.unknown);
    let digest = text.filter(|_| !covers(of.unknown)).and_then(|text| digest(variable, &text));
    Some(Setting { value, span: here, digest, after_apply })
}

fn is_project(variable: Variable) -> bool {
    matches!(variable, Variable::Project | Variable::ProjectId)
}

/// The same of a text that is sensitive.
pub(super) fn hidden(variable: Variable, setting: Setting) -> Setting {
    match &setting.value {
        Set::Known(text) => {
            let digest = digest(variable, text);
            Setting { value: Set::Unknown(SENSITIVE.to_owned()), digest, ..setting }
        }
        Set::Unknown(_) => setting,
    }
}

/// Digest of a key, or of the id of a project: what is sensitive is compared by it.
fn digest(variable: Variable, text: &str) -> Option<String> {
    let plain = plain(variable, text);
    let compared = match variable {
        Variable::ApiKey => &*plain,
        Variable::Project | Variable::ProjectId => plain.trim(),
        Variable::BaseUrl | Variable::ApiBase => return None,
    };
    (!compared.is_empty()).then(|| sha256([compared.as_bytes()]))
}

/// What a value in base64 stands for, as the data of secrets holds it; anything else as it is.
fn plain(variable: Variable, text: &str) -> Cow<'_, str> {
    let is_one = |text: &str| match variable {
        Variable::ApiKey => text.starts_with("sk-"),
        Variable::Project | Variable::ProjectId => text.starts_with("proj_"),
        Variable::BaseUrl | Variable::ApiBase => text.contains("://"),
    };
    let decoded = if is_one(text) { None } else { encoded::whole(text).filter(|text| is_one(text)) };
    decoded.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A variable with a value that is known; what looks like a key is not kept.
pub(super) fn known(variable: Variable, text: &str, span: Option<Range<usize>>) -> Setting {
    if variable == Variable::ApiKey {
        return Setting { digest: digest(variable, text), ..Setting::unknown("a key, not kept", span) };
    }
    let text = plain(variable, text);
    let value = match text.trim_start() {
        start if start.starts_with("sk-") => Set::Unknown("looks like a key, not kept".to_owned()),
        start if REFERENCES.iter().any(|sign| start.starts_with(sign)) => Set::Unknown(ELSEWHERE.to_owned()),
        _ if is_project(variable) => Set::Known(text.trim().to_owned()),
        _ => Set::Known(text.into_owned()),
    };
    Setting { value, span, digest: None, after_apply: false }
}

/// Two values of one variable: what is not the same in both is not known. Two that are not known may differ.
pub(super) fn both(held: &mut Setting, other: &Setting) {
    let is_open = |setting: &Setting| matches!(setting.value, Set::Unknown(_)) && setting.digest.is_none();
    let may_differ = is_open(held) && is_open(other) && held.span != other.span;
    if may_differ {
        // What the first one refers to tells nothing.
        held.span = None;
    }
    if held.value != other.value || held.digest != other.digest || may_differ {
        let changed = Set::Unknown(CHANGED.to_owned());
        let is_changed = held.value == changed || other.value == changed;
        held.value = if is_changed { changed } else { Set::Unknown("set twice".to_owned()) };
        held.digest = None;
        held.after_apply = false;
    }
}
