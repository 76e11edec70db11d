package openai.retention.store_ignored_under_zdr_test

import rego.v1

import data.openai.retention.store_ignored_under_zdr as rule
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

_zdr := "zero_data_retention"

_notes := {
	"/v1/chat/completions": {"zdr_forces_store_false": {"value": true, "scope": "organization"}},
	"/v1/realtime": {"zdr_forces_store_false": {"value": true, "scope": null}},
}

_use(organization, control, use) := object.union(
	t.use(object.union({"effective": {"data_retention": control, "from": "project"}}, use)),
	{"edition": {"notes": _notes}, "organization": {"data_retention": organization}},
)

_stored(organization, control) := _use(organization, control, {"store": true})

_live(organization, control, store) := _use(organization, control, {"endpoint": "/v1/realtime", "store": store})

test_ignored if {
	_deny(_stored(_zdr, _zdr)) == {{
		"subject": "u",
		"attribute": "store",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" sets store = true, `,
			"which zero_data_retention turns into false",
		]),
	}}
	_open(_stored(_zdr, _zdr)) == set()
}

test_every_control_that_is_zdr if {
	_verdict(_stored(_zdr, "enhanced_zero_data_retention")) == "violation"
	_verdict(_stored("zdr_with_private_safety_processing", _zdr)) == "violation"
}

test_not_stored if _verdict(_use(_zdr, _zdr, {"store": false})) == "pass"

test_not_declared if _verdict(_use(_zdr, _zdr, {})) == "not applicable"

test_another_control if {
	_verdict(_stored("modified_abuse_monitoring", "modified_abuse_monitoring")) == "not applicable"
	_verdict(_stored("none", "none")) == "not applicable"
}

test_project_that_leaves_the_organizations_zdr if {
	_verdict(_stored(_zdr, "none")) == "not applicable"
	_verdict(_live(_zdr, "modified_abuse_monitoring", true)) == "not applicable"
}

test_zdr_of_the_project_alone if {
	_verdict(_stored("none", _zdr)) == "not applicable"
	_verdict(_live("none", _zdr, true)) == "violation"
	_verdict(_live(null, _zdr, true)) == "violation"
	_verdict(_live(null, _zdr, false)) == "pass"
}

test_organizations_control_not_declared if {
	{[f.attribute, endswith(f.msg, "the organization's control is not known (not declared)")] | some f in _open(_stored(null, _zdr))} == {["data_retention", true]}
	_verdict(_use(null, _zdr, {"store": false})) == "not applicable"
}

test_organizations_control_not_known if {
	_verdict(t.unknown_organization(_stored(null, _zdr))) == "undetermined"
}

test_control_not_declared if {
	_verdict(_stored(null, null)) == "undetermined"
	_verdict(_live(null, null, true)) == "undetermined"
	_verdict(_live(null, null, false)) == "not applicable"
	_verdict(_live(null, null, null)) == "not applicable"
}

test_control_not_known if {
	_open(t.unknown(_stored(_zdr, null), "uses", "effective")) == {{
		"subject": "u",
		"attribute": "data_retention",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" may set store = true where zero data retention turns it into `,
			"false: the control in effect is not known (known after apply)",
		]),
	}}
	_verdict(t.unknown(_stored("none", null), "uses", "effective")) == "not applicable"
}

test_store_not_known if {
	{f.attribute | some f in _open(t.unknown(_stored(_zdr, _zdr), "uses", "store"))} == {"store"}
	_verdict(t.unknown(_stored(_zdr, _zdr), "uses", "store")) == "undetermined"
	_verdict(t.unknown(_stored(_zdr, "none"), "uses", "store")) == "not applicable"
}

test_both_not_known if {
	_verdict(t.unknown(t.unknown(_stored(_zdr, null), "uses", "effective"), "uses", "store")) == "undetermined"
}

test_endpoint_without_the_fact if _verdict(_use(_zdr, _zdr, {"endpoint": "/v1/files", "store": true})) == "not applicable"

test_endpoint_of_data_residency_only if {
	doc := _use("none", _zdr, {"endpoint": "/v1/vector_stores", "store": true})
	{f.attribute | some f in _open(doc)} == {"endpoint"}
	_verdict(doc) == "undetermined"
	_verdict(_use("none", null, {"endpoint": "/v1/vector_stores", "store": true})) == "undetermined"
	_verdict(_use("none", "none", {"endpoint": "/v1/vector_stores", "store": true})) == "not applicable"
	_verdict(_use("none", _zdr, {"endpoint": "/v1/vector_stores", "store": false})) == "not applicable"
}

test_edition_that_does_not_say_so if {
	doc := object.union(
		t.use({"store": true, "effective": {"data_retention": _zdr, "from": "project"}}),
		{"organization": {"data_retention": _zdr}},
	)
	_verdict(doc) == "not applicable"
	_verdict(object.union(doc, {"uses": {"u": {"endpoint": "/v1/vector_stores"}}})) == "not applicable"
}

test_endpoint_that_the_edition_does_not_know if {
	_verdict(_use(_zdr, _zdr, {"endpoint": "/v1/nothing", "store": true})) == "not applicable"
}
