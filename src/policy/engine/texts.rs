//! `strings.replace_n` as OPA has it: all patterns at once, the first of them in order at each place.

/// Replaces each `old` by its `new`; `None` where the answer would be longer than `most` bytes. Patterns are tried in the
/// order given, and what was put in is not looked at again.
pub(super) fn replace_n(source: &str, pairs: &[(&str, &str)], most: usize) -> Option<String> {
    let (mut out, mut rest, mut after_empty) = (String::new(), source, false);
    loop {
        let found = pairs.iter().find(|(old, _)| rest.starts_with(old) && !(old.is_empty() && after_empty));
        after_empty = found.is_some_and(|(old, _)| old.is_empty());
        match found {
            Some((old, new)) => {
                out.push_str(new);
                rest = &rest[old.len()..];
            }
            None => {
                let Some(next) = rest.chars().next() else { break };
                out.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        if out.len() > most {
            return None;
        }
        if rest.is_empty()
            && found.is_some_and(|(old, _)| !old.is_empty())
            && !pairs.iter().any(|(old, _)| old.is_empty())
        {
            break;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_tried_in_order_and_never_twice() {
        for (source, pairs, replaced) in [
            ("ab", &[("a", "b"), ("b", "c")][..], "bc"),
            ("aab", &[("a", "x"), ("aa", "y")][..], "xxb"),
            ("é", &[("", "-")][..], "-é-"),
            ("", &[("a", "b")][..], ""),
            ("abc", &[][..], "abc"),
        ] {
            assert_eq!(replace_n(source, pairs, 100).as_deref(), Some(replaced), "{source} {pairs:?}");
        }
        assert_eq!(replace_n("aaa", &[("a", "xxxx")], 8), None);
    }
}
