# Every rule with what its METADATA says, and what it answers. Made from the rules, not by hand.
package openai.catalog

import rego.v1

# The severities that fail a gate.
failing := {"medium", "high", "critical"}

rules := {
	"healthcare/phi-without-baa": {
		"severity": "critical",
		"subjects": ["project"],
		"title": "Health information without a business associate agreement",
	},
	"healthcare/web-search-with-phi": {
		"severity": "critical",
		"subjects": ["project"],
		"title": "Web search where health information is handled",
	},
	"residency/allowed-model-not-in-region": {
		"severity": "medium",
		"subjects": ["project"],
		"title": "Allowed model without data residency in the project's region",
	},
	"residency/background-mode-in-region": {
		"severity": "medium",
		"subjects": ["use"],
		"title": "Background mode in a region that does not allow it",
	},
	"residency/chat-store-outside-us": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Stored completions in a region that does not allow them",
	},
	"residency/client-without-project": {
		"severity": "low",
		"subjects": ["client"],
		"title": "Client whose project is not known",
	},
	"residency/endpoint-not-in-region": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Endpoint without data residency in the project's region",
	},
	"residency/file-upload-not-base64": {
		"severity": "high",
		"subjects": ["use"],
		"title": "File that does not come as base64 in the request",
	},
	"residency/image-without-enhanced-control": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Images in a region without an enhanced control",
	},
	"residency/modality-not-in-region": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Modality that the region does not take",
	},
	"residency/model-alias-not-pinned": {
		"severity": "medium",
		"subjects": ["use"],
		"title": "Model alias where only a snapshot has data residency",
	},
	"residency/model-not-in-region": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Model without data residency in the project's region",
	},
	"residency/models-not-restricted": {
		"severity": "low",
		"subjects": ["project"],
		"title": "Project in a region that may call any model",
	},
	"residency/no-regional-processing": {
		"severity": "high",
		"subjects": ["project"],
		"title": "Project that requires regional processing and has none",
	},
	"residency/non-us-region-without-abuse-monitoring-approval": {
		"severity": "critical",
		"subjects": ["project"],
		"title": "Region without approval for its abuse monitoring controls",
	},
	"residency/non-us-region-without-abuse-monitoring-control": {
		"severity": "critical",
		"subjects": ["project"],
		"title": "Region without one of its abuse monitoring controls in effect",
	},
	"residency/non-us-region-without-zdr-amendment": {
		"severity": "critical",
		"subjects": ["project"],
		"title": "Region without the executed amendment it requires",
	},
	"residency/region-changed-after-creation": {
		"severity": "high",
		"subjects": ["project"],
		"title": "Region of an existing project changes",
	},
	"residency/region-not-allowed": {
		"severity": "high",
		"subjects": ["project"],
		"title": "Project outside the regions its organization allows",
	},
	"residency/region-not-eligible": {
		"severity": "high",
		"subjects": ["project"],
		"title": "Region that data residency does not offer",
	},
	"residency/region-not-set": {
		"severity": "high",
		"subjects": ["project"],
		"title": "Project without the region its organization requires",
	},
	"residency/region-without-further-approval": {
		"severity": "high",
		"subjects": ["project"],
		"title": "Region that needs a further approval",
	},
	"residency/regional-host-mismatch": {
		"severity": "high",
		"subjects": ["client"],
		"title": "Client that calls another region's host",
	},
	"residency/regional-host-not-declared": {
		"severity": "low",
		"subjects": ["project"],
		"title": "Project of a region with its own host, and no client that calls it",
	},
	"residency/regional-host-required": {
		"severity": "high",
		"subjects": ["client"],
		"title": "Client of a regional project that calls the global host",
	},
	"residency/residency-not-approved": {
		"severity": "high",
		"subjects": ["project"],
		"title": "Region without approved data residency",
	},
	"residency/service-tier-not-in-region": {
		"severity": "medium",
		"subjects": ["use"],
		"title": "Service tier that the region does not have for the model",
	},
	"residency/structured-output-schema-leaves-region": {
		"severity": "low",
		"subjects": ["use"],
		"title": "Structured output schema that may leave the region",
	},
	"residency/third-party-tool": {
		"severity": "low",
		"subjects": ["project", "use"],
		"title": "Tool that sends content to a third party",
	},
	"residency/tool-not-in-region": {
		"severity": "high",
		"subjects": ["use", "project"],
		"title": "Tool without data residency in the project's region",
	},
	"residency/tools-not-restricted": {
		"severity": "low",
		"subjects": ["project"],
		"title": "Project in a region without settings of its tools",
	},
	"residency/use-processed-elsewhere": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Use that is processed outside the project's region",
	},
	"retention/abuse-log-retention-exceeds-limit": {
		"severity": "high",
		"subjects": ["use", "project"],
		"title": "Abuse monitoring logs kept for longer than the limit",
	},
	"retention/application-state-exceeds-limit": {
		"severity": "high",
		"subjects": ["use", "project"],
		"title": "Application state kept for longer than the limit",
	},
	"retention/audio-output-state": {
		"severity": "low",
		"subjects": ["use"],
		"title": "Audio outputs that are kept for a time",
	},
	"retention/background-mode-state": {
		"severity": "low",
		"subjects": ["use"],
		"title": "Background mode that keeps state for a time",
	},
	"retention/control-no-longer-managed": {
		"severity": "low",
		"subjects": ["organization", "project"],
		"title": "Control that nothing manages any more",
	},
	"retention/control-not-among-approved": {
		"severity": "high",
		"subjects": ["organization", "project"],
		"title": "Retention control that the approval does not cover",
	},
	"retention/control-requirements-not-accepted": {
		"severity": "high",
		"subjects": ["organization", "project"],
		"title": "Retention control whose further requirements nobody accepted",
	},
	"retention/control-weakened": {
		"severity": "high",
		"subjects": ["organization", "project"],
		"title": "Control weakened by the change",
	},
	"retention/control-without-approval": {
		"severity": "critical",
		"subjects": ["organization", "project"],
		"title": "Retention control without OpenAI's approval",
	},
	"retention/endpoint-needs-control-none": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Endpoint that works only without a retention control",
	},
	"retention/endpoint-not-zdr-eligible": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Endpoint that zero data retention does not cover",
	},
	"retention/endpoint-unknown": {
		"severity": "medium",
		"subjects": ["use"],
		"title": "Endpoint that the edition does not know",
	},
	"retention/hosted-container-under-zdr": {
		"severity": "high",
		"subjects": ["use", "project"],
		"title": "Hosted container under zero data retention",
	},
	"retention/image-input-review-exception": {
		"severity": "low",
		"subjects": ["use"],
		"title": "Image or file input that may be kept for review",
	},
	"retention/image-model-not-zdr-compatible": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Image model that zero data retention does not cover",
	},
	"retention/store-ignored-under-zdr": {
		"severity": "low",
		"subjects": ["use"],
		"title": "`store` that zero data retention overrides",
	},
	"retention/structured-output-schema-stored": {
		"severity": "low",
		"subjects": ["use"],
		"title": "Structured Outputs whose schema is stored",
	},
	"retention/user-policy-responsibility-not-assigned": {
		"severity": "low",
		"subjects": ["project"],
		"title": "Nobody named who answers for what users do",
	},
	"training/data-sharing-enabled": {
		"severity": "high",
		"subjects": ["project", "organization"],
		"title": "Data shared for training where that is forbidden",
	},
}

