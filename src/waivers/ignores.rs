//! Ignores in Terraform source and HCL definitions: `# openai-data-controls:ignore RULE until YYYY-MM-DD: reason`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::digest::sha256;
use crate::error::Error;
use crate::hcl::{blocks, comments};
use crate::location::{Location, Place, SourceMap};
use crate::settings::rule_hint;

/// How a comment begins that is an ignore.
const MARK: &str = "openai-data-controls:ignore";

/// An ignore as it is written.
#[derive(Debug, Clone)]
pub(super) struct Ignore {
    pub(super) rule: String,
    pub(super) reason: Option<String>,
    pub(super) expires: Option<String>,
    /// The line, from 1, that it covers.
    pub(super) covers: usize,
    pub(super) location: Location,
    /// Why it hides nothing, whatever it says.
    pub(super) void: Option<Void>,
}

/// Why an ignore hides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Void {
    /// It stands in a module that was downloaded.
    Downloaded,
    /// The revision that counts does not have it at this line.
    NotInRevision(String),
}

/// The texts of files in a revision.
pub(super) struct Base<'b> {
    pub(super) revision: &'b str,
    /// The text of the file with this path.
    pub(super) text: &'b dyn Fn(&str) -> Option<String>,
    /// The names of the files in the directory with this path; `None` where they can't be told.
    pub(super) names: &'b dyn Fn(&str) -> Option<Vec<String>>,
}

/// The ignores of all texts, and what is wrong with them: a rule that does not exist.
pub(super) fn read(map: &SourceMap, known: &[String], base: Option<&Base<'_>>) -> (Vec<Ignore>, Vec<Error>) {
    let (mut ignores, mut problems) = (Vec::new(), Vec::new());
    // The directories with files that override others: whether the revision has the same.
    let mut overrides: BTreeMap<&str, bool> = BTreeMap::new();
    let mut read: BTreeSet<&str> = BTreeSet::new();
    for (path, text) in map.texts().filter(|(path, _)| base.is_some() && is_override(path)) {
        let is_same = base.and_then(|base| (base.text)(path)).is_some_and(|old| old == text);
        *overrides.entry(directory(path)).or_insert(true) &= is_same;
        read.insert(path);
    }
    let mut listed: BTreeSet<&str> = BTreeSet::new();
    for (file, path, text) in map.written() {
        let written = written(text);
        if written.is_empty() {
            continue;
        }
        if let Some(base) = base.filter(|_| listed.insert(directory(path))) {
            // One that the revision alone has may have made an ignore there say nothing.
            let at = |name: &String| path.strip_suffix(file_name(path)).unwrap_or_default().to_owned() + name;
            let names = (base.names)(directory(path));
            let gone = |name: &String| is_override(name) && !read.contains(at(name).as_str());
            let is_gone = names.is_none_or(|names| names.iter().any(gone));
            *overrides.entry(directory(path)).or_insert(true) &= !is_gone;
        }
        let downloaded = path.split('/').any(|part| part == ".terraform");
        // How often the revision has each.
        let mut there: Option<BTreeMap<Key, usize>> = base.map(|base| {
            let mut counts = BTreeMap::new();
            if overrides.get(directory(path)).is_none_or(|same| *same) {
                let old = (base.text)(path).unwrap_or_default();
                let there = self::written(&old);
                let mut lines = Lines::of(&old, &there);
                there.iter().for_each(|one| *counts.entry(lines.key(one, &old)).or_default() += 1);
            }
            counts
        });
        let mut lines = Lines::of(text, &written);
        for one in &written {
            let location = map.location(&Place { file, span: one.span.clone() });
            let said = Said::of(text.get(one.span.clone()).unwrap_or_default());
            if !downloaded && !said.rule.is_empty() && !known.contains(&said.rule) {
                let error = Error::new(path, format!("there is no rule {:?}", said.rule)).at(location.clone());
                problems.push(error.help(rule_hint(&said.rule, known)));
            }
            let void = match (downloaded, base, there.as_mut().and_then(|there| there.get_mut(&lines.key(one, text)))) {
                (true, _, _) => Some(Void::Downloaded),
                (false, None, _) => None,
                (false, Some(_), Some(left)) if *left > 0 => {
                    *left -= 1;
                    None
                }
                (false, Some(base), _) => Some(Void::NotInRevision(base.revision.to_owned())),
            };
            let Said { rule, expires, reason } = said;
            ignores.push(Ignore { rule, reason, expires, covers: one.covers, location, void });
        }
    }
    (ignores, problems)
}

