//! What the blocks of override files may change, and how.

use super::Located;
use crate::hcl::syntax::Block;

/// Overrides `count` and `for_each`: where one block has the one and another has the other, `count` counts.
pub(super) fn override_number(
    count: &mut Option<Located>,
    for_each: &mut Option<Located>,
    new_count: Option<Located>,
    new_for_each: Option<Located>,
) {
    let is_in_one = new_count.is_some() && new_for_each.is_some() || count.is_some() && for_each.is_some();
    *count = new_count.or(count.take());
    *for_each = new_for_each.or(for_each.take());
    if count.is_some() && !is_in_one {
        *for_each = None;
    }
}

pub(super) fn nothing_to_override(what: &str) -> String {
    format!("there is no {what} that this could override")
}

/// Whether all that a block of an override file holds may stand there.
pub(super) fn may_override(block: &Block) -> Result<(), String> {
    let refused = match &*block.kind {
        "moved" | "import" | "check" => Some(&*block.kind),
        "variable" => block.body.blocks_of("validation").next().map(|_| "validation"),
        "output" if block.body.blocks_of("precondition").next().is_some() => Some("precondition"),
        "resource" | "data" | "ephemeral" => {
            let inner = block.body.blocks_of("lifecycle").flat_map(|lifecycle| &lifecycle.body.blocks);
            inner.map(|inner| &*inner.kind).find(|kind| ["precondition", "postcondition"].contains(kind))
        }
        _ => None,
    };
    match refused.or_else(|| block.body.attribute("depends_on").map(|_| "depends_on")) {
        Some(what) => Err(format!("{what} can't be overridden: Terraform refuses it in an override file")),
        None => Ok(()),
    }
}
