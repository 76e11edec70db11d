package openai.state_test

import rego.v1

import data.openai.lib
import data.openai.state
import data.openai.testing_test as t

# --- facts ------------------------------------------------------------------------------------------------------

_endpoint(days, kept) := {"abuse_monitoring_days": days, "application_state": kept}

_note(value) := {"value": value, "scope": null}

_of_organization := {"value": true, "scope": "organization"}

_edition := {
	"endpoints": {
		"/v1/responses": _endpoint(30, "none_with_exceptions"),
		"/v1/chat/completions": _endpoint(30, "none_with_exceptions"),
		"/v1/decisions": _endpoint(20, "none_with_exceptions"),
		"/v1/embeddings": _endpoint(45, "none"),
		"/v1/moderations": _endpoint(0, "none"),
		"/v1/conversations": _endpoint("until_deleted", "until_deleted"),
		"/v1/files": _endpoint(30, "until_deleted"),
		"/v1/live/sessions": _endpoint(30, "none_or_14_days_if_stored"),
		"/v1/live/recordings": _endpoint(30, "none_or_14_days_if_stored"),
		"/v1/exact": _endpoint(30, "none"),
		"/v1/least": _endpoint(30, "none_or_14_days_if_stored"),
		"/v1/more": _endpoint(30, "none"),
		"/v1/audio/speech": _endpoint(30, "none"),
	},
	"notes": {
		"/v1/responses": {
			"application_state_days_default": _note(30),
			"application_state_days_min_when_stored": _note(30),
			"zdr_forces_store_false": _of_organization,
			"background_mode_storage_minutes_approx": _note(10),
			"mam_background_retention": _note({"store=true": "standard"}),
			"audio_output_application_state_hours": _note(1),
		},
		"/v1/chat/completions": {
			"zdr_forces_store_false": _of_organization,
			"audio_output_application_state_hours": _note(2),
		},
		"/v1/live/sessions": {"zdr_forces_store_false": _note(true)},
		"/v1/live/recordings": {"stored_session_days": _note(1), "mam_background_retention": _note({})},
		"/v1/exact": {"application_state_days_default": _note(20), "zdr_forces_store_false": _note(false)},
		"/v1/least": {"application_state_days_min_when_stored": _note(60)},
		"/v1/more": {
			"application_state_days_default": _note(50),
			"application_state_days_min_when_stored": _note(40),
			"background_mode_storage_minutes_approx": _note(2880),
		},
		"/v1/audio/speech": {"audio_output_application_state_hours": _note(48), "retained": _note(null)},
	},
}

_doc(organization) := object.union(t.organization(t.facts, {"data_retention": organization}), {"edition": _edition})

_zdr := "zero_data_retention"

_mam := "modified_abuse_monitoring"

# --- abuse monitoring logs --------------------------------------------------------------------------------------

_logs(endpoint, control) := answer if {
	answer := state.logs(endpoint, control) with input as _doc(null)
}

test_logs_are_counted if {
	_logs("/v1/responses", "none") == {
		"least": 30,
		"most": 30,
		"text": "up to 30 days",
		"why": "no control is in effect",
		"by": "data_retention",
		"open": null,
	}
	_logs("/v1/decisions", "none").least == 20
}

test_controls_that_keep_content_out if {
	every control in ["enhanced_modified_abuse_monitoring", "enhanced_zero_data_retention", "zdr_with_private_safety_processing", _mam, _zdr] {
		_logs("/v1/responses", control) == {
			"least": 0,
			"most": 0,
			"text": "none",
			"why": sprintf("%s keeps content out of them", [control]),
			"by": "data_retention",
			"open": null,
		}
	}
}

test_controls_that_do_not if {
	every control in ["safety_retention", "private_retention_with_private_safety_processing"] {
		answer := _logs("/v1/responses", control)
		[answer.least, answer.most, answer.by] == [30, 30, "data_retention"]
		answer.why == sprintf("%s does not keep content out of them", [control])
	}
}

