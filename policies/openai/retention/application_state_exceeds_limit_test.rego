package openai.retention.application_state_exceeds_limit_test

import rego.v1

import data.openai.retention.application_state_exceeds_limit as rule
import data.openai.testing_test as t

_verdict(doc, id) := t.verdict(sets, id) if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_open(doc) := found if {
	found := rule.undetermined with input as doc
}

_zdr := "zero_data_retention"

_mam := "modified_abuse_monitoring"

_note(value) := {"value": value, "scope": null}

_forced := {"value": true, "scope": "organization"}

_endpoint(kept) := {"abuse_monitoring_days": 30, "application_state": kept}

_edition := {
	"endpoints": {
		"/v1/responses": _endpoint("none_with_exceptions"),
		"/v1/decisions": _endpoint("none_with_exceptions"),
		"/v1/live/sessions": _endpoint("none_or_14_days_if_stored"),
	},
	"notes": {
		"/v1/responses": {
			"application_state_days_default": _note(30),
			"application_state_days_min_when_stored": _note(30),
			"zdr_forces_store_false": _forced,
			"background_mode_storage_minutes_approx": _note(10),
			"mam_background_retention": _note({"store=true": "standard"}),
			"audio_output_application_state_hours": _note(1),
		},
		"/v1/chat/completions": {
			"zdr_forces_store_false": _forced,
			"audio_output_application_state_hours": _note(1),
		},
		"/v1/live/sessions": {"zdr_forces_store_false": _note(true)},
	},
}

_facts(organization, control, limit, use) := object.union(
	t.use(object.union(
		{
			"endpoint": "/v1/responses",
			"effective": {"data_retention": control, "from": "project"},
			"requirements": {"max_application_state_days": limit},
		},
		use,
	)),
	{"edition": _edition, "organization": {"data_retention": organization}},
)

_respond(control, limit, use) := _facts("none", control, limit, use)

_chat(control, limit, use) := _facts(control, control, limit, object.union({"endpoint": "/v1/chat/completions"}, use))

_project(limit) := object.union(t.project({"requirements": {"max_application_state_days": limit}}), {"edition": _edition})

test_stored_by_default if {
	_deny(_respond("none", 29, {})) == {{
		"subject": "u",
		"attribute": "store",
		"msg": concat("", [
			`use "/v1/responses" of project "eu-support" keeps application state: at least 30 days, `,
			"as it is stored unless `store` is false; the limit is 29 days",
		]),
		"value": "at least 30 days",
	}}
	_open(_respond("none", 29, {})) == set()
	_verdict(_respond("none", 29, {"store": true}), "u") == "violation"
}

test_no_upper_bound if {
	_open(_respond("none", 30, {})) == {{
		"subject": "u",
		"attribute": "store",
		"msg": concat("", [
			`use "/v1/responses" of project "eu-support" keeps application state: at least 30 days, `,
			"as it is stored unless `store` is false; the limit is 30 days, and the page states no upper bound",
		]),
		"value": "at least 30 days",
	}}
	_deny(_respond("none", 30, {})) == set()
	_verdict(_respond("none", 365, {"store": true}), "u") == "undetermined"
}

test_what_is_not_counted_is_named if {
	notes := {"/v1/responses": {
		"structured_outputs_schema_stored_even_with_zdr": _note(true),
		"prompt_cache_kv_tensors_application_state_hours_max": _note(24),
	}}
	end := "; not counted: the schema of Structured Outputs, caches of prompts for up to 24 hours"
	doc := object.union(_respond("none", 29, {"structured_output": true}), {"edition": {"notes": notes}})
	endswith(_only(_deny(doc)).msg, concat("", ["the limit is 29 days", end]))
	other := object.union(_respond("none", 30, {"structured_output": true}), {"edition": {"notes": notes}})
	endswith(_only(_open(other)).msg, concat("", ["the page states no upper bound", end]))
}

_only(found) := [f | some f in found][0]

test_not_stored if {
	_verdict(_respond("none", 0, {"store": false}), "u") == "pass"
	_verdict(_respond(null, 0, {"store": false}), "u") == "pass"
}

