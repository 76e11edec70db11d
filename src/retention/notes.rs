//! What the page says of all rows, in the words of this product.

use serde_json::Value;

use crate::edition::EditionFacts;

/// The value of a fact that a note is true of.
enum Of {
    /// This one.
    Flag(bool),
    /// This one.
    Word(&'static str),
    /// All of these words, and no others.
    Words(&'static [&'static str]),
    /// Any number, which the note tells.
    Number,
    /// Any words, which the note tells.
    Any,
}

impl Of {
    /// What stands for `{value}` in a note that is true of a value.
    fn told(&self, value: &Value) -> Option<String> {
        let words = || value.as_array()?.iter().map(Value::as_str).collect::<Option<Vec<&str>>>();
        match self {
            Of::Flag(flag) => (value.as_bool() == Some(*flag)).then(String::new),
            Of::Word(word) => (value.as_str() == Some(word)).then(String::new),
            Of::Words(all) => {
                let words = words()?;
                (words.len() == all.len() && all.iter().all(|word| words.contains(word))).then(String::new)
            }
            Of::Number => value.is_number().then(|| value.to_string()),
            Of::Any => words().filter(|words| !words.is_empty()).map(|words| words.join(", ").replace('_', " ")),
        }
    }
}

/// Facts of the page, the value that a note is true of, and the note.
const NOTES: [(&str, Of, &str); 14] = [
    (
        "data_classes_stored",
        Of::Words(&["abuse_monitoring_logs", "application_state"]),
        "Two stores are told apart: abuse monitoring logs, and application state that an endpoint keeps.",
    ),
    (
        "abuse_monitoring_log_contents",
        Of::Words(&["customer_content", "metadata_derived_from_customer_content_including_classifier_outputs"]),
        "Abuse monitoring logs may hold prompts, responses, and what classifiers derive from them.",
    ),
    (
        "mam_flagged_content_retained_or_manually_reviewed",
        Of::Flag(false),
        "Under modified abuse monitoring, content that classifiers flag is neither kept in the logs nor reviewed by people.",
    ),
    (
        "mam_application_state_still_subject_to_other_controls",
        Of::Words(&["data_residency"]),
        "Modified abuse monitoring leaves every endpoint usable; what one keeps as application state stays subject to residency.",
    ),
    ("zdr_includes_mam_effect", Of::Flag(true), "Zero data retention has modified abuse monitoring in effect."),
    (
        "image_and_file_inputs_scanned_for_csam_on_submission",
        Of::Flag(true),
        "Image and file inputs are scanned for child sexual abuse material when they are sent, whatever the control.",
    ),
    (
        "csam_hit_retained_for_manual_review_even_with",
        Of::Any,
        "An image that such a scan suspects is kept and reviewed by people, also under {value}.",
    ),
    (
        "days_from_customer_deletion_to_server_deletion",
        Of::Number,
        "What is deleted from assistants, threads and vector stores leaves the servers {value} days later.",
    ),
    ("structured_outputs_schema_stored", Of::Flag(true), "Schemas of Structured Outputs are stored, too."),
    (
        "prompt_cache_kv_tensors_application_state_hours_max",
        Of::Number,
        "Extended prompt caching keeps tensors for up to {value} hours; the table does not count them.",
    ),
    (
        "excluded_data",
        Of::Word("system_data"),
        "System data (account, metadata, usage, schemas of Structured Outputs) may leave the region.",
    ),
    (
        "not_covered",
        Of::Words(&[
            "transfer_or_storage_caused_by_end_user_or_customer_location",
            "third_party_products_services_content",
            "non_customer_content",
        ]),
        "Residency does not cover where the end user or the customer is, services of third parties, or what is no customer content.",
    ),
    (
        "processing_and_temporary_storage_outside_region_if_no_regional_processing",
        Of::Flag(true),
        "Where a region only stores, content may be processed, and kept for that time, elsewhere.",
    ),
    ("web_search_covered_by_baa", Of::Flag(false), "Web search is not covered by a business associate agreement."),
];

/// The notes that are true of what an edition says.
pub(super) fn notes(edition: &EditionFacts) -> Vec<String> {
    let of = |(fact, of, text): &(&str, Of, &str)| {
        let value = of.told(&edition.page.get(*fact)?.first()?.value)?;
        Some(text.replace("{value}", &value))
    };
    NOTES.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::{self, StatedFact};

    #[test]
    fn a_note_is_made_of_the_value_that_it_is_true_of_alone() {
        let mut facts = EditionFacts::new(&edition::choose(Some("2025-06")).unwrap().edition);
        let before = notes(&facts);
        assert_eq!(before.len(), 13, "{before:?}");
        for (fact, value) in [
            ("web_search_covered_by_baa", Value::Bool(true)),
            ("mam_flagged_content_retained_or_manually_reviewed", Value::Bool(true)),
            ("not_covered", serde_json::json!(["non_customer_content"])),
            ("excluded_data", Value::Null),
        ] {
            let stated = StatedFact { value, applies_to: None, scope: None };
            facts.page.insert(fact.to_owned(), vec![stated]);
        }
        let after = notes(&facts);
        assert_eq!(after.len(), 9, "{after:?}");
        let scans = after.iter().find(|note| note.contains("such a scan")).unwrap();
        assert!(scans.ends_with("also under zero data retention, modified abuse monitoring."), "{scans}");
    }
}
