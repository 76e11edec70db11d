//! Where things stand: the only place that counts lines.
//!
//! Readers work with byte ranges ([`Place`]); lines and columns are counted when somebody asks for a [`Location`].
//! A [`SourceMap`] goes around the policies: a rule names a subject and an attribute, and the map tells afterwards
//! where that attribute was written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use schemars::JsonSchema;
use serde::Serialize;

use crate::secret::{holds_key, holds_password, writes_secret};

/// A point in a text: line and column, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: usize,
}

/// A stretch of a file; `end` is the first position behind it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Location {
    /// Path relative to the working directory where it lies below it, with `/` between the parts; `-` is standard input.
    pub path: String,
    /// First character.
    pub start: Position,
    /// First position behind it.
    pub end: Position,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.start.line, self.start.column)
    }
}

/// One file of a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// A byte range in a file of a [`SourceMap`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Byte offsets in its text.
    pub span: Range<usize>,
}

/// Turns byte offsets of one text into positions. Built once for a text, then a binary search for each question.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// Characters before each block of [`BLOCK`] bytes: a plan is one line, so columns can be far out.
    characters: Vec<usize>,
}

const BLOCK: usize = 1024;

/// The characters that start in some bytes.
fn count(bytes: &[u8]) -> usize {
    // In steps of less than 256, so that a byte can hold the sum of each.
    let of = |step: &[u8]| usize::from(step.iter().map(|b| u8::from((*b & 0xc0) != 0x80)).sum::<u8>());
    bytes.chunks(128).map(of).sum()
}

impl LineIndex {
    /// Finds the line starts of `text`; lines end with `\n` (a `\r` before it belongs to the line).
    pub fn new(text: &str) -> LineIndex {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1));
        let mut characters = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            characters.push(characters.last().unwrap_or(&0) + count(block));
        }
        LineIndex { starts, characters }
    }

    /// How many characters start before byte `offset` of `text`.
    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..offset).unwrap_or_default();
        self.characters.get(block).copied().unwrap_or(0) + count(rest)
    }

    /// The line (from 1) that byte `offset` stands in.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1)
    }

    /// The position of byte `offset` of `text`, the text that this index was made from. An offset past the end, or
    /// inside a character, is moved back to the nearest one that is not.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line(offset);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let column = self.characters_before(text, offset) - self.characters_before(text, start) + 1;
        Position { line, column }
    }

    /// The byte range of a line (from 1) without its line ending.
    pub fn line_span(&self, text: &str, line: usize) -> Range<usize> {
        let start = line.checked_sub(1).and_then(|i| self.starts.get(i)).copied().unwrap_or(text.len());
        let end = self.starts.get(line).map_or(text.len(), |next| next.saturating_sub(1));
        let end = if text.get(start..end).is_some_and(|l| l.ends_with('\r')) { end - 1 } else { end };
        start..end.max(start)
    }
}

/// Bytes of the longest line that reports quote.
const MOST_QUOTED: usize = 240;

#[derive(Debug)]
struct SourceFile {
    path: String,
    text: Arc<String>,
    lines: Arc<OnceLock<LineIndex>>,
    quotable: bool,
    hidden: BTreeSet<usize>,
}

impl SourceFile {
    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// The texts of a run, and for each subject and attribute the places where it was written.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    /// The readings of each path.
    by_path: BTreeMap<String, Vec<FileId>>,
    places: BTreeMap<String, BTreeMap<String, Vec<Place>>>,
    /// Files that were read and are none of the inputs.
    besides: Vec<String>,
}

impl SourceMap {
    /// Takes a text under the path that reports show.
    pub fn add_file(&mut self, path: &str, text: Arc<String>) -> FileId {
        self.files.push(SourceFile {
            path: path.to_owned(),
            text,
            lines: Arc::default(),
            quotable: false,
            hidden: BTreeSet::new(),
        });
        let file = FileId(self.files.len() - 1);
        self.by_path.entry(path.to_owned()).or_default().push(file);
        file
    }

    /// The index of a file's lines, to be filled in before it is asked for; [`LineIndex::new`] makes it.
    pub fn line_index(&self, file: FileId) -> Arc<OnceLock<LineIndex>> {
        self.files.get(file.0).map(|f| f.lines.clone()).unwrap_or_default()
    }

    /// Lets reports quote lines of a file. Plans are never quoted: sensitive values stand in them in clear.
    pub fn allow_quotes(&mut self, file: FileId) {
        if let Some(file) = self.files.get_mut(file.0) {
            file.quotable = true;
        }
    }

