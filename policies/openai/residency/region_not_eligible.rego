# METADATA
# title: "Region that data residency does not offer"
# description: >-
#   A region that the edition does not list gives no data residency at all, whatever the project is called.
#   Providers take any text here, so a typo goes through unseen.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: project
#   needs: region
#   remediation: >-
#     Set the project's region (`geography` of a Terraform project, `region` in a definition) to a code that the edition lists;
#     `openai-data-controls editions NAME` prints them.
#   section: "Data residency controls"
#   statements: [S42]
package openai.residency.region_not_eligible

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.region != null
}

deny contains f if {
	some id, p in input.projects
	p.region != null
	not p.region in _listed
	msg := sprintf(`%s is in region "%s", which edition %s does not list`, [lib.project(id, p), p.region, input.edition.name])
	f := lib.finding(id, "region", msg, {"value": p.region, "hint": _hint(p.region)})
}

undetermined contains f if {
	some id, p in input.projects
	reason := p.unknown.region
	f := lib.finding(id, "region", sprintf("%s: %s", [lib.project(id, p), lib.not_known("region", reason)]), {})
}

_listed := lib.all_regions

_hint(value) := concat(", ", _near(value)) if {
	count(_near(value)) > 0
} else := sprintf("one of %s", [concat(", ", _listed)])

# The regions whose name holds the value, or whose code it begins with, but for case.
_near(value) := {code |
	some code, r in input.edition.regions
	value != ""
	true in {contains(lower(r.name), lower(value)), startswith(lower(value), lower(code))}
}
