//! Times each rule alone on a facts document, and all together: `cargo run --release --example rules -- facts.json`.
#![allow(clippy::print_stdout, clippy::expect_used)]

use std::time::Instant;

use openai_data_controls::policy::{Document, PolicySet, embedded};

fn main() {
    let path = std::env::args().nth(1).expect("a facts document");
    let text = std::fs::read_to_string(path).expect("readable facts");
    let facts: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let document = Document::new(&facts).expect("facts");
    let (policies, _) = PolicySet::load(&embedded());
    let ids: Vec<String> = policies.rules().iter().map(|rule| rule.id.to_string()).collect();
    let mut found: Vec<(u128, String)> = ids
        .into_iter()
        .map(|id| {
            let (mut one, _) = PolicySet::load(&embedded());
            one.retain(|rule| rule.id.as_str() == id);
            let began = Instant::now();
            let (_, problems) = one.evaluate(document.clone());
            assert!(problems.is_empty(), "{problems:?}");
            (began.elapsed().as_micros(), id)
        })
        .collect();
    found.sort();
    for (time, id) in found {
        println!("{:>9.1} ms  {id}", time as f64 / 1000.0);
    }
    let began = Instant::now();
    let _ = policies.evaluate(document);
    println!("{:>9.1} ms  all together", began.elapsed().as_secs_f64() * 1000.0);
}
