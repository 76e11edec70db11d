//! Examples of rules: what fails, passes and can't be decided, as a user would write it.

use std::path::{Path, PathBuf};

use super::directory::{EXAMPLES, MAX_BYTES};
use crate::edition::embedded_examples;
use crate::limits::read_text;
use crate::rule::RuleId;

/// An example of a rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Example {
    /// `fail`, `pass`, `unknown` or `silent`.
    pub kind: String,
    /// Its directory.
    pub path: String,
    /// The files that people write: name and text.
    pub files: Vec<ExampleFile>,
}

/// A file of an example.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ExampleFile {
    /// Name.
    pub name: String,
    /// Text.
    pub text: String,
}

/// One example of each kind, of a rule of the product.
pub fn examples(id: &RuleId) -> Vec<Example> {
    let prefix = format!("testdata/rules/{id}/");
    let mut found: Vec<Example> = Vec::new();
    for (path, text) in embedded_examples() {
        let Some((directory, name)) = path.strip_prefix(&prefix).and_then(|inner| inner.split_once('/')) else {
            continue;
        };
        add(&mut found, format!("{prefix}{directory}"), directory, name, text);
    }
    found
}

fn add(found: &mut Vec<Example>, path: String, directory: &str, name: &str, text: &str) {
    let file = ExampleFile { name: name.to_owned(), text: text.to_owned() };
    match found.iter_mut().find(|example| example.path == path) {
        Some(example) => example.files.push(file),
        None => {
            let kind = directory.split('-').next().unwrap_or_default().to_owned();
            found.push(Example { kind, path, files: vec![file] });
        }
    }
}

/// The examples of a rule of one's own, which lie in `examples/GROUP/NAME/` of its policy directory.
pub fn own_examples(directories: &[PathBuf], id: &RuleId) -> Vec<Example> {
    let mut found = Vec::new();
    for directory in directories {
        let root = directory.join(EXAMPLES).join(id.as_str());
        for example in entries(&root).into_iter().filter(|path| path.is_dir()) {
            let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            for file in entries(&example) {
                let shown = matches!(file.extension().and_then(|e| e.to_str()), Some("hcl" | "json" | "tf"));
                if let (true, Ok(text)) = (shown && !file.ends_with("plan.json"), read_text(&file, MAX_BYTES)) {
                    add(&mut found, example.display().to_string(), &name(&example), &name(&file), &text);
                }
            }
        }
    }
    found
}

/// The entries of a directory, sorted; none where it can't be read.
pub(crate) fn entries(directory: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(directory).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    found
}
