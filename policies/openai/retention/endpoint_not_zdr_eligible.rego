# METADATA
# title: "Endpoint that zero data retention does not cover"
# description: >-
#   The endpoint keeps application state, so zero data retention either blocks it or does not hold for what it stores.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   remediation: >-
#     Call an endpoint that is eligible for zero data retention (`openai-data-controls editions NAME` prints them), or make these calls
#     from a project of their own with another control.
#   section: "Storage requirements and retention controls per endpoint"
#   statements: [S13, S14]
package openai.retention.endpoint_not_zdr_eligible

import rego.v1

import data.openai.lib

applies contains id if {
	some id, u in input.uses
	u.effective.data_retention in _zdr
	input.edition.endpoints[u.endpoint]
}

deny contains f if {
	some id, u in input.uses
	u.effective.data_retention in _zdr
	u.endpoint in _ineligible
	msg := sprintf("%s has %s in effect, and the endpoint is not eligible for it", [lib.use(u), u.effective.data_retention])
	f := lib.finding(id, "endpoint", msg, {"value": u.endpoint})
}

undetermined contains f if {
	some id, u in input.uses
	not is_string(object.get(u, ["effective", "data_retention"], null))
	verb := _verbs[u.endpoint]
	why := lib.not_known("the control in effect", object.get(u.unknown, "effective", "not declared"))
	msg := sprintf("%s calls an endpoint that zero data retention %s: %s", [lib.use(u), verb, why])
	f := lib.finding(id, "data_retention", msg, {"value": u.endpoint})
}

undetermined contains f if {
	some id, u in input.uses
	u.effective.data_retention in _zdr
	u.endpoint in lib.residency_only
	why := lib.not_known("its eligibility", "the edition names the endpoint for data residency only")
	f := lib.finding(id, "endpoint", sprintf("%s has zero data retention in effect: %s", [lib.use(u), why]), {"value": u.endpoint})
}

_zdr := lib.zero_data_retention

_ineligible := {endpoint | some endpoint, row in input.edition.endpoints; row.zdr_eligible == "no"}

_verbs := object.union({e: "does not cover" | some e in _ineligible}, {e: "may not cover" | some e in lib.residency_only})
