# METADATA
# title: "Web search where health information is handled"
# description: >-
#   Web search sends parts of a request to the web. No business associate agreement covers it, or only offline and under ZDR.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: critical
#   subject: project
#   needs: handles_phi
#   remediation: >-
#     Turn web search off in the project's hosted tools, write `tools = { web_search = false }` in the project, and take
#     `web_search` and `web_search_preview` out of its uses. Where the edition covers offline search, the tool `web_search` with
#     `external_web_access = false`, in uses of the endpoint that the page lists it for, and zero data retention for project and organization will do.
#   section: "Web Search"
#   statements: [S29]
package openai.healthcare.web_search_with_phi

import rego.v1

import data.openai.lib
import data.openai.searches

applies contains id if {
	some id, p in input.projects
	p.handles_phi == true
}

deny contains f if {
	some [id, sure, use_id, what] in searches.uncovered
	sure == true
	input.projects[id].handles_phi == true
	msg := sprintf("%s handles health information, and %s: %s", [lib.project(id, input.projects[id]), what, _limit])
	f := lib.finding(id, "tools", msg, _extra(use_id))
}

undetermined contains f if {
	some [id, _, use_id, what] in searches.uncovered
	input.projects[id].handles_phi == true
	not id in _denied
	msg := sprintf("%s handles health information, and %s; %s", [lib.project(id, input.projects[id]), what, _limit])
	f := lib.finding(id, "tools", msg, _extra(use_id))
}

undetermined contains f if {
	some [id, _, use_id, what] in searches.uncovered
	why := lib.not_known("handles_phi", input.projects[id].unknown.handles_phi)
	msg := sprintf("%s may handle health information, and %s; %s: %s", [lib.project(id, input.projects[id]), what, _limit, why])
	f := lib.finding(id, "handles_phi", msg, _extra(use_id))
}

_denied := {f.subject | some f in deny}

_limit := "an agreement covers it only offline, with zero data retention" if {
	searches.coverable_offline
} else := "no agreement covers it"

_extra(use_id) := {"value": endpoint, "cause": {"subject": use_id, "attribute": "tools"}} if {
	endpoint := input.uses[use_id].endpoint
} else := {"value": "web_search"}
