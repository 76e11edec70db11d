//! Random expressions of the Terraform language, against `terraform console`.
//!
//! `OPENAI_DATA_CONTROLS_RANDOM=20000` compares as many; `OPENAI_DATA_CONTROLS_SEED=7` makes others.

use std::process::Command;

use crate::answers::{Answer, Figures, answer, with_stack};
use crate::console;
use crate::expressions;
use crate::support::on_path;
use openai_data_controls::hcl::evaluate;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The least share of Terraform's values that must be known.
const LEAST_KNOWN: f64 = 0.97;
/// Expressions that are asked of one process.
const BATCH: usize = 300;
/// Steps that are taken to make an expression smaller.
const STEPS: usize = 12;
/// Differences after which it is enough.
const ENOUGH: usize = 10;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

fn terraform() -> Command {
    Command::new(on_path("terraform").unwrap())
}

fn ask(texts: &[String]) -> Vec<Answer> {
    let directory = tempfile::tempdir().unwrap();
    let mut found = Vec::new();
    let mut rest = texts;
    while !rest.is_empty() {
        let mut length = 0;
        let fitting = rest.iter().take(BATCH).take_while(|text| {
            length += text.len() + 60;
            length <= console::LONGEST
        });
        let (batch, left) = rest.split_at(fitting.count().max(1));
        found.extend(console::answers(&terraform, directory.path(), batch));
        rest = left;
    }
    found
}

fn judge(figures: &mut Figures, text: &str, theirs: &Answer) -> Option<String> {
    let ours = answer(evaluate(text, None));
    // `type()` prints a name with a line break as two lines: what it is of is not told apart.
    if matches!(&ours, Answer::Value { ty, .. } if ty.contains('\n')) {
        return None;
    }
    figures.count(text, &ours, theirs)
}

/// Choices that are fewer or smaller by one step.
fn smaller(choices: &[u32]) -> Vec<Vec<u32>> {
    let mut found = Vec::new();
    for length in [choices.len() / 2, choices.len() / 4, 8, 4, 2, 1] {
        for at in (0..choices.len()).step_by(length.max(1)) {
            let mut fewer = choices.to_vec();
            fewer.drain(at..choices.len().min(at + length));
            found.push(fewer);
        }
    }
    for at in 0..choices.len() {
        for to in [0, 1] {
            let mut other = choices.to_vec();
            other[at] = to;
            found.push(other);
        }
    }
    found
}

/// The smallest expression that still differs, as far as some steps lead.
fn smallest(mut choices: Vec<u32>, first: String) -> String {
    let mut smallest = first;
    for _ in 0..STEPS {
        let length = expressions::expression(&choices).len();
        let mut candidates: Vec<(String, Vec<u32>)> = smaller(&choices)
            .into_iter()
            .map(|choices| (expressions::expression(&choices), choices))
            .filter(|(text, _)| text.len() < length)
            .collect();
        candidates.sort_by(|a, b| (a.0.len(), &a.0).cmp(&(b.0.len(), &b.0)));
        candidates.dedup_by(|a, b| a.0 == b.0);
        let texts: Vec<String> = candidates.iter().map(|(text, _)| text.clone()).collect();
        let answers = ask(&texts);
        let differing = candidates
            .into_iter()
            .zip(&answers)
            .find_map(|((text, choices), theirs)| Some((choices, judge(&mut Figures::default(), &text, theirs)?)));
        match differing {
            Some((fewer, wrong)) => (choices, smallest) = (fewer, wrong),
            None => break,
        }
    }
    smallest
}

#[test]
fn random_expressions_are_what_terraform_says() {
    // Terraform comes through no registry, so it is compared with where it is.
    if on_path("terraform").is_none() {
        eprintln!("not compared: terraform is not on PATH");
        return;
    }
    let count = usize::try_from(setting("OPENAI_DATA_CONTROLS_RANDOM", 2_000)).unwrap();
    let seed = setting("OPENAI_DATA_CONTROLS_SEED", 1);
    eprintln!("{count} expressions, OPENAI_DATA_CONTROLS_SEED={seed}");
    with_stack(move || compare(count, seed));
}

fn compare(count: usize, seed: u64) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let strategy = vec(proptest::num::u32::ANY, 4..160);
    let mut figures = Figures::default();
    let mut wrong = Vec::new();
    while figures.expressions < count && wrong.len() < ENOUGH {
        let mut made = Vec::new();
        let mut texts = Vec::new();
        while made.len() < BATCH.min(count - figures.expressions) {
            let choices = strategy.new_tree(&mut runner).unwrap().current();
            let text = expressions::expression(&choices);
            if text.len() <= expressions::LONGEST {
                made.push(choices);
                texts.push(text);
            }
        }
        for ((text, theirs), choices) in texts.iter().zip(ask(&texts)).zip(made) {
            if let Some(found) = judge(&mut figures, text, &theirs)
                && wrong.len() < ENOUGH
            {
                wrong.push(smallest(choices, found));
            }
        }
    }
    eprintln!(
        "{} expressions, {} values equal; {:.1} % of Terraform's {} values known; {} errors",
        figures.expressions,
        figures.equal,
        figures.share() * 100.0,
        figures.values,
        figures.errors,
    );
    assert!(wrong.is_empty(), "OPENAI_DATA_CONTROLS_SEED={seed}: differences\n{}", wrong.join("\n"));
    assert!(figures.share() >= LEAST_KNOWN, "too little is known: {:.4}", figures.share());
}
