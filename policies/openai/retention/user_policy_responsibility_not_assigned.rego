# METADATA
# title: "Nobody named who answers for what users do"
# description: >-
#   Under modified abuse monitoring or zero data retention what classifiers flag is neither kept nor reviewed by people, and the
#   customer answers for its users' compliance, for moderation and for reporting. Where nobody is named, nobody does it.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: project
#   remediation: |
#     Name who is responsible in the definition of the organization (openai.hcl, or the file of --organization):
#       organization {
#         responsible_contact = "ai-platform@example.com"
#       }
#   section: "Data retention controls for abuse monitoring"
#   statements: [S07]
package openai.retention.user_policy_responsibility_not_assigned

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	control := p.effective.data_retention
	not control in {null, "none"}
}

deny contains f if {
	not _assigned
	some id, p in input.projects
	control := p.effective.data_retention
	not control in {null, "none"}
	msg := sprintf("%s has %s in effect, and the organization declares no responsible_contact", [lib.project(id, p), control])
	f := lib.finding(id, "data_retention", msg, object.union({"value": control}, _cause))
}

undetermined contains f if {
	not _assigned
	some id, p in input.projects
	not is_string(object.get(p, ["effective", "data_retention"], null))
	reason := object.get(p.unknown, "effective", "not declared")
	what := sprintf("%s may have a control in effect, and the organization declares no responsible_contact", [lib.project(id, p)])
	msg := sprintf("%s: %s", [what, lib.not_known("the control in effect", reason)])
	f := lib.finding(id, "data_retention", msg, _cause)
}

_cause := lib.cause("responsible_contact")

_assigned if {
	contact := input.organization.responsible_contact
	not contact in {null, ""}
}