# [rule, finding] of every violation.
deny contains ["healthcare/phi-without-baa", finding] if some finding in data.openai.healthcare.phi_without_baa.deny

deny contains ["healthcare/web-search-with-phi", finding] if some finding in data.openai.healthcare.web_search_with_phi.deny

deny contains ["residency/allowed-model-not-in-region", finding] if some finding in data.openai.residency.allowed_model_not_in_region.deny

deny contains ["residency/background-mode-in-region", finding] if some finding in data.openai.residency.background_mode_in_region.deny

deny contains ["residency/chat-store-outside-us", finding] if some finding in data.openai.residency.chat_store_outside_us.deny

deny contains ["residency/endpoint-not-in-region", finding] if some finding in data.openai.residency.endpoint_not_in_region.deny

deny contains ["residency/file-upload-not-base64", finding] if some finding in data.openai.residency.file_upload_not_base64.deny

deny contains ["residency/image-without-enhanced-control", finding] if some finding in data.openai.residency.image_without_enhanced_control.deny

deny contains ["residency/modality-not-in-region", finding] if some finding in data.openai.residency.modality_not_in_region.deny

deny contains ["residency/model-alias-not-pinned", finding] if some finding in data.openai.residency.model_alias_not_pinned.deny

deny contains ["residency/model-not-in-region", finding] if some finding in data.openai.residency.model_not_in_region.deny

deny contains ["residency/models-not-restricted", finding] if some finding in data.openai.residency.models_not_restricted.deny

deny contains ["residency/no-regional-processing", finding] if some finding in data.openai.residency.no_regional_processing.deny

deny contains ["residency/non-us-region-without-abuse-monitoring-approval", finding] if some finding in data.openai.residency.non_us_region_without_abuse_monitoring_approval.deny

deny contains ["residency/non-us-region-without-abuse-monitoring-control", finding] if some finding in data.openai.residency.non_us_region_without_abuse_monitoring_control.deny

deny contains ["residency/non-us-region-without-zdr-amendment", finding] if some finding in data.openai.residency.non_us_region_without_zdr_amendment.deny

deny contains ["residency/region-changed-after-creation", finding] if some finding in data.openai.residency.region_changed_after_creation.deny

deny contains ["residency/region-not-allowed", finding] if some finding in data.openai.residency.region_not_allowed.deny

deny contains ["residency/region-not-eligible", finding] if some finding in data.openai.residency.region_not_eligible.deny

deny contains ["residency/region-not-set", finding] if some finding in data.openai.residency.region_not_set.deny

deny contains ["residency/region-without-further-approval", finding] if some finding in data.openai.residency.region_without_further_approval.deny

deny contains ["residency/regional-host-mismatch", finding] if some finding in data.openai.residency.regional_host_mismatch.deny

deny contains ["residency/regional-host-not-declared", finding] if some finding in data.openai.residency.regional_host_not_declared.deny

deny contains ["residency/regional-host-required", finding] if some finding in data.openai.residency.regional_host_required.deny

deny contains ["residency/residency-not-approved", finding] if some finding in data.openai.residency.residency_not_approved.deny

deny contains ["residency/service-tier-not-in-region", finding] if some finding in data.openai.residency.service_tier_not_in_region.deny

deny contains ["residency/structured-output-schema-leaves-region", finding] if some finding in data.openai.residency.structured_output_schema_leaves_region.deny

deny contains ["residency/third-party-tool", finding] if some finding in data.openai.residency.third_party_tool.deny

deny contains ["residency/tool-not-in-region", finding] if some finding in data.openai.residency.tool_not_in_region.deny

deny contains ["residency/tools-not-restricted", finding] if some finding in data.openai.residency.tools_not_restricted.deny

deny contains ["residency/use-processed-elsewhere", finding] if some finding in data.openai.residency.use_processed_elsewhere.deny

deny contains ["retention/abuse-log-retention-exceeds-limit", finding] if some finding in data.openai.retention.abuse_log_retention_exceeds_limit.deny

deny contains ["retention/application-state-exceeds-limit", finding] if some finding in data.openai.retention.application_state_exceeds_limit.deny

deny contains ["retention/audio-output-state", finding] if some finding in data.openai.retention.audio_output_state.deny

