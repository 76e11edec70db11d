# What the tests of the rules build their facts from: a small edition of our own, and one subject of each kind.
package openai.testing_test

import rego.v1

# --- facts --------------------------------------------------------------------------------------------------

# Facts without any subject but the organization, of which nothing is declared.
facts := {
	"schema": 1,
	"today": "2026-11-22",
	"edition": edition,
	"sources": {},
	"organization": _organization,
	"projects": {},
	"uses": {},
	"clients": {},
}

# Facts with one project, "p"; with one use, "u"; with one client, "c". The argument is merged into a plain one.
project(extra) := object.union(facts, {"projects": {"p": object.union(_project, extra)}})

use(extra) := object.union(facts, {"uses": {"u": object.union(_use, extra)}})

client(extra) := object.union(facts, {"clients": {"c": object.union(_client, extra)}})

# The same facts, with this of the organization.
organization(doc, extra) := object.union(doc, {"organization": extra})

# The same facts, where an attribute of the project, the use or the client is not known.
unknown(doc, kind, attribute) := object.union(
	object.union(doc, {kind: null}),
	{kind: {id: _without(subject, attribute) | some id, subject in doc[kind]}},
)

# The same facts, where the organization's control is not known.
unknown_organization(doc) := object.union(
	object.remove(doc, ["organization"]),
	{"organization": _without(doc.organization, "data_retention")},
)

_without(subject, attribute) := object.union(
	object.remove(subject, [attribute]),
	{"unknown": {attribute: "known after apply"}},
)

# The verdict that is made of a rule's three sets for one subject.
verdict(rule, id) := "violation" if {
	some f in rule.deny
	f.subject == id
} else := "undetermined" if {
	some f in rule.undetermined
	f.subject == id
} else := "pass" if {
	id in rule.applies
} else := "not applicable"

# --- subjects -------------------------------------------------------------------------------------------------

_organization := {
	"id": null,
	"data_retention": null,
	"residency_approved": null,
	"data_sharing": null,
	"abuse_monitoring_approval": null,
	"zdr_amendment": null,
	"modified_retention_amendment": null,
	"region_approvals": {},
	"business_associate_agreement": null,
	"responsible_contact": null,
	"requirements": _requirements,
	"change": null,
	"unknown": {},
	"origin": {},
}

_requirements := {
	"regional_processing": null,
	"region_required": null,
	"training_forbidden": null,
	"allowed_regions": null,
	"max_abuse_log_days": null,
	"max_application_state_days": null,
}

_project := {
	"name": "eu-support",
	"region": null,
	"processing": null,
	"data_retention": null,
	"effective": {"data_retention": null, "from": null},
	"models": null,
	"tools": null,
	"handles_phi": null,
	"requirements": _requirements,
	"change": null,
	"unknown": {},
	"origin": {},
}

_use := {
	"project": "p",
	"project_name": "eu-support",
	"endpoint": "/v1/chat/completions",
	"model": null,
	"store": null,
	"inputs": null,
	"outputs": null,
	"tools": null,
	"structured_output": null,
	"file_upload": null,
	"background": null,
	"service_tier": null,
	"external_web_access": null,
	"region": null,
	"processing": null,
	"effective": {"data_retention": null, "from": null},
	"requirements": _requirements,
	"unknown": {},
	"origin": {},
}

_client := {
	"project": "p",
	"project_name": "eu-support",
	"linked_by": "definition",
	"host": null,
	"region": null,
	"processing": null,
	"unknown": {},
	"origin": {},
}

# --- edition --------------------------------------------------------------------------------------------------

