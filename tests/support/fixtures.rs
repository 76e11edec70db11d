//! Fixtures, and the library's check of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use openai_data_controls::facts::Facts;
use openai_data_controls::report::Report;
use openai_data_controls::{Options, check, facts};

/// The day on which all fixtures are judged.
pub const TODAY: &str = "2026-11-22";

/// The project's directory; the package of the fuzz targets lies in it.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    if own.ends_with("fuzz") { own.parent().unwrap().to_owned() } else { own.to_owned() }
}

/// A fixture.
pub fn testdata(path: &str) -> PathBuf {
    root().join("testdata").join(path)
}

/// Writes files below a directory, with the directories on the way.
pub fn write_files(directory: &Path, files: &[(impl AsRef<Path>, impl AsRef<[u8]>)]) {
    for (name, bytes) in files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// The facts of a directory, and its report.
pub fn facts_and_report(directory: &Path) -> (Facts, Report) {
    let options = options(vec![directory.to_owned()]);
    let facts = facts(&options, &mut std::io::empty()).0.unwrap().facts;
    (facts, check(&options, &mut std::io::empty()).0)
}

/// The directories in a directory, sorted.
pub fn directories(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    found.sort();
    found
}

/// An example of a rule: `testdata/rules/<group>/<name>/<kind>-<what>/`.
pub struct Example {
    pub rule: String,
    pub kind: String,
    pub path: PathBuf,
}

/// All examples of all rules.
pub fn examples() -> Vec<Example> {
    let mut found = Vec::new();
    for group in directories(&testdata("rules")) {
        for rule in directories(&group) {
            for path in directories(&rule) {
                let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
                let kind = name(&path).split('-').next().unwrap().to_owned();
                found.push(Example { rule: format!("{}/{}", name(&group), name(&rule)), kind, path });
            }
        }
    }
    found
}

/// The inputs that lie in a fixture's directory: definitions and a plan.
pub fn inputs(directory: &Path) -> Vec<PathBuf> {
    ["openai.hcl", "openai.json", "plan.json"].iter().map(|n| directory.join(n)).filter(|p| p.exists()).collect()
}

/// Options for a check of these paths.
pub fn options(paths: Vec<PathBuf>) -> Options {
    Options { paths, today: TODAY.to_owned(), ..Options::default() }
}

/// Checks these paths.
pub fn report(paths: Vec<PathBuf>) -> Report {
    check(&options(paths), &mut std::io::empty()).0
}

/// Every plan and definition below `testdata` that is healthy enough to have facts, by directory.
pub fn fixtures() -> Vec<Vec<PathBuf>> {
    let mut found: Vec<Vec<PathBuf>> = examples().iter().map(|e| inputs(&e.path)).collect();
    for directory in ["plans", "joins", "clients"] {
        found.extend(directories(&testdata(directory)).iter().map(|d| inputs(d)).filter(|i| !i.is_empty()));
    }
    found.push(inputs(&testdata("quickstart")));
    found
}
