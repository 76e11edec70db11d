# METADATA
# title: "Project in a region without settings of its tools"
# description: >-
#   A region covers only some hosted tools. Without settings nothing says which of them the project may use.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: project
#   needs: region
#   remediation: >-
#     Switch each hosted tool on or off: `openai_project_hosted_tool_permissions` in Terraform, or
#     `tools = { web_search = true, mcp = false, … }` in the project's definition.
#   section: "Which models and features are eligible for data residency?"
#   statements: []
package openai.residency.tools_not_restricted

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.region in _listed
}

deny contains f if {
	some id, p in input.projects
	p.tools in _none
	p.region in _listed
	not _partly_known(p)
	msg := sprintf("%s is in %s, and no setting says which hosted tools it may use", [lib.project(id, p), p.region])
	f := lib.finding(id, "tools", msg, {"value": p.region})
}

undetermined contains f if {
	some id, p in input.projects
	some attribute, reason in p.unknown
	_open(p, attribute)
	lib.possible_regions[object.get(p, "region", false)]
	msg := sprintf("%s may be in a region without settings of its tools: %s", [lib.project(id, p), lib.not_known(attribute, reason)])
	f := lib.finding(id, attribute, msg, {})
}

_none := [null, {}]

_partly_known(p) if {
	some attribute, _ in p.unknown
	startswith(attribute, "tools.")
}

_open(_, "tools") := true
_open(p, "region") if p.tools in _none

_open(p, attribute) if {
	p.tools == {}
	startswith(attribute, "tools.")
}

_listed := lib.all_regions
