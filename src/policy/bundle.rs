//! The rule files: path, package and id are one thing.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use crate::digest::sha256;
use crate::edition::{self, embedded_digest, embedded_rules};
use crate::error::Error;
use crate::location::{Location, Position};
use crate::rule::{Rule, RuleId};

use super::stacks::on_large_stacks;
use super::{cores, metadata};

/// A Rego file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path, with `/` between the parts, as reports show it.
    pub path: String,
    /// Text.
    pub text: String,
    /// The package that its place in the policy directory asks for.
    package: String,
    /// Whether it is the user's, not the product's.
    own: bool,
    /// Whether it is embedded in the program, as it is.
    embedded: bool,
}

impl File {
    /// A file of the product: what lies behind `policies/` in its path is its package.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> File {
        let path = path.into();
        let package = package_of(path.split_once("policies/").map_or(path.as_str(), |(_, rest)| rest));
        File { path, text: text.into(), package, own: false, embedded: false }
    }

    /// A file of a policy directory, `relative` to it. The product's own package, `openai`, may lead the path or not.
    pub(super) fn of_directory(path: String, relative: &str, text: String) -> File {
        let inner = relative.strip_prefix(&format!("{PRODUCT}/")).unwrap_or(relative);
        File { path, text, package: format!("{PRODUCT}.{}", package_of(inner)), own: true, embedded: false }
    }

    /// The package that its place asks for.
    pub fn package(&self) -> &str {
        &self.package
    }

    /// The same file with another text.
    pub fn with_text(&self, text: impl Into<String>) -> File {
        File { text: text.into(), embedded: false, ..self.clone() }
    }

    /// Whether it is the user's, not the product's.
    pub fn is_own(&self) -> bool {
        self.own
    }

    /// Whether it is embedded in the program, as it is: tests hold that nothing is wrong with it.
    pub(super) fn is_embedded(&self) -> bool {
        self.embedded
    }

    /// The SHA-256 digest of its text, in hexadecimal; of an embedded text as the build script took it.
    pub fn sha256(&self) -> Cow<'_, str> {
        let is_of = |(path, text): &&(&str, &str)| *path == self.path && *text == self.text;
        let embedded = embedded_rules().iter().find(is_of).and_then(|(path, _)| embedded_digest(path));
        embedded.map_or_else(|| sha256([self.text.as_bytes()]).into(), Cow::Borrowed)
    }

    /// Whether it holds tests.
    pub fn is_test(&self) -> bool {
        is_test(&self.path)
    }

    /// The id of the rule that its place asks for; `None` for a library or a test.
    pub fn rule_id(&self) -> Option<RuleId> {
        if self.is_test() { None } else { RuleId::of_package(&self.package) }
    }

    /// A place in the file.
    pub(crate) fn at(&self, line: usize, column: usize) -> Location {
        let start = Position { line, column };
        Location { path: self.path.clone(), start, end: start }
    }
}

fn is_test(path: &str) -> bool {
    path.ends_with("_test.rego")
}

/// A file of the program as it is embedded.
fn embedded_file((path, text): (&str, &str)) -> File {
    File { embedded: true, ..File::new(path, text) }
}

/// What asks rules: what gates that run OPA themselves ask, and OPA alone, and what the table asks.
const ASKING: [&str; 5] = ["catalog", "main", "placed", "report", "verdicts"];

fn asks_rules(path: &str) -> bool {
    let stem = path.strip_prefix("policies/openai/").and_then(|inner| inner.strip_suffix(".rego"));
    stem.is_some_and(|stem| ASKING.contains(&stem.strip_suffix("_test").unwrap_or(stem)))
}

/// The rules of the product, and the libraries that they use.
pub fn embedded() -> Vec<File> {
    embedded_rules().iter().copied().filter(|(path, _)| !asks_rules(path)).map(embedded_file).collect()
}

/// The same with their Rego tests.
pub fn embedded_tests() -> Vec<File> {
    let all = embedded_rules().iter().copied().chain(edition::embedded_tests());
    let mut files: Vec<File> = all.filter(|(path, _)| !asks_rules(path)).map(embedded_file).collect();
    files.sort_by(|a, b| Path::new(&a.path).cmp(Path::new(&b.path)));
    files
}

/// What the table asks rules by.
pub fn embedded_placed() -> Vec<File> {
    let placed = embedded_rules().iter().copied().filter(|(path, _)| *path == "policies/openai/placed.rego");
    placed.map(embedded_file).collect()
}