/// The directory of a path as reports show it.
fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a file overrides others of its directory.
fn is_override(path: &str) -> bool {
    let name = file_name(path);
    let name = name.strip_suffix(".json").unwrap_or(name);
    let stem = name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tofu"));
    stem.is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

/// Whether another text has a block that begins with the same line as the one around a line of this text, and holds that line.
pub(super) fn has_line(text: &str, line: usize, other: &str) -> bool {
    let lines = Lines::of(text, &[]);
    let Some(wanted) = lines.code.get(line.wrapping_sub(1)).map(|code| code.trim()) else { return false };
    let head = |lines: &Lines<'_>, line: usize| lines.code.get(line - 1).map(|code| code.trim().to_owned());
    let around = head(&lines, lines.around(line).0);
    let others = Lines::of(other, &[]);
    let same = |block: &&RangeInclusive<usize>| head(&others, *block.start()) == around;
    others
        .blocks
        .iter()
        .filter(same)
        .any(|block| block.clone().any(|number| others.code.get(number - 1).is_some_and(|code| code.trim() == wanted)))
}

/// A comment that is an ignore.
struct Written {
    span: std::ops::Range<usize>,
    covers: usize,
}

/// What makes two ignores the same wherever their file's lines have moved: what they say, the number of the line that they cover
/// in the block around it, and the digest of that block's code.
type Key = (String, usize, String);

/// The code of a text by its lines, without ignores, and its outermost blocks.
struct Lines<'t> {
    code: Vec<&'t str>,
    /// How many lines before each hold code, and before the end.
    before: Vec<usize>,
    blocks: Vec<RangeInclusive<usize>>,
    /// The digests of parts, by their first and last line.
    digests: BTreeMap<(usize, usize), String>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, ignores: &[Written]) -> Lines<'t> {
        let mut ignores = ignores.iter().map(|one| one.span.start).peekable();
        let mut at = 0;
        let code_of = |line: &'t str| {
            let start = at;
            at += line.len();
            let code = match ignores.next_if(|ignore| *ignore < at) {
                Some(ignore) => line.get(..ignore - start).unwrap_or(line).trim_end_matches(['#', '/']),
                None => line,
            };
            code.trim_end()
        };
        let code: Vec<&str> = text.split_inclusive('\n').map(code_of).collect();
        let mut before = vec![0];
        before.extend(code.iter().scan(0, |count, line| {
            *count += usize::from(!line.is_empty());
            Some(*count)
        }));
        Lines { code, before, blocks: blocks(text), digests: BTreeMap::new() }
    }

    /// The first and the last line of the block, or of those, that a line belongs to; the line itself where there is none.
    fn around(&self, line: usize) -> (usize, usize) {
        let from = self.blocks.partition_point(|block| *block.end() < line);
        let behind = self.blocks.partition_point(|block| *block.start() <= line);
        match self.blocks.get(from..behind) {
            Some([first, .., last]) => (line.min(*first.start()), line.max(*last.end())),
            Some([one]) => (*one.start(), *one.end()),
            Some([]) | None => (line, line),
        }
    }

    fn key(&mut self, one: &Written, text: &str) -> Key {
        let said = text.get(one.span.clone()).unwrap_or_default().trim().to_owned();
        let (first, last) = self.around(one.covers);
        let up_to = |line: usize| self.before.get(line).or(self.before.last()).copied().unwrap_or_default();
        let number = up_to(one.covers) - up_to(first - 1);
        let code = || self.code.iter().take(last).skip(first - 1).filter(|line| !line.is_empty());
        let digest = self.digests.entry((first, last));
        let digest = digest.or_insert_with(|| sha256([code().copied().collect::<Vec<_>>().join("\n").as_bytes()]));
        (said, number, digest.clone())
    }
}

fn written(text: &str) -> Vec<Written> {
    if memchr::memmem::find(text.as_bytes(), MARK.as_bytes()).is_none() {
        return Vec::new();
    }
    let is_ignore = |said: &str| {
        let rest = said.trim_start().strip_prefix(MARK);
        rest.is_some_and(|rest| rest.chars().next().is_none_or(char::is_whitespace))
    };
    let mut found: Vec<Written> = Vec::new();
    // From the end, so that of several on the lines above one all cover that.
    let mut below: Option<(usize, usize)> = None;
    for comment in comments(text).into_iter().rev().filter(|c| text.get(c.span.clone()).is_some_and(is_ignore)) {
        let covers = match below {
            _ if !comment.alone => comment.line,
            Some((line, covers)) if line == comment.line + 1 => covers,
            Some(_) | None => comment.line + 1,
        };
        below = comment.alone.then_some((comment.line, covers));
        found.push(Written { span: comment.span, covers });
    }
    found.reverse();
    found
}

