//! Text in a form that the parser takes.
//!
//! The parser refuses some of what Terraform takes: a line break inside an object `for`, a key that stands twice in one
//! object, large numbers, some heredocs, comments in some places. Such text is written anew with the same length, so that
//! all places stay: what is read of names, strings and numbers is read from the text as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Body,
    Expression,
    Template,
}

/// A text of the same length, in bytes, which the parser may take where it refuses the one given, and which means the same
/// but for the names and numbers that were changed. `None`: there is nothing to change, or it is not followed.
pub(super) fn plain(text: &str, form: Form) -> Option<String> {
    let mut writer = Writer { text, bytes: text.as_bytes(), at: 0, out: text.as_bytes().to_vec(), frames: Vec::new() };
    writer.frames.push(match form {
        Form::Body => Frame::Body { in_value: false },
        Form::Expression => Frame::Brackets(b'('),
        Form::Template => Frame::Bare,
    });
    writer.run()?;
    let plain = String::from_utf8(writer.out).ok()?;
    (plain != text && plain.len() == text.len()).then_some(plain)
}

/// What is open.
enum Frame {
    /// A file or a block: attributes and blocks.
    Body { in_value: bool },
    /// `{ for … }`: line breaks mean nothing.
    ObjectFor,
    /// An object, with the names of its items so far, and whether an item may start here.
    Object { names: Vec<Range<usize>>, starts: bool },
    /// `(` or `[`
    Brackets(u8),
    /// `${` or `%{` in a text.
    Put,
    /// A quoted text.
    Quoted,
    /// A heredoc.
    Heredoc(Heredoc),
    /// A text without quotes around it.
    Bare,
}

struct Heredoc {
    /// Where `<<` is.
    start: usize,
    /// Its end word, where it opens.
    word: Range<usize>,
    /// Where its text starts.
    text: usize,
}

struct Writer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    out: Vec<u8>,
    frames: Vec<Frame>,
}

fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word(byte: u8) -> bool {
    starts_word(byte) || byte.is_ascii_digit() || byte == b'-'
}

