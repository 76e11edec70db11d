//! Base64 in which variables are set: a whole text or a part of it, in lines or in one, of either alphabet.

use data_encoding::BASE64_NOPAD;

use super::MARKS;

/// Whether a text shows the name of a variable inside base64.
fn is_marked(text: &str) -> bool {
    let [_, encoded @ ..] = MARKS;
    encoded.iter().any(|mark| text.contains(mark))
}

/// Whether a character is one of base64, in the common alphabet or that of URLs.
fn is_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || ['+', '/', '-', '_'].contains(&c)
}

/// The bytes that digits stand for; digits at the end that make no byte are dropped.
fn bytes(digits: &str) -> Vec<u8> {
    let common = digits.replace('-', "+").replace('_', "/");
    let whole = common.len() - common.len() % 4;
    let of = |digits: &str| BASE64_NOPAD.decode(digits.as_bytes()).ok();
    of(&common).or_else(|| of(common.get(..whole)?)).unwrap_or_default()
}

/// The text of bytes: UTF-16 as PowerShell takes it where a variable's name stands there so, else UTF-8.
fn text_of(bytes: &[u8]) -> String {
    const WIDE: &[u8] = b"O\0P\0E\0N\0A\0I\0_\0";
    match memchr::memmem::find(bytes, WIDE) {
        Some(at) => {
            let pairs = bytes.get(at % 2..).unwrap_or_default().chunks_exact(2);
            let units: Vec<u16> = pairs.filter_map(|p| Some(u16::from_le_bytes(p.try_into().ok()?))).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The runs of base64 in a text that may name a variable; lines that hold nothing else are taken together.
fn runs(text: &str) -> Vec<String> {
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(is_digit);
    let (mut found, mut joined) = (Vec::new(), String::new());
    for line in text.lines().map(str::trim) {
        let digits = line.trim_end_matches('=');
        if is_digits(digits) {
            joined.push_str(digits);
            if digits.len() < line.len() {
                found.push(std::mem::take(&mut joined));
            }
            continue;
        }
        found.push(std::mem::take(&mut joined));
        if is_marked(line) {
            found.extend(line.split(|c: char| !is_digit(c)).map(str::to_owned));
        }
    }
    found.push(joined);
    found
}

/// The texts in base64 within a text that name a variable.
pub(super) fn texts(text: &str) -> Vec<String> {
    if !is_marked(text) && text.trim().lines().count() < 2 {
        return Vec::new();
    }
    // What stands before it in the same run may move where it starts.
    let decoded = |run: &String| {
        let of = |start: usize| run.get(start..).map(|digits| text_of(&bytes(digits)));
        (0..4).filter_map(of).find(|text| text.contains("OPENAI_"))
    };
    runs(text).iter().filter(|run| is_marked(run)).filter_map(decoded).collect()
}

/// The text that a whole value stands for.
pub(super) fn whole(value: &str) -> Option<String> {
    let digits = value.trim().trim_end_matches('=');
    let is_base64 = !digits.is_empty() && digits.chars().all(is_digit);
    is_base64.then(|| bytes(digits)).and_then(|bytes| String::from_utf8(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_wherever_it_stands() {
        let plain = "# café ÿþ>>??\nOPENAI_PROJECT=proj_1\nOPENAI_BASE_URL=https://api.openai.com/v1\n";
        let common = data_encoding::BASE64.encode(plain.as_bytes());
        let lines: Vec<&str> = common.as_bytes().chunks(50).map(|c| std::str::from_utf8(c).unwrap()).collect();
        for text in [
            common.clone(),
            data_encoding::BASE64URL_NOPAD.encode(plain.as_bytes()),
            format!("{}\n", lines.join("\n")),
            format!("a:\n  b: |\n    {}\n  c: d\n", lines.join("\n    ")),
            format!("- content: {common}\n"),
            format!("echo {common} | base64 -d > /etc/{common}"),
        ] {
            let found = texts(&text);
            assert!(!found.is_empty() && found.iter().all(|t| t.ends_with(plain)), "{text}: {found:?}");
        }
        let wide: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(texts(&data_encoding::BASE64.encode(&wide)), [plain]);
        let odd = [b"\xe9\n", "OPENAI_PROJECT=x".as_bytes()].concat();
        assert!(texts(&data_encoding::BASE64.encode(&odd))[0].ends_with("\nOPENAI_PROJECT=x"));
        assert!(texts("no base64\nat all").is_empty());
    }

    #[test]
    fn a_whole_value_is_decoded_if_it_is_text() {
        assert_eq!(whole("aHR0cHM6Ly94").as_deref(), Some("https://x"));
        for value in ["", "https://x", "////"] {
            assert_eq!(whole(value), None, "{value}");
        }
    }
}
