//! Several files in one input: a line `# file: NAME` begins each but the first.

const MARK: &[u8] = b"# file: ";

/// Name and bytes of each file; the first is `first`.
pub fn split(data: &[u8], first: &str) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    let (mut name, mut bytes) = (first.to_owned(), Vec::new());
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        if let Some(next) = line.strip_prefix(MARK) {
            found.push((name, std::mem::take(&mut bytes)));
            name = String::from_utf8_lossy(next).trim().to_owned();
        } else {
            bytes.extend_from_slice(line);
        }
    }
    found.push((name, bytes));
    // The last of a name counts, as on a disk.
    let mut kept: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, bytes) in found {
        if name == first && bytes.is_empty() {
            continue;
        }
        kept.retain(|(other, _)| *other != name);
        kept.push((name, bytes));
    }
    kept
}

/// The text of a file as readers see it, without its byte order mark.
pub fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()
}
