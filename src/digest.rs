//! Digests of inputs, rules and findings.

use sha2::{Digest, Sha256};

/// The SHA-256 digest of `parts`, one behind the other, as lower-case hexadecimal text.
pub fn sha256<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    use std::fmt::Write;
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn digests_are_the_standard_ones() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(super::sha256([b"a".as_slice(), b"bc"]), abc);
    }
}
