# METADATA
# title: "Region without one of its abuse monitoring controls in effect"
# description: >-
#   A region outside the United States rests on modified abuse monitoring or zero data retention. An approval alone changes nothing:
#   the control has to be selected for the organization or the project.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: critical
#   subject: project
#   needs: region
#   remediation: |
#     Select a control that the region accepts, for the project (`openai_project_data_retention` in Terraform, `data_retention` in
#     its definition) or for the organization, in Terraform or in its definition:
#       organization {
#         data_retention = "zero_data_retention"
#       }
#   section: "Additional requirements for non-US regions"
#   statements: [S38]
package openai.residency.non_us_region_without_abuse_monitoring_control

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.region in _regulated
}

deny contains f if {
	some id, p in input.projects
	p.effective.data_retention != null
	not p.effective.data_retention in _accepted[p.region]
	p.region in _regulated
	msg := sprintf("%s is in %s, which does not accept the control in effect, %s", [lib.project(id, p), p.region, p.effective.data_retention])
	f := lib.finding(id, "data_retention", msg, {"value": p.effective.data_retention})
}

undetermined contains f if {
	some id, p in input.projects
	p.region in _regulated
	not is_string(object.get(p, ["effective", "data_retention"], null))
	reason := object.get(p.unknown, "effective", "not declared")
	what := sprintf("%s is in %s, which requires an abuse monitoring control", [lib.project(id, p), p.region])
	f := lib.finding(id, "data_retention", sprintf("%s: %s", [what, lib.not_known("the control in effect", reason)]), {"value": p.region})
}

undetermined contains f if {
	some id, p in input.projects
	reason := p.unknown.region
	count(_regulated) > 0
	not object.get(p, ["effective", "data_retention"], null) in intersection({controls | some controls in _accepted})
	what := sprintf("%s may be in a region that does not accept the control in effect", [lib.project(id, p)])
	f := lib.finding(id, "region", sprintf("%s: %s", [what, lib.not_known("region", reason)]), {})
}

_regulated := lib.regulated

_accepted := lib.accepted
