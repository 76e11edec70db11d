# METADATA
# title: "Health information without a business associate agreement"
# description: >-
#   Protected health information may be sent to OpenAI only under an executed business associate agreement.
#   No API tells whether there is one.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: critical
#   subject: project
#   needs: handles_phi
#   remediation: |
#     Execute a business associate agreement with OpenAI, then add to the definition of the organization (openai.hcl, or the file of --organization):
#       organization {
#         business_associate_agreement { executed_on = "YYYY-MM-DD" }
#       }
#   section: "Web Search"
#   statements: []
package openai.healthcare.phi_without_baa

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.handles_phi == true
}

deny contains f if {
	some id, p in input.projects
	p.handles_phi == true
	what := [lib.project(id, p), _lack.reason]
	msg := sprintf("%s handles health information, and a business associate agreement is not in force: %s", what)
	f := lib.finding(id, "handles_phi", msg, lib.cause(_lack.attribute))
}

undetermined contains f if {
	some id, p in input.projects
	reason := p.unknown.handles_phi
	what := [lib.project(id, p), _lack.reason, lib.not_known("handles_phi", reason)]
	msg := sprintf("%s may handle health information, and a business associate agreement is not in force (%s): %s", what)
	f := lib.finding(id, "handles_phi", msg, lib.cause(_lack.attribute))
}

_lack := lib.lack(input.organization.business_associate_agreement, "business_associate_agreement", "executed_on")
