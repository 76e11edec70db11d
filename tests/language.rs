//! Expressions of the Terraform language, against the answers of the real Terraform that are kept in `testdata/language`.

use std::fs;
use std::path::Path;

use crate::answers::{Answer, Figures, answer, with_stack};
use crate::support::{self, directories, testdata};
use openai_data_controls::hcl::{Evaluated, ModuleAt, Modules, Root, VariableInputs, evaluate};
use openai_data_controls::location::SourceMap;
use serde::Deserialize;

/// The least share of Terraform's values that must be known, of the expressions and of the locals of modules.
const LEAST_KNOWN: [f64; 2] = [0.99, 0.97];

#[derive(Deserialize)]
struct Stored {
    expression: String,
    #[serde(default)]
    error: bool,
    #[serde(rename = "type")]
    ty: Option<String>,
    json: Option<String>,
    #[serde(default)]
    sensitive: bool,
}

/// Compares the expressions of a file; gives what is wrong.
fn compare(file: &Path, figures: &mut Figures, ours: &dyn Fn(&str) -> Evaluated) -> Vec<String> {
    let mut found = Vec::new();
    for line in fs::read_to_string(file).unwrap().lines() {
        let stored: Stored = serde_json::from_str(line).unwrap();
        let theirs = match (stored.error, stored.ty) {
            (true, _) => Answer::Error(String::new()),
            (false, Some(ty)) => Answer::Value { ty, json: stored.json, sensitive: stored.sensitive },
            (false, None) => panic!("{}: no answer is stored, run testdata/language/regenerate", stored.expression),
        };
        let ours = answer(ours(&stored.expression));
        if std::env::var_os("OPENAI_DATA_CONTROLS_SHOW_UNKNOWN").is_some()
            && let (Answer::Unknown(why), Answer::Value { .. }) = (&ours, &theirs)
        {
            eprintln!("not known: {}: {why}", stored.expression);
        }
        found.extend(figures.count(&stored.expression, &ours, &theirs));
    }
    found
}

fn judge(what: &str, figures: &Figures, wrong: &[String], least: f64) {
    let shown = format!(
        "{what}: {} expressions, {} values equal; {:.1} % of Terraform's {} values known; {} wrong",
        figures.expressions,
        figures.equal,
        figures.share() * 100.0,
        figures.values,
        wrong.len(),
    );
    eprintln!("{shown}");
    assert!(wrong.is_empty(), "{what}: {} are wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(figures.share() >= least, "{what}: too little is known: {:.4}", figures.share());
    support::stands_in_language_page(&shown);
}

#[test]
fn expressions_are_what_terraform_says() {
    with_stack(|| {
        let mut figures = Figures::default();
        let wrong = compare(&testdata("language/expressions.jsonl"), &mut figures, &|text| evaluate(text, None));
        assert!(figures.expressions >= 800 && figures.errors * 10 >= figures.expressions, "{figures:?}");
        judge("expressions", &figures, &wrong, LEAST_KNOWN[0]);
    });
}

#[test]
fn locals_of_modules_are_what_terraform_says() {
    with_stack(|| {
        let mut figures = Figures::default();
        let mut wrong = Vec::new();
        for directory in directories(&testdata("language/modules")) {
            let mut map = SourceMap::default();
            let at = ModuleAt::root(&directory);
            // The console was run inside the directory.
            let root = Root::load(&mut Modules::default(), &at, &VariableInputs::default(), &directory, &mut map);
            let name = directory.file_name().unwrap().to_string_lossy().into_owned();
            let fails = name.starts_with("fails-");
            if !fails && !root.problems().is_empty() {
                wrong.push(format!("{name}: {:?}", root.problems()));
            }
            let found = compare(&directory.join("answers.jsonl"), &mut figures, &|text| root.value(text));
            // A module with an error has no values; which of its locals has it is not compared where the files say so.
            if !fails || root.problems().is_empty() {
                wrong.extend(found.into_iter().map(|found| format!("{name}: {found}")));
            }
        }
        judge("locals", &figures, &wrong, LEAST_KNOWN[1]);
    });
}
