//! `.openai-data-controls.hcl`: how a repository wants to be checked. Read strictly.

mod find;
mod waivers;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::digest::sha256;
use crate::document::{Fields, Label, Labelled, Node, Spanned, SyntaxError, parse_hcl};
use crate::edition;
use crate::error::Error;
use crate::git::Revision;
use crate::input::mapping::{self, Forks};
use crate::location::{FileId, Location, Place, SourceMap};
use crate::rule::Severity;
pub(crate) use find::find_above;
pub use find::{check_revision, find};
pub use waivers::{Acknowledgement, Waiver, rule_hint};

/// The file's name.
pub const FILE_NAME: &str = crate::input::SETTINGS;

const LABELLED: [Labelled; 4] = [
    Labelled { block: "rule", into: "rules", label: Label::Key },
    Labelled { block: "provider", into: "providers", label: Label::Key },
    waivers::WAIVER,
    waivers::UNCHECKED,
];

/// Settings of a run.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The file, as reports show it.
    pub path: String,
    /// Digest of its bytes, in hex.
    pub sha256: String,
    /// Name of the edition, or the path of its file.
    pub edition: Option<String>,
    /// Where the edition is named.
    pub edition_at: Option<Location>,
    /// The severity from which a violation fails the run.
    pub fail_on: Option<Severity>,
    /// Directories with rules of one's own: paths in the settings are relative to their file, and these lead to the same place
    /// from everywhere.
    pub policies: Vec<PathBuf>,
    /// Definitions that hold for every input, likewise.
    pub organization: Vec<PathBuf>,
    /// Providers that are read as another.
    pub forks: Forks,
    /// Rule id → what is set for it.
    pub rules: BTreeMap<String, RuleSettings>,
    /// What is excused.
    pub waivers: Vec<Waiver>,
    /// What can't be checked, and need not be.
    pub acknowledgements: Vec<Acknowledgement>,
}

/// What settings say of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleSettings {
    /// Another severity.
    pub severity: Option<Severity>,
    /// False: the rule has no findings.
    pub enabled: Option<bool>,
    /// False: no waiver covers its findings.
    pub waivable: Option<bool>,
}

/// Reads a settings file, with a revision as that has it. `known_rules` gives the ids of the rules that there are, with those
/// of the policy directories that it is given.
///
/// # Errors
/// Every problem of the file, each with its place.
pub fn read(
    path: &Path,
    known_rules: &mut dyn FnMut(&[PathBuf]) -> Vec<String>,
    working_directory: &Path,
    revision: Option<&Revision>,
) -> Result<Settings, Vec<Error>> {
    let (bytes, shown) = find::load(path, working_directory, revision).map_err(|problem| vec![problem])?;
    let sha256 = sha256([bytes.as_slice()]);
    let text: Arc<String> = match String::from_utf8(bytes) {
        Ok(text) => Arc::new(text.trim_start_matches('\u{feff}').to_owned()),
        Err(_) => {
            return Err(vec![Error::new(&shown, "the settings are not UTF-8").help("write the file as UTF-8")]);
        }
    };
    let mut map = SourceMap::default();
    let file = map.add_file(&shown, text.clone());
    let read = parse_hcl(&text, &LABELLED).map_err(|problem| vec![problem]).and_then(|node| {
        let mut settings = Settings { path: shown.clone(), sha256, ..Settings::default() };
        let at = |span| map.location(&Place { file, span });
        let problems = fields(&node, known_rules, path, working_directory, &at, &mut settings);
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    });
    read.map_err(|problems| problems.into_iter().map(|p| error(&shown, p, file, &map)).collect())
}

/// The largest settings file, in bytes.
const MAX_BYTES: u64 = 1 << 20;

fn error(shown: &str, problem: SyntaxError, file: FileId, map: &SourceMap) -> Error {
    let error = problem.told_of(shown, file, map);
    Error { help: error.help.as_deref().map(in_words_of_the_file), ..error }
}

/// A hint with the words of blocks, which are collected under others.
fn in_words_of_the_file(help: &str) -> String {
    LABELLED.iter().fold(help.to_owned(), |help, labelled| {
        let Some(list) = help.strip_prefix("known are ") else {
            return help.replace(&format!("{:?}", labelled.into), &format!("{:?}", labelled.block));
        };
        let words = list.split(", ").map(|word| if word == labelled.into { labelled.block } else { word });
        format!("known are {}", words.collect::<Vec<_>>().join(", "))
    })
}

