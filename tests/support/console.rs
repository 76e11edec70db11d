//! Asks `terraform console` for the values of many expressions at once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::answers::Answer;

/// The console reads no line longer than 64 KiB, and an expression stands in one twice.
pub const LONGEST: usize = 24_000;

/// The answers to expressions, which together are no longer than [`LONGEST`].
pub fn answers(terraform: &dyn Fn() -> Command, directory: &Path, expressions: &[String]) -> Vec<Answer> {
    if expressions.is_empty() {
        return Vec::new();
    }
    let each = |make: &dyn Fn(&String) -> String| expressions.iter().map(make).collect::<Vec<_>>().join(", ");
    let ask = |text: String| console(terraform, directory, &text);
    let works = ask(format!("join(\",\", [{}])", each(&|e| format!("can({e})"))));
    let works: Option<Vec<bool>> = works.map(|w| w.trim_matches('"').split(',').map(|w| w == "true").collect());
    if let Some(works) = works.filter(|works| works.len() == expressions.len()) {
        let good: Vec<&String> = expressions.iter().zip(&works).filter(|(_, works)| **works).map(|(e, _)| e).collect();
        if let Some(values) = values(&ask, &good) {
            let mut values = values.into_iter();
            let pick = |works: &bool| if *works { values.next().unwrap() } else { Answer::Error(String::new()) };
            return works.iter().map(pick).collect();
        }
        if let ([true], [only]) = (works.as_slice(), expressions) {
            // Only an infinite number is a value without text.
            return vec![match ask(format!("type([{only}])")).map(|types| types_of(&types)) {
                Some(Some(mut types)) => Answer::Value { ty: types.remove(0), json: None, sensitive: false },
                Some(None) => Answer::Unknown("its type can't be read".to_owned()),
                None => Answer::Error(String::new()),
            }];
        }
    }
    if expressions.len() == 1 {
        return vec![Answer::Error(String::new())];
    }
    let (left, right) = expressions.split_at(expressions.len() / 2);
    let mut found = answers(terraform, directory, left);
    found.extend(answers(terraform, directory, right));
    found
}

fn values(ask: &dyn Fn(String) -> Option<String>, expressions: &[&String]) -> Option<Vec<Answer>> {
    if expressions.is_empty() {
        return Some(Vec::new());
    }
    let each = |make: &dyn Fn(&&String) -> String| expressions.iter().map(make).collect::<Vec<_>>().join(", ");
    let types = types_of(&ask(format!("type([{}])", each(&|e| format!("({e})"))))?)?;
    let pair = |e: &&String| format!("[nonsensitive(jsonencode({e})), issensitive(jsonencode({e}))]");
    let encoded = ask(format!("base64encode(jsonencode([{}]))", each(&pair)))?;
    let decoded = data_encoding::BASE64.decode(encoded.trim_matches('"').as_bytes()).unwrap();
    let pairs: Vec<(String, bool)> = serde_json::from_slice(&decoded).unwrap();
    if (types.len(), pairs.len()) != (expressions.len(), expressions.len()) {
        return None;
    }
    let answer = |(ty, (json, sensitive))| Answer::Value { ty, json: Some(json), sensitive };
    Some(types.into_iter().zip(pairs).map(answer).collect())
}

/// What the console prints for one line; `None` for an error.
fn console(terraform: &dyn Fn() -> Command, directory: &Path, text: &str) -> Option<String> {
    let mut child = terraform()
        .arg("console")
        .current_dir(directory)
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It may stop reading early, and says why.
    let _ = writeln!(child.stdin.take().unwrap(), "{text}");
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    (output.status.success() && !printed.is_empty()).then_some(printed)
}

/// The parts of a tuple's type: each level is indented by four spaces more. `None` where a name with a line break is in it.
fn types_of(printed: &str) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let lines: Vec<&str> = printed.lines().collect();
    for line in lines.iter().skip(1).take(lines.len().saturating_sub(2)) {
        let line = line.strip_prefix("    ")?;
        match (line.starts_with([' ', ')', ']', '}']), found.last_mut()) {
            (true, Some(last)) => {
                let line = line.trim_start_matches(' ');
                if line.starts_with([')', ']', '}']) && last.ends_with(',') {
                    last.pop();
                }
                last.push_str(line);
            }
            _ => found.push(line.to_owned()),
        }
    }
    Some(found.into_iter().map(|ty| ty.strip_suffix(',').map_or(ty.clone(), str::to_owned)).collect())
}
