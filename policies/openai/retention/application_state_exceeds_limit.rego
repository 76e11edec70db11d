# METADATA
# title: "Application state kept for longer than the limit"
# description: >-
#   Some endpoints keep what they are given or what they answer, for a time or until it is deleted. Zero data retention
#   changes that where it sets `store` to false, modified abuse monitoring for background mode alone, in editions that say so.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use or project
#   needs: requirements.max_application_state_days
#   remediation: >-
#     Send the requests with `store` = false, and write `store = false` in the use; do without `background` or audio outputs
#     where these are what is kept; where state is kept until deleted, call another endpoint. A project without uses can't be
#     judged: write a `use` block for every endpoint that it calls.
#   section: "Storage requirements and retention controls per endpoint"
#   statements: [S14, S19, S25]
package openai.retention.application_state_exceeds_limit

import rego.v1

import data.openai.lib
import data.openai.state

applies contains id if {
	some id, asked in _asked
	_answers[asked]
}

deny contains f if {
	some id, asked in _asked
	[answer, "exceeds"] = _answers[asked]
	msg := concat("", [state.exceeding(lib.use(input.uses[id]), "application state", answer, asked[0]), state.uncounted(input.uses[id])])
	f := lib.finding(id, state.surely(answer).by, msg, {"value": state.surely(answer).text})
}

undetermined contains f if {
	some id, asked in _asked
	[answer, "open"] = _answers[asked]
	what := state.doubtful(lib.use_or_project(id), "application state", answer, asked[0], _holders[id])
	f := lib.finding(id, state.mended_by(answer), concat("", [what, state.uncounted(_holders[id])]), {"value": answer.text})
}

# What is asked (limit, why it is not known, endpoint, control in effect, `store`, `background`, `outputs`) by each use. A
# project without uses asks without an endpoint.
_asked := {id: asked |
	some id, holder in _holders
	limit := holder.requirements.max_application_state_days
	limit != null
	untold := object.get(holder.unknown, "requirements", "")
	what := [limit, untold, object.get(holder, "endpoint", null), object.get(holder, ["effective", "data_retention"], null)]
	asked := array.concat(what, [object.get(holder, key, "unknown") | some key in ["store", "background", "outputs"]])
}

_holders := object.union(input.uses, object.remove(input.projects, {u.project | some u in input.uses}))

_answers := {what: [answer, state.stands(answer, what[0], what[1])] |
	some what in {each | some each in _asked}
	answer := state.kept(what[2], what[3], what[4], what[5], what[6])
}
