# METADATA
# title: "Data shared for training where that is forbidden"
# description: >-
#   What is sent to the API trains no model unless the organization opts in to share it. The requirements forbid that,
#   and no API tells what is selected, so the organization has to declare it.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: project or organization
#   needs: requirements.training_forbidden
#   remediation: |
#     Turn data sharing off in the organization's settings, then write in the definition of the organization (openai.hcl, or the file of --organization):
#       organization {
#         data_sharing = false
#       }
#   section: "Data controls in the OpenAI platform"
#   statements: [S01]
package openai.training.data_sharing_enabled

import rego.v1

import data.openai.lib

applies contains id if some id, _ in _forbidding

deny contains f if {
	_sharing == true
	some id, subject in _forbidding
	msg := sprintf("%s forbids training, and data sharing is turned on", [subject.name])
	f := lib.finding(id, subject.attribute, msg, subject.cause)
}

undetermined contains f if {
	_sharing == null
	some id, subject in _forbidding
	what := sprintf("%s forbids training, and whether data sharing is turned on is not declared", [subject.name])
	f := lib.finding(id, subject.attribute, what, subject.cause)
}

_sharing := object.get(input.organization, "data_sharing", null)

_forbidding := object.union(_forbidding_organization, {id: forbidding |
	some id, p in input.projects
	p.requirements.training_forbidden == true
	forbidding := {"name": lib.project(id, p), "attribute": "requirements", "cause": lib.cause("data_sharing")}
})

_forbidding_organization := {"organization": {"name": "the organization", "attribute": "data_sharing", "cause": {}}} if {
	input.organization.requirements.training_forbidden == true
} else := {}