impl Writer<'_> {
    fn run(&mut self) -> Option<()> {
        while self.at < self.bytes.len() {
            match self.frames.last()? {
                Frame::Quoted | Frame::Bare | Frame::Heredoc(_) => self.template()?,
                Frame::Body { .. } | Frame::ObjectFor | Frame::Object { .. } | Frame::Brackets(_) | Frame::Put => {
                    self.expression()?
                }
            }
        }
        (self.frames.len() == 1).then_some(())
    }

    fn peek(&self, offset: usize) -> Option<u8> {
        self.bytes.get(self.at + offset).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The end of a run of bytes from an offset on.
    fn end_of(&self, from: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| !wanted(*byte)).unwrap_or(rest.len())
    }

    fn blank(&mut self, range: Range<usize>) {
        self.out[range].fill(b' ');
    }

    /// One step in the text of a template.
    fn template(&mut self) -> Option<()> {
        if let Some(Frame::Heredoc(heredoc)) = self.frames.last()
            && (self.at == heredoc.text || self.bytes[self.at - 1] == b'\n')
        {
            let line = self.end_of(self.at, |byte| byte != b'\n');
            let is_end = self.bytes[self.at..line].trim_ascii() == &self.bytes[heredoc.word.clone()];
            if is_end {
                // Terraform wants a line break behind the end word.
                if line == self.bytes.len() {
                    return None;
                }
                return self.close_heredoc(line);
            }
        }
        let quoted = matches!(self.frames.last(), Some(Frame::Quoted));
        let rest = self.rest();
        self.at += match rest.first()? {
            b'"' if quoted => {
                self.frames.pop();
                1
            }
            b'\n' if quoted => return None,
            b'\\' if quoted => 2,
            b'$' | b'%' if rest.starts_with(b"$${") || rest.starts_with(b"%%{") => 3,
            b'$' | b'%' if rest.get(1) == Some(&b'{') => {
                self.frames.push(Frame::Put);
                2
            }
            _ => 1,
        };
        Some(())
    }

    /// The heredoc that is open ends before an offset, with its end word.
    fn close_heredoc(&mut self, line_end: usize) -> Option<()> {
        let Some(Frame::Heredoc(heredoc)) = self.frames.pop() else { return None };
        let text = &self.text[heredoc.text..self.at];
        let word = &self.text[heredoc.word.clone()];
        if text.is_empty() {
            self.blank(heredoc.start..line_end);
            self.out[heredoc.start..heredoc.start + 2].fill(b'"');
        } else if text.lines().any(|line| line.trim_start().starts_with(word)) {
            let letters = (b'A'..=b'Z').chain(b'a'..=b'z');
            let other = letters
                .map(|letter| vec![letter; word.len()])
                .find(|other| memchr::memmem::find(text.as_bytes(), other).is_none())?;
            let end = self.at + self.text[self.at..line_end].find(word)?;
            self.out[heredoc.word.clone()].copy_from_slice(&other);
            self.out[end..end + other.len()].copy_from_slice(&other);
        }
        self.at = line_end;
        Some(())
    }

    /// One token outside of text.
    fn expression(&mut self) -> Option<()> {
        let byte = self.peek(0)?;
        if let Some(Frame::Object { names, starts }) = self.frames.last_mut()
            && *starts
            && !byte.is_ascii_whitespace()
            && !matches!(byte, b'#' | b'/' | b',')
        {
            *starts = false;
            if let Some(name) = key_at(self.bytes, self.at) {
                names.push(name);
            }
        }
        match byte {
            b'\n' => self.line_break(),
            b'#' => self.comment(),
            b'/' if self.peek(1) == Some(b'/') => self.comment(),
            b'/' if self.peek(1) == Some(b'*') => {
                let end = self.at + 2 + memchr::memmem::find(self.bytes.get(self.at + 2..)?, b"*/")? + 2;
                self.blank(self.at..end);
                self.at = end;
            }
            b'"' => {
                self.frames.push(Frame::Quoted);
                self.at += 1;
            }
            b'<' if self.peek(1) == Some(b'<') => self.heredoc()?,
            b'(' | b'[' => {
                self.frames.push(Frame::Brackets(byte));
                self.at += 1;
            }
            b')' | b']' => {
                let open = if byte == b')' { b'(' } else { b'[' };
                let Some(Frame::Brackets(held)) = self.frames.pop() else { return None };
                if held != open {
                    return None;
                }
                self.at += 1;
            }
            b'{' => self.open(),
            b'}' => {
                match self.frames.pop()? {
                    Frame::Object { names, .. } => self.rename(&names)?,
                    Frame::Body { .. } | Frame::ObjectFor | Frame::Put => {}
                    Frame::Brackets(_) | Frame::Quoted | Frame::Heredoc(_) | Frame::Bare => return None,
                }
                self.at += 1;
            }
            b',' => {
                if let Some(Frame::Object { starts, .. }) = self.frames.last_mut() {
                    *starts = true;
                }
                self.at += 1;
            }
            b'=' => {
                if let Some(Frame::Body { in_value }) = self.frames.last_mut() {
                    *in_value = true;
                }
                self.at += 1;
            }
            _ if byte.is_ascii_digit() => self.number(),
            _ if starts_word(byte) => self.at = self.end_of(self.at, is_word),
            _ => self.at += 1,
        }
        Some(())
    }

    fn line_break(&mut self) {
        match self.frames.last_mut() {
            Some(Frame::Body { in_value }) => *in_value = false,
            Some(Frame::Object { starts, .. }) => *starts = true,
            Some(Frame::ObjectFor) => {
                let returned = self.at > 0 && self.bytes[self.at - 1] == b'\r';
                self.blank(self.at - usize::from(returned)..self.at + 1);
            }
            _ => {}
        }
        self.at += 1;
    }

    fn comment(&mut self) {
        let end = self.end_of(self.at, |byte| byte != b'\n');
        let returned = end > self.at && self.bytes[end - 1] == b'\r';
        self.blank(self.at..end - usize::from(returned));
        self.at = end;
    }

    fn open(&mut self) {
        self.frames.push(match self.frames.last() {
            Some(Frame::Body { in_value: false }) => Frame::Body { in_value: false },
            _ if self.is_for(self.at + 1) => Frame::ObjectFor,
            _ => Frame::Object { names: Vec::new(), starts: true },
        });
        self.at += 1;
    }

    /// Whether the word `for` is the first behind an offset.
    fn is_for(&self, mut from: usize) -> bool {
        loop {
            from = self.end_of(from, |byte| byte.is_ascii_whitespace());
            let rest = self.bytes.get(from..).unwrap_or_default();
            if rest.starts_with(b"#") || rest.starts_with(b"//") {
                from = self.end_of(from, |byte| byte != b'\n');
            } else if rest.starts_with(b"/*") {
                match memchr::memmem::find(&rest[2..], b"*/") {
                    Some(length) => from += length + 4,
                    None => return false,
                }
            } else {
                return &self.bytes[from..self.end_of(from, is_word)] == b"for";
            }
        }
    }

    fn heredoc(&mut self) -> Option<()> {
        let start = self.at;
        let flush = usize::from(self.peek(2) == Some(b'-'));
        let word = start + 2 + flush..self.end_of(start + 2 + flush, is_word);
        let line = self.end_of(word.end, |byte| byte == b'\r');
        if word.is_empty() || self.bytes.get(line) != Some(&b'\n') {
            return None;
        }
        self.frames.push(Frame::Heredoc(Heredoc { start, word, text: line + 1 }));
        self.at = line + 1;
        Some(())
    }

    /// A number: one with an exponent or many digits is written as a short one.
    fn number(&mut self) {
        let start = self.at;
        let digits = |from: usize| self.end_of(from, |byte| byte.is_ascii_digit());
        let mut end = digits(start);
        if self.bytes.get(end) == Some(&b'.') && digits(end + 1) > end + 1 {
            end = digits(end + 1);
        }
        if let Some(b'e' | b'E') = self.bytes.get(end) {
            let sign = usize::from(matches!(self.bytes.get(end + 1), Some(b'+' | b'-')));
            if digits(end + 1 + sign) > end + 1 + sign {
                end = digits(end + 1 + sign);
            }
        }
        let is_step = start > 0 && self.bytes[start - 1] == b'.';
        let is_large = end - start > 15 || self.bytes[start..end].iter().any(u8::is_ascii_alphabetic);
        if is_large && !is_step && end - start > 2 {
            self.out[start..end].fill(b'0');
            self.out[start..start + 2].copy_from_slice(b"1.");
        }
        self.at = end;
    }

    /// Gives the items of an object that have a name of an item before them names of their own.
    fn rename(&mut self, names: &[Range<usize>]) -> Option<()> {
        let mut seen: BTreeSet<&[u8]> = BTreeSet::new();
        let again: Vec<&Range<usize>> =
            names.iter().filter(|name| !seen.insert(&self.bytes[(*name).clone()])).collect();
        if again.is_empty() {
            return Some(());
        }
        let mut taken: BTreeSet<Vec<u8>> = seen.into_iter().map(<[u8]>::to_vec).collect();
        let mut next: BTreeMap<usize, usize> = BTreeMap::new();
        for name in again {
            let number = next.entry(name.len()).or_default();
            let new = loop {
                let candidate = letters(*number, name.len())?;
                *number += 1;
                if taken.insert(candidate.clone()) {
                    break candidate;
                }
            };
            self.out[name.clone()].copy_from_slice(&new);
        }
        Some(())
    }
}

