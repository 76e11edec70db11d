//! Several damages at once to fixtures that violate something: what was not hit stays, becomes unknown, or something is told.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

use super::damages::{Damage, Done, Fixture, of_hcl, of_json, truncations, violating};
use super::support::testdata;

static PATHS: LazyLock<Vec<PathBuf>> = LazyLock::new(|| {
    let mut paths = violating();
    paths.sort();
    // Those that come later keep the number of what is there.
    let first = paths.iter().position(|path| path == &testdata("quickstart")).unwrap_or(0);
    paths.rotate_left(first);
    paths
});

type Made = Option<Arc<Mutex<Fixture>>>;

fn fixture(number: usize) -> Made {
    static MADE: Mutex<BTreeMap<usize, Made>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let new = || Fixture::new(&PATHS[number]).map(|fixture| Arc::new(Mutex::new(fixture)));
    made.entry(number).or_insert_with(new).clone()
}

/// Values that stand instead of others.
const OTHERS: [&str; 10] =
    ["null", "true", "\"\"", "0", "[]", "{}", "\"EU\"", "[null]", "{\"a\": 1}", "\"zero_data_retention\""];

/// Two bytes choose the fixture, then each three a file, a damage in it and how.
pub fn damaged(data: &[u8]) {
    let [high, low, rest @ ..] = data else { return };
    let Some(fixture) = fixture(usize::from(u16::from_be_bytes([*high, *low])) % PATHS.len()) else { return };
    let fixture = fixture.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let texts: Vec<(&PathBuf, String)> = fixture
        .files
        .iter()
        .filter_map(|file| Some((file, fs::read_to_string(fixture.directory.path().join(file)).ok()?)))
        .collect();
    let mut chosen: Vec<(usize, Damage)> = Vec::new();
    for choice in rest.chunks_exact(4).take(4) {
        let number = usize::from(choice[0]) % texts.len();
        let (file, text) = &texts[number];
        let is_json = file.extension().is_some_and(|e| e == "json");
        let is_source = file.extension().is_some_and(|e| e == "tf" || e == "tfvars");
        let mut all = if is_json { of_json(text) } else { of_hcl(text) };
        // A null in an expression makes another expression, and so does null where it was not allowed: no damage.
        all.retain(|d| !is_source || d.what != "null" && !text[d.range.clone()].starts_with("nullable"));
        if choice[3] == 0 {
            all = truncations(text);
        }
        if all.is_empty() {
            continue;
        }
        let mut damage = all[usize::from(u16::from_be_bytes([choice[1], choice[2]])) % all.len()].clone();
        if is_json && damage.what == "null" {
            damage.with = OTHERS[usize::from(choice[3]) % OTHERS.len()].to_owned();
        }
        let apart = |other: &(usize, Damage)| {
            other.0 != number || other.1.range.end < damage.range.start || damage.range.end < other.1.range.start
        };
        if chosen.iter().all(apart) {
            chosen.push((number, damage));
        }
    }
    let mut damaged: Vec<String> = texts.iter().map(|(_, text)| text.clone()).collect();
    chosen.sort_by_key(|(_, damage)| std::cmp::Reverse(damage.range.start));
    for (number, damage) in &chosen {
        damaged[*number].replace_range(damage.range.clone(), &damage.with);
    }
    for ((file, _), text) in texts.iter().zip(&damaged) {
        fs::write(fixture.directory.path().join(file), text).unwrap();
    }
    let done: Vec<Done<'_>> = chosen
        .iter()
        .map(|(number, damage)| Done { file: texts[*number].0, damage, lost: &texts[*number].1[damage.range.clone()] })
        .collect();
    let wrong = fixture.complaints(&done).unwrap_or_default();
    let told: Vec<String> = done
        .iter()
        .map(|d| format!("{}: {} {:?} with {:?}", d.file.display(), d.damage.what, d.lost, d.damage.with))
        .collect();
    let name = fixture.name.clone();
    for (file, text) in &texts {
        fs::write(fixture.directory.path().join(file), text).unwrap();
    }
    drop(fixture);
    assert!(wrong.is_empty(), "{name}\n{}\n{wrong:#?}", told.join("\n"));
}
