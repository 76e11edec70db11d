# METADATA
# title: "Project of a region with its own host, and no client that calls it"
# description: >-
#   Requests to a project in this region have to go to the region's own host. Where no client is declared, nothing shows
#   that they do, and the SDKs call the global host unless told otherwise.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: project
#   needs: region
#   remediation: >-
#     Write the base URL that the project's code calls as `base_url` of the project in a definition
#     (`base_url = "https://HOST/v1"`), or set `OPENAI_BASE_URL` beside the project's key in the workload.
#   section: "How to use data residency"
#   statements: [S41]
package openai.residency.regional_host_not_declared

import rego.v1

import data.openai.lib

applies contains id if {
	some id in _silent
	input.projects[id].region in _demanding
}

deny contains f if {
	some id in _silent
	p := input.projects[id]
	p.region in _demanding
	what := [lib.project(id, p), p.region]
	msg := sprintf("%s is in %s, which requires its own host, and no client shows which host its calls go to", what)
	f := lib.finding(id, "base_url", msg, {"value": p.region, "hint": input.edition.regions[p.region].domain})
}

undetermined contains f if {
	count(_demanding) > 0
	some id in _silent
	p := input.projects[id]
	what := sprintf("%s may need a region's host, and no client shows which host its calls go to", [lib.project(id, p)])
	f := lib.finding(id, "region", sprintf("%s: %s", [what, lib.not_known("region", p.unknown.region)]), {})
}

# The projects that have uses, and no client.
_silent := {u.project | some u in input.uses} - {c.project | some c in input.clients}

_demanding := lib.regions_with_required_host
