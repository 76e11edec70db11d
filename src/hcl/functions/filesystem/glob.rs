//! Patterns of file names, and the files that one matches.

use std::fs::{self, FileType};
use std::path::Path;

use super::files::{Files, Found};
use super::path;
use crate::hcl::functions::work;

/// The most steps taken for one pattern: entries of directories and characters compared.
const MAX_STEPS: usize = 1 << 20;
/// How deep directories are gone into.
const MAX_DEPTH: usize = 64;
/// The longest pattern, in bytes.
const MAX_PATTERN: usize = 1024;

/// Why the files of a pattern are not known.
pub(super) struct NotFollowed(pub(super) &'static str);

const LARGE: NotFollowed = NotFollowed("more files than are followed");
const UNREADABLE: NotFollowed = NotFollowed("a directory can't be read");
const BROKEN: NotFollowed = NotFollowed("the pattern is broken, or of a form that is not followed");

/// Whether a part of a path is a pattern.
pub(super) fn is_pattern(part: &str) -> bool {
    part.contains(['*', '?', '[', '{', '\\'])
}

/// The paths of all that a pattern, a cleaned path, matches; directories may be among them, and a path may come twice.
pub(super) fn glob(pattern: &str, files: &Files) -> Result<Vec<String>, NotFollowed> {
    if pattern.len() > MAX_PATTERN {
        return Err(LARGE);
    }
    let parts = split(pattern, '/');
    let mut walk = Walk { files, steps: 0, matches: Vec::new() };
    let gone = match parts.split_first() {
        Some((&"", rest)) => walk.parts("/", rest, 0),
        _ => walk.parts(".", &parts, 0),
    };
    work(8 * walk.steps);
    gone.map(|()| walk.matches)
}

/// The parts of a text between separators; one behind a backslash does not separate.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(at) = text[from..].find(separator).map(|at| from + at) {
        from = at + separator.len_utf8();
        // Only what was not skipped already can escape.
        if at > start && text[..at].ends_with('\\') {
            continue;
        }
        parts.push(&text[start..at]);
        start = from;
    }
    parts.push(&text[start..]);
    parts
}

struct Walk<'a> {
    files: &'a Files,
    steps: usize,
    matches: Vec<String>,
}

impl Walk<'_> {
    /// Goes through what matches the parts of a pattern, below a directory.
    fn parts(&mut self, directory: &str, parts: &[&str], depth: usize) -> Result<(), NotFollowed> {
        if depth > MAX_DEPTH {
            return Err(LARGE);
        }
        let plain = parts.iter().take_while(|part| !is_pattern(part)).count();
        let (names, parts) = parts.split_at(plain);
        let directory = names.iter().fold(directory.to_owned(), |directory, name| path::join(&directory, name));
        let found = self.files.find(&directory);
        match &found {
            Found::Missing | Found::Wrong => return Ok(()),
            Found::Unknown(why) => return Err(NotFollowed(why)),
            Found::File(_) | Found::Directory(_) | Found::Other => {}
        }
        let Some((part, rest)) = parts.split_first() else {
            self.matches.push(directory);
            return Ok(());
        };
        let Found::Directory(found) = found else { return Ok(()) };
        let entries = self.entries(&found)?;
        let (part, rest) = match (*part, rest.split_first()) {
            ("**", after) => {
                for (name, kind) in &entries {
                    let below = path::join(&directory, name);
                    if kind.is_symlink() && !matches!(self.files.find(&below), Found::File(_)) {
                        return Err(NotFollowed("a link to a directory, or to nothing, is not followed"));
                    }
                    if after.is_none() {
                        self.matches.push(below.clone());
                    }
                    if kind.is_dir() {
                        self.parts(&below, parts, depth + 1)?;
                    }
                }
                match after {
                    None => return Ok(()),
                    Some((part, rest)) => (*part, rest),
                }
            }
            (part, _) => (part, rest),
        };
        for (name, _) in &entries {
            if matches(part, name, &mut self.steps)? {
                let below = path::join(&directory, name);
                match rest.is_empty() {
                    true => self.matches.push(below),
                    false => self.parts(&below, rest, depth + 1)?,
                }
            }
        }
        Ok(())
    }

    /// The names in a directory, and what each is.
    fn entries(&mut self, directory: &Path) -> Result<Vec<(String, FileType)>, NotFollowed> {
        let Ok(read) = fs::read_dir(directory) else { return Err(UNREADABLE) };
        let mut entries = Vec::new();
        for entry in read {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err(LARGE);
            }
            let Ok(entry) = entry else { return Err(UNREADABLE) };
            let Ok(kind) = entry.file_type() else { return Err(UNREADABLE) };
            let Ok(name) = entry.file_name().into_string() else {
                return Err(NotFollowed("the name of a file is not UTF-8"));
            };
            entries.push((name, kind));
        }
        Ok(entries)
    }
}

