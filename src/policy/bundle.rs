//! The rule files: path, package and id are one thing.

use crate::edition::embedded_rules;
use crate::error::Error;
use crate::location::{Location, Position};
use crate::rule::{Rule, RuleId};

use super::metadata;

/// A Rego file.
#[derive(Debug, Clone)]
pub struct File {
    /// Path, with `/` between the parts.
    pub path: String,
    /// Text.
    pub text: String,
}

impl File {
    /// A place in the file.
    pub(super) fn at(&self, line: usize, column: usize) -> Location {
        let start = Position { line, column };
        Location { path: self.path.clone(), start, end: start }
    }
}

fn is_test(path: &str) -> bool {
    path.ends_with("_test.rego")
}

fn files(wanted: impl Fn(&str) -> bool) -> Vec<File> {
    let wanted = |(path, _): &&(&str, &str)| wanted(path);
    let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
    embedded_rules().iter().filter(wanted).map(file).collect()
}

/// The rules of the product, and the library that they use.
pub fn embedded() -> Vec<File> {
    files(|path| !is_test(path) && !path.ends_with("/main.rego"))
}

/// The same with their Rego tests. The entry point of gates that run OPA themselves, `main.rego`, is OPA's to test.
pub fn embedded_tests() -> Vec<File> {
    files(|path| !path.ends_with("/main.rego") && !path.ends_with("/main_test.rego"))
}

/// The package that a file's path asks for: `…/openai/residency/region_not_set.rego` is
/// `openai.residency.region_not_set`.
fn package_of(path: &str) -> String {
    let stem = path.strip_suffix(".rego").unwrap_or(path);
    let inner = stem.split_once("policies/").map_or(stem, |(_, rest)| rest);
    inner.replace('/', ".")
}

/// The ids of the rules that files hold, told from their paths.
pub fn rule_ids(files: &[File]) -> Vec<RuleId> {
    files.iter().filter(|f| !is_test(&f.path)).filter_map(|f| RuleId::of_package(&package_of(&f.path))).collect()
}

/// A file with the rule that it holds; a library holds none.
#[derive(Debug, Clone)]
pub(super) struct Source<'f> {
    pub(super) file: &'f File,
    pub(super) rule: Option<Rule>,
}

/// Files with what they say of themselves; one that says it wrongly is a problem and left out.
pub(super) fn sources(files: &[File]) -> (Vec<Source<'_>>, Vec<Error>) {
    let (mut sources, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        match rule_of(file) {
            Ok(rule) => sources.push(Source { file, rule }),
            Err(problem) => problems.push(problem),
        }
    }
    (sources, problems)
}

/// Files in at most `count` parts that can be loaded apart: each has all libraries and some of the rules. Rules that
/// refer to one another stay together.
pub(super) fn independent_parts(sources: Vec<Source<'_>>, count: usize) -> Vec<Vec<Source<'_>>> {
    let (rules, libraries): (Vec<Source<'_>>, Vec<Source<'_>>) = sources.into_iter().partition(|s| s.rule.is_some());
    let packages: Vec<String> = libraries.iter().map(|s| package_of(&s.file.path)).collect();
    let independent = rules.iter().all(|s| refers_only_to(&s.file.text, &packages));
    let count = if independent { count.clamp(1, rules.len().max(1)) } else { 1 };
    let mut parts = vec![libraries; count];
    for (number, rule) in rules.into_iter().enumerate() {
        parts[number % count].push(rule);
    }
    parts
}

/// Whether every `data.…` in a text is one of these packages.
fn refers_only_to(text: &str, packages: &[String]) -> bool {
    text.match_indices("data").all(|(at, word)| {
        let rest = &text[at + word.len()..];
        let path = match rest.strip_prefix('.') {
            Some(path) if path.starts_with(|c: char| c.is_alphabetic() || c == '_') => path,
            _ => return !rest.starts_with('['),
        };
        packages.iter().any(|package| {
            let behind = path.strip_prefix(package.as_str());
            behind.is_some_and(|b| !b.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    })
}

/// The rule that a file holds; `None` for a library.
///
/// # Errors
/// A package that is not the path's, missing or wrong METADATA.
pub(super) fn rule_of(file: &File) -> Result<Option<Rule>, Error> {
    let expected = package_of(&file.path);
    let stated = file.text.lines().enumerate().find_map(|(i, l)| Some((i + 1, l.strip_prefix("package ")?.trim())));
    let (line, package) = stated.unwrap_or((1, "missing"));
    if package != expected {
        return Err(Error::new(&file.path, format!("the package is {package}, but the path asks for {expected}"))
            .at(file.at(line, 1))
            .help("path, package and id of a rule are one thing: rename one of them"));
    }
    let Some(id) = RuleId::of_package(package) else { return Ok(None) };
    metadata::read(file, id, package).map(Some)
}

/// How deep brackets may stand in each other in a rule file: the engine's parser doubles its time with each level.
pub(super) const MAX_NESTING: usize = 12;

/// The first line on which brackets lie deeper than [`MAX_NESTING`]; strings and comments do not count.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut line) = (0_usize, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => line += 1,
            '#' => {
                while chars.peek().is_some_and(|c| *c != '\n') {
                    chars.next();
                }
            }
            '`' => {
                for c in chars.by_ref() {
                    line += usize::from(c == '\n');
                    if c == '`' {
                        break;
                    }
                }
            }
            '"' => {
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => {
                            chars.next();
                        }
                        '"' | '\n' => break,
                        _ => {}
                    }
                }
            }
            '(' | '[' | '{' => {
                depth += 1;
                if depth > MAX_NESTING {
                    return Some(line);
                }
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_refer_to_one_another_stay_together() {
        let file = |path: &str, text: &str| File { path: format!("policies/{path}.rego"), text: text.to_owned() };
        let library = file("openai/lib", "package openai.lib");
        let one = file("openai/a/one", "import data.openai.lib\n# of data. Then");
        let two = file("openai/a/two", "import data.openai.lib as l");
        let rule = crate::policy::list(&embedded()).0.pop();
        let parts = |files: &[File]| {
            let hold = |file: &File| RuleId::of_package(&package_of(&file.path)).and_then(|_| rule.clone());
            let sources = files.iter().map(|file| Source { file, rule: hold(file) }).collect();
            independent_parts(sources, 2).iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(parts(&[library.clone(), one.clone(), two.clone()]), [2, 2]);
        for text in ["import data.openai.a.one", "x := data.openai.a[y]", "x := data[y]", "import data.openai.library"]
        {
            assert_eq!(parts(&[library.clone(), one.clone(), file("openai/a/two", text)]), [3], "{text}");
        }
    }

    #[test]
    fn the_rules_of_the_product_are_independent() {
        let files = embedded();
        let (sources, problems) = sources(&files);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(independent_parts(sources, 2).len(), 2);
    }
}
