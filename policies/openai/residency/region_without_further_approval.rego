# METADATA
# title: "Region that needs a further approval"
# description: >-
#   Some regions are opened for an organization one by one, on top of the approval for data residency.
#   Without that approval the project's region can't be relied on.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: project
#   needs: region
#   remediation: |
#     Ask OpenAI for the region, then add to the definition of the organization (openai.hcl, or the file of --organization):
#       organization {
#         region_approval "REGION" { approved_on = "YYYY-MM-DD" }
#       }
#   section: "Additional requirements for non-US regions"
#   statements: [S31]
package openai.residency.region_without_further_approval

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.region in _guarded
}

deny contains f if {
	some id, p in input.projects
	lack := _lacks[p.region]
	msg := sprintf("%s is in %s, which requires a further approval; %s", [lib.project(id, p), p.region, lack.reason])
	f := lib.finding(id, "region", msg, object.union({"value": p.region}, lib.cause(lack.attribute)))
}

undetermined contains f if {
	count(_lacks) > 0
	some id, p in input.projects
	reason := p.unknown.region
	codes := concat(", ", object.keys(_lacks))
	msg := sprintf("%s may be in %s, without the further approval: %s", [lib.project(id, p), codes, lib.not_known("region", reason)])
	f := lib.finding(id, "region", msg, {})
}

_guarded contains code if {
	some code, r in input.edition.regions
	r.extra_approval == true
}

_lacks[code] := lack if {
	some code in _guarded
	approval := object.get(input.organization.region_approvals, code, null)
	lack := lib.lack(approval, sprintf("region_approvals.%s", [code]), "approved_on")
}
