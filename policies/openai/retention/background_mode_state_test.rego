package openai.retention.background_mode_state_test

import rego.v1

import data.openai.retention.background_mode_state as rule
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

_notes(minutes) := {"/v1/chat/completions": {"background_mode_storage_minutes_approx": {"value": minutes, "scope": null}}}

_use(control, limit, use) := object.union(
	t.use(object.union(
		{
			"effective": {"data_retention": control, "from": "project"},
			"requirements": {"max_application_state_days": limit},
		},
		use,
	)),
	{"edition": {"notes": _notes(10)}},
)

_background(control, limit) := _use(control, limit, {"background": true})

test_kept if {
	_deny(_background(_zdr, null)) == {{
		"subject": "u",
		"attribute": "background",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" uses background mode, `,
			"which keeps the response for about 10 minutes",
		]),
	}}
	_open(_background(_zdr, null)) == set()
}

test_time_of_the_edition if {
	some f in _deny(object.union(_background(_zdr, null), {"edition": {"notes": _notes(1)}}))
	endswith(f.msg, "about 1 minute")
}

test_limit_of_nothing if {
	_verdict(_background("none", 0)) == "violation"
	_verdict(_background(null, 0)) == "violation"
	_verdict(t.unknown(_background(null, 0), "uses", "effective")) == "violation"
	_open(_background(null, 0)) == set()
	_verdict(_background("none", 1)) == "not applicable"
	_verdict(_background("none", null)) == "not applicable"
}

test_not_in_the_background if {
	_verdict(_use(_zdr, null, {"background": false})) == "pass"
	_verdict(_use("none", 0, {"background": false})) == "pass"
	_verdict(_use(null, 0, {"background": false})) == "pass"
	_verdict(_use("none", 1, {"background": false})) == "not applicable"
	_verdict(_use(null, null, {"background": false})) == "not applicable"
}

test_not_declared if _verdict(_use(_zdr, 0, {})) == "not applicable"

test_control_not_declared if {
	_open(_background(null, null)) == {{
		"subject": "u",
		"attribute": "data_retention",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" may keep responses of background mode where nothing is to be `,
			"kept: the control in effect is not known (not declared)",
		]),
	}}
	_verdict(t.unknown(_background(null, 7), "uses", "effective")) == "undetermined"
}

test_background_not_known if {
	{f.attribute | some f in _open(t.unknown(_background(_zdr, null), "uses", "background"))} == {"background"}
	_verdict(t.unknown(_background(_zdr, null), "uses", "background")) == "undetermined"
	_verdict(t.unknown(_background("none", 0), "uses", "background")) == "undetermined"
	_verdict(t.unknown(_background("none", 1), "uses", "background")) == "not applicable"
}

test_both_not_known if {
	_verdict(t.unknown(t.unknown(_background(null, null), "uses", "background"), "uses", "effective")) == "undetermined"
}

test_endpoint_without_the_fact if _verdict(_use(_zdr, 0, {"endpoint": "/v1/files", "background": true})) == "not applicable"

test_endpoint_of_data_residency_only if {
	stores := {"endpoint": "/v1/vector_stores", "background": true}
	{f.attribute | some f in _open(_use(_zdr, null, stores))} == {"endpoint"}
	_verdict(_use("none", 0, stores)) == "undetermined"
	_verdict(_use("none", 1, stores)) == "not applicable"
	_verdict(_use(_zdr, null, object.union(stores, {"background": false}))) == "not applicable"
}

test_edition_that_does_not_say_so if {
	doc := object.union(_background(_zdr, 0), {"edition": {"notes": _notes(null)}})
	_verdict(doc) == "not applicable"
	_verdict(object.union(doc, {"uses": {"u": {"endpoint": "/v1/vector_stores"}}})) == "not applicable"
}

test_limit_that_may_be_another_projects if {
	untold := {"uses": {"u": {"unknown": {"requirements": "it can't be told"}}}}
	doc := object.union(_background("none", 0), untold)
	_verdict(doc) == "undetermined"
	{[f.attribute, contains(f.msg, "whether a limit of 0 days is its project's is not known (it can't be told)")] | some f in _open(doc)} == {["requirements", true]}
	_verdict(object.union(_background("zero_data_retention", 0), untold)) == "violation"
	_verdict(object.union(_background("none", 1), untold)) == "not applicable"
	{f.attribute | some f in _open(object.union(_background(null, 1), untold))} == {"data_retention"}
}