deny contains ["retention/background-mode-state", finding] if some finding in data.openai.retention.background_mode_state.deny

deny contains ["retention/control-no-longer-managed", finding] if some finding in data.openai.retention.control_no_longer_managed.deny

deny contains ["retention/control-not-among-approved", finding] if some finding in data.openai.retention.control_not_among_approved.deny

deny contains ["retention/control-requirements-not-accepted", finding] if some finding in data.openai.retention.control_requirements_not_accepted.deny

deny contains ["retention/control-weakened", finding] if some finding in data.openai.retention.control_weakened.deny

deny contains ["retention/control-without-approval", finding] if some finding in data.openai.retention.control_without_approval.deny

deny contains ["retention/endpoint-needs-control-none", finding] if some finding in data.openai.retention.endpoint_needs_control_none.deny

deny contains ["retention/endpoint-not-zdr-eligible", finding] if some finding in data.openai.retention.endpoint_not_zdr_eligible.deny

deny contains ["retention/endpoint-unknown", finding] if some finding in data.openai.retention.endpoint_unknown.deny

deny contains ["retention/hosted-container-under-zdr", finding] if some finding in data.openai.retention.hosted_container_under_zdr.deny

deny contains ["retention/image-input-review-exception", finding] if some finding in data.openai.retention.image_input_review_exception.deny

deny contains ["retention/image-model-not-zdr-compatible", finding] if some finding in data.openai.retention.image_model_not_zdr_compatible.deny

deny contains ["retention/store-ignored-under-zdr", finding] if some finding in data.openai.retention.store_ignored_under_zdr.deny

deny contains ["retention/structured-output-schema-stored", finding] if some finding in data.openai.retention.structured_output_schema_stored.deny

deny contains ["retention/user-policy-responsibility-not-assigned", finding] if some finding in data.openai.retention.user_policy_responsibility_not_assigned.deny

deny contains ["training/data-sharing-enabled", finding] if some finding in data.openai.training.data_sharing_enabled.deny

# [rule, finding] of every verdict that a rule leaves open.
undetermined contains ["healthcare/phi-without-baa", finding] if some finding in data.openai.healthcare.phi_without_baa.undetermined

undetermined contains ["healthcare/web-search-with-phi", finding] if some finding in data.openai.healthcare.web_search_with_phi.undetermined

undetermined contains ["residency/allowed-model-not-in-region", finding] if some finding in data.openai.residency.allowed_model_not_in_region.undetermined

undetermined contains ["residency/background-mode-in-region", finding] if some finding in data.openai.residency.background_mode_in_region.undetermined

undetermined contains ["residency/chat-store-outside-us", finding] if some finding in data.openai.residency.chat_store_outside_us.undetermined

undetermined contains ["residency/client-without-project", finding] if some finding in data.openai.residency.client_without_project.undetermined

undetermined contains ["residency/endpoint-not-in-region", finding] if some finding in data.openai.residency.endpoint_not_in_region.undetermined

undetermined contains ["residency/file-upload-not-base64", finding] if some finding in data.openai.residency.file_upload_not_base64.undetermined

undetermined contains ["residency/image-without-enhanced-control", finding] if some finding in data.openai.residency.image_without_enhanced_control.undetermined

undetermined contains ["residency/modality-not-in-region", finding] if some finding in data.openai.residency.modality_not_in_region.undetermined

undetermined contains ["residency/model-alias-not-pinned", finding] if some finding in data.openai.residency.model_alias_not_pinned.undetermined

undetermined contains ["residency/model-not-in-region", finding] if some finding in data.openai.residency.model_not_in_region.undetermined

undetermined contains ["residency/models-not-restricted", finding] if some finding in data.openai.residency.models_not_restricted.undetermined

undetermined contains ["residency/no-regional-processing", finding] if some finding in data.openai.residency.no_regional_processing.undetermined

undetermined contains ["residency/non-us-region-without-abuse-monitoring-approval", finding] if some finding in data.openai.residency.non_us_region_without_abuse_monitoring_approval.undetermined

undetermined contains ["residency/non-us-region-without-abuse-monitoring-control", finding] if some finding in data.openai.residency.non_us_region_without_abuse_monitoring_control.undetermined

undetermined contains ["residency/non-us-region-without-zdr-amendment", finding] if some finding in data.openai.residency.non_us_region_without_zdr_amendment.undetermined

undetermined contains ["residency/region-changed-after-creation", finding] if some finding in data.openai.residency.region_changed_after_creation.undetermined

undetermined contains ["residency/region-not-allowed", finding] if some finding in data.openai.residency.region_not_allowed.undetermined

undetermined contains ["residency/region-not-eligible", finding] if some finding in data.openai.residency.region_not_eligible.undetermined

undetermined contains ["residency/region-not-set", finding] if some finding in data.openai.residency.region_not_set.undetermined

undetermined contains ["residency/region-without-further-approval", finding] if some finding in data.openai.residency.region_without_further_approval.undetermined

undetermined contains ["residency/regional-host-mismatch", finding] if some finding in data.openai.residency.regional_host_mismatch.undetermined

undetermined contains ["residency/regional-host-not-declared", finding] if some finding in data.openai.residency.regional_host_not_declared.undetermined

undetermined contains ["residency/regional-host-required", finding] if some finding in data.openai.residency.regional_host_required.undetermined

undetermined contains ["residency/residency-not-approved", finding] if some finding in data.openai.residency.residency_not_approved.undetermined

undetermined contains ["residency/service-tier-not-in-region", finding] if some finding in data.openai.residency.service_tier_not_in_region.undetermined

undetermined contains ["residency/structured-output-schema-leaves-region", finding] if some finding in data.openai.residency.structured_output_schema_leaves_region.undetermined

