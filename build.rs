//! Embeds every rule and every edition, the published schemas, and of each rule one example of each kind: a file added below
//! `policies/` or `testdata/rules/` is part of the next build. What few runs need is compressed;
//! METADATA, which every run needs, is read here.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use saphyr_parser::{Event, Parser, ScalarStyle};
use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed=policies");
    println!("cargo:rerun-if-changed=docs/schemas");
    let mut files = Vec::new();
    collect(&root.join("policies"), &mut files)?;
    files.sort();

    let mut embedded =
        Embedded { root: &root, out: PathBuf::from(env::var("OUT_DIR").unwrap_or_default()), code: String::new() };
    let is_test = |path: &Path| path.to_string_lossy().ends_with("_test.rego");
    let (tests, rules): (Vec<&PathBuf>, Vec<&PathBuf>) =
        files.iter().filter(|path| path.extension().is_some_and(|e| e == "rego")).partition(|path| is_test(path));
    embedded.list("RULES", &rules)?;
    embedded.metadata(&rules)?;
    embedded.pack("TESTS", &tests)?;
    let is_edition = |path: &&PathBuf| {
        path.parent().is_some_and(|p| p.ends_with("policies/editions")) && path.extension().is_some_and(|e| e == "json")
    };
    let editions: Vec<&PathBuf> = files.iter().filter(is_edition).collect();
    embedded.packs("EDITIONS", &editions)?;
    embedded.digests(rules.iter().chain(&editions))?;
    let mut schemas = Vec::new();
    collect(&root.join("docs/schemas"), &mut schemas)?;
    schemas.sort();
    embedded.pack("SCHEMAS", &schemas.iter().collect::<Vec<_>>())?;
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
    fs::write(embedded.out.join("embedded.rs"), embedded.code)?;
    memory();
    Ok(())
}

/// Compiles functions of memory for musl on x86-64, which the linker takes before musl's own.
fn memory() {
    println!("cargo:rerun-if-changed=src/memory.c");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|v| v == value);
    if !is("CARGO_CFG_TARGET_ENV", "musl") || !is("CARGO_CFG_TARGET_ARCH", "x86_64") {
        return;
    }
    cc::Build::new()
        .file("src/memory.c")
        .opt_level(2)
        .debug(false)
        // No loop of theirs may become a call of themselves.
        .flag("-ffreestanding")
        .flag("-fno-builtin")
        .flag("-fno-stack-protector")
        .flag_if_supported("-fno-tree-loop-distribute-patterns")
        .compile("memory");
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

    /// Writes `pub(crate) const NAME: &[(path, text)]`. The texts are copies, read when the digests are.
    fn list(&mut self, name: &str, files: &[&PathBuf]) -> io::Result<()> {
        let _ = writeln!(self.code, "pub(crate) const {name}: &[(&str, &str)] = &[");
        for (number, file) in files.iter().enumerate() {
            let copy = self.out.join(format!("{name}_{number}"));
            fs::write(&copy, fs::read(file)?)?;
            let _ =
                writeln!(self.code, "    ({:?}, include_str!({:?})),", self.shown(file), copy.display().to_string());
        }
        self.code.push_str("];\n");
        Ok(())
    }

    /// Writes `pub(crate) const DIGESTS: &[(path, SHA-256 in hexadecimal)]`.
    fn digests<'f>(&mut self, files: impl IntoIterator<Item = &'f &'f PathBuf>) -> io::Result<()> {
        self.code.push_str("pub(crate) const DIGESTS: &[(&str, &str)] = &[\n");
        for file in files {
            let hexadecimal: String =
                Sha256::digest(fs::read(file)?).iter().map(|byte| format!("{byte:02x}")).collect();
            let _ = writeln!(self.code, "    ({:?}, {hexadecimal:?}),", self.shown(file));
        }
        self.code.push_str("];\n");
        Ok(())
    }

    /// Writes `pub(crate) static METADATA: &[(path, Written)]`. What can't be read here is read, and told, by the program.
    fn metadata(&mut self, files: &[&PathBuf]) -> io::Result<()> {
        self.code.push_str("pub(crate) static METADATA: &[(&str, super::Written)] = &[\n");
        for file in files {
            let text = fs::read_to_string(file)?;
            let comment = text.lines().skip_while(|line| line.trim() != "# METADATA").skip(1);
            let comment: Vec<&str> = comment.map_while(|line| line.strip_prefix('#')).collect();
            if let Some(written) = written(&comment.join("\n")) {
                let shown = self.shown(file);
                let _ = writeln!(self.code, "    ({shown:?}, {written}),");
            }
        }
        self.code.push_str("];\n");
        Ok(())
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

/// The expression that makes a `Written` of a mapping in YAML; `None` for what holds more than texts, lists and mappings.
fn written(yaml: &str) -> Option<String> {
    let events =
        Parser::new_from_str(yaml).map(|event| event.map(|(event, _)| event).ok()).collect::<Option<Vec<_>>>()?;
    let mut events =
        events.into_iter().skip_while(|event| matches!(event, Event::StreamStart | Event::DocumentStart(_)));
    match events.next()? {
        Event::MappingStart(0, None) => {}
        _ => return None,
    }
    let mapping = mapping(&mut events)?;
    matches!(events.next()?, Event::DocumentEnd).then_some(mapping)
}

fn mapping<'y>(events: &mut impl Iterator<Item = Event<'y>>) -> Option<String> {
    let mut entries = String::new();
    loop {
        match events.next()? {
            Event::MappingEnd => return Some(format!("super::Written::Mapping(&[{entries}])")),
            Event::Scalar(key, ..) => {
                let event = events.next()?;
                let _ = write!(entries, "({key:?}, {}), ", value(event, events)?);
            }
            _ => return None,
        }
    }
}

fn value<'y>(event: Event<'y>, events: &mut impl Iterator<Item = Event<'y>>) -> Option<String> {
    match event {
        Event::Scalar(text, style, 0, None) => {
            // What is not quoted may be a number, a date, a word for true or for nothing.
            let words = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];
            let plain =
                text.starts_with(|c: char| c.is_ascii_alphabetic()) && !words.contains(&text.to_lowercase().as_str());
            (style != ScalarStyle::Plain || plain).then(|| format!("super::Written::Text({text:?})"))
        }
        Event::SequenceStart(0, None) => {
            let mut items = String::new();
            loop {
                match events.next()? {
                    Event::SequenceEnd => return Some(format!("super::Written::List(&[{items}])")),
                    event => items.push_str(&(value(event, events)? + ", ")),
                }
            }
        }
        Event::MappingStart(0, None) => mapping(events),
        _ => None,
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