/// Every file of the product that is no test, what gates that run OPA ask among them.
pub fn embedded_for_gates() -> Vec<File> {
    embedded_rules().iter().copied().map(embedded_file).collect()
}

/// The package that all rules lie in.
pub(super) const PRODUCT: &str = "openai";

/// The packages of the product's files.
pub(super) fn packages() -> impl Iterator<Item = String> {
    embedded_rules().iter().copied().map(|file| embedded_file(file).package)
}

/// `openai/residency/region_not_set.rego` is `openai.residency.region_not_set`.
fn package_of(path: &str) -> String {
    path.strip_suffix(".rego").unwrap_or(path).replace('/', ".")
}

/// The rules in files with the libraries that they need: what is asked with nothing but facts.
pub fn asked_with_facts(files: &[File]) -> Vec<File> {
    needed(files, |file| file.rule_id().is_some()).into_iter().cloned().collect()
}

/// The ids of the rules that files hold, told from their paths.
pub fn rule_ids(files: &[File]) -> Vec<RuleId> {
    files.iter().filter_map(File::rule_id).collect()
}

/// A file with the rule that it holds; a library holds none.
#[derive(Debug, Clone)]
pub(super) struct Source<'f> {
    pub(super) file: &'f File,
    pub(super) rule: Option<Rule>,
}

/// Files with what they say of themselves; one that says it wrongly is a problem and left out.
pub(super) fn sources(files: &[File]) -> (Vec<Source<'_>>, Vec<Error>) {
    // METADATA is YAML, which takes as long as the rest of loading a rule: each part is read on a thread of its own. That of
    // the product's own rules was read by the build script.
    let read = |part: &[File]| part.iter().map(rule_of).collect::<Vec<_>>();
    let rules = if files.iter().all(File::is_embedded) {
        read(files)
    } else {
        let parts = files.chunks(files.len().div_ceil(cores()).max(1));
        match on_large_stacks(parts.map(|part| move || read(part))) {
            Ok(parts) => parts.into_iter().flatten().collect(),
            Err(problem) => return (Vec::new(), vec![problem]),
        }
    };
    let (mut sources, mut problems) = (Vec::new(), Vec::new());
    for (file, rule) in files.iter().zip(rules) {
        match rule {
            Ok(rule) => sources.push(Source { file, rule }),
            Err(problem) => problems.push(problem),
        }
    }
    (sources, problems)
}

/// Whether no file refers to a rule: a library may carry a rule on to those that use it.
pub(super) fn are_independent(sources: &[Source<'_>]) -> bool {
    if sources.iter().all(|source| source.file.is_embedded() && !asks_rules(&source.file.path)) {
        // A test holds that.
        return true;
    }
    let libraries = sources.iter().filter(|s| s.rule.is_none());
    let packages: Vec<&str> = libraries.map(|s| s.file.package.as_str()).collect();
    sources.iter().all(|s| refers_only_to(&s.file.text, &packages))
}

/// Files in at most `count` parts that can be loaded apart: each has some of the rules and the libraries that they need.
/// Rules that refer to one another stay together.
pub(super) fn independent_parts(sources: Vec<Source<'_>>, count: usize) -> Vec<Vec<Source<'_>>> {
    let independent = are_independent(&sources);
    let (rules, libraries): (Vec<Source<'_>>, Vec<Source<'_>>) = sources.into_iter().partition(|s| s.rule.is_some());
    if !independent {
        return vec![libraries.into_iter().chain(rules).collect()];
    }
    let count = count.clamp(1, rules.len().max(1));
    let mut parts: Vec<Vec<Source<'_>>> = vec![Vec::new(); count];
    for (number, rule) in rules.into_iter().enumerate() {
        parts[number % count].push(rule);
    }
    for part in &mut parts {
        let texts = part.iter().map(|source| source.file.text.as_str());
        let needed = libraries_of(texts.collect(), libraries.iter().map(|library| library.file));
        let needed = libraries.iter().filter(|library| needed.contains(library.file.package.as_str()));
        part.splice(0..0, needed.cloned().collect::<Vec<_>>());
    }
    parts
}

/// The packages of the libraries that texts refer to, directly or through one another.
fn libraries_of<'f>(mut texts: Vec<&'f str>, libraries: impl Iterator<Item = &'f File> + Clone) -> BTreeSet<&'f str> {
    let mut needed = BTreeSet::new();
    while let Some(text) = texts.pop() {
        for library in libraries.clone() {
            if text.contains(&format!("data.{}", library.package)) && needed.insert(library.package.as_str()) {
                texts.push(&library.text);
            }
        }
    }
    needed
}

/// The files that are asked, with the libraries that they need.
pub(super) fn needed(files: &[File], is_asked: impl Fn(&File) -> bool) -> Vec<&File> {
    let texts = files.iter().filter(|file| is_asked(file)).map(|file| file.text.as_str());
    let libraries = files.iter().filter(|file| file.rule_id().is_none() && !file.is_test());
    let needed = libraries_of(texts.collect(), libraries);
    files.iter().filter(|file| is_asked(file) || needed.contains(file.package.as_str())).collect()
}

/// The file of a library with the libraries and rules that it needs.
pub(super) fn needed_by<'f>(files: &'f [File], library: &str) -> Vec<&'f File> {
    let texts = files.iter().filter(|file| file.package() == library).map(|file| file.text.as_str());
    let rules = libraries_of(texts.collect(), files.iter().filter(|file| file.rule_id().is_some() && !file.is_test()));
    needed(files, |file| file.package() == library || rules.contains(file.package()))
}