undetermined contains ["residency/third-party-tool", finding] if some finding in data.openai.residency.third_party_tool.undetermined

undetermined contains ["residency/tool-not-in-region", finding] if some finding in data.openai.residency.tool_not_in_region.undetermined

undetermined contains ["residency/tools-not-restricted", finding] if some finding in data.openai.residency.tools_not_restricted.undetermined

undetermined contains ["residency/use-processed-elsewhere", finding] if some finding in data.openai.residency.use_processed_elsewhere.undetermined

undetermined contains ["retention/abuse-log-retention-exceeds-limit", finding] if some finding in data.openai.retention.abuse_log_retention_exceeds_limit.undetermined

undetermined contains ["retention/application-state-exceeds-limit", finding] if some finding in data.openai.retention.application_state_exceeds_limit.undetermined

undetermined contains ["retention/audio-output-state", finding] if some finding in data.openai.retention.audio_output_state.undetermined

undetermined contains ["retention/background-mode-state", finding] if some finding in data.openai.retention.background_mode_state.undetermined

undetermined contains ["retention/control-not-among-approved", finding] if some finding in data.openai.retention.control_not_among_approved.undetermined

undetermined contains ["retention/control-requirements-not-accepted", finding] if some finding in data.openai.retention.control_requirements_not_accepted.undetermined

undetermined contains ["retention/control-weakened", finding] if some finding in data.openai.retention.control_weakened.undetermined

undetermined contains ["retention/control-without-approval", finding] if some finding in data.openai.retention.control_without_approval.undetermined

undetermined contains ["retention/endpoint-needs-control-none", finding] if some finding in data.openai.retention.endpoint_needs_control_none.undetermined

undetermined contains ["retention/endpoint-not-zdr-eligible", finding] if some finding in data.openai.retention.endpoint_not_zdr_eligible.undetermined

undetermined contains ["retention/hosted-container-under-zdr", finding] if some finding in data.openai.retention.hosted_container_under_zdr.undetermined

undetermined contains ["retention/image-input-review-exception", finding] if some finding in data.openai.retention.image_input_review_exception.undetermined

undetermined contains ["retention/image-model-not-zdr-compatible", finding] if some finding in data.openai.retention.image_model_not_zdr_compatible.undetermined

undetermined contains ["retention/store-ignored-under-zdr", finding] if some finding in data.openai.retention.store_ignored_under_zdr.undetermined

undetermined contains ["retention/structured-output-schema-stored", finding] if some finding in data.openai.retention.structured_output_schema_stored.undetermined

undetermined contains ["retention/user-policy-responsibility-not-assigned", finding] if some finding in data.openai.retention.user_policy_responsibility_not_assigned.undetermined

undetermined contains ["training/data-sharing-enabled", finding] if some finding in data.openai.training.data_sharing_enabled.undetermined

# [rule, subject] of all that rules judge.
applies contains ["healthcare/phi-without-baa", subject] if some subject in data.openai.healthcare.phi_without_baa.applies

applies contains ["healthcare/web-search-with-phi", subject] if some subject in data.openai.healthcare.web_search_with_phi.applies

applies contains ["residency/allowed-model-not-in-region", subject] if some subject in data.openai.residency.allowed_model_not_in_region.applies

applies contains ["residency/background-mode-in-region", subject] if some subject in data.openai.residency.background_mode_in_region.applies

applies contains ["residency/chat-store-outside-us", subject] if some subject in data.openai.residency.chat_store_outside_us.applies

applies contains ["residency/client-without-project", subject] if some subject in data.openai.residency.client_without_project.applies

applies contains ["residency/endpoint-not-in-region", subject] if some subject in data.openai.residency.endpoint_not_in_region.applies

applies contains ["residency/file-upload-not-base64", subject] if some subject in data.openai.residency.file_upload_not_base64.applies

applies contains ["residency/image-without-enhanced-control", subject] if some subject in data.openai.residency.image_without_enhanced_control.applies

applies contains ["residency/modality-not-in-region", subject] if some subject in data.openai.residency.modality_not_in_region.applies

applies contains ["residency/model-alias-not-pinned", subject] if some subject in data.openai.residency.model_alias_not_pinned.applies

applies contains ["residency/model-not-in-region", subject] if some subject in data.openai.residency.model_not_in_region.applies

applies contains ["residency/models-not-restricted", subject] if some subject in data.openai.residency.models_not_restricted.applies

applies contains ["residency/no-regional-processing", subject] if some subject in data.openai.residency.no_regional_processing.applies

applies contains ["residency/non-us-region-without-abuse-monitoring-approval", subject] if some subject in data.openai.residency.non_us_region_without_abuse_monitoring_approval.applies

applies contains ["residency/non-us-region-without-abuse-monitoring-control", subject] if some subject in data.openai.residency.non_us_region_without_abuse_monitoring_control.applies

applies contains ["residency/non-us-region-without-zdr-amendment", subject] if some subject in data.openai.residency.non_us_region_without_zdr_amendment.applies

applies contains ["residency/region-changed-after-creation", subject] if some subject in data.openai.residency.region_changed_after_creation.applies

applies contains ["residency/region-not-allowed", subject] if some subject in data.openai.residency.region_not_allowed.applies

applies contains ["residency/region-not-eligible", subject] if some subject in data.openai.residency.region_not_eligible.applies

applies contains ["residency/region-not-set", subject] if some subject in data.openai.residency.region_not_set.applies

applies contains ["residency/region-without-further-approval", subject] if some subject in data.openai.residency.region_without_further_approval.applies

applies contains ["residency/regional-host-mismatch", subject] if some subject in data.openai.residency.regional_host_mismatch.applies

applies contains ["residency/regional-host-not-declared", subject] if some subject in data.openai.residency.regional_host_not_declared.applies

applies contains ["residency/regional-host-required", subject] if some subject in data.openai.residency.regional_host_required.applies

