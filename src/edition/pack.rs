//! Embedded texts that few runs need, compressed: unpacked when the first of them is asked for.

use std::io::Read;
use std::sync::OnceLock;

use flate2::read::DeflateDecoder;

/// Texts one behind the other, deflated by the build script.
pub(crate) struct Pack {
    /// Path and length of each text.
    files: &'static [(&'static str, usize)],
    deflated: &'static [u8],
    text: OnceLock<String>,
}

impl Pack {
    /// Takes what the build script made.
    pub(crate) const fn new(files: &'static [(&'static str, usize)], deflated: &'static [u8]) -> Pack {
        Pack { files, deflated, text: OnceLock::new() }
    }

    /// The paths of its texts.
    pub(crate) fn paths(&self) -> impl DoubleEndedIterator<Item = &'static str> {
        self.files.iter().map(|(path, _)| *path)
    }

    /// Path and text of each file.
    pub(crate) fn texts(&'static self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let whole = self.text.get_or_init(|| self.unpacked());
        let mut from = 0;
        self.files.iter().map(move |(path, length)| {
            let text = whole.get(from..from + length).unwrap_or_default();
            from += length;
            (*path, text)
        })
    }

    /// All texts; nothing of what can't be unpacked, which a test holds does not happen.
    fn unpacked(&self) -> String {
        let mut text = String::with_capacity(self.files.iter().map(|(_, length)| length).sum());
        match DeflateDecoder::new(self.deflated).read_to_string(&mut text) {
            Ok(_) => text,
            Err(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::edition::embedded;

    #[test]
    fn what_is_unpacked_is_what_was_packed() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let packs = embedded::EDITIONS.iter().chain([&embedded::TESTS, &embedded::EXAMPLES, &embedded::SCHEMAS]);
        let mut count = 0;
        for (path, text) in packs.flat_map(|pack| pack.texts()) {
            assert_eq!(std::fs::read_to_string(root.join(path)).unwrap(), text, "{path}");
            count += 1;
        }
        assert!(count > 100, "{count}");
    }
}
