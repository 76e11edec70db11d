# Every rule with what its METADATA says, and what it answers. Made from the rules, not by hand.
package openai.catalog

import rego.v1

# The severities that fail a gate.
failing := {"medium", "high", "critical"}

rules := {
	"residency/allowed-model-not-in-region": {
		"severity": "medium",
		"subjects": ["project"],
		"title": "Allowed model without data residency in the project's region",
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
	"retention/endpoint-not-zdr-eligible": {
		"severity": "high",
		"subjects": ["use"],
		"title": "Endpoint that zero data retention does not cover",
	},
}

# [rule, finding] of every violation.
deny contains ["residency/allowed-model-not-in-region", finding] if some finding in data.openai.residency.allowed_model_not_in_region.deny

deny contains ["residency/chat-store-outside-us", finding] if some finding in data.openai.residency.chat_store_outside_us.deny

deny contains ["residency/endpoint-not-in-region", finding] if some finding in data.openai.residency.endpoint_not_in_region.deny

deny contains ["residency/model-alias-not-pinned", finding] if some finding in data.openai.residency.model_alias_not_pinned.deny

deny contains ["residency/model-not-in-region", finding] if some finding in data.openai.residency.model_not_in_region.deny

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

deny contains ["residency/regional-host-required", finding] if some finding in data.openai.residency.regional_host_required.deny

deny contains ["residency/residency-not-approved", finding] if some finding in data.openai.residency.residency_not_approved.deny

deny contains ["retention/control-not-among-approved", finding] if some finding in data.openai.retention.control_not_among_approved.deny

deny contains ["retention/control-requirements-not-accepted", finding] if some finding in data.openai.retention.control_requirements_not_accepted.deny

deny contains ["retention/control-weakened", finding] if some finding in data.openai.retention.control_weakened.deny

deny contains ["retention/control-without-approval", finding] if some finding in data.openai.retention.control_without_approval.deny

deny contains ["retention/endpoint-not-zdr-eligible", finding] if some finding in data.openai.retention.endpoint_not_zdr_eligible.deny

# [rule, finding] of every verdict that a rule leaves open.
undetermined contains ["residency/allowed-model-not-in-region", finding] if some finding in data.openai.residency.allowed_model_not_in_region.undetermined

undetermined contains ["residency/chat-store-outside-us", finding] if some finding in data.openai.residency.chat_store_outside_us.undetermined

undetermined contains ["residency/client-without-project", finding] if some finding in data.openai.residency.client_without_project.undetermined

undetermined contains ["residency/endpoint-not-in-region", finding] if some finding in data.openai.residency.endpoint_not_in_region.undetermined

undetermined contains ["residency/model-alias-not-pinned", finding] if some finding in data.openai.residency.model_alias_not_pinned.undetermined

undetermined contains ["residency/model-not-in-region", finding] if some finding in data.openai.residency.model_not_in_region.undetermined

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

undetermined contains ["residency/regional-host-required", finding] if some finding in data.openai.residency.regional_host_required.undetermined

undetermined contains ["residency/residency-not-approved", finding] if some finding in data.openai.residency.residency_not_approved.undetermined

undetermined contains ["retention/control-not-among-approved", finding] if some finding in data.openai.retention.control_not_among_approved.undetermined

undetermined contains ["retention/control-requirements-not-accepted", finding] if some finding in data.openai.retention.control_requirements_not_accepted.undetermined

undetermined contains ["retention/control-weakened", finding] if some finding in data.openai.retention.control_weakened.undetermined

undetermined contains ["retention/control-without-approval", finding] if some finding in data.openai.retention.control_without_approval.undetermined

undetermined contains ["retention/endpoint-not-zdr-eligible", finding] if some finding in data.openai.retention.endpoint_not_zdr_eligible.undetermined

# [rule, subject] of all that rules judge.
applies contains ["residency/allowed-model-not-in-region", subject] if some subject in data.openai.residency.allowed_model_not_in_region.applies

applies contains ["residency/chat-store-outside-us", subject] if some subject in data.openai.residency.chat_store_outside_us.applies

applies contains ["residency/client-without-project", subject] if some subject in data.openai.residency.client_without_project.applies

applies contains ["residency/endpoint-not-in-region", subject] if some subject in data.openai.residency.endpoint_not_in_region.applies

applies contains ["residency/model-alias-not-pinned", subject] if some subject in data.openai.residency.model_alias_not_pinned.applies

applies contains ["residency/model-not-in-region", subject] if some subject in data.openai.residency.model_not_in_region.applies

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

applies contains ["residency/regional-host-required", subject] if some subject in data.openai.residency.regional_host_required.applies

applies contains ["residency/residency-not-approved", subject] if some subject in data.openai.residency.residency_not_approved.applies

applies contains ["retention/control-not-among-approved", subject] if some subject in data.openai.retention.control_not_among_approved.applies

applies contains ["retention/control-requirements-not-accepted", subject] if some subject in data.openai.retention.control_requirements_not_accepted.applies

applies contains ["retention/control-weakened", subject] if some subject in data.openai.retention.control_weakened.applies

applies contains ["retention/control-without-approval", subject] if some subject in data.openai.retention.control_without_approval.applies

applies contains ["retention/endpoint-not-zdr-eligible", subject] if some subject in data.openai.retention.endpoint_not_zdr_eligible.applies
