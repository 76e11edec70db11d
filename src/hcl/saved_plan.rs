//! The source in a saved plan file: `terraform plan -out` writes a zip whose `tfconfig/` holds every module.
//!
//! Its values (`tfplan`) are Terraform's own encoding and are not read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Component, Path};

use serde::Deserialize;
use zip::ZipArchive;

use crate::document::MAX_HCL_BYTES;

/// The most files in a saved plan.
const MAX_FILES: usize = 20_000;
/// The most bytes of source in it, unpacked.
const MAX_BYTES: u64 = 256 << 20;

/// The source in a saved plan.
#[derive(Debug, Default)]
pub struct SavedPlan {
    /// Module path, as in `a.b` for `module.a.module.b`: its files.
    pub modules: BTreeMap<String, SavedModule>,
}

/// A module in a saved plan.
#[derive(Debug, Default)]
pub struct SavedModule {
    /// Where it lay when it was planned, relative to the root module.
    pub directory: String,
    /// File name: its bytes.
    pub files: BTreeMap<String, Vec<u8>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    key: String,
    dir: String,
}

impl SavedPlan {
    /// Reads the source in the saved plan at `path`.
    ///
    /// # Errors
    /// What is wrong with the file, in words: no zip, no `tfconfig/`, names that lead out of it, too much in it.
    pub fn read(path: &Path) -> Result<SavedPlan, String> {
        let file = File::open(path).map_err(|e| format!("can't be read: {e}"))?;
        SavedPlan::of(file)
    }

    fn of(file: impl Read + Seek) -> Result<SavedPlan, String> {
        let mut archive = ZipArchive::new(file).map_err(|e| format!("is no saved plan: {e}"))?;
        if archive.len() > MAX_FILES {
            return Err(format!("holds more than {MAX_FILES} files, the most that are read"));
        }
        let (mut plan, mut left) = (SavedPlan::default(), MAX_BYTES);
        let mut listed: Option<Vec<Listed>> = None;
        let mut names = BTreeSet::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(|e| format!("can't be unpacked: {e}"))?;
            let name = entry.name().map_err(|e| format!("holds a name that can't be read: {e}"))?.into_owned();
            let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
            if name.contains(['\\', '\0']) || !Path::new(&name).components().all(is_plain) {
                return Err(format!("holds a file whose name leads out of it: {name:?}"));
            }
            if !names.insert(name.clone()) {
                return Err(format!("holds {name:?} twice"));
            }
            let Some(inner) = name.strip_prefix("tfconfig/").filter(|_| entry.is_file()) else {
                continue;
            };
            let limit = left.min(MAX_HCL_BYTES as u64);
            let mut bytes = Vec::new();
            entry
                .by_ref()
                .take(limit + 1)
                .read_to_end(&mut bytes)
                .map_err(|e| format!("{name:?} can't be unpacked: {e}"))?;
            if bytes.len() as u64 > limit {
                return Err(format!("{name:?} unpacks to more than {limit} bytes, the most that is read"));
            }
            left -= bytes.len() as u64;
            match inner.split_once('/') {
                None if inner == "modules.json" => {
                    let wrong = |e: serde_json::Error| format!("{name:?} can't be read: {e}");
                    listed = Some(serde_json::from_slice(&bytes).map_err(wrong)?);
                }
                Some((module, file)) if !file.contains('/') => {
                    let Some(key) = module.strip_prefix("m-") else { continue };
                    plan.modules.entry(key.to_owned()).or_default().files.insert(file.to_owned(), bytes);
                }
                Some(_) | None => {}
            }
        }
        for Listed { key, dir } in listed.ok_or("holds no tfconfig/modules.json, so it is no saved plan")? {
            plan.modules.entry(key).or_default().directory = dir;
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap()
    }

    const MODULES: &[u8] = br#"[{"Key":"","Dir":"."},{"Key":"a.b","Source":"./b","Dir":"b"}]"#;

    #[test]
    fn the_source_of_every_module_is_read() {
        let files: &[(&str, &[u8])] = &[
            ("tfplan", b"\x01\x02"),
            ("tfconfig/m-/main.tf", b"# root"),
            ("tfconfig/m-a.b/x.tf", b"# inner"),
            ("tfconfig/modules.json", MODULES),
        ];
        let plan = SavedPlan::of(archive(files)).unwrap();
        assert_eq!(plan.modules[""].files["main.tf"], b"# root");
        assert_eq!((plan.modules["a.b"].directory.as_str(), plan.modules["a.b"].files.len()), ("b", 1));
    }

    #[test]
    fn what_is_no_saved_plan_or_leads_out_of_it_is_refused() {
        let bomb = vec![0; MAX_HCL_BYTES + 1];
        for (files, says) in [
            (&[("a", b"x".as_slice())][..], "no tfconfig/modules.json"),
            (&[("../a.tf", b"x".as_slice())][..], "leads out"),
            (&[("/etc/a.tf", b"x".as_slice())][..], "leads out"),
            (&[("tfconfig/m-/../../x.tf", b"x".as_slice())][..], "leads out"),
            (&[("tfconfig\\m-\\x.tf", b"x".as_slice())][..], "leads out"),
            (&[("tfconfig/m-/x.tf", bomb.as_slice())][..], "unpacks to more than"),
            (&[("tfconfig/modules.json", b"{".as_slice())][..], "can't be read"),
        ] {
            let refused = SavedPlan::of(archive(files)).unwrap_err();
            assert!(refused.contains(says), "{refused}");
        }
        assert!(SavedPlan::of(Cursor::new(b"PK\x03\x04rest".to_vec())).unwrap_err().contains("no saved plan"));
        let whole = archive(&[("tfconfig/m-/main.tf", b"# root"), ("tfconfig/modules.json", MODULES)]).into_inner();
        for cut in 0..whole.len() {
            assert!(SavedPlan::of(Cursor::new(whole[..cut].to_vec())).is_err(), "cut at {cut}");
        }
    }

    /// An archive of as many files as this, whose bytes are zeros.
    fn of_zeros(files: &[(String, usize)]) -> Result<SavedPlan, String> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let fast = SimpleFileOptions::default().compression_level(Some(1));
        writer.start_file("tfconfig/modules.json", fast).unwrap();
        writer.write_all(MODULES).unwrap();
        for (name, length) in files {
            writer.start_file(name.as_str(), fast).unwrap();
            writer.write_all(&vec![0; *length]).unwrap();
        }
        SavedPlan::of(writer.finish().unwrap())
    }

    #[test]
    fn so_many_files_and_bytes_are_read_and_no_more() {
        let mut files: Vec<_> = (1..MAX_FILES).map(|n| (format!("tfconfig/m-/{n}.tf"), 0)).collect();
        assert_eq!(of_zeros(&files).unwrap().modules[""].files.len(), MAX_FILES - 1);
        files.push(("more".to_owned(), 0));
        assert!(of_zeros(&files).unwrap_err().contains("more than 20000 files"));

        let whole = usize::try_from(MAX_BYTES).unwrap() / MAX_HCL_BYTES;
        let mut files: Vec<_> = (0..whole).map(|n| (format!("tfconfig/m-/{n}.tf"), MAX_HCL_BYTES)).collect();
        files[0].1 -= MODULES.len();
        assert_eq!(of_zeros(&files).unwrap().modules[""].files.len(), whole);
        files[0].1 += 1;
        assert!(of_zeros(&files).unwrap_err().contains("unpacks to more than"));
    }
}
