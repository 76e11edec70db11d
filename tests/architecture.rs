//! The house: rooms import only rooms before them, rule files are what their path says.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms in their order; a room uses only rooms before it.
const ROOMS: [&str; 28] = [
    "digest",
    "go",
    "secret",
    "location",
    "error",
    "limits",
    "git",
    "document",
    "edition",
    "facts",
    "hcl",
    "input",
    "rule",
    "policy",
    "settings",
    "verdict",
    "waivers",
    "baseline",
    "report",
    "retention",
    "run",
    "excuses",
    "compare",
    "scaffold",
    "init",
    "verify",
    "schemas",
    "lib",
];

fn files(directory: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(directory)];
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_string_lossy().replace('\\', "/")
}

/// The room of a source file: the first part of its path below `src`.
fn room(path: &Path) -> String {
    let shown = relative(path);
    let inner = shown.strip_prefix("src/").unwrap();
    inner.split('/').next().unwrap().trim_end_matches(".rs").to_owned()
}

/// The rooms that `use crate::…` lines and paths of a file name, tests included.
fn imported(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &text[at + "crate::".len()..];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        assert!(!rest.starts_with('{'), "one `use crate::room::…` line a room");
        rooms.push(name);
    }
    rooms
}

#[test]
fn rooms_use_only_rooms_before_them() {
    let order = |name: &str| ROOMS.iter().position(|r| *r == name);
    let mut wrong = Vec::new();
    for path in files("src", "rs") {
        let own = room(&path);
        if own == "main" || own == "cli" {
            continue;
        }
        let own_order = order(&own).unwrap_or_else(|| panic!("src/{own} is no room: add it to the order"));
        for used in imported(&fs::read_to_string(&path).unwrap()) {
            // Macros and items of the crate's root are no room.
            let Some(used_order) = order(&used) else { panic!("{}: crate::{used} is no room", relative(&path)) };
            if used_order > own_order {
                wrong.push(format!("{} uses {used}", relative(&path)));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_file_of_tests_runs() {
    let text = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let (suite, manifest) = (text("tests/suite.rs"), text("Cargo.toml"));
    for path in files("tests", "rs").iter().map(|path| relative(path)) {
        let named = match path.strip_prefix("tests/").unwrap().strip_suffix(".rs").unwrap().split_once('/') {
            None => {
                manifest.contains(&format!("path = {path:?}"))
                    || suite.contains(&format!("\nmod {};\n", &path[6..path.len() - 3]))
            }
            Some(("support", _)) => true,
            Some((directory, "main")) => manifest.contains(&format!("path = \"tests/{directory}/main.rs\"")),
            Some((directory, module)) => files(&format!("tests/{directory}"), "rs").iter().any(|other| {
                let text = fs::read_to_string(other).unwrap();
                text.contains(&format!("mod {module};\n")) || text.contains(&format!("#[path = \"{module}.rs\"]"))
            }),
        };
        assert!(named, "{path} is built with no test");
    }
}

#[test]
fn input_and_policy_never_see_each_other() {
    for path in files("src", "rs") {
        let text = fs::read_to_string(&path).unwrap();
        let forbidden = match room(&path).as_str() {
            "policy" => "input",
            "input" => "policy",
            _ => continue,
        };
        assert!(!imported(&text).contains(&forbidden.to_owned()), "{}", relative(&path));
    }
}

#[test]
fn only_the_engine_names_regorus() {
    for path in files("src", "rs") {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
        let named = code.clone().any(|l| l.contains("regorus"));
        assert!(!named || relative(&path).starts_with("src/policy/engine"), "{}", relative(&path));
    }
}

#[test]
fn the_terraform_language_knows_nothing_of_openai() {
    for path in files("src", "rs").into_iter().filter(|p| room(p) == "hcl") {
        let text = fs::read_to_string(&path).unwrap().to_lowercase();
        let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect();
        assert!(
            !code.contains("openai") || code.split("mod tests").next().is_some_and(|c| !c.contains("openai")),
            "{}",
            relative(&path)
        );
    }
}

#[test]
fn a_rule_file_is_what_its_path_says() {
    let rules = files("policies/openai", "rego");
    assert!(rules.len() > 40, "{}", rules.len());
    for path in rules {
        let shown = relative(&path);
        let text = fs::read_to_string(&path).unwrap();
        let package =
            text.lines().find_map(|l| l.strip_prefix("package ")).unwrap_or_else(|| panic!("{shown}: no package"));
        let expected = shown.trim_start_matches("policies/").trim_end_matches(".rego").replace('/', ".");
        assert_eq!(package, expected, "{shown}");
        // A test may hold a whole message.
        let is_narrow = |line: &str| line.chars().count() <= 200;
        assert!(shown.ends_with("_test.rego") || text.lines().all(is_narrow), "{shown}: a line is too long");
        let is_rule = shown.matches('/').count() == 3 && !shown.ends_with("_test.rego");
        if is_rule {
            assert!(text.lines().count() <= 60, "{shown}: {} lines, at most 60", text.lines().count());
            assert!(Path::new(&shown.replace(".rego", "_test.rego")).exists(), "{shown} has no test beside it");
            assert!(text.starts_with("# METADATA\n"), "{shown}: starts with METADATA");
        }
    }
}

#[test]
fn rules_name_no_region_model_endpoint_or_host() {
    let edition: serde_json::Value = serde_json::from_str(include_str!("../policies/editions/2026-10.json")).unwrap();
    let mut names: Vec<String> = Vec::new();
    for region in edition["regions"].as_array().unwrap() {
        names.push(format!("\"{}\"", region["code"].as_str().unwrap()));
        names.push(region["domain"].as_str().unwrap().to_owned());
    }
    for service in edition["services"].as_array().unwrap() {
        names.extend(service["models"].as_array().unwrap().iter().map(|m| format!("\"{}\"", m.as_str().unwrap())));
    }
    names.push("\"/v1".to_owned());
    for path in files("policies/openai", "rego") {
        let shown = relative(&path);
        if shown.ends_with("_test.rego") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with('#')).collect();
        for name in &names {
            assert!(!code.iter().any(|l| l.contains(name.as_str())), "{shown} names {name}");
        }
    }
}
