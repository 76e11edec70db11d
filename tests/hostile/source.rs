//! Terraform source: files of a root module, values for its variables, and the source in a saved plan.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Component, Path};
use std::sync::LazyLock;

use hcl::edit::Span;
use hcl::edit::structure::{Body, Structure};
use openai_data_controls::hcl::{SavedPlan, VariableInput};
use openai_data_controls::input::Inputs;
use openai_data_controls::{Options, facts as facts_of_run};

use super::damages::{Known, flat};
use super::files::{split, text};
use super::judging::{facts, is_judged, places_lie_inside, read_directory};
use super::shuffle;
use super::support::{options, testdata, write_files};

/// Names that a file of a module may go by here: nothing is written elsewhere.
const NAMES: [&str; 9] = [
    "main.tf",
    "other.tf",
    "main_override.tf",
    "main.tf.json",
    "terraform.tfvars",
    "terraform.tfvars.json",
    "x.auto.tfvars",
    "m/main.tf",
    ".terraform/modules/modules.json",
];

type Files = Vec<(String, Vec<u8>)>;

fn read(files: &Files) -> Inputs {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), files);
    read_directory(directory.path(), |_| {})
}

fn is_json(name: &str) -> bool {
    name.ends_with(".json")
}

/// Every file that is no text of its language is told; what lies elsewhere need not be. Where a heredoc ends, the parser that is
/// asked here and Terraform do not agree; a comment of HCL may hold any bytes.
fn broken_files_are_told(files: &Files, found: &Inputs) {
    for (name, bytes) in files.iter().filter(|(name, _)| !name.contains('/')) {
        let is_right = if is_json(name) {
            text(bytes).is_some_and(shuffle::is_json)
        } else {
            let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
            let is_comment = |line: &&str| line.trim_start().starts_with(['#', '/']);
            let text = text.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n");
            // Bytes that are no UTF-8 stand in a comment, or are told.
            let is_utf8 = !text.contains('\u{fffd}') || ["#", "//", "/*"].iter().any(|mark| text.contains(mark));
            is_utf8 && shuffle::is_hcl(&text) || text.trim().is_empty() || text.contains("<<")
        };
        let told = |what: &str| what == name || what.starts_with(&format!("{name}:"));
        let is_told = found
            .problems
            .iter()
            .any(|problem| told(&problem.what) || problem.location.as_ref().is_some_and(|at| told(&at.path)));
        assert!(is_right || is_told, "{name} is broken, and no error says so: {:?}", found.problems);
    }
}

/// What is known with less stays what it was with more.
fn stays(less: &Inputs, more: &Inputs, what: &str) {
    let (less, more) = (flat(less), flat(more));
    for (key, known) in &less {
        if !more.contains_key(&(key.0.clone(), String::new())) {
            continue;
        }
        let is = more.get(key);
        assert!(*known == Known::Unknown || is == Some(known), "{what}: {key:?}: {known:?} became {is:?}");
    }
    for (key, is) in &more {
        let is_there = less.contains_key(&(key.0.clone(), String::new()));
        assert!(!is_there || less.contains_key(key), "{what}: {key:?} was absent, and became {is:?}");
    }
}

fn check(files: &Files) {
    let found = read(files);
    is_judged(&found);
    places_lie_inside(&found.problems, |path| {
        files.iter().find(|(name, _)| name == path).and_then(|(_, bytes)| text(bytes))
    });
    broken_files_are_told(files, &found);
    if !found.problems.is_empty() {
        return;
    }
    let shuffled: Option<Files> = files
        .iter()
        .map(|(name, bytes)| {
            let text = text(bytes)?;
            let other = match name.as_str() {
                name if name.starts_with(".terraform") => Some(text.to_owned()),
                name if is_json(name) => Some(shuffle::json(text)),
                _ => shuffle::hcl(text),
            };
            Some((name.clone(), other?.into_bytes()))
        })
        .collect();
    if let Some(shuffled) = shuffled {
        let again = read(&shuffled);
        assert!(again.problems.is_empty(), "in another order: {:?}", again.problems);
        assert_eq!(facts(&found), facts(&again), "in another order");
    }
    if let Some(without) = without_defaults(files) {
        let less = read(&without);
        if less.problems.is_empty() {
            stays(&less, &found, "without the defaults of variables");
        }
    }
}

