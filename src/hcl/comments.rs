//! The comments of a text in Terraform's language: what strings, templates and heredocs hold is none.

use std::ops::{Range, RangeInclusive};

/// A comment that ends with its line: `# …` or `// …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Byte range of what stands behind the mark.
    pub span: Range<usize>,
    /// Its line, from 1.
    pub line: usize,
    /// Nothing stands before it on its line.
    pub alone: bool,
}

/// The comments of a text, in its order. Comments between `/*` and `*/` are not among them.
pub fn comments(text: &str) -> Vec<Comment> {
    Scan::of(text).found
}

/// The lines, from 1, of each outermost block or pair of brackets in a text, in its order; one that is not closed ends with the
/// text.
pub fn blocks(text: &str) -> Vec<RangeInclusive<usize>> {
    Scan::of(text).blocks
}

/// What the scan stands in.
#[derive(Debug, Clone, Copy)]
enum Within {
    /// Code, with the number of brackets that are open in it.
    Code(usize),
    /// A string.
    Text,
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    line: usize,
    alone: bool,
    /// How many brackets are open, and the line of the outermost of them.
    depth: usize,
    opened: usize,
    found: Vec<Comment>,
    blocks: Vec<RangeInclusive<usize>>,
}

impl<'t> Scan<'t> {
    fn of(text: &'t str) -> Scan<'t> {
        let (found, blocks) = (Vec::new(), Vec::new());
        let mut scan = Scan { bytes: text.as_bytes(), at: 0, line: 1, alone: true, depth: 0, opened: 1, found, blocks };
        scan.run();
        if scan.depth > 0 {
            scan.blocks.push(scan.opened..=scan.line);
        }
        scan
    }

    fn starts(&self, with: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(with))
    }

    fn run(&mut self) {
        let mut within = vec![Within::Code(0)];
        while let Some(byte) = self.bytes.get(self.at).copied() {
            if byte == b'\n' {
                // A string ends with its line, whether it is closed or not.
                while matches!(within.last(), Some(Within::Text)) {
                    within.pop();
                }
                self.next_line();
                continue;
            }
            match within.last().copied().unwrap_or(Within::Code(0)) {
                Within::Text => self.text(byte, &mut within),
                Within::Code(open) => self.code(byte, open, &mut within),
            }
        }
    }

    fn next_line(&mut self) {
        self.at += 1;
        self.line += 1;
        self.alone = true;
    }

    fn text(&mut self, byte: u8, within: &mut Vec<Within>) {
        if self.starts(b"$${") || self.starts(b"%%{") {
            self.at += 3;
        } else if self.starts(b"${") || self.starts(b"%{") {
            within.push(Within::Code(0));
            self.at += 2;
        } else {
            if byte == b'"' {
                within.pop();
            }
            // What is escaped ends nothing; a line's end does.
            let escapes = byte == b'\\' && self.bytes.get(self.at + 1).is_some_and(|next| *next != b'\n');
            self.at += if escapes { 2 } else { 1 };
        }
    }

