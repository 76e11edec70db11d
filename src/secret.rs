//! What looks like a secret, wherever it came from: no report repeats it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

/// How OpenAI's keys start, and how long what follows must be to look like one.
const SIGN: &str = "sk-";
const SHORTEST: usize = 8;

/// The same where the sign stands behind `-` or `_`, as it may in a name of several words.
const SHORTEST_BEHIND: usize = 20;

fn is_of_a_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Where a text holds what looks like a key (`sk-…`).
fn keys(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(SIGN));
    let mut end = 0;
    FINDER.find_iter(text.as_bytes()).filter_map(move |at| {
        let (before, after) = (text.as_bytes().get(..at)?, text.as_bytes().get(at + SIGN.len()..)?);
        let shortest = match before.last() {
            Some(byte) if byte.is_ascii_alphanumeric() => return None,
            Some(b'-' | b'_') => SHORTEST_BEHIND,
            Some(_) | None => SHORTEST,
        };
        // What belongs to a key begins no other.
        if at < end || !after.get(..shortest)?.iter().all(|b| is_of_a_key(*b)) {
            return None;
        }
        end = at + SIGN.len() + after.iter().take_while(|b| is_of_a_key(**b)).count();
        Some(at..end)
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

/// Words in the name of what opens a door.
const WORDS: [&str; 13] = [
    "token",
    "tokens",
    "secret",
    "secrets",
    "password",
    "passwd",
    "pass",
    "pwd",
    "passphrase",
    "credential",
    "credentials",
    "authorization",
    "apikey",
];

/// How keys of others begin.
const SIGNS: [&str; 8] = ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "AKIA", "AccountKey="];

/// Whether a name is one of something that opens a door: `db_password`, `accessToken`, `X-Api-Key`, `TOKEN2`; `key` alone names
/// what it likes.
fn is_of_a_door(name: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars().filter(|c| !c.is_ascii_digit()) {
        if ['_', '-', '.'].contains(&c) || (was_lower && c.is_ascii_uppercase()) {
            words.push(String::new());
        }
        was_lower = c.is_ascii_lowercase();
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
    }
    let is_key = words.len() > 1 && words.last().is_some_and(|word| word == "key");
    is_key || words.iter().any(|word| WORDS.contains(&word.as_str()))
}

/// Whether a line writes out what something is that opens a door: `db_password = "…"`, `TOKEN=…`, `Bearer …`, a pair whose name is
/// one.
pub fn writes_secret(line: &str) -> bool {
    // What is shorter is no secret, or none any more.
    const SHORTEST: usize = 8;
    let is_given = |text: &str| text.len() >= SHORTEST && !text.starts_with("${") && !text.starts_with("$(");
    let end = |c: char| c.is_whitespace() || [',', ';', '}', ')', '"', '\''].contains(&c);
    let sets = |(at, sign): (usize, &str)| {
        let before = line[..at].trim_end().trim_end_matches(['"', '\'', '\\']);
        let name = before.rsplit(|c: char| !(c.is_alphanumeric() || ['_', '-', '.'].contains(&c))).next();
        let after = &line[at + sign.len()..];
        let value = after.trim_start().trim_start_matches('\\');
        let given = match value.strip_prefix(['"', '\'']) {
            Some(text) => text.split(['"', '\'']).next(),
            // Without quotes it is a line of a shell's, or of YAML's; an expression names something, or calls it.
            None if sign == ":" || !after.starts_with(char::is_whitespace) => {
                value.split(end).next().filter(|value| !value.starts_with('$'))
            }
            None => None,
        };
        name.is_some_and(is_of_a_door) && given.is_some_and(is_given)
    };
    let follows = |after: &str| {
        after.starts_with([' ', '=']) && after[1..].split(end).find(|word| !word.is_empty()).is_some_and(is_given)
    };
    let lower = line.to_ascii_lowercase();
    let bears = |(at, word): (usize, &str)| follows(&line[at + word.len()..]);
    let is_option = |word: &str| word.starts_with('-') && is_of_a_door(word.trim_start_matches('-'));
    // The name of a pair, whose value may stand beside it.
    let names = line.split(['"', '\'']).skip(1).step_by(2).any(|text| text.len() < 64 && is_of_a_door(text));
    line.match_indices(['=', ':']).any(sets)
        || names
        || lower.match_indices("bearer").any(bears)
        || line.split_whitespace().any(is_option)
        || SIGNS.iter().any(|sign| line.contains(sign))
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
        assert_eq!(masked("proj_sk-aaaaaaaaaaaaaaaaaaaa-b sk-bbbbbbbb"), "proj_sk-… sk-…");
        for text in ["sk-short", "risk-aaaaaaaaaaaa", "task-1", "team-sk-assistant", "a_sk-bbbbbbbbbbbbbbbbbbb", "é"] {
            assert_eq!(masked(text), text);
            assert!(!holds_key(text), "{text}");
        }
    }

    #[test]
    fn no_text_takes_longer_than_its_length() {
        let text = format!("x{} sk-proj-aaaaaaaa", "sk-".repeat(2_000_000));
        let started = std::time::Instant::now();
        assert_eq!(masked(&text), "xsk-sk-… sk-…");
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

    #[test]
    fn a_secret_that_a_line_writes_out_is_found() {
        for line in [
            "  TOKEN = \"abcdefgh\"",
            "db_password: 'abcdefgh'",
            "X-Api-Key = \"abcdefgh\"",
            "export GITHUB_TOKEN=abcdefgh",
            "{\"secret\": \"abcdefgh\"}",
            "jsonencode(\"{\\\"secret\\\":\\\"abcdefgh\\\"}\")",
            "a = \"Authorization: Bearer abcdefgh\"",
            "{ name = \"GITHUB_TOKEN\", value = \"x\" }",
            "dbPassword = \"abcdefgh\"",
            "secretKey: abcdefgh",
            "TOKEN2=abcdefgh",
            "DB_PASS = \"$abcdefgh\"",
            "run --token abcdefgh",
            "x = \"ghp_abcdefgh\"",
        ] {
            assert!(writes_secret(line), "{line}");
        }
        for line in [
            "TOKEN = \"short\"",
            "token = var.something_long",
            "token = \"${var.something_long}\"",
            "key = \"OPENAI_BASE_URL\"",
            "OPENAI_BASE_URL = \"https://eu.api.openai.com/v1\" # no bearer",
            "secretary = \"abcdefgh\"",
            "TOKEN=$SOMETHING_LONG",
            "x == \"passwords\" ? \"abcdefgh\" : 1",
            "model = \"gpt-4.1\" # a tokeniser",
            "max_tokens = 100000000",
        ] {
            assert!(!writes_secret(line), "{line}");
        }
    }
}
