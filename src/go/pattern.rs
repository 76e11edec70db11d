//! Regular expressions in the syntax of RE2: read here, since other engines take more or mean something else by it, and
//! matched by a common engine.

mod class;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex_automata::meta;
use regex_syntax::hir::{Capture, Hir, Look, Repetition};

use class::{Class, Escaped};

/// The longest pattern that is followed, in bytes.
const MAX_PATTERN: usize = 10_000;
/// The deepest nesting of groups and repetitions that is followed.
const MAX_DEPTH: usize = 200;
/// The most copies that counted repetitions may make of what is inside them.
const MAX_COPIES: u64 = 1000;
/// The largest program that a pattern may become, in bytes.
const MAX_PROGRAM: usize = 2 << 20;

/// How many patterns are kept for the next call.
const MAX_KEPT: usize = 32;

thread_local! {
    static KEPT: RefCell<HashMap<String, Rc<Pattern>>> = RefCell::default();
}

/// Why there is no program for a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The pattern is not valid, and why.
    Invalid(&'static str),
    /// The pattern may be valid, but is not followed, and why.
    NotFollowed(&'static str),
}

/// A pattern, ready to be searched for.
pub(crate) struct Pattern {
    pub(super) program: meta::Regex,
    /// The names of all groups in order; empty for those without.
    pub(crate) names: Vec<String>,
}

impl Pattern {
    /// Reads a pattern, or takes it from those that were read before on this thread.
    ///
    /// # Errors
    /// The pattern is not valid, or is not followed.
    pub(crate) fn of(pattern: &str) -> Result<Rc<Pattern>, Refusal> {
        if let Some(kept) = KEPT.with_borrow(|kept| kept.get(pattern).cloned()) {
            return Ok(kept);
        }
        let read = Rc::new(Pattern::new(pattern)?);
        KEPT.with_borrow_mut(|kept| {
            if kept.len() >= MAX_KEPT {
                kept.clear();
            }
            kept.insert(pattern.to_owned(), read.clone());
        });
        Ok(read)
    }

    fn new(pattern: &str) -> Result<Pattern, Refusal> {
        if pattern.len() > MAX_PATTERN {
            return Err(Refusal::NotFollowed("a pattern of that length is not followed"));
        }
        let (tree, names) = Reader::new(pattern).read()?;
        let config = meta::Config::new().nfa_size_limit(Some(MAX_PROGRAM)).hybrid_cache_capacity(2 << 20);
        match meta::Builder::new().configure(config).build_from_hir(&tree) {
            Ok(program) => Ok(Pattern { program, names }),
            Err(_) => Err(Refusal::NotFollowed("a pattern of that size is not followed")),
        }
    }
}

/// How what follows is read.
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    fold_case: bool,
    multi_line: bool,
    dot_matches_newline: bool,
    swap_greed: bool,
}

/// A part of a pattern.
struct Part {
    tree: Hir,
    /// How often counted repetitions copy what is innermost.
    copies: u64,
    depth: usize,
}

impl Part {
    fn new(tree: Hir) -> Part {
        Part { tree, copies: 1, depth: 1 }
    }
}

/// A group that is not closed yet.
#[derive(Default)]
struct Group {
    /// Its number, where it captures.
    number: Option<u32>,
    /// The flags outside it.
    outside: Flags,
    alternatives: Vec<Part>,
    /// The parts of the last alternative.
    parts: Vec<Part>,
}

impl Group {
    /// Ends the last alternative.
    fn end_alternative(&mut self) {
        let parts = std::mem::take(&mut self.parts);
        self.alternatives.push(joined(parts, Hir::concat));
    }

    fn close(mut self) -> Part {
        self.end_alternative();
        let part = joined(self.alternatives, Hir::alternation);
        match self.number {
            None => part,
            Some(index) => {
                let tree = Hir::capture(Capture { index, name: None, sub: Box::new(part.tree) });
                Part { tree, depth: part.depth + 1, ..part }
            }
        }
    }
}

fn joined(parts: Vec<Part>, join: fn(Vec<Hir>) -> Hir) -> Part {
    let copies = parts.iter().map(|part| part.copies).max().unwrap_or(1);
    let depth = parts.iter().map(|part| part.depth).max().unwrap_or(0) + 1;
    Part { tree: join(parts.into_iter().map(|part| part.tree).collect()), copies, depth }
}