    fn code(&mut self, byte: u8, open: usize, within: &mut Vec<Within>) {
        if byte == b'#' || self.starts(b"//") {
            return self.comment(if byte == b'#' { 1 } else { 2 });
        }
        if self.starts(b"/*") {
            return self.block_comment();
        }
        if self.starts(b"<<") && self.heredoc() {
            return;
        }
        self.alone &= byte.is_ascii_whitespace();
        self.at += 1;
        let last = within.len() - 1;
        match byte {
            b'"' => within.push(Within::Text),
            b'{' | b'[' | b'(' => {
                within[last] = Within::Code(open + 1);
                if self.depth == 0 {
                    self.opened = self.line;
                }
                self.depth += 1;
            }
            // The end of what is put into a string.
            b'}' if open == 0 && last > 0 => {
                within.pop();
            }
            b'}' | b']' | b')' if open > 0 => {
                within[last] = Within::Code(open - 1);
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.blocks.push(self.opened..=self.line);
                }
            }
            _ => {}
        }
    }

    fn line_end(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at + memchr::memchr(b'\n', rest).unwrap_or(rest.len())
    }

    fn comment(&mut self, mark: usize) {
        let end = self.line_end();
        let span = self.at + mark..end;
        self.found.push(Comment { span, line: self.line, alone: self.alone });
        self.at = end;
    }

    fn block_comment(&mut self) {
        let rest = self.bytes.get(self.at + 2..).unwrap_or_default();
        let end = memchr::memmem::find(rest, b"*/").map_or(self.bytes.len(), |found| self.at + 2 + found + 2);
        self.line += self.bytes.get(self.at..end).unwrap_or_default().iter().filter(|b| **b == b'\n').count();
        self.alone = false;
        self.at = end;
    }

    /// Skips a heredoc, if one begins here.
    fn heredoc(&mut self) -> bool {
        let rest = self.bytes.get(self.at + 2..).unwrap_or_default();
        let rest = rest.strip_prefix(b"-").unwrap_or(rest);
        let is_space = |b: &&u8| b.is_ascii_whitespace() && **b != b'\n';
        let is_word = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') || !b.is_ascii();
        let start = rest.iter().take_while(is_space).count();
        let length = rest[start..].iter().take_while(is_word).count();
        let word = &rest[start..start + length];
        let behind = rest[start + length..].iter().find(|b| !is_space(b));
        if word.is_empty() || behind.is_some_and(|b| *b != b'\n') {
            return false;
        }
        self.at = self.line_end();
        while self.at < self.bytes.len() {
            self.next_line();
            let end = self.line_end();
            let line = self.bytes.get(self.at..end).unwrap_or_default();
            self.at = end;
            if line.trim_ascii() == word {
                break;
            }
        }
        self.alone = false;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, usize, bool)> {
        comments(text).into_iter().map(|c| (text[c.span].trim().to_owned(), c.line, c.alone)).collect()
    }

    #[test]
    fn a_line_of_signs_takes_no_longer_than_its_length() {
        let started = std::time::Instant::now();
        for sign in ["<", "<<a", "<<-a ", "<< "] {
            let text = sign.repeat((4 << 20) / sign.len());
            assert!(comments(&text).is_empty());
        }
        assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    }

    #[test]
    fn comments_stand_outside_strings_and_heredocs() {
        let text = "# a\nx = \"# no // no\" # b\n  // c\ny = \"${f(\"# no\") /* no */ }\" // d\n/* # no\n# no */ # e\n\
                    z = <<-EOT\n  # no\n  \" ${x # no\n  EOT\nw = 1 # f\nv = \"$${ # no\" # g\nu = \"\\\"# no\" # h";
        let expected = [
            ("a", 1, true),
            ("b", 2, false),
            ("c", 3, true),
            ("d", 4, false),
            ("e", 6, false),
            ("f", 11, false),
            ("g", 12, false),
            ("h", 13, false),
        ];
        let expected: Vec<_> = expected.iter().map(|(t, line, alone)| ((*t).to_owned(), *line, *alone)).collect();
        assert_eq!(found(text), expected);
    }

    #[test]
    fn outermost_blocks_are_known_by_their_lines() {
        let text =
            "a {\n  b = {\n    c = \"}\" # }\n  }\n}\n# y {\nd { e = [1] }\nf = <<E\n{\nE\ng = \"${h({\n})}\"\ni {\n";
        assert_eq!(blocks(text), [1..=5, 7..=7, 11..=12, 13..=14]);
    }

    #[test]
    fn no_text_is_too_broken() {
        for text in
            ["\"", "<<", "<<EOT", "<<EOT\n", "}}}", "\"${", "\"${\"${", "/*", "#", "//", "\\", "\"\\", "é\"#\"é#"]
        {
            comments(text);
            blocks(text);
        }
        assert_eq!(found("a = \"open # no\n# yes"), [("yes".to_owned(), 2, true)]);
    }
}
