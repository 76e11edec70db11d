//! Facts of the page's text that rules judge without reading them by their name: what they say stands in a table of the
//! edition, too, or is what a rule asks of the input.

/// A fact's name, the word of the facts document that rules read in its place, and these rules.
type Answered = (&'static str, &'static str, &'static [&'static str]);

/// By name. A test holds that the rules are there and read that word, and that text and tables agree.
pub const ANSWERED: [Answered; 44] = [
    ("abuse_monitoring_log_retention_days_max", "abuse_monitoring_days", LOGS),
    ("api_data_used_for_training_default", "data_sharing", &["training/data-sharing-enabled"]),
    ("availability_in_region_implies_inference_in_region", "caveat", ELSEWHERE),
    ("background_mode_zdr_compatible", "background", &["retention/background-mode-state"]),
    (
        "compatible_with_data_retention_controls",
        "requires_project_retention_setting",
        &["retention/endpoint-needs-control-none"],
    ),
    ("controls_require", "requirements_accepted", &["retention/control-requirements-not-accepted"]),
    ("csam_hit_retained_for_manual_review_even_with", "inputs", &["retention/image-input-review-exception"]),
    (
        "customer_responsible_for_user_policy_compliance_and_legal_moderation_reporting",
        "responsible_contact",
        &["retention/user-policy-responsibility-not-assigned"],
    ),
    ("domain_prefix_optional_regions", "domain_required", &["residency/regional-host-required"]),
    ("domain_prefix_required_regions", "domain_required", &["residency/regional-host-required"]),
    ("eu_fast_tier_allowed_models", "service_tiers_allowed", TIERS),
    ("eu_fast_tier_forbidden_models", "service_tiers_forbidden", TIERS),
    ("eu_requirement_any_of", "requirement_any_of", &["residency/non-us-region-without-abuse-monitoring-control"]),
    ("eu_service_tiers", "service_tiers_allowed", TIERS),
    ("excluded_data", "structured_output", &["residency/structured-output-schema-leaves-region"]),
    ("extra_approval_regions", "extra_approval", &["residency/region-without-further-approval"]),
    (
        "image_mode_requires_enhanced_zdr_or_enhanced_mam",
        "image_requires_enhanced",
        &["residency/image-without-enhanced-control"],
    ),
    ("inference_in_region_if_region_supports_processing", "processing", &["residency/no-regional-processing"]),
    ("mam_excludes_customer_content_from_abuse_logs", "modified_abuse_monitoring", LOGS),
    ("mam_foreground_retention", "application_state", STATE),
    ("model_allowed_regions", "model_region_limits", &["residency/model-not-in-region"]),
    (
        "non_us_requires",
        "requirement_any_of",
        &[
            "residency/non-us-region-without-abuse-monitoring-approval",
            "residency/non-us-region-without-abuse-monitoring-control",
            "residency/non-us-region-without-zdr-amendment",
        ],
    ),
    ("not_covered", "tools", &["residency/third-party-tool"]),
    ("per_request_region_selection", "per_request", &["residency/regional-host-mismatch"]),
    (
        "processing_and_temporary_storage_outside_region_if_no_regional_processing",
        "processing",
        &["residency/no-regional-processing"],
    ),
    ("region_selectable_only_for_new_projects", "change", &["residency/region-changed-after-creation"]),
    ("region_selected_at", "change", &["residency/region-changed-after-creation"]),
    ("required_base_url", "domain_required", &["residency/regional-host-required"]),
    ("residency_eligibility_via_sales", "residency_approved", &["residency/residency-not-approved"]),
    ("residency_mutable_after_project_creation", "change", &["residency/region-changed-after-creation"]),
    ("residency_regions", "storage_regions", &["residency/endpoint-not-in-region"]),
    ("retained_indefinitely_if_not_deleted", "application_state", STATE),
    ("session_storage_default_enabled", "store", STATE),
    (
        "storage_at_rest_in_region_only_for_supported_endpoint_model_snapshot",
        "storage_regions",
        &["residency/endpoint-not-in-region", "residency/model-not-in-region"],
    ),
    ("storage_support_implies_processing_support", "processing_regions", ELSEWHERE),
    ("ultrafast_tier_regions", "service_tier_regions", TIERS),
    ("web_search_covered_by_baa", "web_search", SEARCHES),
    ("web_search_hipaa_eligible", "web_search", SEARCHES),
    ("web_search_live_covered_by_baa", "web_search", SEARCHES),
    ("web_search_live_hipaa_eligible", "web_search", SEARCHES),
    ("web_search_preview_ignores_external_web_access", "web_search_preview", SEARCHES),
    ("zdr_excludes_customer_content_from_abuse_logs", "zero_data_retention", LOGS),
    ("zdr_includes_mam_effect", "modified_abuse_monitoring", LOGS),
    (
        "zdr_may_prevent_use_of_stateful_endpoints_or_capabilities",
        "zdr_eligible",
        &["retention/endpoint-not-zdr-eligible"],
    ),
];

const ELSEWHERE: &[&str] = &["residency/use-processed-elsewhere"];
const LOGS: &[&str] = &["retention/abuse-log-retention-exceeds-limit"];
const SEARCHES: &[&str] = &["healthcare/web-search-with-phi"];
const STATE: &[&str] = &["retention/application-state-exceeds-limit"];
const TIERS: &[&str] = &["residency/service-tier-not-in-region"];

/// Whether rules judge a fact of the page's text without reading it by its name.
pub fn is_answered(fact: &str) -> bool {
    ANSWERED.iter().any(|(name, ..)| *name == fact)
}
