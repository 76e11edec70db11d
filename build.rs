//! Embeds every rule and every edition, and of each rule one example of each kind: a file added below `policies/` or
//! `testdata/rules/` is part of the next build.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed=policies");
    let mut files = Vec::new();
    collect(&root.join("policies"), &mut files)?;
    files.sort();

    let mut code = String::new();
    list(&mut code, "RULES", &root, &files, |path| path.extension().is_some_and(|e| e == "rego"));
    list(&mut code, "EDITIONS", &root, &files, |path| {
        path.parent().is_some_and(|p| p.ends_with("policies/editions")) && path.extension().is_some_and(|e| e == "json")
    });
    let examples = root.join("testdata/rules");
    println!("cargo:rerun-if-changed=testdata/rules");
    let mut files = Vec::new();
    for group in directories(&examples)? {
        for rule in directories(&group)? {
            for kind in ["fail", "pass", "unknown", "silent"] {
                one_of(&rule, kind, &mut files)?;
            }
        }
    }
    list(&mut code, "EXAMPLES", &root, &files, |_| true);
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    fs::write(out.join("embedded.rs"), code)
}

/// Writes `pub(crate) const NAME: &[(path, text)]`, with paths relative to the crate and `/` between the parts.
fn list(code: &mut String, name: &str, root: &Path, files: &[PathBuf], wanted: impl Fn(&Path) -> bool) {
    let _ = writeln!(code, "pub(crate) const {name}: &[(&str, &str)] = &[");
    for file in files.iter().filter(|f| wanted(f)) {
        let relative = file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let _ = writeln!(code, "    ({relative:?}, include_str!({:?})),", file.display().to_string());
    }
    code.push_str("];\n");
}

fn directories(path: &Path) -> io::Result<Vec<PathBuf>> {
    println!("cargo:rerun-if-changed={}", path.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The files that people write of one example of a kind: one that is nothing but definitions, if there is one.
fn one_of(rule: &Path, kind: &str, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let prefix = format!("{kind}-");
    let named = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix));
    let mut found: Vec<PathBuf> = directories(rule)?.into_iter().filter(named).collect();
    found.sort_by_key(|path| {
        (path.join("plan.json").exists(), path.join("edition.json").exists(), path.join("openai.json").exists())
    });
    let Some(example) = found.first() else { return Ok(()) };
    println!("cargo:rerun-if-changed={}", example.display());
    for name in [".openai-data-controls.hcl", "main.tf", "openai.hcl", "openai.json"] {
        let path = example.join(name);
        if path.is_file() {
            println!("cargo:rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        println!("cargo:rerun-if-changed={}", path.display());
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
