//! The values of root variables, in the order in which Terraform takes them: environment, `terraform.tfvars`,
//! `terraform.tfvars.json`, `*.auto.tfvars` and `*.auto.tfvars.json` by name, then files and assignments of the command line
//! as they were given.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::declarations::{Declarations, Variable};
use super::evaluate::Scope;
use super::sources::{Sources, without_mark};
use super::syntax::{self, Expression, Kind};
use super::tree::{Given, ROOT, Tree};
use super::undeclared;
use super::value::Value;
use crate::digest::sha256;
use crate::document::{MAX_HCL_BYTES, Node, parse_json};
use crate::error::{Error, nearest};
use crate::limits::read_file;
use crate::location::{FileId, Place, SourceMap, display_path};

/// What the command line and the environment say of variables.
#[derive(Debug, Clone, Default)]
pub struct VariableInputs {
    /// `--var` and `--var-file`, in the order given.
    pub given: Vec<VariableInput>,
    /// `TF_VAR_…` of the environment, by the variable's name; empty where they are not asked for.
    pub environment: BTreeMap<String, String>,
    /// The name of the workspace.
    pub workspace: Option<String>,
}

impl VariableInputs {
    /// What is wrong with the options where no source takes them: files that can't be read, and what is no assignment.
    pub fn wrong(&self, working_directory: &Path) -> Vec<Error> {
        let wrong = |input: &VariableInput| match input {
            VariableInput::Assignment(text) => (!text.contains('=')).then(|| no_assignment(text)),
            VariableInput::File(path) => {
                let full = working_directory.join(path);
                text_of(&full).1.err().map(|why| no_values(&display_path(&full, working_directory), why))
            }
        };
        self.given.iter().filter_map(wrong).collect()
    }
}

fn no_assignment(text: &str) -> Error {
    Error::new(format!("--var {text}"), "expected NAME=VALUE").help("write --var 'region=EU'")
}

fn no_values(shown: &str, why: String) -> Error {
    Error::new(shown, why).help("give a file of values for variables (.tfvars)")
}

/// The digest of a file of values, where its bytes can be read, and its text.
fn text_of(path: &Path) -> (Option<String>, Result<String, String>) {
    let bytes = read_file(path, MAX_HCL_BYTES as u64).map_err(|e| format!("can't be read: {e}"));
    let digest = bytes.as_ref().ok().map(|bytes| sha256([bytes.as_slice()]));
    (digest, bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|e| format!("is not UTF-8: {e}"))))
}

/// One option of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableInput {
    /// `NAME=VALUE`
    Assignment(String),
    /// A file.
    File(PathBuf),
}

/// What was read of the values for variables.
#[derive(Default)]
pub(super) struct Read {
    pub(super) given: Given,
    /// What is wrong with them.
    pub(super) problems: Vec<Error>,
    /// What is worth knowing: files of values that are not read, values of which no variable is declared, with their place.
    pub(super) notes: Vec<String>,
    /// Of the files that were read.
    pub(super) digests: Vec<String>,
}

/// Reads the values for the variables that a root module declares.
pub(super) fn read(
    directory: Option<&Path>,
    root: &Declarations,
    inputs: &VariableInputs,
    working_directory: &Path,
    map: &mut SourceMap,
) -> Read {
    let mut reading = Reading {
        root,
        working_directory,
        map,
        values: BTreeMap::new(),
        read: Read::default(),
        undeclared: Vec::new(),
    };
    for (name, text) in &inputs.environment {
        if root.variables.contains_key(name.as_str()) {
            reading.assign(name, text, &format!("TF_VAR_{name}"));
        }
    }
    match directory.map(Files::of) {
        None => {}
        Some(Ok(files)) => {
            files.automatic.iter().for_each(|file| reading.file(file));
            // Who names files chose among them.
            let is_file = |input: &VariableInput| matches!(input, VariableInput::File(_));
            if !root.variables.is_empty() && !inputs.given.iter().any(is_file) {
                reading.read.notes.extend(passed_over(&files.others));
            }
        }
        Some(Err(why)) => {
            let shown = directory.map(|directory| display_path(directory, working_directory)).unwrap_or_default();
            // Where its declarations can't be listed either, that is told.
            if root.incomplete.is_none() {
                let wrong = Error::new(&shown, format!("can't be read: {why}"));
                reading.read.problems.push(wrong.help("let the user of this run read the directory"));
            }
            reading.hide(&shown);
        }
    }
    for input in &inputs.given {
        match input {
            VariableInput::File(path) => reading.file(&working_directory.join(path)),
            VariableInput::Assignment(text) => match text.split_once('=') {
                Some((name, value)) => {
                    let what = format!("--var {name}");
                    if name.ends_with(' ') {
                        let wrong = Error::new(what, format!("the name {name:?} ends with a space"));
                        reading.read.problems.push(wrong.help("write --var 'region=EU', without spaces around the ="));
                    } else if root.variables.contains_key(name) || root.incomplete.is_some() {
                        reading.assign(name, value, &what);
                    } else {
                        reading.undeclared(name, Error::new(what, format!("no variable {name:?} is declared")));
                    }
                }
                None => reading.read.problems.push(no_assignment(text)),
            },
        }
    }
    let notes = reading.notes();
    let Reading { values, mut read, .. } = reading;
    read.notes.extend(notes);
    Read { given: Given { variables: values, workspace: inputs.workspace.clone() }, ..read }
}