    /// Keeps the lines of a place out of reports: a sensitive value may stand there.
    pub fn hide(&mut self, place: &Place) {
        if let Some(file) = self.files.get_mut(place.file.0) {
            let lines = file.lines.get_or_init(|| LineIndex::new(&file.text));
            let (first, last) = (lines.line(place.span.start), lines.line(place.span.end.min(file.text.len())));
            file.hidden.extend(first..=last);
        }
    }

    /// The text at a place: to look into, not to show.
    pub fn slice(&self, place: &Place) -> Option<&str> {
        self.files.get(place.file.0)?.text.get(place.span.clone())
    }

    /// The path of a file as reports show it.
    pub fn path(&self, file: FileId) -> &str {
        self.files.get(file.0).map_or("", |f| f.path.as_str())
    }

    /// Notes a file that was read besides the inputs.
    pub fn note_read(&mut self, path: &str) {
        self.besides.push(path.to_owned());
    }

    /// The paths of all files that were read, as reports show them.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str()).chain(self.besides.iter().map(String::as_str))
    }

    /// The texts of all files, with their paths.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|file| (file.path.as_str(), file.text.as_str()))
    }

    /// The texts that people wrote in HCL, with their paths, each once.
    pub fn written(&self) -> impl Iterator<Item = (FileId, &str, &str)> {
        let mut seen = BTreeSet::new();
        let is_hcl = |text: &str| !text.trim_start().starts_with(['{', '[']);
        let files = self.files.iter().enumerate().filter(move |(_, f)| f.quotable && is_hcl(&f.text));
        let files = files.filter(move |(_, f)| seen.insert(f.path.as_str()));
        files.map(|(number, f)| (FileId(number), f.path.as_str(), f.text.as_str()))
    }

    /// Notes where `attribute` of `subject` is written; an empty attribute is the subject itself. Later places of one
    /// attribute come behind earlier ones.
    pub fn record(&mut self, subject: &str, attribute: &str, place: Place) {
        let attributes = match self.places.get_mut(subject) {
            Some(attributes) => attributes,
            None => self.places.entry(subject.to_owned()).or_default(),
        };
        attributes.entry(attribute.to_owned()).or_default().push(place);
    }

    /// The places of `attribute` of `subject`: those of the nearest thing that has one, so that a missing
    /// `zdr_amendment.executed_on` is shown at `zdr_amendment`, or else at the subject.
    pub fn places(&self, subject: &str, attribute: &str) -> &[Place] {
        let Some(attributes) = self.places.get(subject) else {
            return &[];
        };
        let mut name = attribute;
        loop {
            if let Some(places) = attributes.get(name) {
                return places;
            }
            if name.is_empty() {
                return &[];
            }
            name = name.rfind('.').map_or("", |dot| name.get(..dot).unwrap_or(""));
        }
    }

    /// The places of exactly this attribute, if it was written anywhere.
    pub fn exact(&self, subject: &str, attribute: &str) -> &[Place] {
        self.places.get(subject).and_then(|attributes| attributes.get(attribute)).map_or(&[], Vec::as_slice)
    }

    /// Line and column of a place.
    pub fn location(&self, place: &Place) -> Location {
        let Some(file) = self.files.get(place.file.0) else {
            let nowhere = Position { line: 1, column: 1 };
            return Location { path: String::new(), start: nowhere, end: nowhere };
        };
        Location {
            path: file.path.clone(),
            start: file.lines().position(&file.text, place.span.start),
            end: file.lines().position(&file.text, place.span.end),
        }
    }

    /// The text of a line (from 1) of the file with this path, if reports may quote it: 240 bytes of it at most, since a longer
    /// one shows nothing, and a whole file may stand on one line.
    pub fn quote(&self, path: &str, line: usize) -> Option<&str> {
        let mut read = self.by_path.get(path)?.iter().filter_map(|file| self.files.get(file.0));
        // What one reading of the file keeps back, no other one shows.
        if read.clone().any(|f| f.hidden.contains(&line)) {
            return None;
        }
        let file = read.find(|f| f.quotable)?;
        file.text
            .get(file.lines().line_span(&file.text, line))
            .filter(|line| line.len() <= MOST_QUOTED)
            // What is marked as sensitive stands in clear where it is marked.
            .filter(|line| !(holds_key(line) || holds_password(line) || writes_secret(line) || calls_sensitive(line)))
    }
}

/// Whether a line calls `sensitive()`, or a function whose name ends so; the language takes space before the parenthesis.
fn calls_sensitive(line: &str) -> bool {
    line.match_indices("sensitive").any(|(at, name)| line[at + name.len()..].trim_start().starts_with('('))
}