test_logs_without_a_control if _logs("/v1/responses", null) == {
	"least": 0,
	"most": 30,
	"text": "up to 30 days",
	"why": "only modified abuse monitoring and zero data retention keep content out of them",
	"by": "data_retention",
	"open": "data_retention",
}

test_no_logs_whatever_the_control if {
	every control in ["none", _zdr, null] {
		_logs("/v1/moderations", control) == {
			"least": 0,
			"most": 0,
			"text": "none",
			"why": "the page states none for the endpoint",
			"by": "endpoint",
			"open": null,
		}
	}
}

test_logs_until_deleted_whatever_the_control if {
	every control in ["none", _zdr, null] {
		_logs("/v1/conversations", control) == {
			"least": "until_deleted",
			"most": "until_deleted",
			"text": "until deleted",
			"why": "no control shortens it",
			"by": "endpoint",
			"open": null,
		}
	}
}

test_logs_of_any_endpoint if {
	_logs(null, "none").least == 45
	_logs(null, _zdr).most == 0
	_logs(null, null).most == 45
}

test_logs_of_no_endpoint if {
	state.logs(null, "none").most == 0 with input as object.union(_doc(null), {"edition": {"endpoints": {path: {"abuse_monitoring_days": "until_deleted"} |
		some path, _ in object.union(_edition.endpoints, t.edition.endpoints)
	}}})
}

_unrated := {
	"least": 0,
	"most": null,
	"text": "not known",
	"why": "the edition names the endpoint for data residency only",
	"by": "endpoint",
	"open": "endpoint",
}

test_endpoint_of_data_residency_only if {
	_logs("/v1/vector_stores", _zdr) == _unrated
	_kept(_zdr, "/v1/vector_stores", _zdr, {}) == _unrated
}

test_endpoint_that_the_edition_does_not_know if {
	not _logs("/v1/nothing", "none")
	not _kept(null, "/v1/nothing", "none", {})
}

# --- application state ------------------------------------------------------------------------------------------

_kept(organization, endpoint, control, request) := answer if {
	asked := object.union({"store": null, "background": null, "outputs": null}, request)
	answer := state.kept(endpoint, control, asked.store, asked.background, asked.outputs) with input as _doc(organization)
}

# Least and most, in words; and what it hangs on.
_brief(organization, endpoint, control, request) := [answer.least, answer.most, answer.text, answer.why, answer.by, answer.open] if {
	answer := _kept(organization, endpoint, control, request)
}

_at_least_30 := [30, null, "at least 30 days", "it is stored unless `store` is false", "store", null]

_stored_at_least_30 := [30, null, "at least 30 days", "`store` is true", "store", null]

_forced := [0, 0, "none", "zero data retention sets `store` to false", "data_retention", null]

_not_stored := [0, 0, "none", "`store` is false", "store", null]

_not_by_default := [0, 0, "none", "nothing is stored unless `store` is true", "store", null]

_without_period := "for a period that the page does not state"

test_endpoint_that_keeps_none if {
	every control in ["none", null, _zdr] {
		request := {"store": true, "background": "unknown", "outputs": ["audio"]}
		none := {
			"least": 0,
			"most": 0,
			"text": "none",
			"why": "the endpoint keeps none",
			"by": "endpoint",
			"open": null,
		}
		_kept(null, "/v1/embeddings", control, request) == none
		_kept(null, "/v1/decisions", control, request) == none
	}
}

test_until_deleted_whatever_the_control if {
	every control in ["none", null, _zdr] {
		until := ["until_deleted", "until_deleted", "until deleted", "no control ends it", "endpoint", null]
		_brief(_zdr, "/v1/files", control, {"store": false}) == until
	}
}

test_project_without_uses if _brief(_zdr, null, _zdr, {"store": "unknown"}) == [
	0,
	null,
	"not known",
	"it declares no uses",
	"uses",
	"endpoint",
]

test_stored_by_default if {
	_brief("none", "/v1/responses", "none", {}) == _at_least_30
	_brief(_mam, "/v1/responses", _mam, {}) == _at_least_30
	_brief("none", "/v1/responses", "none", {"store": true}) == _stored_at_least_30
	_brief("none", "/v1/responses", "none", {"store": false}) == _not_stored
	not _kept("none", "/v1/responses", "none", {}).surely
}

