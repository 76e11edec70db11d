# METADATA
# title: "Project without the region its organization requires"
# description: >-
#   Requirements say that every project keeps its content in a region, and this one has none.
#   A region can be chosen only for a new project, so one that starts without it has to be made again.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: project
#   needs: requirements.region_required
#   remediation: >-
#     Give the project a region where it is created: `geography` of the Terraform project, `region` in its definition.
#     Or take `region_required` out of the requirements.
#   section: "How to use data residency"
#   statements: [S40]
package openai.residency.region_not_set

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.requirements.region_required == true
	p.region in _settled
}

deny contains f if {
	some id, p in input.projects
	p.requirements.region_required == true
	p.region == null
	f := lib.finding(id, "region", sprintf("%s has no region, though its requirements ask for one", [lib.project(id, p)]), {})
}

undetermined contains f if {
	some id, p in input.projects
	p.requirements.region_required == true
	reason := p.unknown.region
	msg := sprintf("%s has to have a region: %s", [lib.project(id, p), lib.not_known("region", reason)])
	f := lib.finding(id, "region", msg, {})
}

_settled := {null} | lib.all_regions
