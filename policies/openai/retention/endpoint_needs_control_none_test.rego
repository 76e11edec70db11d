package openai.retention.endpoint_needs_control_none_test

import rego.v1

import data.openai.retention.endpoint_needs_control_none as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "u") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_undetermined(doc) := found if {
	found := rule.undetermined with input as doc
}

_needs(value) := {"edition": {
	"endpoints": {"/v1/films": {}},
	"notes": {"/v1/films": {"requires_project_retention_setting": {"value": value, "scope": null}}},
}}

_at(endpoint, control) := object.union(
	t.use({"endpoint": endpoint, "effective": {"data_retention": control, "from": "organization"}}),
	_needs("none"),
)

_use(control) := _at("/v1/films", control)

test_none if _verdict(_use("none")) == "pass"

test_another if every control in ["zero_data_retention", "modified_abuse_monitoring", "safety_retention"] {
	_verdict(_use(control)) == "violation"
}

test_finding if _deny(_use("zero_data_retention")) == {{
	"subject": "u",
	"attribute": "data_retention",
	"msg": `use "/v1/films" of project "eu-support" needs a project whose control is "none", and has zero_data_retention in effect`,
	"value": "zero_data_retention",
}}

test_what_the_edition_asks_for if {
	_verdict(object.union(_use("modified_abuse_monitoring"), _needs("modified_abuse_monitoring"))) == "pass"
	_verdict(object.union(_use("none"), _needs("modified_abuse_monitoring"))) == "violation"
}

test_another_endpoint if {
	_verdict(_at("/v1/files", "zero_data_retention")) == "not applicable"
	_verdict(_at("/v1/files", null)) == "not applicable"
}

test_not_in_the_edition if _verdict(_at("/v1/nothing", "zero_data_retention")) == "not applicable"

test_not_declared if {
	_verdict(_use(null)) == "undetermined"
	_undetermined(_use(null)) == {{
		"subject": "u",
		"attribute": "data_retention",
		"msg": `use "/v1/films" of project "eu-support" needs a project whose control is "none": the control in effect is not known (not declared)`,
	}}
}

test_unknown if {
	doc := t.unknown(_use(null), "uses", "effective")
	_verdict(doc) == "undetermined"
	some f in _undetermined(doc)
	endswith(f.msg, "the control in effect is not known (known after apply)")
}

test_only_a_service_row if _undetermined(_at("/v1/vector_stores", "zero_data_retention")) == {{
	"subject": "u",
	"attribute": "endpoint",
	"msg": `use "/v1/vector_stores" of project "eu-support" may need a project without a retention control: what it needs is not known (the edition names the endpoint for data residency only)`,
	"value": "/v1/vector_stores",
}}

test_only_a_service_row_is_open if {
	_verdict(_at("/v1/vector_stores", "zero_data_retention")) == "undetermined"
	_verdict(_at("/v1/vector_stores", null)) == "undetermined"
	_verdict(t.unknown(_at("/v1/vector_stores", null), "uses", "effective")) == "undetermined"
	_verdict(_at("/v1/vector_stores", "none")) == "not applicable"
}

test_only_a_service_row_of_which_the_page_says_it if {
	note := {"edition": {"notes": {"/v1/vector_stores": {"requires_project_retention_setting": {"value": "none", "scope": null}}}}}
	_verdict(object.union(_at("/v1/vector_stores", "zero_data_retention"), note)) == "violation"
	_verdict(object.union(_at("/v1/vector_stores", "none"), note)) == "pass"
	count(_undetermined(object.union(_at("/v1/vector_stores", "zero_data_retention"), note))) == 0
}

test_edition_without_such_endpoints if {
	doc := t.use({"endpoint": "/v1/vector_stores", "effective": {"data_retention": "zero_data_retention", "from": "project"}})
	_verdict(doc) == "not applicable"
}