applies contains ["residency/residency-not-approved", subject] if some subject in data.openai.residency.residency_not_approved.applies

applies contains ["residency/service-tier-not-in-region", subject] if some subject in data.openai.residency.service_tier_not_in_region.applies

applies contains ["residency/structured-output-schema-leaves-region", subject] if some subject in data.openai.residency.structured_output_schema_leaves_region.applies

applies contains ["residency/third-party-tool", subject] if some subject in data.openai.residency.third_party_tool.applies

applies contains ["residency/tool-not-in-region", subject] if some subject in data.openai.residency.tool_not_in_region.applies

applies contains ["residency/tools-not-restricted", subject] if some subject in data.openai.residency.tools_not_restricted.applies

applies contains ["residency/use-processed-elsewhere", subject] if some subject in data.openai.residency.use_processed_elsewhere.applies

applies contains ["retention/abuse-log-retention-exceeds-limit", subject] if some subject in data.openai.retention.abuse_log_retention_exceeds_limit.applies

applies contains ["retention/application-state-exceeds-limit", subject] if some subject in data.openai.retention.application_state_exceeds_limit.applies

applies contains ["retention/audio-output-state", subject] if some subject in data.openai.retention.audio_output_state.applies

applies contains ["retention/background-mode-state", subject] if some subject in data.openai.retention.background_mode_state.applies

applies contains ["retention/control-no-longer-managed", subject] if some subject in data.openai.retention.control_no_longer_managed.applies

applies contains ["retention/control-not-among-approved", subject] if some subject in data.openai.retention.control_not_among_approved.applies

applies contains ["retention/control-requirements-not-accepted", subject] if some subject in data.openai.retention.control_requirements_not_accepted.applies

applies contains ["retention/control-weakened", subject] if some subject in data.openai.retention.control_weakened.applies

applies contains ["retention/control-without-approval", subject] if some subject in data.openai.retention.control_without_approval.applies

applies contains ["retention/endpoint-needs-control-none", subject] if some subject in data.openai.retention.endpoint_needs_control_none.applies

applies contains ["retention/endpoint-not-zdr-eligible", subject] if some subject in data.openai.retention.endpoint_not_zdr_eligible.applies

applies contains ["retention/endpoint-unknown", subject] if some subject in data.openai.retention.endpoint_unknown.applies

applies contains ["retention/hosted-container-under-zdr", subject] if some subject in data.openai.retention.hosted_container_under_zdr.applies

applies contains ["retention/image-input-review-exception", subject] if some subject in data.openai.retention.image_input_review_exception.applies

applies contains ["retention/image-model-not-zdr-compatible", subject] if some subject in data.openai.retention.image_model_not_zdr_compatible.applies

applies contains ["retention/store-ignored-under-zdr", subject] if some subject in data.openai.retention.store_ignored_under_zdr.applies

applies contains ["retention/structured-output-schema-stored", subject] if some subject in data.openai.retention.structured_output_schema_stored.applies

applies contains ["retention/user-policy-responsibility-not-assigned", subject] if some subject in data.openai.retention.user_policy_responsibility_not_assigned.applies

applies contains ["training/data-sharing-enabled", subject] if some subject in data.openai.training.data_sharing_enabled.applies

# [rule, set, type] of what rules answer; nothing where they don't.
answers contains ["healthcare/phi-without-baa", "deny", type_name(data.openai.healthcare.phi_without_baa.deny)]

answers contains ["healthcare/phi-without-baa", "undetermined", type_name(data.openai.healthcare.phi_without_baa.undetermined)]

answers contains ["healthcare/phi-without-baa", "applies", type_name(data.openai.healthcare.phi_without_baa.applies)]

answers contains ["healthcare/web-search-with-phi", "deny", type_name(data.openai.healthcare.web_search_with_phi.deny)]

answers contains ["healthcare/web-search-with-phi", "undetermined", type_name(data.openai.healthcare.web_search_with_phi.undetermined)]

answers contains ["healthcare/web-search-with-phi", "applies", type_name(data.openai.healthcare.web_search_with_phi.applies)]

answers contains ["residency/allowed-model-not-in-region", "deny", type_name(data.openai.residency.allowed_model_not_in_region.deny)]

answers contains ["residency/allowed-model-not-in-region", "undetermined", type_name(data.openai.residency.allowed_model_not_in_region.undetermined)]

answers contains ["residency/allowed-model-not-in-region", "applies", type_name(data.openai.residency.allowed_model_not_in_region.applies)]

answers contains ["residency/background-mode-in-region", "deny", type_name(data.openai.residency.background_mode_in_region.deny)]

answers contains ["residency/background-mode-in-region", "undetermined", type_name(data.openai.residency.background_mode_in_region.undetermined)]

answers contains ["residency/background-mode-in-region", "applies", type_name(data.openai.residency.background_mode_in_region.applies)]

answers contains ["residency/chat-store-outside-us", "deny", type_name(data.openai.residency.chat_store_outside_us.deny)]

answers contains ["residency/chat-store-outside-us", "undetermined", type_name(data.openai.residency.chat_store_outside_us.undetermined)]

answers contains ["residency/chat-store-outside-us", "applies", type_name(data.openai.residency.chat_store_outside_us.applies)]

answers contains ["residency/client-without-project", "deny", type_name(data.openai.residency.client_without_project.deny)]

answers contains ["residency/client-without-project", "undetermined", type_name(data.openai.residency.client_without_project.undetermined)]

answers contains ["residency/client-without-project", "applies", type_name(data.openai.residency.client_without_project.applies)]

answers contains ["residency/endpoint-not-in-region", "deny", type_name(data.openai.residency.endpoint_not_in_region.deny)]

answers contains ["residency/endpoint-not-in-region", "undetermined", type_name(data.openai.residency.endpoint_not_in_region.undetermined)]

