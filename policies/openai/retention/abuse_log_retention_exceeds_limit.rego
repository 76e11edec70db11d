# METADATA
# title: "Abuse monitoring logs kept for longer than the limit"
# description: >-
#   Logs may hold prompts, responses and what classifiers derive from them. Modified abuse monitoring and zero data retention keep
#   content out where the page counts the days; logs that are kept until deleted are beyond every control.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use or project
#   needs: requirements.max_abuse_log_days
#   remediation: >-
#     Select modified abuse monitoring or zero data retention for the project (`data_retention`), once it is approved; where the
#     logs are kept until deleted, call another endpoint. A project without uses is judged by any endpoint: declare its uses.
#   section: "Storage requirements and retention controls per endpoint"
#   statements: [S04, S14]
package openai.retention.abuse_log_retention_exceeds_limit

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
	msg := state.exceeding(_who(id), "content in abuse monitoring logs", answer, asked[0])
	f := lib.finding(id, answer.by, msg, {"value": answer.text})
}

undetermined contains f if {
	some id, asked in _asked
	[answer, "open"] = _answers[asked]
	msg := state.doubtful(_who(id), "content in abuse monitoring logs", answer, asked[0], _holders[id])
	f := lib.finding(id, answer.by, msg, {"value": answer.text})
}

# What is asked (limit, why it is not known, endpoint, control in effect) by each use. A project without uses asks without an endpoint.
_asked := {id: asked |
	some id, holder in _holders
	limit := holder.requirements.max_abuse_log_days
	limit != null
	what := [object.get(holder, "endpoint", null), object.get(holder, ["effective", "data_retention"], null)]
	asked := array.concat([limit, object.get(holder.unknown, "requirements", "")], what)
}

_holders := object.union(input.uses, object.remove(input.projects, {u.project | some u in input.uses}))

_answers := {what: [answer, state.stands(answer, what[0], what[1])] |
	some what in {each | some each in _asked}
	answer := state.logs(what[2], what[3])
}

_who(id) := lib.use(input.uses[id])
_who(id) := sprintf("%s, which declares no uses,", [lib.project(id, input.projects[id])])
