# METADATA
# title: "Region of an existing project changes"
# description: >-
#   A project gets its region when it is created. What it stored before stays where it was: neither a changed setting nor a
#   replaced project moves content into the new region.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: project
#   needs: change.before
#   remediation: >-
#     Leave the region as it is, create another project in the new region, and move what calls the old one there. Delete the
#     old project's content first where it must not stay in its region.
#   section: "How to use data residency"
#   statements: [S32, S40]
package openai.residency.region_changed_after_creation

import rego.v1

import data.openai.lib

applies contains id if some id in _existing

deny contains f if {
	some id in _existing
	p := input.projects[id]
	was := p.change.before.region
	was != p.region
	words := [object.get({null: "none"}, region, region) | some region in [was, p.region]]
	msg := sprintf("%s changes its region from %s to %s", array.concat([lib.project(id, p)], words))
	f := lib.finding(id, "region", msg, {"value": words[1]})
}

undetermined contains f if {
	some id in _existing
	p := input.projects[id]
	not _left_alone(p)
	reasons := [reason | some of in [p.change.before, p]; reason := of.unknown.region]
	msg := sprintf("%s exists already, and may get another region: %s", [lib.project(id, p), lib.not_known("region", reasons[0])])
	f := lib.finding(id, "region", msg, {})
}

_existing contains id if {
	some id, p in input.projects
	p.change.before != null
	object.get(p, "region", null) in _settled
}

_settled := {null} | lib.all_regions

# What is not known before and after for one reason, the plan leaves alone; two hidden values may differ.
_left_alone(p) if {
	p.change.before.unknown.region == p.unknown.region
	p.unknown.region != "sensitive"
}

_left_alone(p) if "no-op" in p.change.actions
