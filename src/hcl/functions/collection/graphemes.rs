//! Characters as readers see them: grapheme clusters.

use unicode_segmentation::UnicodeSegmentation;

/// How many grapheme clusters a text has. `None` where it has characters on which versions of Unicode disagree.
pub(super) fn count(text: &str) -> Option<usize> {
    text.chars().all(is_settled).then(|| text.graphemes(true).count())
}

/// Characters whose clusters are the same in Unicode 15 and later: scripts of Europe and the Near East, symbols, emoji, and
/// those of China, Japan and Korea. Clusters of Indic scripts have changed.
fn is_settled(c: char) -> bool {
    matches!(u32::from(c),
        ..0x870 | 0x1e00..=0x2fff | 0x3001..=0xa4cf | 0xac00..=0xd7fb | 0xf900..=0xfe0f | 0xfe20..=0xfeff
        | 0xff01..=0xffdc | 0x1f000..=0x1faff | 0x20000..=0x3ffff)
}
