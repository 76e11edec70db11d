# METADATA
# title: "Retention control whose further requirements nobody accepted"
# description: >-
#   The approval for a control comes with requirements that the customer has to accept.
#   Until the organization says that it did, the control stands on half an agreement.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: organization or project
#   needs: abuse_monitoring_approval
#   remediation: |
#     Add to the definition of the organization (openai.hcl, or the file of --organization):
#       organization {
#         abuse_monitoring_approval = { requirements_accepted = true }
#       }
#   section: "Data retention controls for abuse monitoring"
#   statements: [S05]
package openai.retention.control_requirements_not_accepted

import rego.v1

import data.openai.lib

applies contains id if {
	input.organization.abuse_monitoring_approval != null
	some id, _ in lib.controls
}

deny contains f if {
	_open
	some id, control in lib.controls
	msg := sprintf("%s declares %s, and the requirements of its approval are not declared as accepted", [lib.holder(id), control])
	f := lib.finding(id, "data_retention", msg, object.union({"value": control}, _cause))
}

undetermined contains f if {
	_open
	some id, reason in lib.unknown_controls
	what := sprintf("%s may declare a control, the requirements of which are not declared as accepted", [lib.holder(id)])
	f := lib.finding(id, "data_retention", sprintf("%s: %s", [what, lib.not_known("the control", reason)]), _cause)
}

_open if {
	input.organization.abuse_monitoring_approval != null
	not input.organization.abuse_monitoring_approval.requirements_accepted == true
}

_cause := lib.cause("abuse_monitoring_approval.requirements_accepted")