/// The files of values in a directory.
struct Files {
    /// Those that are read without being named.
    automatic: Vec<PathBuf>,
    /// The names of the others.
    others: Vec<String>,
}

impl Files {
    fn of(directory: &Path) -> std::io::Result<Files> {
        let usual = ["terraform.tfvars", "terraform.tfvars.json"];
        // A link to nothing was meant to give values.
        let is_there = |path: &PathBuf| path.exists() || path.is_symlink();
        let mut automatic: Vec<PathBuf> = usual.iter().map(|name| directory.join(name)).filter(is_there).collect();
        let (mut named, mut others) = (Vec::new(), Vec::new());
        for entry in std::fs::read_dir(directory)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") {
                named.push(name);
            } else if (name.ends_with(".tfvars") || name.ends_with(".tfvars.json")) && !usual.contains(&name.as_str()) {
                others.push(name);
            }
        }
        named.sort();
        others.sort();
        automatic.extend(named.into_iter().map(|name| directory.join(name)));
        Ok(Files { automatic, others })
    }
}

/// What there is to say of files of values that nothing names: Terraform does not read them either.
fn passed_over(others: &[String]) -> Option<String> {
    let first = others.first()?;
    let more = match others.len() - 1 {
        0 => "gives".to_owned(),
        more => format!("and {more} more give"),
    };
    Some(format!("{first} {more} values for variables only where it is named: --var-file {first}"))
}

struct Reading<'r> {
    root: &'r Declarations,
    working_directory: &'r Path,
    map: &'r mut SourceMap,
    values: BTreeMap<Arc<str>, Value>,
    read: Read,
    /// The names of values of which no variable is declared, with where they stand.
    undeclared: Vec<(String, Option<Place>)>,
}

impl Reading<'_> {
    /// What is said of values of which no variable is declared: of the first few.
    fn notes(&self) -> Vec<String> {
        const MOST: usize = 3;
        let said = |(name, place): &(String, Option<Place>)| {
            let place = place.as_ref().map(|place| self.map.location(place).to_string());
            let place = place.unwrap_or_else(|| format!("--var {name}"));
            let near = nearest(name, self.root.variables.keys().map(AsRef::as_ref));
            let near = near.map(|near| format!(": did you mean {near:?}?")).unwrap_or_default();
            format!("{place}: a value for {name:?}, of which no variable is declared{near}")
        };
        let mut notes: Vec<String> = self.undeclared.iter().take(MOST).map(said).collect();
        let more = self.undeclared.len().saturating_sub(MOST);
        if let Some(last) = notes.last_mut().filter(|_| more > 0) {
            last.push_str(&format!(", and {more} more"));
        }
        notes
    }

    fn undeclared(&mut self, name: &str, error: Error) {
        let near = nearest(name, self.root.variables.keys().map(AsRef::as_ref));
        let help =
            near.map_or_else(|| "declare it, or leave it out".to_owned(), |near| format!("did you mean {near:?}?"));
        self.read.problems.push(error.help(help));
    }

    /// A variable that can't be read is not known: what would hold without it must not count.
    fn hide(&mut self, shown: &str) {
        for name in self.root.variables.keys() {
            let reason = format!("{shown} can't be read, and may set it");
            self.values.insert(name.clone(), Value::unknown(super::types::Type::Any, reason));
        }
    }

    fn file(&mut self, path: &Path) {
        let shown = display_path(path, self.working_directory);
        let (digest, text) = text_of(path);
        self.read.digests.extend(digest);
        let text = match text {
            Ok(text) => Arc::new(without_mark(text, &shown)),
            Err(why) => {
                self.read.problems.push(no_values(&shown, why));
                self.hide(&shown);
                return;
            }
        };
        let file = self.map.add_file(&shown, text.clone());
        self.map.allow_quotes(file);
        let parsed = if shown.ends_with(".json") { json(&text) } else { native(&text) };
        match parsed {
            Ok(attributes) => {
                for (name, expression) in attributes {
                    self.set(&name, &expression, Some(file), &shown);
                }
            }
            Err(problem) => {
                self.read.problems.push(problem.told_of(&shown, file, self.map));
                self.hide(&shown);
            }
        }
    }

    fn set(&mut self, name: &str, expression: &Expression, file: Option<FileId>, what: &str) {
        // Terraform only warns of a value for a variable that is not declared.
        if !self.root.variables.contains_key(name) {
            let place = file.map(|file| Place { file, span: expression.span.range() });
            self.undeclared.push((name.to_owned(), place));
            return;
        }
        let variable = self.root.variables.get(name);
        if let Some(file) = file.filter(|_| variable.is_some_and(Variable::may_be_sensitive)) {
            self.map.hide(&Place { file, span: expression.span.range() });
        }
        let mut computed = undeclared::first_free(expression, &|_| false).is_some();
        expression.walk(&mut |inner| computed |= matches!(inner.kind, Kind::Call(_)));
        let tree = Tree::new(Sources::without_files(None).into(), Given::default());
        let scope = Scope { template: true, ..Scope::new(&tree, ROOT, file) };
        let value = if computed { None } else { scope.value(expression).ok() };
        let value = match value {
            Some(value) => value,
            None => {
                let mut error = Error::new(what, format!("the value of {name:?} must be written, not computed"));
                if let Some(file) = file {
                    error = error.at(self.map.location(&Place { file, span: expression.span.range() }));
                }
                self.read
                    .problems
                    .push(error.help("write the value itself: references and functions are for *.tf files"));
                Value::unknown(super::types::Type::Any, format!("{what} gives it a value that can't be read"))
            }
        };
        self.values.insert(name.into(), value);
    }

    /// A value in a text: taken as it is for a variable of a primitive type, else as an expression.
    fn assign(&mut self, name: &str, text: &str, what: &str) {
        let variable = self.root.variables.get(name);
        let literal = match variable.and_then(|v| v.ty()).map(|ty| &ty.expression.kind) {
            None => true,
            Some(Kind::Name(word)) => ["string", "number", "bool"].contains(&word.as_ref()),
            Some(_) => false,
        };
        if literal {
            self.values.insert(name.into(), Value::string(text));
            return;
        }
        match syntax::expression(text) {
            Ok(expression) => self.set(name, &expression, None, what),
            Err((message, _)) => {
                let wrong = Error::new(what, format!("the value is no expression: {message}"));
                self.read
                    .problems
                    .push(wrong.help("write it as in a .tfvars file, in quotes for the shell: '[\"a\", \"b\"]'"));
                let reason = format!("{what} gives it a value that can't be read");
                self.values.insert(name.into(), Value::unknown(super::types::Type::Any, reason));
            }
        }
    }
}

