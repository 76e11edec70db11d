//! No false pass, shown from outside: everything that violates something is damaged in every way, and what was known stays as it
//! was, becomes unknown, or is reported as not read. Nothing else may change but what stood in the damaged place; a run that
//! passes after it has lost the very thing that violated.
//!
//! `OPENAI_DATA_CONTROLS_DAMAGE=all` damages every place; else each fixture is damaged at some of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::damages::{Damage, Done, Fixture, of_hcl, of_json, read, truncations, violating};
use crate::support::testdata;

/// How many damages of a fixture are tried, unless all are.
const SOME: usize = 8;

fn is_full() -> bool {
    std::env::var("OPENAI_DATA_CONTROLS_DAMAGE").is_ok_and(|v| v == "all")
}

/// Damages each fixture in the ways that `damages` names for a file, and gives what is wrong, with how many were tried.
fn wrong(damages: impl Fn(&Path, &str) -> Vec<Damage> + Sync) -> (Vec<String>, usize) {
    let paths = violating();
    let next = AtomicUsize::new(0);
    let tried = AtomicUsize::new(0);
    let work = || {
        let mut wrong = Vec::new();
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Some(fixture) = Fixture::new(path) else { continue };
            for file in &fixture.files {
                let full = fixture.directory.path().join(file);
                let Ok(text) = fs::read_to_string(&full) else { continue };
                let all = damages(file, &text);
                let step = if is_full() { 1 } else { (all.len() / SOME).max(1) };
                // Every fixture begins at another place, so that all together try much.
                for damage in all.iter().skip(path.as_os_str().len() % step).step_by(step) {
                    let mut damaged = text.clone();
                    damaged.replace_range(damage.range.clone(), &damage.with);
                    fs::write(&full, &damaged).unwrap();
                    tried.fetch_add(1, Ordering::Relaxed);
                    let done = Done { file, damage, lost: &text[damage.range.clone()] };
                    for complaint in fixture.complaints(&[done]).into_iter().flatten() {
                        let lost: String = text[damage.range.clone()].chars().take(120).collect();
                        wrong.push(format!(
                            "{} {}: {} {lost:?}: {complaint}",
                            fixture.name,
                            file.display(),
                            damage.what
                        ));
                    }
                }
                fs::write(&full, &text).unwrap();
            }
        }
        wrong
    };
    let found = std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    (found, tried.into_inner())
}

fn holds((wrong, tried): (Vec<String>, usize), least: usize) {
    let distinct: BTreeSet<&String> = wrong.iter().collect();
    let shown: Vec<&str> = distinct.iter().take(40).map(|s| s.as_str()).collect();
    assert!(distinct.is_empty(), "{} of {tried}:\n{}", distinct.len(), shown.join("\n"));
    assert!(tried >= least, "{tried}");
    eprintln!("{tried} damages");
}

#[test]
fn a_truncated_file_is_an_error_or_shows_what_it_shows() {
    holds(wrong(|_, text| truncations(text)), 3_000);
}

#[test]
fn what_is_taken_out_takes_nothing_else_away() {
    let damages = |file: &Path, text: &str| {
        match file.extension().and_then(|e| e.to_str()) {
            Some("json") => of_json(text),
            // A null in an expression makes another expression, and so does null where it was not allowed: no damage.
            Some("tf" | "tfvars") => {
                let other = |d: &Damage| d.what == "null" || text[d.range.clone()].starts_with("nullable");
                of_hcl(text).into_iter().filter(|d| !other(d)).collect()
            }
            _ => of_hcl(text),
        }
    };
    holds(wrong(damages), 2_000);
}

/// What `break_it` does to each file or directory of a fixture loses nothing, or is reported; it gives how to mend it.
fn breaks(name: &str, break_it: impl Fn(&Fixture, &Path) -> Option<Box<dyn FnOnce()>>) {
    let mut tried = 0;
    let step = if is_full() { 1 } else { 6 };
    // From the end, where those with modules are.
    for path in violating().into_iter().rev().step_by(step) {
        let Some(fixture) = Fixture::new(&path) else { continue };
        let mut things = fixture.files.clone();
        things.extend(
            fixture.files.iter().filter_map(|f| f.parent()).filter(|p| !p.as_os_str().is_empty()).map(Path::to_owned),
        );
        things.sort();
        things.dedup();
        for thing in things {
            let Some(mend) = break_it(&fixture, &fixture.directory.path().join(&thing)) else { continue };
            let nowhere = Damage { what: "broken", range: 0..0, with: String::new() };
            let wrong = fixture.complaints(&[Done { file: &thing, damage: &nowhere, lost: "" }]).unwrap_or_default();
            assert!(wrong.is_empty(), "{name}: {} {}: {wrong:#?}", fixture.name, thing.display());
            tried += 1;
            mend();
        }
    }
    assert!(tried > 10, "{name}: {tried}");
}

#[test]
fn what_can_not_be_read_is_told() {
    let bytes = |full: &Path| full.is_file().then(|| fs::read(full).unwrap());
    let put_back = |full: &Path, text: Vec<u8>| -> Box<dyn FnOnce()> {
        let full = full.to_owned();
        Box::new(move || {
            let _ = if full.is_dir() { fs::remove_dir(&full) } else { fs::remove_file(&full) };
            fs::write(&full, text).unwrap();
        })
    };
    breaks("not UTF-8", |_, full| {
        let text = bytes(full)?;
        fs::write(full, [&b"\xff\xfe\xff"[..], &text].concat()).unwrap();
        Some(put_back(full, text))
    });
    // A directory of the name of a file of source is none to Terraform either.
    breaks("a directory", |fixture, full| {
        let text = bytes(full).filter(|_| fixture.given.iter().any(|given| given == full))?;
        fs::remove_file(full).unwrap();
        fs::create_dir(full).unwrap();
        Some(put_back(full, text))
    });
    #[cfg(unix)]
    breaks("a link that leads nowhere", |_, full| {
        let text = bytes(full)?;
        fs::remove_file(full).unwrap();
        std::os::unix::fs::symlink("nowhere", full).unwrap();
        Some(put_back(full, text))
    });
}

#[test]
fn a_module_that_is_missing_is_told() {
    let mut modules = 0;
    let fixture = Fixture::new(&testdata("source/repository")).unwrap();
    let below: BTreeSet<&Path> = fixture.files.iter().filter_map(|file| file.parent()).collect();
    for module in below.into_iter().filter(|module| module.starts_with("modules")) {
        let (full, aside) = (fixture.directory.path().join(module), fixture.directory.path().join("aside"));
        fs::rename(&full, &aside).unwrap();
        // Outside of what is read.
        let elsewhere = tempfile::tempdir().unwrap();
        fs::rename(&aside, elsewhere.path().join("aside")).unwrap();
        let read = read(&fixture.given);
        assert!(
            read.problems.iter().any(|p| p.message.contains("not on disk")),
            "{}: {:?}",
            module.display(),
            read.problems
        );
        fs::rename(elsewhere.path().join("aside"), &full).unwrap();
        modules += 1;
    }
    assert!(modules > 0);
}
