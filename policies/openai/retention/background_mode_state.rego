# METADATA
# title: "Background mode that keeps state for a time"
# description: >-
#   In background mode the response is kept for some minutes, so that it can be polled, under zero data retention too.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: use
#   remediation: >-
#     Make these requests without background mode and write `background = false` in the use, or waive this finding where the time
#     is short enough.
#   section: "Storage requirements and retention controls per endpoint"
#   statements: []
package openai.retention.background_mode_state

import rego.v1

import data.openai.lib
import data.openai.state

applies contains id if {
	some id, u in input.uses
	is_boolean(u.background)
	u.endpoint in _stated
	[object.get(u, ["effective", "data_retention"], null), u.requirements.max_application_state_days == 0, object.get(u.unknown, "requirements", null) != null] in _strict
}

deny contains f if {
	some id in applies
	u := input.uses[id]
	u.background == true
	minutes := input.edition.notes[u.endpoint].background_mode_storage_minutes_approx.value
	what := [lib.use(u), state.count_of(minutes, "minute")]
	f := lib.finding(id, "background", sprintf("%s uses background mode, which keeps the response for about %s", what), {})
}

undetermined contains f if {
	some id, u in input.uses
	object.get(u, "background", true) == true
	u.endpoint in _perhaps
	not id in applies
	not [object.get(u, ["effective", "data_retention"], null), u.requirements.max_application_state_days == 0] in _lax
	[attribute, reason] := state.doubt(u, "background", _stated)
	msg := sprintf("%s may keep responses of background mode where nothing is to be kept: %s", [lib.use(u), reason])
	f := lib.finding(id, attribute, msg, {})
}

_stated := state.noted("background_mode_storage_minutes_approx")

_perhaps := state.may_be_noted("background_mode_storage_minutes_approx")

_strict := state.strict

_lax := state.lax