/// The name of an item that starts at an offset, if it is a word or a quoted text without escapes, and a value follows.
fn key_at(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let length = |from: usize, wanted: &dyn Fn(u8) -> bool| {
        bytes.get(from..).unwrap_or_default().iter().take_while(|byte| wanted(**byte)).count()
    };
    let (name, end) = if bytes.get(at) == Some(&b'"') {
        let name = at + 1..at + 1 + length(at + 1, &|byte| !matches!(byte, b'"' | b'\\' | b'$' | b'%' | b'\n'));
        if bytes.get(name.end) != Some(&b'"') {
            return None;
        }
        (name.clone(), name.end + 1)
    } else {
        if !starts_word(*bytes.get(at)?) {
            return None;
        }
        let name = at..at + length(at, &is_word);
        (name.clone(), name.end)
    };
    let mut end = end + length(end, &|byte| matches!(byte, b' ' | b'\t'));
    while bytes.get(end..).is_some_and(|rest| rest.starts_with(b"/*")) {
        end += 2 + memchr::memmem::find(bytes.get(end + 2..)?, b"*/")? + 2;
        end += length(end, &|byte| matches!(byte, b' ' | b'\t'));
    }
    let is_key = match bytes.get(end) {
        Some(b':') => true,
        Some(b'=') => !matches!(bytes.get(end + 1), Some(b'=')),
        _ => false,
    };
    is_key.then_some(name)
}

/// The word of so many capital letters with a number. `None`: there are not as many.
fn letters(mut number: usize, length: usize) -> Option<Vec<u8>> {
    let mut word = vec![b'A'; length];
    for letter in &mut word {
        *letter += u8::try_from(number % 26).unwrap_or(0);
        number /= 26;
    }
    (number == 0).then_some(word)
}

#[cfg(test)]
mod tests;