fn fields(
    node: &Node,
    known_rules: &mut dyn FnMut(&[PathBuf]) -> Vec<String>,
    path: &Path,
    working_directory: &Path,
    at: &dyn Fn(Range<usize>) -> Location,
    settings: &mut Settings,
) -> Vec<SyntaxError> {
    let mut fields = match Fields::new(node, "the settings") {
        Ok(fields) => fields,
        Err(problem) => return vec![problem],
    };
    let severities = Severity::ALL.map(Severity::name);
    let directory = working_directory.join(path).parent().map(Path::to_owned).unwrap_or_default();
    let edition = fields.take_string("edition");
    settings.edition_at = edition.as_ref().map(|named| at(named.span.clone()));
    settings.edition = edition.map(|named| match named.value {
        path if edition::is_path(&path) => directory.join(path).display().to_string(),
        name => name,
    });
    settings.fail_on = fields.take_word("fail_on", &severities).and_then(|s| s.value.parse().ok());
    let mut paths = |key| {
        let list: Option<Spanned<Vec<Spanned<String>>>> = fields.take_strings(key);
        list.into_iter().flat_map(|list| list.value).map(|item| directory.join(item.value)).collect()
    };
    settings.policies = paths("policies");
    settings.organization = paths("organization");
    let known = known_rules(&settings.policies);
    if let Some(providers) = fields.take_map("providers") {
        let known: Vec<&str> = mapping::providers().collect();
        for entry in providers.value {
            if !entry.key.contains('/') {
                let help = "write its address: provider \"acme/openai\" { mapping = \"openai/openai\" }".to_owned();
                fields.problem(entry.key_span.clone(), format!("{:?} is no provider's address", entry.key), Some(help));
            }
            let mapped = fields.within(&entry.node, &entry.key, |f| {
                let mapping = f.take_word("mapping", &known);
                if mapping.is_none() && f.lacks("mapping") {
                    f.problem(entry.key_span.clone(), format!("provider {:?} needs a \"mapping\"", entry.key), None);
                }
                mapping
            });
            if let Some(mapped) = mapped.flatten() {
                settings.forks.0.insert(entry.key.clone(), mapped.value);
            }
        }
    }
    if let Some(rules) = fields.take_map("rules") {
        for entry in rules.value {
            waivers::check_rule(&mut fields, &entry.key, entry.key_span.clone(), &known);
            let rule = fields.within(&entry.node, &entry.key, |f| RuleSettings {
                severity: f.take_word("severity", &severities).and_then(|s| s.value.parse().ok()),
                enabled: f.take_bool("enabled").map(|b| b.value),
                waivable: f.take_bool("waivable").map(|b| b.value),
            });
            settings.rules.insert(entry.key.clone(), rule.unwrap_or_default());
        }
    }
    settings.waivers = waivers::waivers(&mut fields, &known, at);
    settings.acknowledgements = waivers::acknowledgements(&mut fields, at);
    fields.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Settings, Vec<String>> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE_NAME);
        std::fs::write(&path, text).unwrap();
        let read = read(&path, &mut |_| vec!["residency/region-not-set".to_owned()], directory.path(), None);
        read.map_err(|e| e.iter().map(Error::to_string).collect())
    }

    #[test]
    fn settings_are_read() {
        let settings = read_text(
            "edition = \"2026-03\"\nfail_on = \"high\"\norganization = [\"org.hcl\"]\nrule \"residency/region-not-set\" { severity = \"low\" }\n",
        )
        .unwrap();
        assert_eq!(settings.edition.as_deref(), Some("2026-03"));
        assert_eq!(settings.fail_on, Some(Severity::High));
        assert!(settings.organization[0].ends_with("org.hcl"));
        assert_eq!(settings.rules["residency/region-not-set"].severity, Some(Severity::Low));
    }

    #[test]
    fn every_mistake_has_its_place() {
        let problems =
            read_text("editon = \"x\"\nfail_on = \"hihg\"\nrule \"residency/region-not-sett\" {}\n").unwrap_err();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems.iter().any(|p| p.contains(":1:1: unknown key \"editon\"") && p.contains("\"edition\"")));
        assert!(problems.iter().any(|p| p.contains(":2:11:") && p.contains("\"high\"")));
        assert!(problems.iter().any(|p| p.contains(":3:6:") && p.contains("region-not-set\"")));
    }

    #[test]
    fn settings_are_looked_for_up_to_the_repository() {
        let directory = tempfile::tempdir().unwrap();
        let root = std::fs::canonicalize(directory.path()).unwrap();
        let inner = root.join("repo/a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(root.join("repo").join(FILE_NAME), "").unwrap();
        assert_eq!(find(std::slice::from_ref(&inner), &root, None).unwrap(), None, "no repository: beside it only");
        std::fs::create_dir(root.join("repo/.git")).unwrap();
        assert_eq!(find(std::slice::from_ref(&inner), &root, None).unwrap(), Some(root.join("repo").join(FILE_NAME)));
        let (from, to) = (root.join("repo/a"), Some(PathBuf::from("..").join(FILE_NAME)));
        assert_eq!(find(std::slice::from_ref(&inner), &from, None).unwrap(), to, "from inside: the way up");
        std::fs::write(inner.join(FILE_NAME), "").unwrap();
        assert!(find(&[inner, root.join("repo/a")], &root, None).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn settings_that_are_no_file_are_not_passed_over() {
        let directory = tempfile::tempdir().unwrap();
        let root = std::fs::canonicalize(directory.path()).unwrap();
        let inner = root.join("inner");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::create_dir(root.join(".git")).unwrap();
        std::fs::write(root.join(FILE_NAME), "").unwrap();
        let place = inner.join(FILE_NAME);
        for make in [
            |place: &Path| std::os::unix::fs::symlink("nowhere", place).unwrap(),
            |place: &Path| std::fs::create_dir(place).unwrap(),
        ] {
            make(&place);
            let found = find(std::slice::from_ref(&inner), &root, None).unwrap();
            assert_eq!(found.as_ref(), Some(&place));
            assert!(read(&place, &mut |_| Vec::new(), &root, None).is_err());
            std::fs::remove_file(&place).or_else(|_| std::fs::remove_dir(&place)).unwrap();
        }
    }
}
