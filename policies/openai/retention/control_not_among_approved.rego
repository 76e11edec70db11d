# METADATA
# title: "Retention control that the approval does not cover"
# description: >-
#   An approval names controls, and covers those and what they include. This one is neither,
#   so what the configuration asks for was not granted.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: organization or project
#   needs: abuse_monitoring_approval
#   remediation: |
#     Select a control that the approval names, or add it to the definition of the organization (openai.hcl, or the file of
#     --organization) once OpenAI has approved it:
#       organization {
#         abuse_monitoring_approval = { controls = ["modified_abuse_monitoring", "zero_data_retention"] }
#       }
#   section: "Data retention controls for abuse monitoring"
#   statements: [S06]
package openai.retention.control_not_among_approved

import rego.v1

import data.openai.lib

applies contains id if {
	input.organization.abuse_monitoring_approval != null
	some id, _ in lib.controls
}

deny contains f if {
	input.organization.abuse_monitoring_approval != null
	some id, control in lib.controls
	not control in _covered
	msg := sprintf("%s declares %s, which the declared approval does not cover", [lib.holder(id), control])
	f := lib.finding(id, "data_retention", msg, object.union({"value": control}, _cause))
}

undetermined contains f if {
	input.organization.abuse_monitoring_approval != null
	count(object.keys(lib.includes) - _covered) > 0
	some id, reason in lib.unknown_controls
	what := sprintf("%s may declare a control that the approval does not cover", [lib.holder(id)])
	f := lib.finding(id, "data_retention", sprintf("%s: %s", [what, lib.not_known("the control", reason)]), _cause)
}

_covered := lib.covered

_cause := lib.cause("abuse_monitoring_approval.controls")
