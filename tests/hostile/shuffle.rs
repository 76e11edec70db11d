//! The same document, written otherwise.

use std::collections::BTreeSet;

use hcl::edit::Span;
use hcl::edit::structure::Body;

/// A JSON text with the entries of every object in reverse order and other space between its parts. Only for what is JSON.
pub fn json(text: &str) -> String {
    let mut scan = Scan { text: text.as_bytes(), at: 0 };
    scan.value()
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn space(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn taken(&self, from: usize) -> String {
        String::from_utf8(self.text[from..self.at].to_vec()).unwrap()
    }

    fn string(&mut self) -> String {
        let from = self.at;
        self.at += 1;
        while self.text[self.at] != b'"' {
            self.at += if self.text[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        self.taken(from)
    }

    fn items(&mut self, end: u8) -> Vec<String> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.space();
            match self.text[self.at] {
                b',' => self.at += 1,
                byte if byte == end => {
                    self.at += 1;
                    return items;
                }
                b'"' if end == b'}' => {
                    let key = self.string();
                    self.space();
                    self.at += 1;
                    items.push(format!("{key} :\t{}", self.value()));
                }
                _ => items.push(self.value()),
            }
        }
    }

    fn value(&mut self) -> String {
        self.space();
        match self.text[self.at] {
            b'{' => {
                let mut items = self.items(b'}');
                let key = |item: &String| serde_json::Deserializer::from_str(item).into_iter::<String>().next()?.ok();
                let keys: BTreeSet<Option<String>> = items.iter().map(key).collect();
                // Of two values of one key the last counts.
                if keys.len() == items.len() {
                    items.reverse();
                }
                format!("{{\n{}\r\n }}", items.join(" ,\n"))
            }
            b'[' => format!("[ {} ]", self.items(b']').join(",")),
            b'"' => self.string(),
            _ => {
                let from = self.at;
                while self.text.get(self.at).is_some_and(|b| !b",]} \n\r\t".contains(b)) {
                    self.at += 1;
                }
                self.taken(from)
            }
        }
    }
}

/// Whether a text is JSON at all.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// An HCL text with the blocks and attributes of its top level in reverse order and comments between them; `None` where it is
/// none.
pub fn hcl(text: &str) -> Option<String> {
    let body: Body = text.parse().ok()?;
    let parts: Option<Vec<&str>> = body.iter().map(|structure| text.get(structure.span()?)).collect();
    let mut parts = parts?;
    parts.reverse();
    Some(parts.iter().map(|part| format!("# a comment\n{part}\n\n")).collect())
}

/// Whether a text is HCL at all.
pub fn is_hcl(text: &str) -> bool {
    text.parse::<Body>().is_ok()
}
