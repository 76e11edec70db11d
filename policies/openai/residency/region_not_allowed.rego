# METADATA
# title: "Project outside the regions its organization allows"
# description: >-
#   Requirements name the regions in which content may be kept, and this project is in none of them.
#   What is stored there stays there: a project's region is chosen once.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: project
#   needs: requirements.allowed_regions
#   remediation: >-
#     Create the project in one of the `allowed_regions` (`geography` of the Terraform project, `region` in its definition),
#     or add its region to `allowed_regions`; `GLOBAL` allows projects without a region. Where both the organization and the
#     project name regions, only what both name is allowed.
#   section: "How to use data residency"
#   statements: [S40]
package openai.residency.region_not_allowed

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.requirements.allowed_regions != null
	p.region in _settled
}

deny contains f if {
	some id, p in input.projects
	p.requirements.allowed_regions != null
	p.region in _settled
	not object.get(_words, p.region, p.region) in p.requirements.allowed_regions
	msg := sprintf("%s is in %s, and its requirements allow %s", [lib.project(id, p), object.get(_words, p.region, p.region), _list(p)])
	f := lib.finding(id, "region", msg, {"value": object.get(_words, p.region, p.region)})
}

undetermined contains f if {
	some id, p in input.projects
	p.requirements.allowed_regions != null
	reason := p.unknown.region
	count(_choices - {region | some region in p.requirements.allowed_regions}) > 0
	msg := sprintf("%s may be where its requirements don't allow it, they allow %s: %s", [lib.project(id, p), _list(p), lib.not_known("region", reason)])
	f := lib.finding(id, "region", msg, {})
}

_list(p) := concat(", ", p.requirements.allowed_regions) if {
	count(p.requirements.allowed_regions) > 0
} else := "neither a region nor GLOBAL: none is in every list of them"

_settled := {null} | lib.all_regions

_choices := {"GLOBAL"} | lib.all_regions

_words := {null: "GLOBAL"}