# US asks for nothing; EU and AE process; JP and KR only store; AE wants a further approval; KR has no domain.
edition := {
	"name": "2030-01",
	"date": "2030-01-15",
	"date_range": null,
	"global_host": "api.openai.com",
	"hosts": {
		"us.api.openai.com": "US",
		"eu.api.openai.com": "EU",
		"ae.api.openai.com": "AE",
		"jp.api.openai.com": "JP",
	},
	"selection": {"project_level": true, "per_request": true},
	"regions": {
		"US": object.union(_region, {
			"name": "United States",
			"processing": true,
			"requirement_any_of": [],
			"extra_agreement": null,
			"domain": "us.api.openai.com",
			"domain_required": true,
		}),
		"EU": object.union(_region, {
			"name": "Europe (EEA + Switzerland)",
			"processing": true,
			"requirement_any_of": ["zero_data_retention", "modified_abuse_monitoring", "safety_retention"],
			"extra_agreement": "modified_retention_amendment",
			"domain": "eu.api.openai.com",
			"domain_required": true,
		}),
		"AE": object.union(_region, {
			"name": "United Arab Emirates",
			"processing": true,
			"extra_approval": true,
			"extra_agreement": "modified_retention_amendment",
			"domain": "ae.api.openai.com",
			"domain_required": true,
		}),
		"JP": object.union(_region, {"name": "Japan", "domain": "jp.api.openai.com", "domain_required": false}),
		"KR": object.union(_region, {"name": "South Korea"}),
	},
	"endpoints": {
		"/v1/chat/completions": _endpoint("none_with_exceptions", "yes_with_limits"),
		"/v1/realtime": _endpoint("none", "yes"),
		"/v1/files": _endpoint("until_deleted", "no"),
		"/v1/fine_tuning/jobs": _endpoint("until_deleted", "no"),
		"/v1/assistants": _endpoint("until_deleted", "no"),
	},
	"services": {
		"by_path": {
			"/v1/chat/completions": [_chat],
			"/v1/realtime": [_realtime],
			"/v1/files": [_tuning],
			"/v1/fine_tuning/jobs": [_tuning],
			"/v1/vector_stores": [_stores],
		},
		"by_tool": {},
		"by_key": {
			"/v1/chat/completions": [_chat],
			"/v1/realtime": [_realtime],
			"/v1/fine_tuning/jobs+/v1/files": [_tuning],
			"/v1/vector_stores": [_stores],
		},
	},
	"notes": {"/v1/chat/completions": {"store_true_allowed_regions": {
		"value": ["US"],
		"scope": null,
		"section": "Endpoint limitations",
		"note": null,
	}}},
	"page": {},
}

_region := {
	"storage": true,
	"processing": false,
	"processing_scope": "none",
	"requirement_any_of": ["zero_data_retention", "modified_abuse_monitoring"],
	"extra_approval": false,
	"extra_agreement": "zero_data_retention_amendment",
	"modes": ["text", "image"],
	"image_requires_enhanced": true,
	"domain": null,
	"domain_required": null,
}

_endpoint(state, eligible) := {
	"training": false,
	"abuse_monitoring_days": 30,
	"application_state": state,
	"zdr_eligible": eligible,
}

# Alpha has a dated snapshot, beta a short-dated one; gamma stands beside its snapshot; delta is limited to US and EU.
_chat := object.union(_row, {
	"service": "/v1/chat/completions",
	"key": "/v1/chat/completions",
	"models": ["alpha-2029-04-14", "beta-0613", "gamma", "gamma-2029-03-19", "delta", "delta-mini-2029-05-01"],
	"models_scope": "listed",
	"storage_regions": ["US", "EU", "AE", "JP", "KR"],
	"processing_regions": ["US", "EU", "AE"],
	"model_region_limits": {"delta": ["US", "EU"], "delta-mini-2029-05-01": ["US", "EU"]},
})

_realtime := object.union(_row, {
	"service": "/v1/realtime",
	"key": "/v1/realtime",
	"models": ["live-1"],
	"models_scope": "listed",
	"storage_regions": ["US"],
	"processing_regions": ["US"],
})

_tuning := object.union(_row, {
	"service": "/v1/fine_tuning/jobs /v1/files",
	"key": "/v1/fine_tuning/jobs+/v1/files",
	"models": ["alpha-2029-04-14"],
	"models_scope": "listed",
	"paths_without_model": ["/v1/files"],
	"storage_regions": ["US", "EU"],
	"processing_regions": ["US", "EU"],
})

_stores := object.union(_row, {
	"service": "/v1/vector_stores",
	"key": "/v1/vector_stores",
	"storage_regions": ["US", "EU", "AE", "JP", "KR"],
})

_row := {
	"models": [],
	"models_scope": "service_level",
	"paths_without_model": [],
	"storage_regions": [],
	"processing_regions": [],
	"processing_model_allowlist": {},
	"model_region_limits": {},
	"service_tier_limits": [],
	"service_tier_regions": {},
	"condition": null,
	"caveat": null,
}