/// The values that a plan says its variables had.
pub(super) fn planned(variables: Option<&Node>, text: &str) -> BTreeMap<Arc<str>, Value> {
    let Some(crate::document::Value::Object(entries)) = variables.map(|node| &node.value) else {
        return BTreeMap::new();
    };
    let form = syntax::JsonBody::new(text);
    let tree = Tree::new(Sources::without_files(None).into(), Given::default());
    let scope = Scope { template: true, ..Scope::new(&tree, ROOT, None) };
    let value = |entry: &crate::document::Entry| {
        let crate::document::Value::Object(fields) = &entry.node.value else { return None };
        let value = fields.iter().find(|field| field.key == "value")?;
        scope.value(&form.literal(&value.node)).ok()
    };
    // Not the default: it had another value.
    let unread = || Value::unknown(super::types::Type::Any, "the plan gives no value of it that can be read");
    entries.iter().map(|entry| (Arc::from(entry.key.as_str()), value(entry).unwrap_or_else(unread))).collect()
}

type Attributes = Vec<(String, Expression)>;

fn native(text: &str) -> Result<Attributes, crate::document::SyntaxError> {
    let body = syntax::body(text)?;
    if let Some(block) = body.blocks.first() {
        return Err(crate::document::SyntaxError {
            span: block.header.range(),
            message: format!("a block {:?} is not expected here", block.kind),
            help: Some("a file of values for variables holds NAME = VALUE only".to_owned()),
        });
    }
    Ok(body.attributes.into_iter().map(|a| (a.name.to_string(), a.expression)).collect())
}

fn json(text: &str) -> Result<Attributes, crate::document::SyntaxError> {
    let root = parse_json(text)?;
    let form = syntax::JsonBody::new(text);
    match &root.value {
        crate::document::Value::Object(entries) => {
            Ok(entries.iter().map(|entry| (entry.key.clone(), form.literal(&entry.node))).collect())
        }
        _ => Err(crate::document::SyntaxError {
            span: root.span.clone(),
            message: "an object with a value for each variable was expected".to_owned(),
            help: None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_files_can_not_be_listed_nothing_is_known() {
        let mut map = SourceMap::default();
        let file = map.add_file("main.tf", Arc::new(String::new()));
        let mut declared = Declarations::default();
        let text = "variable \"v\" {\n  default = 1\n}\n";
        assert!(declared.add(syntax::body(text).unwrap(), file, false).is_empty());
        let directory = tempfile::tempdir().unwrap();
        let inputs = VariableInputs::default();
        let mut of = |directory: &Path| read(Some(directory), &declared, &inputs, Path::new("/"), &mut map);
        let listed = of(directory.path());
        assert!(listed.given.variables.is_empty() && listed.problems.is_empty());
        let unlisted = of(&directory.path().join("none"));
        assert!(unlisted.given.variables.values().all(|value| !value.is_known()), "{:?}", unlisted.given);
        assert_eq!((unlisted.given.variables.len(), unlisted.problems.len()), (1, 1));
    }
}
