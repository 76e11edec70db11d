//! The files of one module: which count, and what is read of them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Component, Path};
use std::sync::Arc;

use crate::document::{MAX_HCL_BYTES, parse_json};
use crate::error::Error;
use crate::hcl::declarations::Declarations;
use crate::hcl::saved_plan::SavedPlan;
use crate::hcl::syntax::{self, Block, Body};
use crate::limits::read_file;
use crate::location::{Place, SourceMap, display_path};

/// A file of a module.
pub(in crate::hcl) struct SourceFile {
    pub(super) name: String,
    /// The path that reports show.
    pub(super) shown: String,
    pub(super) bytes: Result<Vec<u8>, String>,
    /// Of one that OpenTofu alone reads: a file beside it that Terraform reads.
    instead: Option<String>,
}

impl SourceFile {
    /// What its digest is made of.
    pub(super) fn parts(&self) -> [&[u8]; 4] {
        let bytes = self.bytes.as_deref().unwrap_or_default();
        [self.name.as_bytes(), if self.bytes.is_ok() { b"\0+" } else { b"\0-" }, bytes, b"\0"]
    }
}

const ENDINGS: [&str; 4] = [".tf.json", ".tofu.json", ".tf", ".tofu"];

/// Whether a file belongs to a module, by its name.
pub fn is_source(name: &str) -> bool {
    let hidden = name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    !hidden && ENDINGS.iter().any(|end| name.ends_with(end))
}

/// A file's name without its ending, and the ending.
fn split(name: &str) -> (&str, &str) {
    let ending = ENDINGS.iter().find(|end| name.ends_with(**end)).copied().unwrap_or_default();
    (name.strip_suffix(ending).unwrap_or(name), ending)
}

fn is_override(name: &str) -> bool {
    let (stem, _) = split(name);
    stem == "override" || stem.ends_with("_override")
}

pub(super) fn in_directory(directory: &Path, working_directory: &Path) -> Result<Vec<SourceFile>, String> {
    let shown = display_path(directory, working_directory);
    let entries = std::fs::read_dir(directory).map_err(|e| format!("{shown} can't be read: {e}"))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| format!("{shown} can't be read: {e}"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !is_source(&name) {
            continue;
        }
        let path = entry.path();
        let bytes = match std::fs::metadata(&path) {
            Ok(kind) if kind.is_dir() => continue,
            _ => read_file(&path, MAX_HCL_BYTES as u64).map_err(|e| e.to_string()),
        };
        files.push(SourceFile { shown: display_path(&path, working_directory), bytes, name, instead: None });
    }
    Ok(files)
}

pub(super) fn in_archive(
    archive: &Result<SavedPlan, String>,
    path: &Path,
    key: &str,
    working_directory: &Path,
) -> Result<Vec<SourceFile>, String> {
    let shown = display_path(path, working_directory);
    let plan = archive.as_ref().map_err(|why| format!("{shown} {why}"))?;
    let module = plan.modules.get(key).ok_or_else(|| format!("{shown} does not hold the module {key:?}"))?;
    let is_inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let inside = Path::new(&module.directory).components().all(is_inside);
    let beside = path.parent().filter(|_| inside).map(|parent| parent.join(&module.directory));
    let file = |(name, bytes): (&String, &Vec<u8>)| {
        // Where the file still lies beside the plan as it was, that is where people look for it.
        let original = beside.as_ref().map(|directory| directory.join(name));
        let same = original.filter(|path| std::fs::read(path).is_ok_and(|held| held == *bytes));
        let directory = module.directory.trim_start_matches("./").trim_end_matches('.');
        let in_plan = || format!("{shown}:{directory}{}{name}", if directory.is_empty() { "" } else { "/" });
        let shown = same.map_or_else(in_plan, |path| display_path(&path, working_directory));
        SourceFile { name: name.clone(), shown, bytes: Ok(bytes.clone()), instead: None }
    };
    Ok(module.files.iter().filter(|(name, _)| is_source(name)).map(file).collect())
}

