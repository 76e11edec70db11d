# METADATA
# title: "Audio outputs that are kept for a time"
# description: >-
#   Audio outputs are kept as application state for some hours, so that a conversation can go on, under zero data retention too.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: use
#   remediation: "Ask for text outputs only, or waive this finding where the time is short enough."
#   section: "Storage requirements and retention controls per endpoint"
#   statements: [S15, S21]
package openai.retention.audio_output_state

import rego.v1

import data.openai.lib
import data.openai.state

applies contains id if {
	some id, u in input.uses
	[u.endpoint, u.outputs] in _spoken
	[object.get(u, ["effective", "data_retention"], null), u.requirements.max_application_state_days == 0, object.get(u.unknown, "requirements", null) != null] in _strict
}

deny contains f if {
	some id in applies
	u := input.uses[id]
	hours := input.edition.notes[u.endpoint].audio_output_application_state_hours.value
	msg := sprintf("%s has audio among its outputs, which are kept for %s", [lib.use(u), state.count_of(hours, "hour")])
	f := lib.finding(id, "outputs", msg, {})
}

undetermined contains f if {
	some id, u in input.uses
	[u.endpoint, object.get(u, "outputs", "unknown")] in _perhaps
	not id in applies
	not [object.get(u, ["effective", "data_retention"], null), u.requirements.max_application_state_days == 0] in _lax
	[attribute, reason] := state.doubt(u, "outputs", _stated)
	msg := sprintf("%s may have audio outputs that are kept where nothing is to be kept: %s", [lib.use(u), reason])
	f := lib.finding(id, attribute, msg, {})
}

_stated := state.noted("audio_output_application_state_hours")

# [endpoint, outputs] with audio among them, or perhaps. "unknown" stands for outputs that a use does not have.
_spoken := {[endpoint, outputs] | some [endpoint, outputs] in _perhaps; endpoint in _stated}

_perhaps := {[endpoint, outputs] |
	some endpoint in state.may_be_noted("audio_output_application_state_hours")
	some outputs in ({u.outputs | some u in input.uses} | {"unknown"})
	true in state.audio_cases(endpoint, outputs)
}

_strict := state.strict

_lax := state.lax
