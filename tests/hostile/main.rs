//! Hostile input: whatever the bytes are, what must hold of everything that reads or writes them holds. Every input that was
//! found by fuzzing is tried, and changes to these and to the fixtures.
//!
//! `OPENAI_DATA_CONTROLS_HOSTILE=60` tries other changes for as many seconds a target. `fuzz/README.md` tells of the fuzzers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

#[path = "bodies.rs"]
mod bodies;
mod mutate;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bodies::{Random, TARGETS, root, run, testdata};

/// The corpus of a target, by name.
fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = fs::read_dir(testdata("hostile").join(name))
        .unwrap_or_else(|e| panic!("testdata/hostile/{name}: {e}"))
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    found.sort();
    found
}

/// The files below a directory whose name `wanted` wants, by path.
fn files(directory: &Path, wanted: &dyn Fn(&str) -> bool, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if !path.ends_with("hostile") {
                files(&path, wanted, found);
            }
        } else if wanted(&path.file_name().unwrap().to_string_lossy()) {
            found.push(path);
        }
    }
}

/// What of the fixtures a target reads.
fn fixtures(name: &str) -> Vec<Vec<u8>> {
    let (below, wanted): (&str, &dyn Fn(&str) -> bool) = match name {
        "source" => ("testdata", &|name| name == "main.tf"),
        "plan" => ("testdata", &|name| name == "plan.json"),
        "definition_hcl" => ("testdata", &|name| name == "openai.hcl"),
        "definition_json" => ("testdata", &|name| name == "openai.json"),
        "state" => ("testdata", &|name| name == "state.json" || name.ends_with(".tfstate")),
        "export" => ("testdata", &|name| name == "export.json"),
        "settings" | "waivers" => ("testdata/waivers", &|name| name.ends_with("controls.hcl")),
        "baseline" => ("testdata/waivers", &|name| name == "baseline.json"),
        "rego" => ("testdata/own-rules", &|name| name.ends_with(".rego")),
        "edition" => ("policies/editions", &|name| name.ends_with(".json")),
        "evaluator" => {
            let text = fs::read_to_string(testdata("language/expressions.jsonl")).unwrap();
            let line = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
            let expression = |line: serde_json::Value| line["expression"].as_str().map(|text| text.as_bytes().to_vec());
            return text.lines().map(line).filter_map(expression).collect();
        }
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    files(&root().join(below), wanted, &mut found);
    let texts = found.iter().map(|path| fs::read(path).unwrap());
    texts.filter(|text| text.len() <= bodies::LARGEST / 2).collect()
}

/// Tries an input; one that breaks something is kept beside what was built.
fn try_it(name: &str, what: &str, data: &[u8]) {
    let tried = std::panic::catch_unwind(|| run(name, data));
    if let Err(panic) = tried {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}-{what}"));
        fs::write(&kept, data).unwrap();
        eprintln!("{name}, {what}: kept as {}", kept.display());
        std::panic::resume_unwind(panic);
    }
}

fn holds(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let corpus = corpus(name);
    for (file, data) in &corpus {
        try_it(name, file, data);
    }
    let mut bases: Vec<Vec<u8>> = corpus.into_iter().map(|(_, data)| data).collect();
    bases.extend(fixtures(name));
    let seconds = std::env::var("OPENAI_DATA_CONTROLS_HOSTILE").ok().map(|text| text.parse().unwrap());
    let (began, seed) = (
        Instant::now(),
        name.bytes().fold(u64::from(seconds.is_some()), |seed, b| (seed << 5) ^ (seed >> 3) ^ u64::from(b)),
    );
    let mut random = Random::new(seed);
    let mut tried = 0;
    while seconds.map_or(tried < target.tried, |seconds| began.elapsed() < Duration::from_secs(seconds)) {
        let base = random.one_of(&bases).clone();
        let other = random.one_of(&bases).clone();
        let data = mutate::changed(&mut random, &base, &other);
        try_it(name, &format!("change-{tried}"), &data);
        tried += 1;
    }
    eprintln!("{name}: {tried} changes in {:.1} s", began.elapsed().as_secs_f64());
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                holds(stringify!($name));
            }
        )*

        /// Every target has its test, its fuzz target and its corpus of small files.
        #[test]
        fn every_target_is_tried_and_fuzzed() {
            let tested = [$(stringify!($name)),*];
            assert!(TARGETS.iter().map(|target| target.name).eq(tested));
            let mut fuzzed = Vec::new();
            files(&root().join("fuzz/fuzz_targets"), &|_| true, &mut fuzzed);
            let mut names: Vec<String> = tested.iter().map(|name| format!("{name}.rs")).collect();
            names.sort();
            let fuzzed: Vec<String> =
                fuzzed.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
            assert_eq!(fuzzed, names);
            for name in tested {
                let corpus = corpus(name);
                assert!((1..=200).contains(&corpus.len()), "{name}: {} files", corpus.len());
                let large: Vec<_> = corpus.iter().filter(|(_, data)| data.len() > 8192).map(|(file, _)| file).collect();
                assert!(large.is_empty(), "{name}: {large:?}");
            }
        }
    };
}

targets! {
    source plan evaluator definition_hcl definition_json state source_json settings rego waivers export variables saved_plan
    edition baseline damage write_text write_json write_sarif write_junit write_github write_gitlab write_azure write_tap
    write_markdown write_conftest write_retention
}