test_organization_with_zdr if {
	_brief(_zdr, "/v1/responses", _zdr, {"store": true}) == _forced
	_brief("enhanced_zero_data_retention", "/v1/responses", "enhanced_zero_data_retention", {}) == _forced
	_brief(_zdr, "/v1/responses", _zdr, {"store": false}) == _not_stored
	_brief(_zdr, "/v1/chat/completions", "zdr_with_private_safety_processing", {"store": true}) == _forced
}

test_project_that_leaves_the_organizations_zdr if {
	_brief(_zdr, "/v1/responses", _mam, {}) == _at_least_30
	_brief(_zdr, "/v1/responses", "none", {"store": true}) == _stored_at_least_30
	_brief(_zdr, "/v1/live/sessions", "safety_retention", {"store": true})[1] == 14
}

test_zdr_of_the_project_alone if {
	_brief("none", "/v1/responses", _zdr, {}) == _at_least_30
	_brief(_mam, "/v1/responses", _zdr, {"store": true}) == _stored_at_least_30
	_brief(_mam, "/v1/live/sessions", _zdr, {"store": true}) == _forced
}

test_zdr_and_the_organizations_control_not_declared if {
	answer := _kept(null, "/v1/responses", _zdr, {})
	[answer.least, answer.most, answer.open] == [0, null, "data_retention"]
	answer.text == "at least 30 days"
	state.surely(answer).why == "zero data retention sets `store` to false"
	_brief(null, "/v1/live/sessions", _zdr, {"store": true}) == _forced
	_brief(null, "/v1/responses", _mam, {}) == _at_least_30
}

test_control_not_known if {
	_kept(_zdr, "/v1/responses", null, {}).open == "data_retention"
	_kept(null, "/v1/responses", null, {"store": true}).least == 0
	_brief("none", "/v1/responses", null, {}) == _at_least_30
	_brief("none", "/v1/responses", null, {"store": false}) == _not_stored
	_kept("none", "/v1/live/sessions", null, {"store": true}).open == "data_retention"
}

test_stored_without_a_period if {
	answer := _kept("none", "/v1/chat/completions", "none", {"store": true})
	[answer.most, answer.text, answer.why] == [null, _without_period, "`store` is true"]
	answer.least > 0
	answer.least < 1 / 24
	_brief("none", "/v1/chat/completions", "none", {}) == _not_by_default
	_brief("none", "/v1/chat/completions", "none", {"store": false}) == _not_stored
}

test_store_that_regions_name if {
	doc := object.union(_doc("none"), {"edition": {"notes": {"/v1/decisions": {"store_true_allowed_regions": _note(["US"])}}}})
	answer := state.kept("/v1/decisions", _zdr, true, null, null) with input as doc
	answer.text == _without_period
}

test_stored_where_the_table_says_so if {
	_brief("none", "/v1/live/sessions", "none", {"store": true}) == [14, 14, "14 days", "`store` is true", "store", null]
	_brief("none", "/v1/live/sessions", "none", {}) == _not_by_default
	_brief("none", "/v1/live/sessions", "none", {"store": false}) == _not_stored
}

test_notes_come_before_the_table if {
	_brief("none", "/v1/live/recordings", "none", {"store": true}) == [1, 1, "1 day", "`store` is true", "store", null]
	_brief("none", "/v1/exact", _zdr, {}) == [20, 20, "20 days", "it is stored unless `store` is false", "store", null]
	_brief("none", "/v1/least", "none", {"store": true}) == [60, null, "at least 60 days", "`store` is true", "store", null]
	_brief("none", "/v1/more", "none", {"store": true}) == [50, null, "at least 50 days", "`store` is true", "store", null]
}

