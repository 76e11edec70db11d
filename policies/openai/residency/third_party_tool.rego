# METADATA
# title: "Tool that sends content to a third party"
# description: >-
#   A remote MCP server belongs to somebody else. Data residency does not hold for what it is sent, stores or passes on.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: project or use
#   needs: tools
#   remediation: >-
#     Take `mcp` off the use's `tools`, and switch it off for the project (`mcp_enabled` of `openai_project_hosted_tool_permissions`,
#     `tools = { mcp = false }` in a definition). Where you need it, agree with the server's owner where data stays, and waive this.
#   section: "Limitations"
#   statements: [S36]
package openai.residency.third_party_tool

import rego.v1

import data.openai.lib
import data.openai.modalities

applies contains id if {
	some id, u in input.uses
	u.tools[0]
	u.region in _listed
}

applies contains id if {
	some id, p in input.projects
	is_boolean(p.tools.mcp)
	p.region in _listed
}

deny contains f if {
	some id in _calling
	region := _subjects[id].region
	region in _listed
	msg := sprintf("%s has the tool mcp, and data residency in %s does not cover the servers of third parties", [lib.use_or_project(id), region])
	f := lib.finding(id, modalities.tool_attribute(id, "mcp"), msg, {"value": "mcp"})
}

undetermined contains f if {
	some id, s in _subjects
	some attribute, reason in s.unknown
	_open(id, attribute)
	_regions[object.get(s, "region", false)]
	msg := sprintf("%s may send content from its region to a third party: %s", [lib.use_or_project(id), lib.not_known(attribute, reason)])
	f := lib.finding(id, attribute, msg, {})
}

_subjects := object.union(input.projects, input.uses)

_calling := {id | some id, u in input.uses; "mcp" in u.tools} | {id | some id, p in input.projects; p.tools.mcp == true}

_open(_, attribute) if attribute in {"tools", "tools.mcp"}
_open(id, "region") if id in _calling

_regions := lib.possible_regions
_listed := _regions[false]
