//! Embeds every rule and every edition, and of each rule one example of each kind: a file added below `policies/` or
//! `testdata/rules/` is part of the next build. What few runs need is compressed.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed=policies");
    let mut files = Vec::new();
    collect(&root.join("policies"), &mut files)?;
    files.sort();

    let mut embedded =
        Embedded { root: &root, out: PathBuf::from(env::var("OUT_DIR").unwrap_or_default()), code: String::new() };
    let is_test = |path: &Path| path.to_string_lossy().ends_with("_test.rego");
    let (tests, rules): (Vec<&PathBuf>, Vec<&PathBuf>) =
        files.iter().filter(|path| path.extension().is_some_and(|e| e == "rego")).partition(|path| is_test(path));
    embedded.list("RULES", &rules);
    embedded.pack("TESTS", &tests)?;
    let is_edition = |path: &&PathBuf| {
        path.parent().is_some_and(|p| p.ends_with("policies/editions")) && path.extension().is_some_and(|e| e == "json")
    };
    embedded.packs("EDITIONS", &files.iter().filter(is_edition).collect::<Vec<_>>())?;
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
    embedded.pack("EXAMPLES", &files.iter().collect::<Vec<_>>())?;
    fs::write(embedded.out.join("embedded.rs"), embedded.code)
}

/// The code that embeds files, with paths relative to the crate and `/` between the parts.
struct Embedded<'r> {
    root: &'r Path,
    out: PathBuf,
    code: String,
}

impl Embedded<'_> {
    fn shown(&self, file: &Path) -> String {
        file.strip_prefix(self.root).unwrap_or(file).to_string_lossy().replace('\\', "/")
    }

    /// Writes `pub(crate) const NAME: &[(path, text)]`.
    fn list(&mut self, name: &str, files: &[&PathBuf]) {
        let _ = writeln!(self.code, "pub(crate) const {name}: &[(&str, &str)] = &[");
        for file in files {
            let shown = self.shown(file);
            let _ = writeln!(self.code, "    ({shown:?}, include_str!({:?})),", file.display().to_string());
        }
        self.code.push_str("];\n");
    }

    /// Writes `pub(crate) static NAME: Pack`.
    fn pack(&mut self, name: &str, files: &[&PathBuf]) -> io::Result<()> {
        let pack = self.packed(name, files)?;
        let _ = writeln!(self.code, "pub(crate) static {name}: super::Pack = {pack};");
        Ok(())
    }

    /// Writes `pub(crate) static NAME: [Pack]`, of which each holds one file.
    fn packs(&mut self, name: &str, files: &[&PathBuf]) -> io::Result<()> {
        let packs = files.iter().enumerate().map(|(i, file)| self.packed(&format!("{name}_{i}"), &[*file]));
        let packs = packs.collect::<io::Result<Vec<_>>>()?.join(",\n    ");
        let _ = writeln!(self.code, "pub(crate) static {name}: [super::Pack; {}] = [\n    {packs},\n];", files.len());
        Ok(())
    }

    /// Compresses files into one of this name. The expression that makes a `Pack` of it.
    fn packed(&self, name: &str, files: &[&PathBuf]) -> io::Result<String> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let mut listed = String::new();
        for file in files {
            let text = fs::read(file)?;
            let _ = write!(listed, "({:?}, {}), ", self.shown(file), text.len());
            encoder.write_all(&text)?;
        }
        let packed = self.out.join(format!("{name}.deflate"));
        fs::write(&packed, encoder.finish()?)?;
        Ok(format!("super::Pack::new(&[{listed}], include_bytes!({:?}))", packed.display().to_string()))
    }
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