test_store_not_known if {
	answer := _kept("none", "/v1/responses", "none", {"store": "unknown"})
	[answer.least, answer.most, answer.text, answer.open] == [0, null, "at least 30 days", "store"]
	state.surely(answer).why == "`store` is false"
	_brief(_zdr, "/v1/responses", _zdr, {"store": "unknown"})[1] == 0
	_kept(_zdr, "/v1/responses", _zdr, {"store": "unknown"}).open == null
}

test_background if {
	_brief("none", "/v1/responses", "none", {"store": false, "background": true}) == [
		10 / 1440,
		10 / 1440,
		"about 10 minutes",
		"`background` is true",
		"background",
		null,
	]
	_brief("none", "/v1/responses", "none", {"store": false, "background": false}) == _not_stored
	_brief("none", "/v1/responses", "none", {"background": true}) == _at_least_30
	_brief(_zdr, "/v1/responses", _zdr, {"background": true})[2] == "about 10 minutes"
	_brief("none", "/v1/chat/completions", "none", {"background": true}) == _not_by_default
}

test_background_under_modified_abuse_monitoring if {
	every control in [_mam, "enhanced_modified_abuse_monitoring"] {
		_brief(control, "/v1/responses", control, {"background": true})[2] == "about 10 minutes"
		_brief(control, "/v1/responses", control, {"background": true, "store": true}) == _stored_at_least_30
		_brief(control, "/v1/responses", control, {"background": false}) == _at_least_30
	}
	_brief("none", "/v1/responses", "none", {"background": true}) == _at_least_30

	# Zero data retention that does not force `store` to false includes modified abuse monitoring.
	_brief("none", "/v1/responses", _zdr, {"background": true})[2] == "about 10 minutes"
	_brief("none", "/v1/responses", _zdr, {}) == _at_least_30
	_brief(_mam, "/v1/more", _mam, {"background": true})[2] == "at least 50 days"
	_brief(_mam, "/v1/live/recordings", _mam, {"background": true, "store": null}) == _not_by_default
}

test_background_not_known if {
	answer := _kept(_mam, "/v1/responses", _mam, {"background": "unknown"})
	[answer.least, answer.most, answer.open] == [10 / 1440, null, "background"]
	state.surely(answer).text == "about 10 minutes"
	_brief("none", "/v1/responses", "none", {"background": "unknown"}) == _at_least_30
	_kept("none", "/v1/responses", "none", {"background": "unknown", "store": false}).open == "background"
}

test_audio if {
	_brief("none", "/v1/responses", "none", {"store": false, "outputs": ["text", "audio"]}) == [
		1 / 24,
		1 / 24,
		"1 hour",
		"audio is among its outputs",
		"outputs",
		null,
	]
	_brief("none", "/v1/responses", "none", {"store": false, "outputs": ["text"]}) == _not_stored
	_brief("none", "/v1/responses", "none", {"store": false, "outputs": []}) == _not_stored
	_brief("none", "/v1/responses", "none", {"outputs": ["audio"]}) == _at_least_30
	_brief("none", "/v1/chat/completions", "none", {"outputs": ["audio"]})[2] == "2 hours"
	_brief("none", "/v1/exact", "none", {"store": false, "outputs": ["audio"]}) == _not_stored
}

test_the_longest_counts if {
	answer := _kept("none", "/v1/chat/completions", "none", {"store": true, "outputs": ["audio"]})
	[answer.least, answer.most, answer.text] == [2 / 24, null, _without_period]
	both := {"store": false, "background": true, "outputs": ["audio"]}
	_brief("none", "/v1/responses", "none", both)[2] == "1 hour"
	_brief("none", "/v1/more", "none", {"store": false, "background": true})[0] == 2
}

test_audio_of_an_endpoint_for_it if {
	_brief("none", "/v1/audio/speech", "none", {})[2] == "48 hours"
	_brief("none", "/v1/audio/speech", "none", {"outputs": ["text"]})[3] == "the endpoint keeps none"
}

test_audio_not_known if {
	answer := _kept("none", "/v1/responses", "none", {"store": false, "outputs": "unknown"})
	[answer.least, answer.most, answer.text, answer.open] == [0, 1 / 24, "1 hour", "outputs"]
	_brief("none", "/v1/responses", "none", {"outputs": "unknown"}) == _at_least_30
}

