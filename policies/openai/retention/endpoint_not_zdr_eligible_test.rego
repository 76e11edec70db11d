package openai.retention.endpoint_not_zdr_eligible_test

import rego.v1

import data.openai.retention.endpoint_not_zdr_eligible as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "u") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_open(doc) := found if {
	found := rule.undetermined with input as doc
}

_use(endpoint, control) := t.use({"endpoint": endpoint, "effective": {"data_retention": control, "from": "project"}})

_unknown(endpoint) := t.unknown(_use(endpoint, null), "uses", "effective")

test_eligible if _verdict(_use("/v1/realtime", "zero_data_retention")) == "pass"

test_eligible_with_limits if _verdict(_use("/v1/chat/completions", "enhanced_zero_data_retention")) == "pass"

test_not_eligible if _deny(_use("/v1/files", "zero_data_retention")) == {{
	"subject": "u",
	"attribute": "endpoint",
	"msg": `use "/v1/files" of project "eu-support" has zero_data_retention in effect, and the endpoint is not eligible for it`,
	"value": "/v1/files",
}}

test_with_private_safety_processing if _verdict(_use("/v1/files", "zdr_with_private_safety_processing")) == "violation"

test_another_control if _verdict(_use("/v1/files", "modified_abuse_monitoring")) == "not applicable"

test_none if _verdict(_use("/v1/files", "none")) == "not applicable"

test_not_declared if {
	_verdict(_use("/v1/files", null)) == "undetermined"
	_open(_use("/v1/files", null)) == {{
		"subject": "u",
		"attribute": "data_retention",
		"msg": concat("", [
			`use "/v1/files" of project "eu-support" calls an endpoint that zero data retention does not cover: `,
			"the control in effect is not known (not declared)",
		]),
		"value": "/v1/files",
	}}
}

test_not_declared_and_eligible if _verdict(_use("/v1/realtime", null)) == "not applicable"

test_unknown if _verdict(_unknown("/v1/files")) == "undetermined"

test_unknown_and_eligible if _verdict(_unknown("/v1/realtime")) == "not applicable"

test_only_a_service_row if _verdict(_use("/v1/vector_stores", "zero_data_retention")) == "undetermined"

test_only_a_service_row_and_not_declared if {
	_verdict(_use("/v1/vector_stores", null)) == "undetermined"
	some f in _open(_use("/v1/vector_stores", null))
	contains(f.msg, "zero data retention may not cover: the control in effect is not known")
}

test_only_a_service_row_and_unknown if _verdict(_unknown("/v1/vector_stores")) == "undetermined"

test_only_a_service_row_and_another_control if _verdict(_use("/v1/vector_stores", "none")) == "not applicable"

test_not_in_the_edition if _verdict(_use("/v1/nothing", "zero_data_retention")) == "not applicable"

test_not_in_the_edition_and_unknown if _verdict(_unknown("/v1/nothing")) == "not applicable"

# Another edition rates other endpoints, and the same ones otherwise.
_edition := {"edition": {
	"endpoints": {
		"/v1/realtime": {"zdr_eligible": "no"},
		"/v1/files": {"zdr_eligible": "yes"},
		"/v1/decisions": {"zdr_eligible": "yes_with_limits"},
		"/v1/agents": {"zdr_eligible": "no"},
	},
	"services": {"by_path": {"/v1/decisions": [], "/v1/live/sessions": []}},
}}

test_another_edition if {
	every endpoint, expected in {
		"/v1/realtime": ["violation", "undetermined"],
		"/v1/files": ["pass", "not applicable"],
		"/v1/decisions": ["pass", "not applicable"],
		"/v1/agents": ["violation", "undetermined"],
		"/v1/live/sessions": ["undetermined", "undetermined"],
	} {
		controls := ["zero_data_retention", null]
		[_verdict(object.union(_use(endpoint, control), _edition)) | some control in controls] == expected
	}
}
