//! Where in a text a comment may stand, whatever its language is.

use std::ops::Range;

/// Signs that begin a comment of any length, and those that end it: of C, XML, PowerShell.
const BLOCKS: [(&str, &str); 3] = [("/*", "*/"), ("<!--", "-->"), ("<#", "#>")];

/// The parts of a text that may be comments.
pub(super) struct Comments<'t> {
    text: &'t str,
    /// Those of each kind, in their order.
    blocks: [Vec<Range<usize>>; BLOCKS.len()],
}

impl<'t> Comments<'t> {
    /// Looks for those of a text that end.
    pub(super) fn of(text: &'t str) -> Comments<'t> {
        let blocks = BLOCKS.map(|(begin, end)| {
            let (mut blocks, mut from) = (Vec::new(), 0);
            while let Some(start) = text[from..].find(begin).map(|at| from + at)
                && let Some(length) = text[start + begin.len()..].find(end)
            {
                from = start + begin.len() + length + end.len();
                blocks.push(start..from);
            }
            blocks
        });
        Comments { text, blocks }
    }

    /// Whether what follows a part of the text may stand in a comment. The part begins in its line.
    pub(super) fn may_hold(&self, before: &str) -> bool {
        let first = before.split_whitespace().next().unwrap_or_default();
        let begins_line = first.starts_with(';') || first.eq_ignore_ascii_case("rem") || first == "::";
        let begins_word = |sign: &str| {
            let mut found = before.match_indices(sign);
            found.any(|(at, _)| before[..at].ends_with(char::is_whitespace))
        };
        begins_line || begins_word("#") || begins_word("//") || self.is_in_block(before)
    }

    fn is_in_block(&self, before: &str) -> bool {
        // Where it stands in the text that it is a part of.
        let at = (before.as_ptr() as usize + before.len()).wrapping_sub(self.text.as_ptr() as usize);
        self.blocks.iter().any(|blocks| {
            let behind = blocks.partition_point(|block| block.start <= at);
            blocks[..behind].last().is_some_and(|block| block.contains(&at))
        })
    }
}