answers contains ["residency/endpoint-not-in-region", "applies", type_name(data.openai.residency.endpoint_not_in_region.applies)]

answers contains ["residency/file-upload-not-base64", "deny", type_name(data.openai.residency.file_upload_not_base64.deny)]

answers contains ["residency/file-upload-not-base64", "undetermined", type_name(data.openai.residency.file_upload_not_base64.undetermined)]

answers contains ["residency/file-upload-not-base64", "applies", type_name(data.openai.residency.file_upload_not_base64.applies)]

answers contains ["residency/image-without-enhanced-control", "deny", type_name(data.openai.residency.image_without_enhanced_control.deny)]

answers contains ["residency/image-without-enhanced-control", "undetermined", type_name(data.openai.residency.image_without_enhanced_control.undetermined)]

answers contains ["residency/image-without-enhanced-control", "applies", type_name(data.openai.residency.image_without_enhanced_control.applies)]

answers contains ["residency/modality-not-in-region", "deny", type_name(data.openai.residency.modality_not_in_region.deny)]

answers contains ["residency/modality-not-in-region", "undetermined", type_name(data.openai.residency.modality_not_in_region.undetermined)]

answers contains ["residency/modality-not-in-region", "applies", type_name(data.openai.residency.modality_not_in_region.applies)]

answers contains ["residency/model-alias-not-pinned", "deny", type_name(data.openai.residency.model_alias_not_pinned.deny)]

answers contains ["residency/model-alias-not-pinned", "undetermined", type_name(data.openai.residency.model_alias_not_pinned.undetermined)]

answers contains ["residency/model-alias-not-pinned", "applies", type_name(data.openai.residency.model_alias_not_pinned.applies)]

answers contains ["residency/model-not-in-region", "deny", type_name(data.openai.residency.model_not_in_region.deny)]

answers contains ["residency/model-not-in-region", "undetermined", type_name(data.openai.residency.model_not_in_region.undetermined)]

answers contains ["residency/model-not-in-region", "applies", type_name(data.openai.residency.model_not_in_region.applies)]

answers contains ["residency/models-not-restricted", "deny", type_name(data.openai.residency.models_not_restricted.deny)]

answers contains ["residency/models-not-restricted", "undetermined", type_name(data.openai.residency.models_not_restricted.undetermined)]

answers contains ["residency/models-not-restricted", "applies", type_name(data.openai.residency.models_not_restricted.applies)]

answers contains ["residency/no-regional-processing", "deny", type_name(data.openai.residency.no_regional_processing.deny)]

answers contains ["residency/no-regional-processing", "undetermined", type_name(data.openai.residency.no_regional_processing.undetermined)]

answers contains ["residency/no-regional-processing", "applies", type_name(data.openai.residency.no_regional_processing.applies)]

answers contains ["residency/non-us-region-without-abuse-monitoring-approval", "deny", type_name(data.openai.residency.non_us_region_without_abuse_monitoring_approval.deny)]

answers contains ["residency/non-us-region-without-abuse-monitoring-approval", "undetermined", type_name(data.openai.residency.non_us_region_without_abuse_monitoring_approval.undetermined)]

answers contains ["residency/non-us-region-without-abuse-monitoring-approval", "applies", type_name(data.openai.residency.non_us_region_without_abuse_monitoring_approval.applies)]

answers contains ["residency/non-us-region-without-abuse-monitoring-control", "deny", type_name(data.openai.residency.non_us_region_without_abuse_monitoring_control.deny)]

answers contains ["residency/non-us-region-without-abuse-monitoring-control", "undetermined", type_name(data.openai.residency.non_us_region_without_abuse_monitoring_control.undetermined)]

answers contains ["residency/non-us-region-without-abuse-monitoring-control", "applies", type_name(data.openai.residency.non_us_region_without_abuse_monitoring_control.applies)]

answers contains ["residency/non-us-region-without-zdr-amendment", "deny", type_name(data.openai.residency.non_us_region_without_zdr_amendment.deny)]

answers contains ["residency/non-us-region-without-zdr-amendment", "undetermined", type_name(data.openai.residency.non_us_region_without_zdr_amendment.undetermined)]

answers contains ["residency/non-us-region-without-zdr-amendment", "applies", type_name(data.openai.residency.non_us_region_without_zdr_amendment.applies)]

answers contains ["residency/region-changed-after-creation", "deny", type_name(data.openai.residency.region_changed_after_creation.deny)]

answers contains ["residency/region-changed-after-creation", "undetermined", type_name(data.openai.residency.region_changed_after_creation.undetermined)]

answers contains ["residency/region-changed-after-creation", "applies", type_name(data.openai.residency.region_changed_after_creation.applies)]

answers contains ["residency/region-not-allowed", "deny", type_name(data.openai.residency.region_not_allowed.deny)]

answers contains ["residency/region-not-allowed", "undetermined", type_name(data.openai.residency.region_not_allowed.undetermined)]

answers contains ["residency/region-not-allowed", "applies", type_name(data.openai.residency.region_not_allowed.applies)]

answers contains ["residency/region-not-eligible", "deny", type_name(data.openai.residency.region_not_eligible.deny)]

answers contains ["residency/region-not-eligible", "undetermined", type_name(data.openai.residency.region_not_eligible.undetermined)]

answers contains ["residency/region-not-eligible", "applies", type_name(data.openai.residency.region_not_eligible.applies)]

answers contains ["residency/region-not-set", "deny", type_name(data.openai.residency.region_not_set.deny)]

answers contains ["residency/region-not-set", "undetermined", type_name(data.openai.residency.region_not_set.undetermined)]

answers contains ["residency/region-not-set", "applies", type_name(data.openai.residency.region_not_set.applies)]

answers contains ["residency/region-without-further-approval", "deny", type_name(data.openai.residency.region_without_further_approval.deny)]

