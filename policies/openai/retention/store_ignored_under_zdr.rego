# METADATA
# title: "`store` that zero data retention overrides"
# description: >-
#   Under zero data retention the endpoint takes `store` for false, whatever the request says: nothing can be found again.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: use
#   remediation: >-
#     Send the requests with `store` = false, and write `store = false` in the use; or make these calls from a project with
#     another control.
#   section: "Zero Data Retention"
#   statements: [S17, S20]
package openai.retention.store_ignored_under_zdr

import rego.v1

import data.openai.lib
import data.openai.state

applies contains id if {
	some id, u in input.uses
	is_boolean(u.store)
	[u.endpoint, u.effective.data_retention] in _forced
}

deny contains f if {
	some id in applies
	u := input.uses[id]
	u.store == true
	msg := sprintf("%s sets store = true, which %s turns into false", [lib.use(u), u.effective.data_retention])
	f := lib.finding(id, "store", msg, {})
}

undetermined contains f if {
	some id, u in input.uses
	object.get(u, "store", true) == true
	[u.endpoint, object.get(u, ["effective", "data_retention"], null)] in _perhaps_forced
	not id in applies
	[attribute, reason] := state.doubt(u, "store", _stated)
	msg := sprintf("%s may set store = true where zero data retention turns it into false: %s", [lib.use(u), reason])
	f := lib.finding(id, attribute, msg, {})
}

_stated := state.noted("zdr_forces_store_false")

_forced := {[endpoint, control] | some [endpoint, control] in _perhaps_forced; state.regimes(endpoint, control) == {"forced"}}

# Where the edition states it, the control decides; an endpoint without a rating may be one where it does.
_perhaps_forced := {[endpoint, control] |
	some endpoint in state.may_be_noted("zdr_forces_store_false")
	some control in (lib.zero_data_retention | {null})
	[endpoint in _stated, "forced" in state.regimes(endpoint, control)] != [true, false]
}