struct Reader<'p> {
    rest: &'p str,
    flags: Flags,
    /// Groups outside the one that is read.
    outer: Vec<Group>,
    group: Group,
    names: Vec<String>,
}

impl<'p> Reader<'p> {
    fn new(pattern: &'p str) -> Reader<'p> {
        Reader { rest: pattern, flags: Flags::default(), outer: Vec::new(), group: Group::default(), names: Vec::new() }
    }

    fn read(mut self) -> Result<(Hir, Vec<String>), Refusal> {
        let mut after_repetition = false;
        while let Some(first) = self.rest.chars().next() {
            let mut repetition = false;
            match first {
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => {
                    self.group.end_alternative();
                    self.skip(1);
                }
                '^' => self.look(if self.flags.multi_line { Look::StartLF } else { Look::Start }, 1),
                '$' => self.look(if self.flags.multi_line { Look::EndLF } else { Look::End }, 1),
                '.' => {
                    self.skip(1);
                    self.push(
                        if self.flags.dot_matches_newline { class::any() } else { class::any_but_newline() }.tree(),
                    );
                }
                '[' => {
                    let (class, rest) = class::bracketed(self.rest, self.flags.fold_case)?;
                    self.rest = rest;
                    self.push(class.tree());
                }
                '*' | '+' | '?' => {
                    let (min, max) = match first {
                        '*' => (0, None),
                        '+' => (1, None),
                        _ => (0, Some(1)),
                    };
                    self.skip(1);
                    self.repeat(min, max, false, after_repetition)?;
                    repetition = true;
                }
                '{' => match counts(self.rest)? {
                    None => self.literal('{', 1)?,
                    Some((min, max, rest)) => {
                        self.rest = rest;
                        self.repeat(min, max, true, after_repetition)?;
                        repetition = true;
                    }
                },
                '\\' => self.escape()?,
                c => self.literal(c, c.len_utf8())?,
            }
            after_repetition = repetition;
        }
        if !self.outer.is_empty() {
            return Err(Refusal::Invalid("a group is not closed"));
        }
        Ok((self.group.close().tree, self.names))
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn push(&mut self, tree: Hir) {
        self.group.parts.push(Part::new(tree));
    }

    fn look(&mut self, look: Look, bytes: usize) {
        self.skip(bytes);
        self.push(Hir::look(look));
    }

    /// A character that stands for itself, in either case where case is folded.
    fn literal(&mut self, c: char, bytes: usize) -> Result<(), Refusal> {
        self.skip(bytes);
        let tree = match self.flags.fold_case {
            true => Class::of(c, c).folded()?.tree(),
            false => Hir::literal(c.to_string().into_bytes()),
        };
        self.push(tree);
        Ok(())
    }

    /// What a backslash begins.
    fn escape(&mut self) -> Result<(), Refusal> {
        let second = self.rest.chars().nth(1);
        match second {
            Some('A') => self.look(Look::Start, 2),
            Some('z') => self.look(Look::End, 2),
            Some('b') => self.look(Look::WordAscii, 2),
            Some('B') => self.look(Look::WordAsciiNegate, 2),
            Some('Q') => {
                let text = &self.rest[2..];
                let (text, rest) = text.split_once("\\E").unwrap_or((text, ""));
                for c in text.chars() {
                    self.literal(c, 0)?;
                }
                self.rest = rest;
            }
            _ => match class::escaped(self.rest, self.flags.fold_case)? {
                (Escaped::Class(class), rest) => {
                    self.rest = rest;
                    self.push(class.tree());
                }
                (Escaped::Char(c), rest) => {
                    self.rest = rest;
                    self.literal(c, 0)?;
                }
            },
        }
        Ok(())
    }

    /// The last part, repeated.
    fn repeat(&mut self, min: u32, max: Option<u32>, counted: bool, again: bool) -> Result<(), Refusal> {
        let lazy = self.rest.starts_with('?');
        if lazy {
            self.skip(1);
        }
        if again {
            return Err(Refusal::Invalid("a repetition directly follows another"));
        }
        let Some(part) = self.group.parts.pop() else { return Err(Refusal::Invalid("nothing is there to repeat")) };
        let copies = match (counted, max) {
            (false, _) => part.copies,
            (true, Some(0)) => 0,
            (true, max) => part.copies.saturating_mul(u64::from(max.unwrap_or(min).max(1))),
        };
        if counted && (min >= 2 || max.is_some_and(|max| max >= 2)) && copies > MAX_COPIES {
            return Err(Refusal::Invalid("something is repeated too often"));
        }
        let depth = part.depth + 1;
        check_depth(depth)?;
        let greedy = lazy == self.flags.swap_greed;
        let tree = Hir::repetition(Repetition { min, max, greedy, sub: Box::new(part.tree) });
        self.group.parts.push(Part { tree, copies, depth });
        Ok(())
    }

    /// An opening parenthesis, with what says how the group is read, or flags without a group.
    fn open(&mut self) -> Result<(), Refusal> {
        check_depth(self.outer.len())?;
        let Some(inside) = self.rest.strip_prefix("(?") else {
            self.skip(1);
            self.begin_capture(String::new());
            return Ok(());
        };
        let named = inside.strip_prefix("P<").or_else(|| inside.strip_prefix('<'));
        if let Some(named) = named {
            let Some((name, rest)) = named.split_once('>') else {
                return Err(Refusal::Invalid("the name of a group has no end"));
            };
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(Refusal::Invalid("the name of a group is not valid"));
            }
            self.rest = rest;
            self.begin_capture(name.to_owned());
            return Ok(());
        }
        let mut flags = self.flags;
        let (mut on, mut seen) = (true, false);
        for (index, c) in inside.char_indices() {
            match c {
                'i' => flags.fold_case = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_matches_newline = on,
                'U' => flags.swap_greed = on,
                '-' if on => {
                    on = false;
                    seen = false;
                    continue;
                }
                ':' | ')' if on || seen => {
                    self.rest = &inside[index + 1..];
                    if c == ':' {
                        self.begin(None);
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => break,
            }
            seen = true;
        }
        Err(Refusal::Invalid("the flags of a group are not valid"))
    }

    fn begin_capture(&mut self, name: String) {
        self.names.push(name);
        let number = u32::try_from(self.names.len()).ok();
        self.begin(number);
    }

    fn begin(&mut self, number: Option<u32>) {
        let group = Group { number, outside: self.flags, ..Group::default() };
        self.outer.push(std::mem::replace(&mut self.group, group));
    }

    fn close(&mut self) -> Result<(), Refusal> {
        let Some(outer) = self.outer.pop() else { return Err(Refusal::Invalid("a group is closed that is not open")) };
        let group = std::mem::replace(&mut self.group, outer);
        self.skip(1);
        self.flags = group.outside;
        let part = group.close();
        check_depth(part.depth)?;
        self.group.parts.push(part);
        Ok(())
    }
}

fn check_depth(depth: usize) -> Result<(), Refusal> {
    if depth > MAX_DEPTH { Err(Refusal::NotFollowed("a pattern nested that deeply is not followed")) } else { Ok(()) }
}

/// Reads `{2}`, `{2,}` or `{2,3}`; `None` where the brace stands for itself.
#[allow(clippy::type_complexity)]
fn counts(text: &str) -> Result<Option<(u32, Option<u32>, &str)>, Refusal> {
    let Some((inside, rest)) = text.strip_prefix('{').and_then(|text| text.split_once('}')) else { return Ok(None) };
    let number = |digits: &str| {
        let valid = digits.bytes().all(|c| c.is_ascii_digit()) && !digits.is_empty();
        let valid = valid && (digits.len() == 1 || !digits.starts_with('0'));
        valid.then(|| digits.parse::<u32>().unwrap_or(u32::MAX))
    };
    let (min, max) = match inside.split_once(',') {
        None => (number(inside), number(inside).map(Some)),
        Some((min, "")) => (number(min), Some(None)),
        Some((min, max)) => (number(min), number(max).map(Some)),
    };
    let (Some(min), Some(max)) = (min, max) else { return Ok(None) };
    if min > 1000 || max.is_some_and(|max| max > 1000 || max < min) {
        return Err(Refusal::Invalid("a repetition has counts that are not valid"));
    }
    Ok(Some((min, max, rest)))
}