answers contains ["residency/region-without-further-approval", "undetermined", type_name(data.openai.residency.region_without_further_approval.undetermined)]

answers contains ["residency/region-without-further-approval", "applies", type_name(data.openai.residency.region_without_further_approval.applies)]

answers contains ["residency/regional-host-mismatch", "deny", type_name(data.openai.residency.regional_host_mismatch.deny)]

answers contains ["residency/regional-host-mismatch", "undetermined", type_name(data.openai.residency.regional_host_mismatch.undetermined)]

answers contains ["residency/regional-host-mismatch", "applies", type_name(data.openai.residency.regional_host_mismatch.applies)]

answers contains ["residency/regional-host-not-declared", "deny", type_name(data.openai.residency.regional_host_not_declared.deny)]

answers contains ["residency/regional-host-not-declared", "undetermined", type_name(data.openai.residency.regional_host_not_declared.undetermined)]

answers contains ["residency/regional-host-not-declared", "applies", type_name(data.openai.residency.regional_host_not_declared.applies)]

answers contains ["residency/regional-host-required", "deny", type_name(data.openai.residency.regional_host_required.deny)]

answers contains ["residency/regional-host-required", "undetermined", type_name(data.openai.residency.regional_host_required.undetermined)]

answers contains ["residency/regional-host-required", "applies", type_name(data.openai.residency.regional_host_required.applies)]

answers contains ["residency/residency-not-approved", "deny", type_name(data.openai.residency.residency_not_approved.deny)]

answers contains ["residency/residency-not-approved", "undetermined", type_name(data.openai.residency.residency_not_approved.undetermined)]

answers contains ["residency/residency-not-approved", "applies", type_name(data.openai.residency.residency_not_approved.applies)]

answers contains ["residency/service-tier-not-in-region", "deny", type_name(data.openai.residency.service_tier_not_in_region.deny)]

answers contains ["residency/service-tier-not-in-region", "undetermined", type_name(data.openai.residency.service_tier_not_in_region.undetermined)]

answers contains ["residency/service-tier-not-in-region", "applies", type_name(data.openai.residency.service_tier_not_in_region.applies)]

answers contains ["residency/structured-output-schema-leaves-region", "deny", type_name(data.openai.residency.structured_output_schema_leaves_region.deny)]

answers contains ["residency/structured-output-schema-leaves-region", "undetermined", type_name(data.openai.residency.structured_output_schema_leaves_region.undetermined)]

answers contains ["residency/structured-output-schema-leaves-region", "applies", type_name(data.openai.residency.structured_output_schema_leaves_region.applies)]

answers contains ["residency/third-party-tool", "deny", type_name(data.openai.residency.third_party_tool.deny)]

answers contains ["residency/third-party-tool", "undetermined", type_name(data.openai.residency.third_party_tool.undetermined)]

answers contains ["residency/third-party-tool", "applies", type_name(data.openai.residency.third_party_tool.applies)]

answers contains ["residency/tool-not-in-region", "deny", type_name(data.openai.residency.tool_not_in_region.deny)]

answers contains ["residency/tool-not-in-region", "undetermined", type_name(data.openai.residency.tool_not_in_region.undetermined)]

answers contains ["residency/tool-not-in-region", "applies", type_name(data.openai.residency.tool_not_in_region.applies)]

answers contains ["residency/tools-not-restricted", "deny", type_name(data.openai.residency.tools_not_restricted.deny)]

answers contains ["residency/tools-not-restricted", "undetermined", type_name(data.openai.residency.tools_not_restricted.undetermined)]

answers contains ["residency/tools-not-restricted", "applies", type_name(data.openai.residency.tools_not_restricted.applies)]

answers contains ["residency/use-processed-elsewhere", "deny", type_name(data.openai.residency.use_processed_elsewhere.deny)]

answers contains ["residency/use-processed-elsewhere", "undetermined", type_name(data.openai.residency.use_processed_elsewhere.undetermined)]

answers contains ["residency/use-processed-elsewhere", "applies", type_name(data.openai.residency.use_processed_elsewhere.applies)]

answers contains ["retention/abuse-log-retention-exceeds-limit", "deny", type_name(data.openai.retention.abuse_log_retention_exceeds_limit.deny)]

answers contains ["retention/abuse-log-retention-exceeds-limit", "undetermined", type_name(data.openai.retention.abuse_log_retention_exceeds_limit.undetermined)]

answers contains ["retention/abuse-log-retention-exceeds-limit", "applies", type_name(data.openai.retention.abuse_log_retention_exceeds_limit.applies)]

answers contains ["retention/application-state-exceeds-limit", "deny", type_name(data.openai.retention.application_state_exceeds_limit.deny)]

answers contains ["retention/application-state-exceeds-limit", "undetermined", type_name(data.openai.retention.application_state_exceeds_limit.undetermined)]

answers contains ["retention/application-state-exceeds-limit", "applies", type_name(data.openai.retention.application_state_exceeds_limit.applies)]

answers contains ["retention/audio-output-state", "deny", type_name(data.openai.retention.audio_output_state.deny)]

answers contains ["retention/audio-output-state", "undetermined", type_name(data.openai.retention.audio_output_state.undetermined)]

answers contains ["retention/audio-output-state", "applies", type_name(data.openai.retention.audio_output_state.applies)]

answers contains ["retention/background-mode-state", "deny", type_name(data.openai.retention.background_mode_state.deny)]

answers contains ["retention/background-mode-state", "undetermined", type_name(data.openai.retention.background_mode_state.undetermined)]

answers contains ["retention/background-mode-state", "applies", type_name(data.openai.retention.background_mode_state.applies)]

answers contains ["retention/control-no-longer-managed", "deny", type_name(data.openai.retention.control_no_longer_managed.deny)]

