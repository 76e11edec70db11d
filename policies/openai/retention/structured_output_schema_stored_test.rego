package openai.retention.structured_output_schema_stored_test

import rego.v1

import data.openai.retention.structured_output_schema_stored as rule
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

_note(value) := {"value": value, "scope": null}

_notes := {
	"/v1/chat/completions": {"structured_outputs_schema_stored": _note(true)},
	"/v1/realtime": {"structured_outputs_schema_stored_even_with_zdr": _note(true)},
}

_use(control, limit, use) := object.union(
	t.use(object.union(
		{
			"effective": {"data_retention": control, "from": "project"},
			"requirements": {"max_application_state_days": limit},
		},
		use,
	)),
	{"edition": {"notes": _notes}},
)

_structured(control, limit) := _use(control, limit, {"structured_output": true})

test_stored if {
	_deny(_structured(_zdr, null)) == {{
		"subject": "u",
		"attribute": "structured_output",
		"msg": `use "/v1/chat/completions" of project "eu-support" uses Structured Outputs, whose schema is stored`,
	}}
	_open(_structured(_zdr, null)) == set()
	_verdict(_use(_zdr, null, {"endpoint": "/v1/realtime", "structured_output": true})) == "violation"
}

test_limit_of_nothing if {
	_verdict(_structured("none", 0)) == "violation"
	_verdict(_structured(null, 0)) == "violation"
	_verdict(t.unknown(_structured(null, 0), "uses", "effective")) == "violation"
	_open(_structured(null, 0)) == set()
	_verdict(_structured("none", 1)) == "not applicable"
	_verdict(_structured("none", null)) == "not applicable"
}

test_not_structured if {
	_verdict(_use(_zdr, null, {"structured_output": false})) == "pass"
	_verdict(_use(null, 0, {"structured_output": false})) == "pass"
	_verdict(_use("none", 1, {"structured_output": false})) == "not applicable"
	_verdict(_use(null, null, {"structured_output": false})) == "not applicable"
}

test_not_declared if _verdict(_use(_zdr, 0, {})) == "not applicable"

test_control_not_declared if {
	_open(_structured(null, null)) == {{
		"subject": "u",
		"attribute": "data_retention",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" may use Structured Outputs whose schema is stored where nothing `,
			"is to be kept: the control in effect is not known (not declared)",
		]),
	}}
	_verdict(t.unknown(_structured(null, 7), "uses", "effective")) == "undetermined"
}

test_output_not_known if {
	{f.attribute | some f in _open(t.unknown(_structured(_zdr, null), "uses", "structured_output"))} == {"structured_output"}
	_verdict(t.unknown(_structured(_zdr, null), "uses", "structured_output")) == "undetermined"
	_verdict(t.unknown(_structured("none", 0), "uses", "structured_output")) == "undetermined"
	_verdict(t.unknown(_structured("none", 1), "uses", "structured_output")) == "not applicable"
}

test_both_not_known if {
	doc := t.unknown(t.unknown(_structured(null, null), "uses", "structured_output"), "uses", "effective")
	_verdict(doc) == "undetermined"
}

test_endpoint_without_the_fact if {
	_verdict(_use(_zdr, 0, {"endpoint": "/v1/files", "structured_output": true})) == "not applicable"
}

test_endpoint_of_data_residency_only if {
	stores := {"endpoint": "/v1/vector_stores", "structured_output": true}
	{f.attribute | some f in _open(_use(_zdr, null, stores))} == {"endpoint"}
	_verdict(_use("none", 0, stores)) == "undetermined"
	_verdict(_use("none", 1, stores)) == "not applicable"
	_verdict(_use(_zdr, null, object.union(stores, {"structured_output": false}))) == "not applicable"
}

test_edition_that_does_not_say_so if {
	silent := {"/v1/chat/completions": {"structured_outputs_schema_stored": _note(false)}, "/v1/realtime": null}
	doc := object.union(_structured(_zdr, 0), {"edition": {"notes": silent}})
	_verdict(doc) == "not applicable"
	_verdict(object.union(doc, {"uses": {"u": {"endpoint": "/v1/vector_stores"}}})) == "not applicable"
}

test_limit_that_may_be_another_projects if {
	untold := {"uses": {"u": {"unknown": {"requirements": "it can't be told"}}}}
	doc := object.union(_structured("none", 0), untold)
	_verdict(doc) == "undetermined"
	{[f.attribute, contains(f.msg, "whether a limit of 0 days is its project's is not known (it can't be told)")] | some f in _open(doc)} == {["requirements", true]}
	_verdict(object.union(_structured("zero_data_retention", 0), untold)) == "violation"
	_verdict(object.union(_structured("none", 1), untold)) == "not applicable"
	{f.attribute | some f in _open(object.union(_structured(null, 1), untold))} == {"data_retention"}
}