test_what_is_blamed_first if {
	all := {"store": "unknown", "background": "unknown", "outputs": "unknown"}
	_kept(null, "/v1/responses", null, all).open == "store"
	_kept(null, "/v1/responses", null, {"background": "unknown", "outputs": "unknown"}).open == "data_retention"
	_kept(null, "/v1/responses", null, object.union(all, {"store": false})).open == "background"
}

test_longest_where_all_is_not_known if {
	answer := _kept(null, "/v1/live/sessions", null, {"store": "unknown"})
	[answer.least, answer.most, answer.text] == [0, 14, "14 days"]
}

# --- what the page says -----------------------------------------------------------------------------------------

test_noted if {
	state.noted("zdr_forces_store_false") == {"/v1/responses", "/v1/chat/completions", "/v1/live/sessions"} with input as _doc(null)
	state.noted("retained") == set() with input as _doc(null)
	state.noted("nothing") == set() with input as _doc(null)
}

test_may_be_noted if {
	state.may_be_noted("mam_background_retention") == {"/v1/responses", "/v1/live/recordings", "/v1/vector_stores"} with input as _doc(null)
	state.may_be_noted("nothing") == set() with input as _doc(null)
}

# --- judging ----------------------------------------------------------------------------------------------------

test_against if {
	state.against({"least": 30, "most": 30}, 29) == "exceeds"
	state.against({"least": 30, "most": 30}, 30) == "within"
	state.against({"least": 30, "most": null}, 29) == "exceeds"
	state.against({"least": 30, "most": null}, 30) == "open"
	state.against({"least": 0, "most": 30}, 29) == "open"
	state.against({"least": 0, "most": 30}, 30) == "within"
	state.against({"least": "until_deleted", "most": "until_deleted"}, 100000) == "exceeds"
	state.against({"least": 1 / 24, "most": 1 / 24}, 0) == "exceeds"
	state.against({"least": 1 / 24, "most": 1 / 24}, 1) == "within"
}

test_strict_and_lax if {
	controls := object.keys(lib.includes) | {"none"}
	every control in controls {
		[control, true, false] in state.strict
		not [control, true] in state.lax
	}
	every untold in [true, false] {
		{control | some control in controls; [control, false, untold] in state.strict} == lib.zero_data_retention
	}
	{control | some control in controls; [control, false] in state.lax} == controls - lib.zero_data_retention
	{control | some control in controls; [control, true, true] in state.strict} == lib.zero_data_retention
	[null, true, false] in state.strict
	not [null, false, false] in state.strict
	not [null, true, true] in state.strict
	not [null, false] in state.lax
}

test_mended_by if {
	state.mended_by({"by": "store", "open": null}) == "store"
	state.mended_by({"by": "uses", "open": "endpoint"}) == "uses"
	state.mended_by({"by": "store", "open": "background"}) == "background"
}

_answer(open) := {"text": "at least 30 days", "why": "it is stored", "open": open}

test_exceeding if {
	sure := {"text": "1 hour", "why": "audio is among its outputs"}
	state.exceeding("it", "state", _answer(null), 1) == "it keeps state: at least 30 days, as it is stored; the limit is 1 day"
	state.exceeding("it", "state", object.union(_answer(null), {"surely": sure}), 0) == concat("", [
		"it keeps state: 1 hour, as audio is among its outputs; ",
		"the limit is 0 days",
	])
}

test_doubtful if {
	subject := {"unknown": {"store": "sensitive", "effective": "known after apply"}}
	said := "keep state: at least 30 days, as it is stored; the limit is 0 days"
	said_of := {open: state.doubtful("I", "state", _answer(open), 0, subject) | some open in [null, "endpoint", "store", "data_retention"]}
	said_of[null] == "I keeps state: at least 30 days, as it is stored; the limit is 0 days, and the page states no upper bound"
	said_of.endpoint == concat(" ", ["I may", said])
	unrated := object.union(_answer("endpoint"), {"text": "not known"})
	state.doubtful("I", "state", unrated, 0, subject) == "I may keep state: for how long is not known, as it is stored; the limit is 0 days" with input as t.facts
	said_of.store == sprintf("I may %s, and store is not known (sensitive)", [said])
	said_of.data_retention == sprintf("I may %s, and the control in effect is not known (known after apply)", [said])
}