/// The files without the `default` of any variable, so that nothing is known of it.
fn without_defaults(files: &Files) -> Option<Files> {
    let mut found = false;
    let less = files.iter().map(|(name, bytes)| {
        let Some(text) = text(bytes).filter(|_| name.ends_with(".tf") && !name.contains('/')) else {
            return (name.clone(), bytes.clone());
        };
        let Ok(body) = text.parse::<Body>() else { return (name.clone(), bytes.clone()) };
        let mut left = text.to_owned();
        let blocks = body.iter().filter_map(Structure::as_block).filter(|block| block.ident.as_str() == "variable");
        let defaults = blocks.flat_map(|block| block.body.attributes().filter(|a| a.key.as_str() == "default"));
        let mut ranges: Vec<_> = defaults.filter_map(Span::span).collect();
        ranges.sort_by_key(|range| std::cmp::Reverse(range.start));
        for range in ranges {
            found = true;
            left.replace_range(range, "");
        }
        (name.clone(), left.into_bytes())
    });
    let less = less.collect();
    found.then_some(less)
}

fn named(data: &[u8], first: &str) -> Files {
    split(data, first).into_iter().filter(|(name, _)| NAMES.contains(&name.as_str())).collect()
}

pub fn source(data: &[u8]) {
    check(&named(data, "main.tf"));
}

pub fn source_json(data: &[u8]) {
    check(&named(data, "main.tf.json"));
}

/// A root module whose projects are what its variables say.
const VARIABLES: &str = r#"
terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}
variable "region" {
  type = string
}
variable "teams" {
  type    = map(object({ region = string, retention = optional(string, "none") }))
  default = {}
}
variable "anything" {
  default = null
}
variable "count_of" {
  type    = number
  default = 1
}
variable "secret" {
  type      = list(string)
  sensitive = true
  default   = ["US"]
}
resource "openai_project" "one" {
  name      = "one"
  geography = var.region
}
resource "openai_project" "team" {
  for_each  = var.teams
  name      = each.key
  geography = each.value.region
}
resource "openai_project_data_retention" "team" {
  for_each   = var.teams
  project_id = openai_project.team[each.key].id
  type       = each.value.retention
}
resource "openai_project" "many" {
  count     = var.count_of
  name      = "many-${count.index}"
  geography = try(var.anything.region, var.secret[0], "EU")
}
"#;

pub fn variables(data: &[u8]) {
    let mut files: Files =
        split(data, "terraform.tfvars").into_iter().filter(|(name, _)| NAMES[4..7].contains(&name.as_str())).collect();
    files.push(("main.tf".to_owned(), VARIABLES.as_bytes().to_vec()));
    check(&files);
    // The same values on the command line.
    let [(name, bytes), _] = files.as_slice() else { return };
    let found = read(&files);
    let directory = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    write_files(directory.path(), &files[1..]);
    std::fs::write(elsewhere.path().join(name), bytes).unwrap();
    let given = read_directory(directory.path(), |options| {
        options.variables.given = vec![VariableInput::File(elsewhere.path().join(name))];
    });
    if found.problems.is_empty() && given.problems.is_empty() {
        assert_eq!(facts(&found), facts(&given), "as --var-file");
    }
}

/// A plan, whose source lies elsewhere.
static PLAN: LazyLock<Vec<u8>> = LazyLock::new(|| std::fs::read(testdata("joins/module-output/plan.json")).unwrap());

/// A zip as it is, or one of the files that are named.
pub fn saved_plan(data: &[u8]) {
    let archive = if data.starts_with(b"PK") {
        data.to_vec()
    } else {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let mut seen = BTreeSet::new();
        for (name, bytes) in split(data, "tfplan") {
            if seen.insert(name.clone()) && writer.start_file(name, zip::write::SimpleFileOptions::default()).is_ok() {
                writer.write_all(&bytes).unwrap();
            }
        }
        writer.finish().unwrap().into_inner()
    };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tfplan");
    std::fs::write(&file, archive).unwrap();
    let read = SavedPlan::read(&file);
    if let Ok(plan) = &read {
        let is_plain = |name: &str| Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        assert!(plan.modules.values().flat_map(|module| module.files.keys()).all(|name| is_plain(name)));
    }
    let with = |sources| {
        let options = Options { sources, ignore_settings: true, ..options(vec!["-".into()]) };
        let (inputs, problems) = facts_of_run(&options, &mut PLAN.as_slice());
        (inputs.unwrap(), problems)
    };
    let (plain, _) = with(Vec::new());
    let (found, problems) = with(vec![file]);
    match read {
        Err(why) => {
            assert!(!why.trim().is_empty());
            assert!(!problems.is_empty(), "the source is refused, and no error says so: {why}");
        }
        Ok(_) if found.problems.is_empty() => stays(&plain, &found, "without the source"),
        Ok(_) => {}
    }
}
