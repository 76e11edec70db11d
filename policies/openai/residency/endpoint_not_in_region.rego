# METADATA
# title: "Endpoint without data residency in the project's region"
# description: >-
#   Content stays in the region only for the endpoints that the region lists.
#   What is sent to any other endpoint is stored wherever OpenAI stores it.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   needs: region
#   remediation: >-
#     Call an endpoint that the region lists (`openai-data-controls editions NAME` prints them), or make the call from a project
#     whose region has this one.
#   section: "Which models and features are eligible for data residency?"
#   statements: [S33, S44]
package openai.residency.endpoint_not_in_region

import rego.v1

import data.openai.lib

applies contains id if {
	some id, u in input.uses
	u.region in _listed
}

deny contains f if {
	some id, u in input.uses
	u.region in _listed
	not [u.endpoint, u.region] in _held
	msg := sprintf("%s is in %s, where data residency does not cover that endpoint", [lib.use(u), u.region])
	f := lib.finding(id, "endpoint", msg, {"value": u.endpoint})
}

undetermined contains f if {
	some id, u in input.uses
	reason := u.unknown.region
	some code in _listed
	not [u.endpoint, code] in _held
	msg := sprintf("%s may be in a region where data residency does not cover it: %s", [lib.use(u), lib.not_known("region", reason)])
	f := lib.finding(id, "region", msg, {"value": u.endpoint})
}

_listed := lib.all_regions

_held contains [u.endpoint, code] if {
	some u in input.uses
	some row in input.edition.services.by_path[u.endpoint]
	some code in row.storage_regions
}