/// The text of a file without the mark of the byte order that it may begin with; Terraform takes none in JSON.
pub(in crate::hcl) fn without_mark(text: String, name: &str) -> String {
    match text.strip_prefix('\u{feff}') {
        Some(rest) if !name.ends_with(".json") => rest.to_owned(),
        _ => text,
    }
}

/// The first byte that is no character. In comments Terraform takes such bytes; elsewhere it does not.
fn strange_byte(bytes: &[u8]) -> Option<usize> {
    // The beginning of a line.
    let mut offset = 0;
    while let Err(e) = std::str::from_utf8(bytes.get(offset..)?) {
        let at = offset + e.valid_up_to();
        let start = memchr::memrchr(b'\n', &bytes[offset..at]).map_or(offset, |newline| offset + newline + 1);
        let line = &bytes[start..at];
        let comment = memchr::memchr(b'#', line).or_else(|| memchr::memmem::find(line, b"//"));
        let quote = memchr::memchr(b'"', line);
        if comment.is_none_or(|comment| quote.is_some_and(|quote| quote < comment)) {
            return Some(at);
        }
        offset = at + memchr::memchr(b'\n', &bytes[at..])? + 1;
    }
    None
}

/// Whether a body holds more than the version that its tool must have.
fn declares_something(body: &Body) -> bool {
    let is_version = |block: &Block| {
        let only = |name: &str| name == "required_version";
        &*block.kind == "terraform"
            && block.body.blocks.is_empty()
            && block.body.attributes.iter().all(|a| only(&a.name))
    };
    !body.attributes.is_empty() || !body.blocks.iter().all(is_version)
}

impl Declarations {
    pub(in crate::hcl) fn read(&mut self, mut files: Vec<SourceFile>, map: &mut SourceMap) {
        // A file of OpenTofu stands in for the one of the same name.
        let replaced = |file: &SourceFile| match split(&file.name) {
            (stem, ".tofu") => Some(format!("{stem}.tf")),
            (stem, ".tofu.json") => Some(format!("{stem}.tf.json")),
            _ => None,
        };
        let tofu: BTreeMap<String, usize> =
            files.iter().enumerate().filter_map(|(index, file)| Some((replaced(file)?, index))).collect();
        for file in &files {
            if let Some(tofu) = tofu.get(&file.name).and_then(|index| files.get(*index))
                && tofu.bytes != file.bytes
            {
                let (tofu, shown) = (&tofu.shown, &file.shown);
                let message = format!("is read in place of {shown}, as OpenTofu does: Terraform reads the latter");
                let help = "keep one of them, or make both the same; where OpenTofu alone runs, acknowledge it";
                self.problems.push(Error::new(tofu, message).help(help));
            }
        }
        let of_terraform = files.iter().find(|file| replaced(file).is_none()).map(|file| file.shown.clone());
        let names: BTreeSet<String> = files.iter().map(|file| file.name.clone()).collect();
        for file in &mut files {
            let alone = replaced(file).is_some_and(|twin| !names.contains(&twin));
            file.instead = of_terraform.clone().filter(|_| alone);
        }
        files.retain(|file| !tofu.contains_key(&file.name));
        files.sort_by(|a, b| (is_override(&a.name), &a.name).cmp(&(is_override(&b.name), &b.name)));
        for file in files {
            self.has_files = true;
            self.read_file(file, map);
        }
    }

    fn read_file(&mut self, file: SourceFile, map: &mut SourceMap) {
        let is_override = is_override(&file.name);
        let before = self.problems.len();
        self.read_what_it_says(file, is_override, map);
        if is_override {
            // Whatever is there may be another then: it is no answer to leave the file out.
            self.problems.iter_mut().skip(before).for_each(|problem| problem.firm = true);
            self.unread_override |= self.problems.len() > before;
        }
    }