/// Whether a name matches a part of a pattern.
fn matches(pattern: &str, name: &str, steps: &mut usize) -> Result<bool, NotFollowed> {
    if pattern.is_empty() || (name.is_empty() && pattern != "*") {
        return Ok(pattern.is_empty() && name.is_empty());
    }
    let (mut pattern, mut name) = (pattern, name);
    while let (Some(p), Some(n)) = (pattern.chars().next(), name.chars().next()) {
        *steps += 1;
        if *steps > MAX_STEPS {
            return Err(LARGE);
        }
        let after = &pattern[p.len_utf8()..];
        match p {
            '\\' => {
                let Some(escaped) = after.chars().next() else { return Err(BROKEN) };
                if escaped != n {
                    return Ok(false);
                }
                pattern = &after[escaped.len_utf8()..];
            }
            '*' => {
                if after.is_empty() {
                    return Ok(true);
                }
                for (at, _) in name.char_indices() {
                    if matches(after, &name[at..], steps)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
            '[' => {
                let Some((class, rest)) = closed(after, ']') else { return Err(BROKEN) };
                if !in_class(class, n)? {
                    return Ok(false);
                }
                pattern = rest;
            }
            '{' => {
                let Some((options, rest)) = closed(after, '}') else { return Err(BROKEN) };
                for option in split(options, ',') {
                    if matches(&format!("{option}{rest}"), name, steps)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
            _ if p == '?' || p == n => pattern = after,
            _ => return Ok(false),
        }
        name = &name[n.len_utf8()..];
    }
    Ok(name.is_empty() && matches!(pattern, "" | "*" | "**"))
}

/// What stands before a closing bracket that has no backslash before it, and what follows that.
fn closed(text: &str, bracket: char) -> Option<(&str, &str)> {
    let parts = split(text, bracket);
    let first = parts.first().filter(|_| parts.len() > 1)?;
    Some((first, &text[first.len() + bracket.len_utf8()..]))
}

/// Whether a character is one of a class: characters and ranges, or with `^` before them, all others.
fn in_class(class: &str, c: char) -> Result<bool, NotFollowed> {
    let (others, members) = class.strip_prefix('^').map_or((false, class), |members| (true, members));
    if class.is_empty() {
        return Err(BROKEN);
    }
    let mut found = false;
    let mut rest = members.chars().peekable();
    let member = |rest: &mut std::iter::Peekable<std::str::Chars<'_>>| match rest.next() {
        Some('-') | None => None,
        Some('\\') => rest.next(),
        other => other,
    };
    while rest.peek().is_some() {
        let low = member(&mut rest).ok_or(BROKEN)?;
        let high = match rest.next_if_eq(&'-') {
            Some(_) => member(&mut rest).ok_or(BROKEN)?,
            None => low,
        };
        found |= (low..=high).contains(&c);
    }
    Ok(found != others)
}