/// What an ignore says, as far as it can be made out.
#[derive(Debug, PartialEq, Eq, Default)]
struct Said {
    rule: String,
    expires: Option<String>,
    reason: Option<String>,
}

impl Said {
    fn of(comment: &str) -> Said {
        let rest = comment.trim().strip_prefix(MARK).unwrap_or_default();
        let (head, reason) = match rest.split_once(':') {
            Some((head, reason)) => (head, Some(reason.trim().to_owned())),
            None => (rest, None),
        };
        let mut words = head.split_whitespace();
        let rule = words.next().unwrap_or_default().to_owned();
        let expires = match (words.next(), words.next(), words.next()) {
            (Some("until"), Some(day), None) => Some(day.to_owned()),
            _ => None,
        };
        Said { rule, expires, reason: reason.filter(|reason| !reason.is_empty()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_say_rule_day_and_reason() {
        let said = |rule: &str, expires: Option<&str>, reason: Option<&str>| Said {
            rule: rule.to_owned(),
            expires: expires.map(str::to_owned),
            reason: reason.map(str::to_owned),
        };
        for (comment, expected) in [
            (
                " openai-data-controls:ignore a/b until 2026-12-31: why: so",
                said("a/b", Some("2026-12-31"), Some("why: so")),
            ),
            ("openai-data-controls:ignore a/b until 2026-12-31 : why\r", said("a/b", Some("2026-12-31"), Some("why"))),
            ("openai-data-controls:ignore a/b: why", said("a/b", None, Some("why"))),
            ("openai-data-controls:ignore a/b until 2026-12-31", said("a/b", Some("2026-12-31"), None)),
            ("openai-data-controls:ignore a/b until 2026-12-31:", said("a/b", Some("2026-12-31"), None)),
            ("openai-data-controls:ignore a/b until soon and on: why", said("a/b", None, Some("why"))),
            ("openai-data-controls:ignore", Said::default()),
        ] {
            assert_eq!(Said::of(comment), expected, "{comment}");
        }
    }

    #[test]
    fn an_ignore_covers_its_line_or_the_one_below() {
        let text = "# openai-data-controls:ignore a/a until 2026-12-31: x\n# openai-data-controls:ignore a/b until 2026-12-31: x\n\
                    p {\n  q = 1 // openai-data-controls:ignore a/c until 2026-12-31: x\n\n\
                    \x20 # note: openai-data-controls:ignore a/d until 2026-12-31: x\n  # openai-data-controls:ignored\n}\n";
        let lines: Vec<usize> = written(text).iter().map(|one| one.covers).collect();
        assert_eq!(lines, [3, 3, 4]);
    }

    #[test]
    fn the_code_of_a_block_is_all_but_its_ignores() {
        let key = |text: &str| {
            let found = written(text);
            let mut lines = Lines::of(text, &found);
            found.first().map(|one| lines.key(one, text)).unwrap()
        };
        let ignore = "# openai-data-controls:ignore a/b until 2026-12-31: x";
        let block = |more: &str| format!("r \"a\" {{\n  s = <<EOT\n  export A=1\n{more}  EOT\n  t = 1 {ignore}\n}}\n");
        let base = key(&block(""));
        assert_eq!(key(&format!("\n# moved\n{}", block(""))), base);
        assert_eq!(key(&block("").replace("\n", "\r\n")), base);
        assert_eq!(key(&block("").replacen("r \"a\" {\n", &format!("r \"a\" {{\n  {ignore}\n"), 1)).2, base.2);
        for more in [
            "  export B=1\n",
            "  #openai-data-controls:ignore${\"\\n\"}export B=1\n",
            "//openai-data-controls:ignore; export B=1\n",
            "openai-data-controls:ignore\n",
        ] {
            assert_ne!(key(&block(more)), base, "{more}");
        }
    }

    #[test]
    fn many_blocks_in_the_line_of_many_ignores_take_no_longer_than_their_number() {
        let ignores = "# openai-data-controls:ignore a/b until 2026-12-31: x\n".repeat(20_000);
        let text = format!("{ignores}{}\n", "[]".repeat(100_000));
        let found = written(&text);
        let started = std::time::Instant::now();
        let mut lines = Lines::of(&text, &found);
        let keys: std::collections::BTreeSet<Key> = found.iter().map(|one| lines.key(one, &text)).collect();
        assert_eq!((found.len(), keys.len()), (20_000, 1));
        assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    }
}
