# How long content is kept, for the table of projects and endpoints. `asked` are endpoint, control in effect (null where it is
# not declared or not known), and the request's `store`, `background` and `outputs`: null where they are not declared, else the
# value or "unknown".
package openai.table

import rego.v1

import data.openai.state

# For each question in its place: how long abuse monitoring logs keep it, and how long application state does.
answers := [[_logs(question), _kept(question)] | some question in input.asked]

_logs(question) := answer if {
	answer := state.logs(question[0], question[1])
} else := _no_answer

_kept(question) := answer if {
	answer := state.kept(question[0], question[1], question[2], question[3], question[4])
} else := _no_answer

_no_answer := {"least": 0, "most": null, "text": "not known", "why": "the edition has no such endpoint", "open": "endpoint"}
