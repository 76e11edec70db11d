//! Every small mistake in a rule turns one of its tests red, but for those that `tests/equivalent.txt` lists.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::mutants::{Mutant, edition_of_tests, mutants};
use crate::support::root;
use openai_data_controls::policy::{File, embedded_tests, variants_hold};

/// A mutant as the list has it: file, line before, line after.
type Key = (String, String, String);

fn key(mutant: &Mutant) -> Key {
    (mutant.path.clone(), mutant.was.clone(), mutant.becomes.clone())
}

/// The mutants of the list: those that change nothing that a verdict could tell, and those that still lack a test.
fn listed() -> BTreeSet<Key> {
    let text = fs::read_to_string(root().join("tests/equivalent.txt")).unwrap();
    let mut found = BTreeSet::new();
    let (mut path, mut was, mut becomes) = (String::new(), String::new(), String::new());
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.split_at(2) {
            ("- ", rest) => was = rest.to_owned(),
            ("+ ", rest) => becomes = rest.to_owned(),
            ("= " | "? ", reason) => {
                assert!(reason.len() > 10, "{path}: {reason} is no reason");
                assert!(found.insert((path.clone(), was.clone(), becomes.clone())), "{path}: {becomes} stands twice");
            }
            _ => path = format!("policies/openai/{line}"),
        }
    }
    found
}

/// What the tests of a rule need beside it; a library needs the tests of everything.
fn beside(file: &File, all: &[File]) -> Vec<File> {
    let own_test = file.path.replace(".rego", "_test.rego");
    let is_library = |f: &&File| f.package().matches('.').count() == 1;
    let needs = |f: &&File| match file.rule_id() {
        Some(_) => f.path == own_test || is_library(f) && (!f.is_test() || f.path.ends_with("testing_test.rego")),
        None => f.path != file.path,
    };
    all.iter().filter(needs).cloned().collect()
}

/// The mistakes in some files that no test notices, and all that were made: each, or one of so many.
fn unnoticed(of: impl Fn(&File) -> bool + Sync, one_of: usize) -> (BTreeSet<Key>, BTreeSet<Key>) {
    let all = embedded_tests();
    let testing = all.iter().find(|f| f.path.ends_with("testing_test.rego")).unwrap();
    let edition = edition_of_tests(testing);
    let files: Vec<&File> = all.iter().filter(|f| !f.is_test() && of(f)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut survivors, mut made) = (BTreeSet::new(), BTreeSet::new());
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mistakes: Vec<Mutant> = mutants(file, &edition).into_iter().step_by(one_of).collect();
            assert!(!mistakes.is_empty(), "{}: no mutants", file.path);
            let mut variants: Vec<File> = mistakes.iter().map(|m| m.file.clone()).collect();
            variants.push((*file).clone());
            let holds = variants_hold(&beside(file, &all), &variants).unwrap();
            assert!(holds.last() == Some(&true), "{}: its tests do not hold", file.path);
            survivors.extend(mistakes.iter().zip(holds).filter(|(_, holds)| *holds).map(|(m, _)| key(m)));
            made.extend(mistakes.iter().map(key));
        }
        (survivors, made)
    };
    std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        let found = workers.map(|worker| worker.join().unwrap_or_else(|e| std::panic::resume_unwind(e)));
        let [(mut survivors, mut made), (more, others)] = found;
        survivors.extend(more);
        made.extend(others);
        (survivors, made)
    })
}

/// Holds what no test notices against the list.
fn hold(of: impl Fn(&File) -> bool + Sync, one_of: usize) {
    let (survivors, made) = unnoticed(&of, one_of);
    let is_ours = |key: &Key| of(&File::new(key.0.clone(), "")) && (one_of == 1 || made.contains(key));
    let known: BTreeSet<Key> = listed().into_iter().filter(is_ours).collect();
    let list = |keys: Vec<&Key>| keys.iter().map(|(p, w, b)| format!("{p}\n- {w}\n+ {b}\n")).collect::<String>();
    let unknown: Vec<&Key> = survivors.difference(&known).collect();
    let gone: Vec<&Key> = known.difference(&survivors).collect();
    eprintln!("{} mutants, {} are not noticed, {} are listed", made.len(), survivors.len(), known.len());
    assert!(unknown.is_empty(), "{} mistakes that no test notices:\n{}", unknown.len(), list(unknown));
    assert!(gone.is_empty(), "{} of the list are noticed, or are no mutants any more:\n{}", gone.len(), list(gone));
}

#[test]
fn every_mistake_in_a_rule_is_noticed() {
    hold(|file| file.rule_id().is_some(), 1);
}

/// All tests have to run on each: some of the mistakes are made, with `OPENAI_DATA_CONTROLS_MUTANTS=all` all.
#[test]
fn mistakes_in_libraries_are_noticed() {
    let all = std::env::var("OPENAI_DATA_CONTROLS_MUTANTS").is_ok_and(|v| v == "all");
    hold(|file| file.rule_id().is_none(), if all { 1 } else { 12 });
}
