//! What the blocks of override files may change, and how.

use super::{Declarations, Ignored, Located, Resource, ResourceName};
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

impl Declarations {
    /// Adds a resource, or what an override file says of it.
    pub(super) fn resource(
        &mut self,
        name: ResourceName,
        new: Resource,
        is_override: bool,
        shown: &str,
    ) -> Result<(), String> {
        match self.resources.get_mut(&name) {
            None if is_override => Err(nothing_to_override(shown)),
            None => {
                self.resources.insert(name, new);
                Ok(())
            }
            Some(held) if is_override => {
                let file = new.place.file;
                override_number(&mut held.count, &mut held.for_each, new.count, new.for_each);
                held.enabled = new.enabled.or(held.enabled.take());
                held.provider = new.provider.or(held.provider.take());
                // All of them stays all, and an empty list changes nothing.
                match new.ignored {
                    Ignored::All => held.ignored = Ignored::All,
                    Ignored::Some(names) if !names.is_empty() && held.ignored != Ignored::All => {
                        held.ignored = Ignored::Some(names);
                    }
                    Ignored::Some(_) | Ignored::Nothing => {}
                }
                // What is a block in the one form is an argument in the other.
                let attributes = new.body.attributes.iter().map(|attribute| &attribute.name);
                for name in attributes.chain(new.body.blocks.iter().map(Block::makes)) {
                    held.body.attributes.retain(|held| held.name != *name);
                    held.body.blocks.retain(|held| held.makes() != name);
                    held.overridden.insert(name.clone(), file);
                }
                held.body.attributes.extend(new.body.attributes);
                held.body.blocks.extend(new.body.blocks);
                Ok(())
            }
            Some(_) => Err(format!("{shown} is declared twice")),
        }
    }
}
