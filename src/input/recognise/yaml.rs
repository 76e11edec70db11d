//! YAML, by its look: it is not read, and must not be called broken HCL or JSON.

/// Whether a text that is no JSON and no HCL starts as YAML does: a document, a list, a key with a colon.
pub(super) fn looks_like_yaml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', '/']));
    let Some(first) = lines.next() else { return false };
    let starts = |sign: &str| first.strip_prefix(sign).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    if starts("---") || starts("%YAML") || starts("%TAG") || starts("-") {
        return true;
    }
    // In braces or brackets a word without quotes stands before the colon; JSON has none.
    let inner = first.trim_start_matches(['{', '[', ' ']);
    if inner.len() < first.len() && inner.starts_with(['"', '\'', '}', ']']) {
        return false;
    }
    let quoted = inner.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    let (key, rest) = match quoted {
        Some((key, rest)) => match rest.trim_start().strip_prefix(':') {
            Some(rest) => (key, rest),
            None => return false,
        },
        None => match inner.split_once(':') {
            Some(parts) => parts,
            None => return false,
        },
    };
    let plain = !key.is_empty() && !key.contains(['=', '{', '[', '(', '"', ',']);
    plain && (rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use crate::input::recognise::recognise;

    #[test]
    fn yaml_is_told_from_broken_hcl_and_json() {
        for text in [
            "projects:\n  - name: a\n",
            "---\nprojects: []\n",
            "# a comment\n--- # another\na: b\n",
            "%YAML 1.2\n---\na: b\n",
            "- name: a\n  region: EU\n",
            "-\n  name: a\n",
            "my key: a\n",
            "\"name\": a\n",
            "{a: b}\n",
            "[{name: a}]\n",
            "{ projects: [{ name: a }] }\n",
        ] {
            let refused = recognise(text, None).err().unwrap();
            assert!(refused.message.contains("YAML"), "{text}: {}", refused.message);
            assert!(refused.help.unwrap().contains("yq -o json FILE > openai.json"), "{text}");
        }
        for text in [
            "project \"a\" {\n  region = \n}\n",
            "a = b ? c : d e\n",
            "/* note: this */ project {{\n",
            "// note: this\nproject {{\n",
            "{\"projects\": [}",
            "{\"a\": b}",
            "[{\"name\": a}]",
            "{\n  \"a\": }",
            "{",
            "\"text\"",
            "7",
        ] {
            let refused = recognise(text, None).err().unwrap();
            assert!(!refused.message.contains("YAML"), "{text}: {}", refused.message);
        }
    }
}
