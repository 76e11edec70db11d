package openai.retention.audio_output_state_test

import rego.v1

import data.openai.retention.audio_output_state as rule
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

_notes(hours) := {"/v1/chat/completions": {"audio_output_application_state_hours": {"value": hours, "scope": null}}}

_use(control, limit, use) := object.union(
	t.use(object.union(
		{
			"effective": {"data_retention": control, "from": "project"},
			"requirements": {"max_application_state_days": limit},
		},
		use,
	)),
	{"edition": {"notes": _notes(1)}},
)

_audio(control, limit) := _use(control, limit, {"outputs": ["text", "audio"]})

test_kept if {
	_deny(_audio(_zdr, null)) == {{
		"subject": "u",
		"attribute": "outputs",
		"msg": `use "/v1/chat/completions" of project "eu-support" has audio among its outputs, which are kept for 1 hour`,
	}}
	_open(_audio(_zdr, null)) == set()
}

test_time_of_the_edition if {
	some f in _deny(object.union(_audio(_zdr, null), {"edition": {"notes": _notes(3)}}))
	endswith(f.msg, "kept for 3 hours")
}

test_limit_of_nothing if {
	_verdict(_audio("none", 0)) == "violation"
	_verdict(_audio(null, 0)) == "violation"
	_verdict(t.unknown(_audio(null, 0), "uses", "effective")) == "violation"
	_open(_audio(null, 0)) == set()
	_verdict(_audio("none", 1)) == "not applicable"
	_verdict(_audio("none", null)) == "not applicable"
}

test_no_audio if {
	_verdict(_use(_zdr, 0, {"outputs": ["text"]})) == "not applicable"
	_verdict(_use(_zdr, 0, {"outputs": []})) == "not applicable"
	_verdict(_use(_zdr, 0, {})) == "not applicable"
	_verdict(_use(null, null, {})) == "not applicable"
}

test_endpoint_of_audio if {
	speech := {"notes": {"/v1/audio/speech": _notes(1)["/v1/chat/completions"]}}
	doc := object.union(_use(_zdr, null, {"endpoint": "/v1/audio/speech"}), {"edition": speech})
	_verdict(doc) == "violation"
	_verdict(object.union(doc, {"uses": {"u": {"outputs": ["text"]}}})) == "not applicable"
}

test_control_not_declared if {
	_open(_audio(null, null)) == {{
		"subject": "u",
		"attribute": "data_retention",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" may have audio outputs that are kept where nothing is to be `,
			"kept: the control in effect is not known (not declared)",
		]),
	}}
	_verdict(t.unknown(_audio(null, 7), "uses", "effective")) == "undetermined"
}

test_outputs_not_known if {
	{f.attribute | some f in _open(t.unknown(_audio(_zdr, null), "uses", "outputs"))} == {"outputs"}
	_deny(t.unknown(_audio(_zdr, 0), "uses", "outputs")) == set()
	_verdict(t.unknown(_audio(_zdr, null), "uses", "outputs")) == "undetermined"
	_verdict(t.unknown(_audio("none", 0), "uses", "outputs")) == "undetermined"
	_verdict(t.unknown(_audio("none", 1), "uses", "outputs")) == "not applicable"
}

test_both_not_known if {
	_verdict(t.unknown(t.unknown(_audio(null, null), "uses", "outputs"), "uses", "effective")) == "undetermined"
}

test_endpoint_without_the_fact if {
	_verdict(_use(_zdr, 0, {"endpoint": "/v1/realtime", "outputs": ["audio"]})) == "not applicable"
}

test_endpoint_of_data_residency_only if {
	stores := {"endpoint": "/v1/vector_stores", "outputs": ["audio"]}
	{f.attribute | some f in _open(_use(_zdr, null, stores))} == {"endpoint"}
	_verdict(_use("none", 0, stores)) == "undetermined"
	_verdict(_use("none", 1, stores)) == "not applicable"
	_verdict(_use(_zdr, null, object.union(stores, {"outputs": ["text"]}))) == "not applicable"
}

test_edition_that_does_not_say_so if {
	doc := object.union(_audio(_zdr, 0), {"edition": {"notes": _notes(null)}})
	_verdict(doc) == "not applicable"
	_verdict(object.union(doc, {"uses": {"u": {"endpoint": "/v1/vector_stores"}}})) == "not applicable"
}

test_limit_that_may_be_another_projects if {
	untold := {"uses": {"u": {"unknown": {"requirements": "it can't be told"}}}}
	doc := object.union(_audio("none", 0), untold)
	_verdict(doc) == "undetermined"
	{[f.attribute, contains(f.msg, "whether a limit of 0 days is its project's is not known (it can't be told)")] | some f in _open(doc)} == {["requirements", true]}
	_verdict(object.union(_audio("zero_data_retention", 0), untold)) == "violation"
	_verdict(object.union(_audio("none", 1), untold)) == "not applicable"
	{f.attribute | some f in _open(object.union(_audio(null, 1), untold))} == {"data_retention"}
}