test_no_limit if _verdict(_respond("none", null, {"store": true}), "u") == "not applicable"

test_organization_with_zdr if {
	_verdict(_facts(_zdr, _zdr, 0, {"store": true}), "u") == "pass"
	_verdict(_facts(_zdr, _mam, 0, {"store": true}), "u") == "violation"
	_verdict(_facts(_mam, _zdr, 0, {"store": true}), "u") == "violation"
}

test_organizations_control_not_declared if {
	doc := _facts(null, _zdr, 0, {})
	_verdict(doc, "u") == "undetermined"
	some f in _open(doc)
	f.attribute == "data_retention"
	endswith(f.msg, "the limit is 0 days, and the organization's control is not known (not declared)")
	_verdict(_facts(null, _mam, 0, {}), "u") == "violation"
}

test_control_not_declared if {
	_verdict(_facts(null, null, 0, {}), "u") == "undetermined"
	_verdict(_facts(null, null, 30, {}), "u") == "undetermined"
	_verdict(t.unknown(_facts(_zdr, null, 0, {}), "uses", "effective"), "u") == "undetermined"
	_verdict(t.unknown(_facts(_mam, null, 0, {}), "uses", "effective"), "u") == "violation"
}

test_store_not_known if {
	doc := t.unknown(_respond("none", 0, {}), "uses", "store")
	_verdict(doc, "u") == "undetermined"
	some f in _open(doc)
	f.attribute == "store"
	endswith(f.msg, "the limit is 0 days, and store is not known (known after apply)")
	_verdict(t.unknown(_facts(_zdr, _zdr, 0, {}), "uses", "store"), "u") == "pass"
	_verdict(t.unknown(_facts(_zdr, _zdr, 0, {"endpoint": "/v1/decisions"}), "uses", "store"), "u") == "pass"
}

test_until_deleted if {
	doc := _facts(_zdr, _zdr, 36500, {"endpoint": "/v1/files", "store": false})
	{[f.attribute, f.value] | some f in _deny(doc)} == {["endpoint", "until deleted"]}
	_verdict(doc, "u") == "violation"
	_verdict(t.unknown(t.unknown(doc, "uses", "effective"), "uses", "store"), "u") == "violation"
}

test_endpoint_that_keeps_none if {
	_verdict(_respond("none", 0, {"endpoint": "/v1/realtime", "store": true, "background": true}), "u") == "pass"
	_verdict(_respond(null, 0, {"endpoint": "/v1/decisions", "store": true}), "u") == "pass"
}

test_stored_without_a_period if {
	_verdict(_chat("none", 0, {"store": true}), "u") == "violation"
	_verdict(_chat("none", 1, {"store": true}), "u") == "undetermined"
	_verdict(_chat("none", 365, {"store": true}), "u") == "undetermined"
	_verdict(_chat("none", 0, {}), "u") == "pass"
	_verdict(_chat(null, 0, {}), "u") == "pass"
	_verdict(_chat(_zdr, 0, {"store": true}), "u") == "pass"
	some f in _open(_chat("none", 1, {"store": true}))
	endswith(f.msg, "the limit is 1 day, and the page states no upper bound")
}

test_stored_where_the_table_says_so if {
	live := {"endpoint": "/v1/live/sessions", "store": true}
	_verdict(_respond("none", 13, live), "u") == "violation"
	_verdict(_respond("none", 14, live), "u") == "pass"
	_verdict(_respond("none", 0, {"endpoint": "/v1/live/sessions"}), "u") == "pass"
	_verdict(_respond(_zdr, 0, live), "u") == "pass"
}

test_audio if {
	audio := {"store": false, "outputs": ["audio"]}
	{[f.attribute, f.value] | some f in _deny(_respond("none", 0, audio))} == {["outputs", "1 hour"]}
	_verdict(_respond("none", 1, audio), "u") == "pass"
	_verdict(_chat(_zdr, 0, audio), "u") == "violation"
}

