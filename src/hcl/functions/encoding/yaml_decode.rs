//! Reading YAML.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};

use super::yaml_odd::{has_odd_names, is_odd_flow, may_be_flow, odd};
use super::yaml_scalar::{STANDARD, Scalar, as_string, resolve};
use crate::hcl::failure::{Evaluated, Failure};
use crate::hcl::functions::{MAX_ITEMS, text_of};
use crate::hcl::types::Type;
use crate::hcl::value::{Entries, Value};

/// How deep collections may lie in each other.
const MAX_DEPTH: usize = 128;

/// A YAML text with one document: its value, of objects, tuples, strings, numbers and bools.
pub(super) fn decode(arguments: &[Value]) -> Evaluated {
    let text = text_of(arguments, 0);
    let unknown = |why: &str| Ok(Value::unknown(Type::Any, why));
    if let Some(why) = odd(text) {
        return unknown(why);
    }
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        source: Source { text, index: 0, offset: 0 },
        span: Span::default(),
        flow: false,
        plain_names: None,
        anchors: BTreeMap::new(),
        open: Vec::new(),
        values: 0,
        deepest: 0,
    };
    match reader.document() {
        Ok(value) => Ok(value),
        Err(Stop::Wrong(why)) => Failure::err(why),
        Err(Stop::NotFollowed(why)) => unknown(why),
    }
}

