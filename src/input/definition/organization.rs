//! The organization of a definition.

use super::Reader;
use crate::document::{Fields, Node, Spanned, Value};
use crate::facts::{CONTROLS, Origin};
use crate::input::reading::{Leaf, Part};

/// The controls that OpenAI can approve.
pub(super) fn approvable() -> Vec<&'static str> {
    CONTROLS.iter().copied().filter(|control| *control != "none").collect()
}

impl Reader<'_> {
    pub(super) fn part(&mut self, path: &[&str], span: &std::ops::Range<usize>, leaf: Leaf) {
        let origin = Origin { source: Some(self.source.to_owned()), address: None };
        let part = Part { leaf, place: self.place(span), origin };
        self.reading.organization.insert(path.iter().map(|p| (*p).to_owned()).collect(), part);
    }

    pub(super) fn leaf<T: Into<serde_json::Value>>(&mut self, path: &[&str], value: Option<Spanned<T>>) {
        if let Some(value) = value {
            self.part(path, &value.span, Leaf::Value(value.value.into()));
        }
    }

    pub(super) fn organization(&mut self, fields: &mut Fields<'_>, node: &Node) {
        self.part(&[], &node.span, Leaf::Object);
        self.leaf(&["id"], fields.take_string("id"));
        self.leaf(&["data_retention"], fields.take_word("data_retention", &CONTROLS));
        self.leaf(&["residency_approved"], fields.take_bool("residency_approved"));
        self.leaf(&["data_sharing"], fields.take_bool("data_sharing"));
        self.leaf(&["responsible_contact"], fields.take_string("responsible_contact"));
        let key = "abuse_monitoring_approval";
        let approval = fields.take_object(key, |f| {
            self.leaf(&[key, "controls"], f.take_words("controls", &approvable()).map(plain_list));
            self.leaf(&[key, "approved_on"], f.take_date("approved_on"));
            self.leaf(&[key, "requirements_accepted"], f.take_bool("requirements_accepted"));
            self.leaf(&[key, "reference"], f.take_string("reference"));
        });
        if let Some(approval) = approval {
            self.part(&[key], &approval.span, Leaf::Object);
        }
        for key in ["zdr_amendment", "modified_retention_amendment", "business_associate_agreement"] {
            let agreement = fields.take_object(key, |f| {
                self.leaf(&[key, "executed_on"], f.take_date("executed_on"));
                if key != "business_associate_agreement" {
                    self.leaf(&[key, "expires_on"], f.take_date("expires_on"));
                }
                self.leaf(&[key, "reference"], f.take_string("reference"));
            });
            if let Some(agreement) = agreement {
                self.part(&[key], &agreement.span, Leaf::Object);
            }
        }
        if let Some(map) = fields.take_map("region_approvals") {
            for entry in map.value.iter().filter(|entry| entry.node.value != Value::Null) {
                let path = ["region_approvals", entry.key.as_str()];
                self.part(&path, &entry.key_span, Leaf::Object);
                fields.within(&entry.node, &entry.key, |f| {
                    self.leaf(&[path[0], path[1], "approved_on"], f.take_date("approved_on"));
                    self.leaf(&[path[0], path[1], "reference"], f.take_string("reference"));
                });
            }
        }
        let key = "requirements";
        let requirements = fields.take_object(key, |f| {
            self.leaf(&[key, "allowed_regions"], f.take_strings("allowed_regions").map(plain_list));
            for name in ["region_required", "regional_processing", "training_forbidden"] {
                self.leaf(&[key, name], f.take_bool(name));
            }
            for name in ["max_abuse_log_days", "max_application_state_days"] {
                self.leaf(&[key, name], f.take_count(name));
            }
        });
        if let Some(requirements) = requirements {
            self.part(&[key], &requirements.span, Leaf::Object);
        }
    }
}

fn plain_list(list: Spanned<Vec<Spanned<String>>>) -> Spanned<Vec<String>> {
    Spanned { value: list.value.into_iter().map(|item| item.value).collect(), span: list.span }
}
