# METADATA
# title: "Control that nothing manages any more"
# description: >-
#   Destroying a retention resource does not reset the control: it stays as it is. But nothing shows from then on when
#   somebody changes it.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: organization or project
#   needs: change.no_longer_managed
#   remediation: >-
#     Keep the retention resource (`openai_project_data_retention`, or the organization's), or declare the control as
#     `data_retention` in a definition that goes with the plan.
#   section: "Data retention controls for abuse monitoring"
#   statements: []
package openai.retention.control_no_longer_managed

import rego.v1

import data.openai.lib

applies contains id if some id in _left

deny contains f if {
	some id in _left
	control := object.get(lib.in_effect, id, "what it is")
	msg := sprintf("%s loses its retention resource: the control stays %s, and no plan will show when it changes", [lib.holder(id), control])
	f := lib.finding(id, "data_retention", msg, {"value": control})
}

undetermined := set()

_left contains id if {
	some id, p in input.projects
	"data_retention" in p.change.no_longer_managed
}

_left contains "organization" if "data_retention" in input.organization.change.no_longer_managed