/// A path as reports show it: relative to `working_directory` where it lies below it, with `/` between the parts, and
/// without a leading `./`.
pub fn display_path(path: &Path, working_directory: &Path) -> String {
    let path = if path.is_absolute() { path.strip_prefix(working_directory).unwrap_or(path) } else { path };
    let mut shown = String::new();
    for part in path.components() {
        let text = match part {
            std::path::Component::CurDir => continue,
            std::path::Component::RootDir => {
                shown.push('/');
                continue;
            }
            std::path::Component::ParentDir => "..".into(),
            std::path::Component::Normal(name) => name.to_string_lossy(),
            std::path::Component::Prefix(prefix) => prefix.as_os_str().to_string_lossy(),
        };
        if !shown.is_empty() && !shown.ends_with('/') {
            shown.push('/');
        }
        shown.push_str(&text);
    }
    if shown.is_empty() { ".".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\né = \"ü\"\r\nlast";
        let index = LineIndex::new(text);
        let offset = text.find('"').unwrap();
        assert_eq!(index.position(text, offset), Position { line: 2, column: 5 });
        assert_eq!(index.position(text, offset + 2), Position { line: 2, column: 6 }, "inside ü: moved back to it");
        assert_eq!(index.position(text, 999), Position { line: 3, column: 5 });
        assert_eq!(&text[index.line_span(text, 2)], "é = \"ü\"");
        assert_eq!(index.line_span(text, 9), text.len()..text.len());
    }

    #[test]
    fn columns_far_out_are_counted_like_near_ones() {
        let text = format!("{}\n{}x", "é".repeat(3000), "aü€".repeat(2000));
        let index = LineIndex::new(&text);
        for offset in [0, 1024, 2048, 6000, 6001, 7000, 9999, text.len() - 1] {
            let position = index.position(&text, offset);
            let mut at = offset;
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let line_start = text[..at].rfind('\n').map_or(0, |i| i + 1);
            assert_eq!(position.column, text[line_start..at].chars().count() + 1, "{offset}");
        }
    }

    #[test]
    fn a_missing_attribute_is_shown_at_the_nearest_thing() {
        let mut map = SourceMap::default();
        let file = map.add_file("a.hcl", Arc::new("organization {\n}\n".to_owned()));
        map.record("organization", "", Place { file, span: 0..12 });
        assert_eq!(map.places("organization", "zdr_amendment.executed_on").len(), 1);
        assert!(map.places("other", "x").is_empty());
        assert_eq!(map.location(&map.places("organization", "x")[0]).to_string(), "a.hcl:1:1");
    }

    #[test]
    fn a_line_that_one_reading_hides_no_reading_shows() {
        let mut map = SourceMap::default();
        let text = Arc::new("a = 1\nb = 2\n".to_owned());
        let files = [0, 1].map(|_| map.add_file("main.tf", text.clone()));
        files.iter().for_each(|file| map.allow_quotes(*file));
        assert_eq!(map.quote("main.tf", 2), Some("b = 2"));
        map.hide(&Place { file: files[0], span: 6..7 });
        assert_eq!((map.quote("main.tf", 1), map.quote("main.tf", 2)), (Some("a = 1"), None));
    }

    #[test]
    fn lines_that_are_long_or_mark_a_value_are_not_quoted() {
        for (line, is_quoted) in [
            ("a = 1".to_owned(), true),
            (format!("a = \"{}\"", "x".repeat(MOST_QUOTED - 6)), true),
            (format!("a = \"{}\"", "x".repeat(MOST_QUOTED - 5)), false),
            ("a = nonsensitive(sensitive(\"x\")) == 1".to_owned(), false),
            ("a = nonsensitive (sensitive\t(\"x\")) == 1".to_owned(), false),
            ("sensitive = true".to_owned(), true),
        ] {
            let mut map = SourceMap::default();
            let file = map.add_file("main.tf", Arc::new(line.clone()));
            map.allow_quotes(file);
            assert_eq!(map.quote("main.tf", 1).is_some(), is_quoted, "{line}");
        }
    }

    #[test]
    fn shown_paths_are_relative_with_slashes() {
        let here = Path::new("/work/repo");
        for (given, shown) in [
            ("./a/b.json", "a/b.json"),
            ("/work/repo/a.json", "a.json"),
            ("/etc/x", "/etc/x"),
            ("../x", "../x"),
            (".", "."),
        ] {
            assert_eq!(display_path(Path::new(given), here), shown);
        }
    }
}