test_background if {
	background := {"store": false, "background": true}
	{[f.attribute, f.value] | some f in _deny(_respond("none", 0, background))} == {["background", "about 10 minutes"]}
	_verdict(_respond("none", 1, background), "u") == "pass"
	_verdict(_respond("none", 1, {"background": true}), "u") == "violation"
	_verdict(_respond(_mam, 1, {"background": true}), "u") == "pass"
	_verdict(_respond(_mam, 1, {"background": true, "store": true}), "u") == "violation"
	_verdict(_respond(_mam, 0, {"background": true}), "u") == "violation"
}

test_background_and_outputs_not_known if {
	quiet := _respond("none", 0, {"store": false})
	{f.attribute | some f in _open(t.unknown(quiet, "uses", "background"))} == {"background"}
	{f.attribute | some f in _open(t.unknown(quiet, "uses", "outputs"))} == {"outputs"}
	_verdict(t.unknown(_respond("none", 1, {"store": false}), "uses", "background"), "u") == "pass"
	_verdict(t.unknown(_respond("none", 1, {"store": false}), "uses", "outputs"), "u") == "pass"
}

test_violation_whatever_is_not_known if {
	doc := t.unknown(_respond("none", 0, {"outputs": ["audio"]}), "uses", "store")
	{[f.attribute, f.value] | some f in _deny(doc)} == {["outputs", "1 hour"]}
	_verdict(t.unknown(_respond("none", 0, {"store": true}), "uses", "background"), "u") == "violation"
}

test_endpoint_of_data_residency_only if {
	doc := _respond("none", 30, {"endpoint": "/v1/vector_stores"})
	_verdict(doc, "u") == "undetermined"
	{f.attribute | some f in _open(doc)} == {"endpoint"}
	_verdict(_respond("none", null, {"endpoint": "/v1/vector_stores"}), "u") == "not applicable"
}

test_endpoint_that_the_edition_does_not_know if {
	_verdict(_respond("none", 0, {"endpoint": "/v1/nothing", "store": true}), "u") == "not applicable"
	_verdict(t.unknown(_respond(null, 0, {"endpoint": "/v1/nothing"}), "uses", "store"), "u") == "not applicable"
}

test_project_without_uses if {
	_open(_project(365)) == {{
		"subject": "p",
		"attribute": "uses",
		"msg": concat("", [
			`project "eu-support" may keep application state: for how long is not known, as it declares no uses; `,
			"the limit is 365 days",
		]),
		"value": "not known",
	}}
	_verdict(_project(0), "p") == "undetermined"
	_verdict(_project(null), "p") == "not applicable"
}

test_project_with_uses if {
	doc := object.union(_respond("none", 0, {"store": false}), {"projects": _project(0).projects})
	_verdict(doc, "p") == "not applicable"
	_verdict(doc, "u") == "pass"
}

test_use_whose_project_is_not_told if {
	doc := object.union(_respond("none", 0, {"project": null}), {"projects": _project(0).projects})
	_verdict(doc, "u") == "violation"
	_verdict(doc, "p") == "undetermined"
}

test_every_use_of_the_same_kind if {
	doc := object.union(_respond("none", 0, {}), {"uses": {"v": _respond("none", 0, {}).uses.u}})
	{f.subject | some f in _deny(doc)} == {"u", "v"}
}

# The strictest limit of the run's projects, of a use that may be of another one.
test_limit_of_a_project_that_cannot_be_told if {
	limited := t.use({
		"endpoint": "/v1/files",
		"project": null,
		"effective": {"data_retention": "none", "from": "organization"},
		"requirements": {"max_application_state_days": 0},
	})
	t.verdict(_sets(limited), "u") == "violation"
	untold := object.union(limited, {"uses": {"u": {"unknown": {"requirements": "it can't be told"}}}})
	t.verdict(_sets(untold), "u") == "undetermined"
	some f in _sets(untold).undetermined
	contains(f.msg, "whether that limit is its project's is not known (it can't be told)")
}

_sets(doc) := sets if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

test_within_the_limit_of_whatever_project if {
	doc := t.use({
		"endpoint": "/v1/realtime",
		"project": null,
		"effective": {"data_retention": "zero_data_retention", "from": "organization"},
		"requirements": {"max_abuse_log_days": 0, "max_application_state_days": 0},
		"unknown": {"requirements": "it can't be told"},
	})
	t.verdict(_sets(doc), "u") == "pass"
}
