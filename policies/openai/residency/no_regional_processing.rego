# METADATA
# title: "Project that requires regional processing and has none"
# description: >-
#   Only some regions run inference themselves; content of the others may be processed, and briefly stored, elsewhere.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: project
#   needs: requirements.regional_processing
#   remediation: >-
#     Create the project in a region that processes (`openai-data-controls editions` shows which do), or don't require it.
#   section: "How does data residency work?"
#   statements: [S34, S37]
package openai.residency.no_regional_processing

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.requirements.regional_processing == true
	p.region in (_listed | {null})
}

deny contains f if {
	some id, p in input.projects
	p.requirements.regional_processing == true
	p.region == null
	f := lib.finding(id, "region", sprintf("%s requires regional processing and has no region", [lib.project(id, p)]), {})
}

deny contains f if {
	some id, p in input.projects
	p.requirements.regional_processing == true
	p.processing == false
	p.region in _listed
	msg := sprintf("%s requires regional processing, and is in %s with storage only", [lib.project(id, p), p.region])
	f := lib.finding(id, "region", msg, {"value": p.region})
}

undetermined contains f if {
	some id, p in input.projects
	p.requirements.regional_processing == true
	what := sprintf("%s requires regional processing", [lib.project(id, p)])
	f := lib.finding(id, "region", sprintf("%s: %s", [what, lib.not_known("region", p.unknown.region)]), {})
}

undetermined contains f if {
	some id, p in input.projects
	p.requirements.regional_processing == true
	p.region in _listed
	not is_boolean(object.get(p, "processing", null))
	reason := object.get(p.unknown, "processing", "the edition does not say")
	msg := sprintf("%s requires regional processing: %s", [lib.project(id, p), lib.not_known("processing", reason)])
	f := lib.finding(id, "processing", msg, {"value": p.region})
}

_listed := lib.all_regions
