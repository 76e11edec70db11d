//! Embeds every rule and every edition: a file added below `policies/` is part of the next build.

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