/// Whether every `data.…` in a text is one of these packages.
fn refers_only_to(text: &str, packages: &[&str]) -> bool {
    text.match_indices("data").all(|(at, word)| {
        let rest = &text[at + word.len()..];
        let path = match rest.strip_prefix('.') {
            Some(path) if path.starts_with(|c: char| c.is_alphabetic() || c == '_') => path,
            _ => return !rest.starts_with('['),
        };
        packages.iter().any(|package| {
            let behind = path.strip_prefix(*package);
            behind.is_some_and(|b| !b.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    })
}

/// The rule that a file holds; `None` for a library.
///
/// # Errors
/// A package that is not the path's, missing or wrong METADATA.
pub(super) fn rule_of(file: &File) -> Result<Option<Rule>, Error> {
    wrong_package(file)?;
    let Some(id) = RuleId::of_package(&file.package) else { return Ok(None) };
    metadata::read(file, id, &file.package).map(Some)
}

/// What to do where package and path differ.
pub(super) const RENAME: &str = "path, package and id of a rule are one thing: rename one of them";

/// Holds the package that a file states to its path.
///
/// # Errors
/// A package that is not the path's, or none.
pub fn wrong_package(file: &File) -> Result<(), Error> {
    let expected = file.package.as_str();
    // Nothing but comments stands before it.
    let mut lines = file.text.lines().map(str::trim).enumerate();
    let first = lines.find(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let stated = first.and_then(|(i, line)| Some((i + 1, line.strip_prefix("package ")?)));
    let (line, package) =
        stated.map_or((1, "missing"), |(line, rest)| (line, rest.split('#').next().unwrap_or(rest).trim()));
    if package == expected {
        return Ok(());
    }
    Err(Error::new(&file.path, format!("the package is {package}, but the path asks for {expected}"))
        .at(file.at(line, 1))
        .help(RENAME))
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
        let file = |path: &str, text: &str| File::new(format!("policies/{path}.rego"), text);
        let library = file("openai/lib", "package openai.lib");
        let one = file("openai/a/one", "import data.openai.lib\n# of data. Then");
        let two = file("openai/a/two", "import data.openai.lib as l");
        let rule = crate::policy::list(&embedded()).0.pop();
        let parts = |files: &[File]| {
            let hold = |file: &File| file.rule_id().and_then(|_| rule.clone());
            let sources = files.iter().map(|file| Source { file, rule: hold(file) }).collect();
            independent_parts(sources, 2).iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(parts(&[library.clone(), one.clone(), two.clone()]), [2, 2]);
        for text in ["import data.openai.a.one", "x := data.openai.a[y]", "x := data[y]", "import data.openai.library"]
        {
            assert_eq!(parts(&[library.clone(), one.clone(), file("openai/a/two", text)]), [3], "{text}");
        }
        let own = file("openai/helpers", "import data.openai.a.one");
        let user = file("openai/a/two", "import data.openai.helpers");
        assert_eq!(parts(&[library.clone(), own, one.clone(), user]), [4], "by way of a library");
    }

    #[test]
    fn the_rules_of_the_product_are_independent() {
        let files = embedded();
        let (sources, problems) = sources(&files);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(independent_parts(sources, 2).len(), 2);
        let others: Vec<File> = files.iter().map(|file| file.with_text(file.text.clone())).collect();
        assert!(are_independent(&super::sources(&others).0));
        assert!(!are_independent(&super::sources(&embedded_for_gates()).0));
    }
}
