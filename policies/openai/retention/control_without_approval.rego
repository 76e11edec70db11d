# METADATA
# title: "Retention control without OpenAI's approval"
# description: >-
#   Modified abuse monitoring and zero data retention have to be approved by OpenAI before they can be selected.
#   A control in the configuration that nobody approved promises what is not given.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: critical
#   subject: organization or project
#   remediation: |
#     Add the approval to the definition of the organization (openai.hcl, or the file of --organization):
#       organization {
#         abuse_monitoring_approval = { controls = ["zero_data_retention"], approved_on = "YYYY-MM-DD", requirements_accepted = true }
#       }
#   section: "Data retention controls for abuse monitoring"
#   statements: [S05]
package openai.retention.control_without_approval

import rego.v1

import data.openai.lib

applies contains id if some id, _ in lib.controls

deny contains f if {
	some id, control in lib.controls
	msg := sprintf("%s declares %s, which requires an approval; %s", [lib.holder(id), control, _lack.reason])
	f := lib.finding(id, "data_retention", msg, object.union({"value": control}, _cause))
}

undetermined contains f if {
	some id, reason in lib.unknown_controls
	what := sprintf("%s may declare a control that requires an approval; %s", [lib.holder(id), _lack.reason])
	f := lib.finding(id, "data_retention", sprintf("%s: %s", [what, lib.not_known("the control", reason)]), _cause)
}

_cause := lib.cause(_lack.attribute)

_lack := lib.lack(input.organization.abuse_monitoring_approval, "abuse_monitoring_approval", "approved_on")