test_control_not_known_of if {
	undeclared := {"effective": {"data_retention": null}, "unknown": {}}
	state.control_not_known(undeclared) == "the control in effect is not known (not declared)" with input as t.facts
	subject := {"effective": {"data_retention": _zdr}, "unknown": {}}
	state.control_not_known(subject) == "the organization's control is not known (not declared)" with input as t.facts
	state.control_not_known(subject) == "the organization's control is not known (known after apply)" with input as t.unknown_organization(t.facts)
}

test_doubt if {
	subject := {"endpoint": "/v1/responses", "effective": {"data_retention": null}, "unknown": {"store": "sensitive"}}
	state.doubt(subject, "store", {"/v1/responses"}) == ["store", "store is not known (sensitive)"]
	state.doubt(subject, "outputs", set()) == [
		"endpoint",
		"what the endpoint keeps is not known (the edition names it for data residency only)",
	]
	state.doubt(subject, "outputs", {"/v1/responses"}) == [
		"data_retention",
		"the control in effect is not known (not declared)",
	]
}

test_until_deleted_in_another_edition if {
	doc := object.union(_doc("none"), {"edition": {"endpoints": {"/v1/realtime": {"application_state": "until_deleted"}}}})
	answer := state.kept("/v1/realtime", "none", null, null, null) with input as doc
	answer.text == "until deleted"
}

# --- what no limit counts ----------------------------------------------------------------------------------------

_beside := object.union(t.facts, {"edition": {
	"endpoints": {"/v1/decisions": {"abuse_monitoring_days": 30, "application_state": "none_with_exceptions"}},
	"notes": {
		"/v1/decisions": {"prompt_cache_kv_tensors_application_state_hours_max": {"value": 24, "scope": null}},
		"/v1/chat/completions": {"structured_outputs_schema_stored": {"value": true, "scope": null}},
		"/v1/realtime": {"structured_outputs_schema_stored_even_with_zdr": {"value": true, "scope": null}},
		"/v1/files": {"structured_outputs_schema_stored": {"value": false, "scope": null}},
	},
}})

_uncounted(endpoint, structured) := found if {
	found := state.uncounted({"endpoint": endpoint, "structured_output": structured}) with input as _beside
}

test_caches_and_schemas_are_named if {
	_uncounted("/v1/decisions", true) == "; not counted: caches of prompts for up to 24 hours"
	every endpoint in ["/v1/chat/completions", "/v1/realtime"] {
		_uncounted(endpoint, true) == "; not counted: the schema of Structured Outputs"
		_uncounted(endpoint, false) == ""
		_uncounted(endpoint, null) == ""
	}
	_uncounted("/v1/files", true) == ""
	_uncounted(null, true) == ""
}

test_both_are_named if {
	doc := object.union(_beside, {"edition": {"notes": {"/v1/decisions": {"structured_outputs_schema_stored": {"value": true, "scope": null}}}}})
	all := "; not counted: the schema of Structured Outputs, caches of prompts for up to 24 hours"
	state.uncounted({"endpoint": "/v1/decisions", "structured_output": true}) == all with input as doc
}

test_what_keeps_caches_alone_says_so if {
	answer := state.kept("/v1/decisions", "none", null, null, null) with input as _beside
	[answer.least, answer.most, answer.text] == [0, 0, "none"]
	answer.why == "the endpoint keeps none but caches of prompts for up to 24 hours"
	audio := object.union(_beside, {"edition": {"notes": {"/v1/decisions": {"audio_output_application_state_hours": {"value": 1, "scope": null}}}}})
	other := state.kept("/v1/decisions", "none", null, null, ["text"]) with input as audio
	other.why == answer.why
}
