//! What looks like a secret, wherever it came from: no report repeats it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

/// How OpenAI's keys start, and how long what follows must be to look like one.
const SIGN: &str = "sk-";
const SHORTEST: usize = 8;

fn is_of_a_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Where a text holds what looks like a key (`sk-…`).
fn keys(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(SIGN));
    FINDER.find_iter(text.as_bytes()).filter_map(|at| {
        let (before, after) = (text.as_bytes().get(..at)?, text.as_bytes().get(at + SIGN.len()..)?);
        // Asked first: of signs that follow each other only one is looked behind.
        if before.last().is_some_and(|b| is_of_a_key(*b)) {
            return None;
        }
        let long = after.iter().take_while(|b| is_of_a_key(**b)).count();
        (long >= SHORTEST).then_some(at..at + SIGN.len() + long)
    })
}

/// Whether a text holds what looks like a key.
pub fn holds_key(text: &str) -> bool {
    keys(text).next().is_some()
}

/// What names a key in the query of a URL.
const KEYS_IN_QUERIES: [&str; 4] = ["key=", "token=", "secret=", "password="];

/// Whether a text holds a URL with something that opens a door: `https://user:password@host`, `https://token@host`,
/// `https://host?api-key=…`.
pub fn holds_password(text: &str) -> bool {
    // Of URLs that follow each other without an end, only so much is looked through.
    const MOST: usize = 4096;
    text.match_indices("://").any(|(at, sign)| {
        let rest = text.get(at + sign.len()..).unwrap_or_default();
        let end = (0..=rest.len().min(MOST)).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or_default();
        let rest = &rest[..end];
        let url = rest.split(|c: char| c.is_whitespace() || ['"', '\''].contains(&c)).next().unwrap_or(rest);
        let authority = url.split(['/', '?', '#']).next().unwrap_or(url);
        let query = url.split_once('?').map(|(_, query)| query.to_ascii_lowercase()).unwrap_or_default();
        authority.contains('@') || KEYS_IN_QUERIES.iter().any(|key| query.contains(key))
    })
}

/// A text without what looks like a key in it.
pub fn masked(text: &str) -> Cow<'_, str> {
    if !holds_key(text) {
        return Cow::Borrowed(text);
    }
    let (mut shown, mut from) = (String::new(), 0);
    for key in keys(text) {
        shown.push_str(text.get(from..key.start).unwrap_or_default());
        shown.push_str("sk-…");
        from = key.end;
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_key_is_masked() {
        assert_eq!(masked("a \"sk-proj-aaaaaaaa_1\", sk-bbbbbbbb."), "a \"sk-…\", sk-….");
        for text in ["sk-short", "risk-aaaaaaaaaaaa", "task-1", "é"] {
            assert_eq!(masked(text), text);
            assert!(!holds_key(text), "{text}");
        }
    }

    #[test]
    fn no_text_takes_longer_than_its_length() {
        let text = format!("x{} sk-proj-aaaaaaaa", "sk-".repeat(2_000_000));
        let started = std::time::Instant::now();
        assert!(masked(&text).ends_with("sk- sk-…"));
        assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    }

    #[test]
    fn a_password_in_a_url_is_found() {
        for text in [
            "base_url = \"https://user:word@host/v1\"",
            "https://:w@h",
            "x https://a.b/c wss://u:p@q@h/",
            "https://token@host/v1",
            "\"https://host/v1?a=b&Api-Key=x\"",
        ] {
            assert!(holds_password(text), "{text}");
        }
        for text in ["https://host:443/v1", "https://host/a:b@c", "a:b@c", "https://h?x=a:b@c", "https://h api-key=x"] {
            assert!(!holds_password(text), "{text}");
        }
    }
}
