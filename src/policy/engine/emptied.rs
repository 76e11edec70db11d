//! A rule whose bodies never hold: tests that stay green with it do not look at it.

use regorus::unstable::{Module, Ref, Rule as RegoRule};

use super::mistakes::name_of;
use crate::policy::bundle::File;

/// The file with a condition that never holds in every body of a set; `None` where the set has no body.
pub(super) fn without(file: &File, module: &Ref<Module>, set: &str) -> Option<File> {
    let mut cuts: Vec<(usize, usize, &str)> = Vec::new();
    for rule in module.policy.iter().filter(|rule| name_of(rule).as_deref() == Some(set)) {
        let RegoRule::Spec { bodies, .. } = rule.as_ref() else { continue };
        for body in bodies {
            let (Some(first), Some(last)) = (body.query.stmts.first(), body.query.stmts.last()) else { continue };
            let (start, end) = (first.span.start as usize, last.span.end as usize);
            // The span of a text lies between its quotes.
            let quotes = ['"', '`'];
            let start = start - usize::from(file.text.get(..start)?.ends_with(quotes));
            let end = end + usize::from(file.text.get(end..)?.starts_with(quotes));
            let braced = file.text.get(..start)?.trim_end().ends_with('{');
            cuts.push((start, end, if braced { "false; " } else { "{ false; " }));
        }
    }
    if cuts.is_empty() {
        return None;
    }
    cuts.sort_unstable();
    let mut text = file.text.clone();
    for (start, end, opening) in cuts.into_iter().rev() {
        if opening.starts_with('{') {
            text.insert_str(end, " }");
        }
        text.insert_str(start, opening);
    }
    Some(file.with_text(text))
}