/// Why there is no value.
enum Stop {
    /// It is refused.
    Wrong(&'static str),
    /// It is not followed.
    NotFollowed(&'static str),
}

const ODD_FLOW: Stop = Stop::NotFollowed("a collection in brackets of that form is not followed");
const ODD_BLOCK: Stop = Stop::NotFollowed("a block of text of that form is not followed");
const LARGE: Stop = Stop::NotFollowed("larger than is followed");

/// A value with a name.
struct Anchored {
    value: Value,
    /// How many values it holds.
    size: usize,
    /// How deep it goes.
    height: usize,
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    source: Source<'a>,
    /// Where the last event stands.
    span: Span,
    /// Inside brackets.
    flow: bool,
    /// What [`Reader::names_are_plain`] found.
    plain_names: Option<bool>,
    /// Values with a name, by the parser's number for it.
    anchors: BTreeMap<usize, Anchored>,
    /// Those that are being read.
    open: Vec<usize>,
    /// How many values were read, those of aliases counted again.
    values: usize,
    /// How deep the value that is being read goes.
    deepest: usize,
}

impl<'a> Reader<'a> {
    fn next_event(&mut self) -> Result<Event<'a>, Stop> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.span = span;
                Ok(event)
            }
            _ => Err(Stop::NotFollowed("the YAML text is broken, or of a form that is not followed")),
        }
    }

    fn document(&mut self) -> Result<Value, Stop> {
        self.next_event()?;
        if !matches!(self.next_event()?, Event::DocumentStart(_)) {
            return Err(Stop::Wrong("there is no YAML document"));
        }
        let event = self.next_event()?;
        let value = self.value(event, 0)?;
        self.next_event()?;
        match self.next_event()? {
            Event::StreamEnd => Ok(value),
            _ => Err(Stop::Wrong("there is more than one YAML document")),
        }
    }

    fn value(&mut self, event: Event<'a>, depth: usize) -> Result<Value, Stop> {
        self.values += 1;
        if self.values > MAX_ITEMS || depth > MAX_DEPTH {
            return Err(LARGE);
        }
        let before = self.values;
        let deepest = std::mem::replace(&mut self.deepest, depth);
        if let Event::Alias(_)
        | Event::Scalar(_, _, 1.., _)
        | Event::SequenceStart(1.., _)
        | Event::MappingStart(1.., _) = event
            && !self.names_are_plain()
        {
            return Err(Stop::NotFollowed("the name of an anchor is not followed"));
        }
        let (anchor, value) = match event {
            Event::Alias(anchor) => (0, self.alias(anchor, depth)?),
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag_text(tag.as_deref());
                let text = self.without_added_break(text, style, depth)?;
                let value = match self.scalar(&tag, &text, style)? {
                    // Only a key merges.
                    None => Value::string(text),
                    Some(value) if tag.is_some() || style == ScalarStyle::Plain => value,
                    Some(value) => as_string(&value).unwrap_or(value),
                };
                (anchor, value)
            }
            Event::SequenceStart(anchor, tag) => {
                if tag_text(tag.as_deref()).is_some_and(|tag| tag.strip_prefix(STANDARD) != Some("seq")) {
                    return Err(Stop::Wrong("a tag does not go with a sequence"));
                }
                (anchor, self.collection(anchor, |reader| reader.sequence(depth))?)
            }
            Event::MappingStart(anchor, tag) => {
                if tag_text(tag.as_deref()).is_some_and(|tag| tag.strip_prefix(STANDARD) != Some("map")) {
                    return Err(Stop::Wrong("a tag does not go with a mapping"));
                }
                (anchor, self.collection(anchor, |reader| reader.mapping(depth))?)
            }
            _ => return Err(Stop::Wrong("a value is missing")),
        };
        if anchor > 0 {
            let (size, height) = (self.values - before + 1, self.deepest - depth);
            self.anchors.insert(anchor, Anchored { value: value.clone(), size, height });
        }
        self.deepest = self.deepest.max(deepest);
        Ok(value)
    }

    /// Whether the names of all anchors and aliases are followed.
    fn names_are_plain(&mut self) -> bool {
        *self.plain_names.get_or_insert_with(|| !has_odd_names(self.source.text))
    }

    /// Reads a collection that begins with the last event.
    fn collection(
        &mut self,
        anchor: usize,
        read: impl FnOnce(&mut Self) -> Result<Value, Stop>,
    ) -> Result<Value, Stop> {
        let start = self.source.offset_of(self.span.start.index());
        let outermost = !self.flow && may_be_flow(&self.source.text[start..]);
        self.flow |= outermost;
        self.open.push(anchor);
        let value = match read(self) {
            Err(Stop::Wrong(_)) if self.flow => return Err(ODD_FLOW),
            other => other?,
        };
        self.open.pop();
        if outermost {
            self.flow = false;
            let end = self.source.offset_of(self.span.end.index());
            if is_odd_flow(self.source.text.get(start..end).unwrap_or_default()) {
                return Err(ODD_FLOW);
            }
        }
        Ok(value)
    }

    /// A block of text without the line break that the parser adds where the whole text ends without one.
    /// One that is a document of its own, and the last before spaces, are not followed.
    fn without_added_break(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        depth: usize,
    ) -> Result<Cow<'a, str>, Stop> {
        if !is_block(style) {
            return Ok(text);
        }
        let whole = self.source.text;
        if depth == 0 || (whole.ends_with(' ') && whole.trim_end_matches(' ').ends_with('\n')) {
            return Err(ODD_BLOCK);
        }
        if whole.ends_with('\n') || self.source.offset_of(self.span.end.index()) < whole.len() {
            return Ok(text);
        }
        Ok(match text.strip_suffix('\n') {
            Some(text) => Cow::Owned(text.to_owned()),
            None => text,
        })
    }

    fn alias(&mut self, anchor: usize, depth: usize) -> Result<Value, Stop> {
        if self.open.contains(&anchor) {
            return Err(Stop::Wrong("an alias stands inside of what it means"));
        }
        let Some(Anchored { value, size, height }) = self.anchors.get(&anchor) else {
            return Err(Stop::Wrong("an alias has no anchor"));
        };
        self.values += size;
        self.deepest = self.deepest.max(depth + height);
        if self.deepest > MAX_DEPTH {
            return Err(LARGE);
        }
        Ok(value.clone())
    }

    /// The value of a scalar; `None` for the key that merges.
    fn scalar(&self, tag: &Option<String>, text: &str, style: ScalarStyle) -> Result<Option<Value>, Stop> {
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        match resolve(tag.as_deref(), text, quoted) {
            Scalar::Value(value) => Ok(Some(value)),
            Scalar::Merge => Ok(None),
            Scalar::Wrong(why) => Err(Stop::Wrong(why)),
            Scalar::NotFollowed(why) => Err(Stop::NotFollowed(why)),
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            match self.next_event()? {
                Event::SequenceEnd => return Ok(Value::tuple(items)),
                event => items.push(self.value(event, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, Stop> {
        let mut entries = Entries::new();
        loop {
            let key = match self.next_event()? {
                Event::MappingEnd => return Ok(Value::object(entries)),
                Event::Scalar(_, _, 1.., _) => return Err(Stop::NotFollowed("a key with an anchor is not followed")),
                Event::Scalar(_, style, ..) if is_block(style) => return Err(ODD_BLOCK),
                Event::Scalar(..) if self.flow && self.span.start.line() != self.span.end.line() => {
                    return Err(ODD_FLOW);
                }
                Event::Scalar(text, style, _, tag) => self.scalar(&tag_text(tag.as_deref()), &text, style)?,
                _ => return Err(Stop::Wrong("a key is not a string")),
            };
            let event = self.next_event()?;
            let value = self.value(event, depth + 1)?;
            let Some(key) = key else {
                let Some(merged) = value.as_entries() else {
                    return Err(Stop::Wrong("only a mapping can be merged into another"));
                };
                self.values += merged.len();
                entries.extend(merged.iter().map(|(key, value)| (key.clone(), value.clone())));
                continue;
            };
            let Some(key) = as_string(&key).filter(|key| !key.is_null()) else {
                return Err(Stop::Wrong("a key is null"));
            };
            entries.insert(Arc::from(key.as_str().unwrap_or_default()), value);
        }
    }
}

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}

/// The text, and the place of one character in it, up to which it was gone through.
struct Source<'a> {
    text: &'a str,
    index: usize,
    offset: usize,
}

impl Source<'_> {
    /// The offset in bytes of a character at or behind the last one that was asked for.
    fn offset_of(&mut self, index: usize) -> usize {
        if index > self.index {
            let rest = &self.text[self.offset..];
            let length = rest.char_indices().nth(index - self.index).map_or(rest.len(), |(at, _)| at);
            self.offset += length;
            self.index = index;
        }
        self.offset
    }
}

/// A tag as one text.
fn tag_text(tag: Option<&Tag>) -> Option<String> {
    tag.map(|tag| format!("{}{}", tag.handle, tag.suffix))
}

#[cfg(test)]
mod tests {
    use crate::hcl::functions::encoding::shown_of;

    #[test]
    fn documents() {
        // As `terraform console` prints them, where they are known.
        let cases = [
            (
                "a: 1\nb: [x, 'y', \"z\"]\nc:\n  - d: ~\n    e: yes\n",
                r#"{"a":1,"b":["x","y","z"],"c":[{"d":null,"e":true}]}"#,
            ),
            ("a: &x {k: 1}\nb:\n  <<: *x\n  l: 2\n", r#"{"a":{"k":1},"b":{"k":1,"l":2}}"#),
            ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", r#"{"a":"x\ny\n","b":"x y"}"#),
            ("a: |\n  x", r#"{"a":"x"}"#),
            (
                "a: 0x1F\nb: 0o17\nc: 1_000\nd: 017\ne: .5\nf: 1e3\ng: -0\n",
                r#"{"a":31,"b":15,"c":"1_000","d":17,"e":0.5,"f":1000,"g":-0}"#,
            ),
            (
                "a: 2001-01-02\nb: 2001-1-2 3:4:5\nc: 2001-01-02T03:04:05.5+01:00\n",
                r#"{"a":"2001-01-02T00:00:00Z","b":"2001-01-02T03:04:05Z","c":"2001-01-02T03:04:05+01:00"}"#,
            ),
            (
                "a: !!str 5\nb: !!int \"5\"\nc: !!binary YQ==\nd: !!float 1\ne: !!null x\n",
                r#"{"a":"5","b":"5","c":"YQ==","d":1,"e":null}"#,
            ),
            ("1: a\n1.0: b\ntrue: c\n", r#"{"1":"b","true":"c"}"#),
            ("a: 1\na: 2\n", r#"{"a":2}"#),
            ("", "ERR"),
            ("# x\n", "ERR"),
            ("a: b\n---\nc: d\n", "ERR"),
            ("~: a", "ERR"),
            ("- *a", "unknown"),
            ("a: &a [*a]", "unknown"),
            ("a: &a\n  - *a\n", "ERR"),
            ("a: !foo 1", "ERR"),
            ("a: .nan", "ERR"),
            ("a: .inf", "unknown"),
            ("? - a\n: b", "ERR"),
            ("<<: [a]", "ERR"),
            ("a: |-\n  5\nb: |-\n  true\n", r#"{"a":"5","b":"true"}"#),
            ("5", "5"),
            ("null", "null"),
            (r#"{"a": [1, {"b": null}], "c": "d"}"#, r#"{"a":[1,{"b":null}],"c":"d"}"#),
            ("'<<': {a: 1}\nb: <<\n", r#"{"a":1,"b":"\u003c\u003c"}"#),
            ("a: 'it''s'\nb: \"\\x41\\u00e9\\n\"\n", r#"{"a":"it's","b":"Aé\n"}"#),
            ("a: [b, c", "unknown"),
            ("%YAML 1.1\n---\na: b\n", "unknown"),
            ("a: [b?c]", "unknown"),
            ("a: \tb", "unknown"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown_of("yamldecode", &[text]), expected, "{text:?}");
        }
    }

    #[test]
    fn large_and_deep_documents_are_not_followed() {
        let mut laughs = "a0: &a0 [x]\n".to_owned();
        for level in 1..40 {
            let below = level - 1;
            laughs.push_str(&format!("a{level}: &a{level} [*a{below}, *a{below}, *a{below}]\n"));
        }
        assert_eq!(shown_of("yamldecode", &[&laughs]), "unknown");
        let mut chain = "a0: &a0 [x]\n".to_owned();
        for level in 1..5000 {
            chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
        }
        assert_eq!(shown_of("yamldecode", &[&chain]), "unknown");
        for deep in ["[".repeat(20_000), "- ".repeat(20_000), "a:\n".repeat(300_000)] {
            assert_eq!(shown_of("yamldecode", &[&deep]), "unknown");
        }
    }
}
