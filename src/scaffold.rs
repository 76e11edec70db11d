//! `rules --scaffold`: a new rule with its test and its examples, which verify at once.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::location::display_path;
use crate::policy::{self, EXAMPLES};

/// Writes the rule `group/name` with its test and its examples into a policy directory; gives what was written.
///
/// # Errors
/// A name that can't be a rule's, one of the product's own, a file that is already there or can't be written.
pub fn scaffold(id: &str, directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let (group, name) = names(id)?;
    let of_product = policy::rule_ids(&policy::embedded_for_gates());
    if of_product.iter().any(|known| known.as_str() == format!("{group}/{name}").replace('_', "-")) {
        let help = "choose another name: rules of the product are set in the settings, not replaced";
        return Err(Error::new(id, "a rule of the product has this id").help(help));
    }
    let is_taken = |file: &policy::File| file.package() == format!("openai.{group}") && file.rule_id().is_none();
    if group == "openai" || policy::embedded_for_gates().iter().any(is_taken) {
        let help = "choose another group: what lies in it would stand in the shadow of the product";
        return Err(Error::new(id, format!("the product has a package called {group}")).help(help));
    }
    let working_directory = std::env::current_dir().unwrap_or_default();
    let examples = directory.join(EXAMPLES).join(&group).join(name.replace('_', "-"));
    let package = format!("openai.{group}.{name}");
    let files = [
        (directory.join(&group).join(format!("{name}.rego")), RULE.replace("PACKAGE", &package)),
        (directory.join(&group).join(format!("{name}_test.rego")), TEST.replace("PACKAGE", &package)),
        (examples.join("fail-none").join("openai.hcl"), FAIL.to_owned()),
        (examples.join("pass-default").join("openai.hcl"), PASS.to_owned()),
        (examples.join("unknown-variable").join("main.tf"), UNKNOWN.to_owned()),
    ];
    let shown = |path: &Path| display_path(path, &working_directory);
    if let Some((there, _)) = files.iter().find(|(path, _)| path.exists()) {
        let help = "nothing was written; choose another name, or take the file away";
        return Err(Error::new(shown(there), "the file is already there").help(help));
    }
    for (path, _) in &files {
        let unmade = |e: std::io::Error| {
            let help = "no file was written; give a policy directory that can be written to";
            Error::new(shown(path), format!("its directory can't be made: {e}")).help(help)
        };
        path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(unmade)?;
    }
    create_all(&files)
        .map_err(|(path, e)| Error::new(shown(path), format!("can't be written: {e}")).help("nothing was written"))?;
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// Writes new files, all of them or none. A file that is there stays as it is, and is an error.
pub(crate) fn create_all(files: &[(PathBuf, String)]) -> Result<(), (&Path, std::io::Error)> {
    let create = |path: &Path, text: &str| {
        let mut file = std::fs::File::options().write(true).create_new(true).open(path)?;
        std::io::Write::write_all(&mut file, text.as_bytes()).inspect_err(|_| drop(std::fs::remove_file(path)))
    };
    for (number, (path, text)) in files.iter().enumerate() {
        if let Err(e) = create(path, text) {
            files.iter().take(number).for_each(|(written, _)| drop(std::fs::remove_file(written)));
            return Err((path, e));
        }
    }
    Ok(())
}

/// Group and name as they stand in a package.
fn names(id: &str) -> Result<(String, String), Error> {
    let wrong = |why: &str| {
        let help = "GROUP/NAME of small letters, digits, `-` or `_`, each beginning with a letter, such as acme/region-allowed";
        Error::new(id, format!("this can't be the id of a rule: {why}")).help(help)
    };
    let Some((group, name)) = id.split_once('/') else { return Err(wrong("there is no group")) };
    let part = |part: &str| {
        let text = part.replace('-', "_");
        let first = text.starts_with(|c: char| c.is_ascii_lowercase());
        let rest = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        (first && rest && text.len() <= 100).then_some(text).ok_or_else(|| wrong(&format!("{part:?} is no name")))
    };
    let (group, name) = (part(group)?, part(name)?);
    if name.ends_with("_test") {
        return Err(wrong("names that end with test are those of tests"));
    }
    if group == EXAMPLES {
        return Err(wrong("the directory of that name holds examples"));
    }
    if let Some(word) = [&group, &name].into_iter().find(|part| KEYWORDS.contains(&part.as_str())) {
        return Err(wrong(&format!("{word} is a word of the language")));
    }
    if [&group, &name].into_iter().any(|part| part == "lib") {
        return Err(wrong("rules call the product's library lib"));
    }
    Ok((group, name))
}

/// Words that can't be part of a package.
const KEYWORDS: [&str; 17] = [
    "as", "contains", "data", "default", "else", "every", "false", "if", "import", "in", "input", "not", "null",
    "package", "some", "true", "with",
];

const RULE: &str = include_str!("scaffold/rule.txt");
const TEST: &str = include_str!("scaffold/rule_test.txt");
const FAIL: &str = include_str!("scaffold/fail.hcl");
const PASS: &str = include_str!("scaffold/pass.hcl");
const UNKNOWN: &str = include_str!("scaffold/unknown.tf");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_written_or_none() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| (directory.path().join(name), name.to_owned());
        std::fs::write(directory.path().join("there"), "as it was").unwrap();
        let files = [at("one"), at("two"), at("there"), at("three")];
        assert_eq!(create_all(&files).unwrap_err().0, files[2].0);
        let names: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["there"]);
        assert_eq!(std::fs::read_to_string(&files[2].0).unwrap(), "as it was");
        create_all(&files[..2]).unwrap();
        assert_eq!(std::fs::read_to_string(&files[1].0).unwrap(), "two");
    }
}
