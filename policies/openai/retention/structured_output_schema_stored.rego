# METADATA
# title: "Structured Outputs whose schema is stored"
# description: >-
#   The schema of Structured Outputs, given as the response format or in a function definition, is stored by the endpoint. Names
#   and descriptions in it stay, whatever control is in effect.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: use
#   remediation: >-
#     Keep personal and confidential content out of schemas and waive this finding, or do without Structured Outputs.
#   section: "Storage requirements and retention controls per endpoint"
#   statements: [S16, S22]
package openai.retention.structured_output_schema_stored

import rego.v1

import data.openai.lib
import data.openai.state

applies contains id if {
	some id, u in input.uses
	is_boolean(u.structured_output)
	u.endpoint in _stated
	[object.get(u, ["effective", "data_retention"], null), u.requirements.max_application_state_days == 0, object.get(u.unknown, "requirements", null) != null] in _strict
}

deny contains f if {
	some id in applies
	u := input.uses[id]
	u.structured_output == true
	f := lib.finding(id, "structured_output", sprintf("%s uses Structured Outputs, whose schema is stored", [lib.use(u)]), {})
}

undetermined contains f if {
	some id, u in input.uses
	object.get(u, "structured_output", true) == true
	u.endpoint in _perhaps
	not id in applies
	not [object.get(u, ["effective", "data_retention"], null), u.requirements.max_application_state_days == 0] in _lax
	[attribute, reason] := state.doubt(u, "structured_output", _stated)
	msg := sprintf("%s may use Structured Outputs whose schema is stored where nothing is to be kept: %s", [lib.use(u), reason])
	f := lib.finding(id, attribute, msg, {})
}

_facts := ["structured_outputs_schema_stored", "structured_outputs_schema_stored_even_with_zdr"]

_stated := union({state.noted(fact) | some fact in _facts})

_perhaps := union({state.may_be_noted(fact) | some fact in _facts})

_strict := state.strict

_lax := state.lax
