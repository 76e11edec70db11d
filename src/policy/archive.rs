//! The rules as an OPA bundle, for gates that run OPA, conftest or an OPA server themselves.

use std::fmt::Write as _;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::bundle::{File, PRODUCT};
use crate::digest::sha256;
use crate::rule::{Rule, Severity};

/// The path of the generated file in a policy tree.
pub const CATALOG: &str = "policies/openai/catalog.rego";

/// The library of a bundle that names every rule with its severity, and asks each: Rego can't read METADATA, nor look for
/// packages beside its own. `failing` is the severity from which a gate fails.
pub fn catalog(rules: &[Rule], failing: Severity) -> String {
    let mut text = String::from(
        "# Every rule with what its METADATA says, and what it answers. Made from the rules, not by hand.\n\
         package openai.catalog\n\nimport rego.v1\n\n",
    );
    let severities: Vec<String> =
        Severity::ALL.iter().filter(|s| **s >= failing).map(|s| format!("{:?}", s.name())).collect();
    let _ =
        write!(text, "# The severities that fail a gate.\nfailing := {{{}}}\n\nrules := {{\n", severities.join(", "));
    for rule in rules {
        let subjects: Vec<String> =
            rule.subject.split_whitespace().filter(|w| *w != "or").map(|w| format!("{w:?}")).collect();
        let (severity, title) = (rule.severity.name(), json!(rule.title));
        let subjects = subjects.join(", ");
        let _ = writeln!(
            text,
            "\t\"{}\": {{\n\t\t\"severity\": \"{severity}\",\n\t\t\"subjects\": [{subjects}],\n\t\t\"title\": {title},\n\t}},",
            rule.id
        );
    }
    text.push_str("}\n");
    for (set, comment, item) in [
        ("deny", "[rule, finding] of every violation.", "finding"),
        ("undetermined", "[rule, finding] of every verdict that a rule leaves open.", "finding"),
        ("applies", "[rule, subject] of all that rules judge.", "subject"),
    ] {
        let _ = write!(text, "\n# {comment}\n");
        // OPA refuses to look for something in what is always empty.
        let is_empty = |rule: &Rule| (set == "deny" && rule.only_open) || (set == "undetermined" && rule.never_open);
        for (number, rule) in rules.iter().filter(|rule| !is_empty(rule)).enumerate() {
            let gap = if number == 0 { "" } else { "\n" };
            let _ = writeln!(
                text,
                "{gap}{set} contains [\"{}\", {item}] if some {item} in data.{}.{set}",
                rule.id, rule.package
            );
        }
    }
    text.push_str("\n# [rule, set, type] of what rules answer; nothing where they don't.\n");
    let sets = rules.iter().flat_map(|rule| ["deny", "undetermined", "applies"].map(|set| (rule, set)));
    for (number, (rule, set)) in sets.enumerate() {
        let gap = if number == 0 { "" } else { "\n" };
        let _ = writeln!(
            text,
            "{gap}answers contains [\"{}\", \"{set}\", type_name(data.{}.{set})]",
            rule.id, rule.package
        );
    }
    text
}

/// Writes a bundle: `.manifest` and the files by their package, gzipped tar. The same files give the same bytes.
/// The manifest's revision, which an OPA server reports, tells the version and a digest of the files.
///
/// # Errors
/// What `out` says.
pub fn write_bundle(files: &[File], catalog: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut entries: Vec<(String, &str)> = files
        .iter()
        .filter(|file| file.path != CATALOG)
        .map(|file| (format!("{}.rego", file.package().replace('.', "/")), file.text.as_str()))
        .collect();
    entries.push((format!("{PRODUCT}/catalog.rego"), catalog));
    entries.sort();
    let digest = sha256(entries.iter().flat_map(|(path, text)| [path.as_bytes(), &[0], text.as_bytes(), &[0]]));
    let manifest = json!({
        "revision": format!("{}-{}", env!("CARGO_PKG_VERSION"), &digest[..16]),
        "roots": [PRODUCT],
        "rego_version": 1,
    });
    let manifest = format!("{manifest:#}\n");
    let mut tar = tar::Builder::new(GzEncoder::new(out, Compression::best()));
    append(&mut tar, ".manifest", &manifest)?;
    for (path, text) in &entries {
        append(&mut tar, path, text)?;
    }
    tar.into_inner()?.finish()?;
    Ok(())
}

fn append(tar: &mut tar::Builder<GzEncoder<&mut dyn Write>>, path: &str, text: &str) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_path(path)?;
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_cksum();
    tar.append(&header, text.as_bytes())
}
