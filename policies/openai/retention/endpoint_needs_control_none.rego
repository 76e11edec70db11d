# METADATA
# title: "Endpoint that works only without a retention control"
# description: >-
#   The endpoint is not compatible with retention controls. Where the organization has them, a project that calls it must be set to
#   have none.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   remediation: >-
#     Call the endpoint from a project of its own, and set that project's control to what the endpoint asks for (`type` of
#     `openai_project_data_retention`, `data_retention` in a definition); or do not call it.
#   section: "Storage requirements and retention controls per endpoint"
#   statements: []
package openai.retention.endpoint_needs_control_none

import rego.v1

import data.openai.lib

applies contains id if {
	some id, u in _uses
	_required[u.endpoint]
}

deny contains f if {
	some id, u in _uses
	required := _required[u.endpoint]
	is_string(u.effective.data_retention)
	u.effective.data_retention != required
	msg := sprintf(`%s needs a project whose control is "%s", and has %s in effect`, [lib.use(u), required, u.effective.data_retention])
	f := lib.finding(id, "data_retention", msg, {"value": u.effective.data_retention})
}

undetermined contains f if {
	some id, u in _uses
	required := _required[u.endpoint]
	not is_string(object.get(u, ["effective", "data_retention"], null))
	why := lib.not_known("the control in effect", object.get(u.unknown, "effective", "not declared"))
	msg := sprintf(`%s needs a project whose control is "%s": %s`, [lib.use(u), required, why])
	f := lib.finding(id, "data_retention", msg, {})
}

undetermined contains f if {
	some id, u in _uses
	not _required[u.endpoint]
	control := object.get(u, ["effective", "data_retention"], null)
	not control in {value | some value in _required}
	why := lib.not_known("what it needs", "the edition names the endpoint for data residency only")
	f := lib.finding(id, "endpoint", sprintf("%s may need a project without a retention control: %s", [lib.use(u), why]), {"value": u.endpoint})
}

# The uses of an endpoint that needs it, or may.
_uses := {id: u | count(_required) > 0; some id, u in input.uses; u.endpoint in _endpoints}

_endpoints := object.keys(_required) | lib.residency_only

_required := {endpoint: n.requires_project_retention_setting.value | some endpoint, n in input.edition.notes}