answers contains ["retention/control-no-longer-managed", "undetermined", type_name(data.openai.retention.control_no_longer_managed.undetermined)]

answers contains ["retention/control-no-longer-managed", "applies", type_name(data.openai.retention.control_no_longer_managed.applies)]

answers contains ["retention/control-not-among-approved", "deny", type_name(data.openai.retention.control_not_among_approved.deny)]

answers contains ["retention/control-not-among-approved", "undetermined", type_name(data.openai.retention.control_not_among_approved.undetermined)]

answers contains ["retention/control-not-among-approved", "applies", type_name(data.openai.retention.control_not_among_approved.applies)]

answers contains ["retention/control-requirements-not-accepted", "deny", type_name(data.openai.retention.control_requirements_not_accepted.deny)]

answers contains ["retention/control-requirements-not-accepted", "undetermined", type_name(data.openai.retention.control_requirements_not_accepted.undetermined)]

answers contains ["retention/control-requirements-not-accepted", "applies", type_name(data.openai.retention.control_requirements_not_accepted.applies)]

answers contains ["retention/control-weakened", "deny", type_name(data.openai.retention.control_weakened.deny)]

answers contains ["retention/control-weakened", "undetermined", type_name(data.openai.retention.control_weakened.undetermined)]

answers contains ["retention/control-weakened", "applies", type_name(data.openai.retention.control_weakened.applies)]

answers contains ["retention/control-without-approval", "deny", type_name(data.openai.retention.control_without_approval.deny)]

answers contains ["retention/control-without-approval", "undetermined", type_name(data.openai.retention.control_without_approval.undetermined)]

answers contains ["retention/control-without-approval", "applies", type_name(data.openai.retention.control_without_approval.applies)]

answers contains ["retention/endpoint-needs-control-none", "deny", type_name(data.openai.retention.endpoint_needs_control_none.deny)]

answers contains ["retention/endpoint-needs-control-none", "undetermined", type_name(data.openai.retention.endpoint_needs_control_none.undetermined)]

answers contains ["retention/endpoint-needs-control-none", "applies", type_name(data.openai.retention.endpoint_needs_control_none.applies)]

answers contains ["retention/endpoint-not-zdr-eligible", "deny", type_name(data.openai.retention.endpoint_not_zdr_eligible.deny)]

answers contains ["retention/endpoint-not-zdr-eligible", "undetermined", type_name(data.openai.retention.endpoint_not_zdr_eligible.undetermined)]

answers contains ["retention/endpoint-not-zdr-eligible", "applies", type_name(data.openai.retention.endpoint_not_zdr_eligible.applies)]

answers contains ["retention/endpoint-unknown", "deny", type_name(data.openai.retention.endpoint_unknown.deny)]

answers contains ["retention/endpoint-unknown", "undetermined", type_name(data.openai.retention.endpoint_unknown.undetermined)]

answers contains ["retention/endpoint-unknown", "applies", type_name(data.openai.retention.endpoint_unknown.applies)]

answers contains ["retention/hosted-container-under-zdr", "deny", type_name(data.openai.retention.hosted_container_under_zdr.deny)]

answers contains ["retention/hosted-container-under-zdr", "undetermined", type_name(data.openai.retention.hosted_container_under_zdr.undetermined)]

answers contains ["retention/hosted-container-under-zdr", "applies", type_name(data.openai.retention.hosted_container_under_zdr.applies)]

answers contains ["retention/image-input-review-exception", "deny", type_name(data.openai.retention.image_input_review_exception.deny)]

answers contains ["retention/image-input-review-exception", "undetermined", type_name(data.openai.retention.image_input_review_exception.undetermined)]

answers contains ["retention/image-input-review-exception", "applies", type_name(data.openai.retention.image_input_review_exception.applies)]

answers contains ["retention/image-model-not-zdr-compatible", "deny", type_name(data.openai.retention.image_model_not_zdr_compatible.deny)]

answers contains ["retention/image-model-not-zdr-compatible", "undetermined", type_name(data.openai.retention.image_model_not_zdr_compatible.undetermined)]

answers contains ["retention/image-model-not-zdr-compatible", "applies", type_name(data.openai.retention.image_model_not_zdr_compatible.applies)]

answers contains ["retention/store-ignored-under-zdr", "deny", type_name(data.openai.retention.store_ignored_under_zdr.deny)]

answers contains ["retention/store-ignored-under-zdr", "undetermined", type_name(data.openai.retention.store_ignored_under_zdr.undetermined)]

answers contains ["retention/store-ignored-under-zdr", "applies", type_name(data.openai.retention.store_ignored_under_zdr.applies)]

answers contains ["retention/structured-output-schema-stored", "deny", type_name(data.openai.retention.structured_output_schema_stored.deny)]

answers contains ["retention/structured-output-schema-stored", "undetermined", type_name(data.openai.retention.structured_output_schema_stored.undetermined)]

answers contains ["retention/structured-output-schema-stored", "applies", type_name(data.openai.retention.structured_output_schema_stored.applies)]

answers contains ["retention/user-policy-responsibility-not-assigned", "deny", type_name(data.openai.retention.user_policy_responsibility_not_assigned.deny)]

answers contains ["retention/user-policy-responsibility-not-assigned", "undetermined", type_name(data.openai.retention.user_policy_responsibility_not_assigned.undetermined)]

answers contains ["retention/user-policy-responsibility-not-assigned", "applies", type_name(data.openai.retention.user_policy_responsibility_not_assigned.applies)]

answers contains ["training/data-sharing-enabled", "deny", type_name(data.openai.training.data_sharing_enabled.deny)]

answers contains ["training/data-sharing-enabled", "undetermined", type_name(data.openai.training.data_sharing_enabled.undetermined)]

answers contains ["training/data-sharing-enabled", "applies", type_name(data.openai.training.data_sharing_enabled.applies)]
