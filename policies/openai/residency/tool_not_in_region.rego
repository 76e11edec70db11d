# METADATA
# title: "Tool without data residency in the project's region"
# description: >-
#   A region covers the hosted tools that it lists. What a request gives to another one, or gets from it, does not stay there.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use or project
#   needs: tools
#   remediation: >-
#     Take the tool off the use's `tools`, and switch it off for the project (`openai_project_hosted_tool_permissions`, `tools` in a
#     definition). `openai-data-controls editions NAME` prints the tools of each region.
#   section: "Which models and features are eligible for data residency?"
#   statements: [S44]
package openai.residency.tool_not_in_region

import rego.v1

import data.openai.lib
import data.openai.modalities

applies contains id if {
	some [id, tool, region] in _enabled
	tool in _hosted
	_uncovered[region]
}

deny contains f if {
	some [id, tool, region] in _enabled
	tool in _uncovered[region]
	msg := sprintf("%s has the tool %s, which has no data residency in %s", [lib.use_or_project(id), tool, region])
	f := lib.finding(id, modalities.tool_attribute(id, tool), msg, {"value": tool})
}

undetermined contains f if {
	some id, s in object.union(input.projects, input.uses)
	some attribute, reason in s.unknown
	count(_candidates(s, attribute) & _uncovered[object.get(s, "region", false)]) > 0
	why := lib.not_known(attribute, reason)
	msg := sprintf("%s may have a tool without data residency in its region: %s", [lib.use_or_project(id), why])
	f := lib.finding(id, attribute, msg, {})
}

_enabled contains held if some held in {[id, tool, u.region] | some id, u in input.uses; tool := u.tools[_]}
_enabled contains held if some held in {[id, tool, p.region] | some id, p in input.projects; some tool; p.tools[tool] == true}

# The tools that an unknown attribute leaves open: a use lists its tools, a project has each of them on or off.
_candidates(s, "region") := {tool | some tool in _hosted; tool in s.tools} | {tool | some tool in _hosted; s.tools[tool] == true}

_candidates(_, "tools") := _hosted

_candidates(_, attribute) := {trim_prefix(attribute, "tools.")} if startswith(attribute, "tools.")

_hosted := modalities.hosted_tools

# Region, or `false` for any → the hosted tools that it does not cover.
_uncovered := {key: {t | some t in _hosted; some region in regions; not region in _covered[t]} | some key, regions in lib.possible_regions}

_covered[tool] := {region | some row in modalities.tool_rows(tool); some region in row.storage_regions} if some tool in _hosted
