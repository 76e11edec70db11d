# METADATA
# title: "Region without approved data residency"
# description: >-
#   OpenAI grants data residency to an organization on request. A project with a region in an organization
#   that was never approved can't rely on it, and no API tells whether it was.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: project
#   needs: region
#   remediation: |
#     Once OpenAI has approved data residency, add to the definition of the organization (openai.hcl, or the file of --organization):
#       organization {
#         residency_approved = true
#       }
#   section: "Data residency controls"
#   statements: [S31]
package openai.residency.residency_not_approved

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.region in _listed
}

deny contains f if {
	not _approved
	some id, p in input.projects
	p.region in _listed
	msg := sprintf("%s is in %s, and no approval of data residency is declared for the organization", [lib.project(id, p), p.region])
	f := lib.finding(id, "region", msg, object.union({"value": p.region}, _cause))
}

undetermined contains f if {
	not _approved
	some id, p in input.projects
	reason := p.unknown.region
	what := "no approval of data residency is declared for the organization"
	msg := sprintf("%s may be in a region, and %s: %s", [lib.project(id, p), what, lib.not_known("region", reason)])
	f := lib.finding(id, "region", msg, _cause)
}

_cause := lib.cause("residency_approved")

_approved if input.organization.residency_approved == true

_listed := lib.all_regions