    fn read_what_it_says(&mut self, file: SourceFile, is_override: bool, map: &mut SourceMap) {
        let shown = file.shown;
        let what = if is_override { "the override file " } else { "" };
        let unread = || Arc::from(format!("{what}{shown} can't be read"));
        let bytes = match file.bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                self.incomplete = Some(unread());
                let wrong = Error::new(&shown, format!("can't be read: {why}"));
                self.problems.push(wrong.help("let the user of this run read it, or take it away"));
                return;
            }
        };
        let strange = strange_byte(&bytes);
        let read = String::from_utf8_lossy(&bytes);
        let text = Arc::new(without_mark(read.clone().into_owned(), &file.name));
        let id = map.add_file(&shown, text.clone());
        if let Some(at) = strange {
            self.incomplete = Some(unread());
            let before = String::from_utf8_lossy(&bytes[..at]).len() - (read.len() - text.len());
            let place = Place { file: id, span: before..before };
            let problem = Error::new(&shown, "not UTF-8: a byte of this line is no character").at(map.location(&place));
            self.problems.push(problem.help("write the file as UTF-8"));
            return;
        }
        map.allow_quotes(id);
        let mut wrong: Vec<(String, std::ops::Range<usize>, Option<String>)> = Vec::new();
        let body = if file.name.ends_with(".json") {
            match parse_json(&text) {
                Ok(root) => {
                    let mut form = syntax::JsonBody::new(&text);
                    let body = form.read(&root);
                    wrong.extend(form.wrong.into_iter().map(|(message, span)| (message, span, None)));
                    Some(body)
                }
                Err(problem) => {
                    wrong.push((problem.message, problem.span, problem.help));
                    None
                }
            }
        } else {
            match syntax::body(&text) {
                Ok(body) => Some(body),
                Err(problem) => {
                    wrong.push((problem.message, problem.span, problem.help));
                    None
                }
            }
        };
        if let (Some(of_terraform), true) = (file.instead, body.as_ref().is_some_and(declares_something)) {
            let message =
                format!("is read, as OpenTofu does: Terraform reads {of_terraform}, and leaves this file out");
            let help = "give it the ending .tf, or take it away; where OpenTofu alone runs, acknowledge it";
            self.problems.push(Error::new(&shown, message).help(help));
        }
        if let Some(body) = body {
            let spans = body.blocks.iter().flat_map(provisioners);
            self.provisioners.extend(spans.map(|span| Place { file: id, span }));
            let refused = self.add(body, id, is_override);
            wrong.extend(refused.into_iter().map(|w| (w.message, w.span.range(), None)));
        }
        for (message, span, help) in wrong {
            self.incomplete = Some(unread());
            let error = Error::new(&shown, message).at(map.location(&Place { file: id, span }));
            self.problems.push(error.help(help.unwrap_or_else(|| "terraform validate tells more".to_owned())));
        }
    }
}

/// Where the provisioners of a block of a resource stand, with their arguments.
fn provisioners(block: &Block) -> Vec<Range<usize>> {
    let own = if &*block.kind == "resource" { block.body.blocks.as_slice() } else { &[] };
    let own = own.iter().filter(|block| &*block.kind == "provisioner");
    own.map(Block::range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_characters_stand_in_comments_only() {
        for (bytes, at) in [
            (&b"a = 1\n"[..], None),
            (b"# \xff \xff\n// \xff\n", None),
            (b"# \xff\nb = \xff\n", Some(8)),
            (b"a = \"#\xff\"\n", Some(6)),
            (b"\xff", Some(0)),
            (b"# \xff", None),
        ] {
            assert_eq!(strange_byte(bytes), at, "{bytes:?}");
        }
        // In one line, too, each byte is looked at once.
        let mut long = vec![0xff; 16 << 20];
        long[0] = b'#';
        assert_eq!(strange_byte(&long), None);
    }
}
