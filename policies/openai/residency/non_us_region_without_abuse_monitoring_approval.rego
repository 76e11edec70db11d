# METADATA
# title: "Region without approval for its abuse monitoring controls"
# description: >-
#   Outside the United States a region is given only with an approval for modified abuse monitoring or zero data retention.
#   No API shows that approval, so the organization has to declare it.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: critical
#   subject: project
#   needs: region
#   remediation: |
#     Add the approval to the definition of the organization (openai.hcl, or the file of --organization):
#       organization {
#         abuse_monitoring_approval = { controls = ["zero_data_retention"], approved_on = "YYYY-MM-DD", requirements_accepted = true }
#       }
#   section: "Additional requirements for non-US regions"
#   statements: [S38]
package openai.residency.non_us_region_without_abuse_monitoring_approval

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.region in _regulated
}

deny contains f if {
	some id, p in input.projects
	some lack in _lacks[p.region]
	msg := sprintf("%s is in %s, which requires an approval for abuse monitoring controls; %s", [lib.project(id, p), p.region, lack.reason])
	f := lib.finding(id, "region", msg, object.union({"value": p.region}, lib.cause(lack.attribute)))
}

undetermined contains f if {
	count(_lacks) > 0
	some id, p in input.projects
	what := sprintf("%s may be in a region that requires an approval for abuse monitoring controls", [lib.project(id, p)])
	f := lib.finding(id, "region", sprintf("%s: %s", [what, lib.not_known("region", p.unknown.region)]), {})
}

_regulated := lib.regulated

_lacks[code] contains lack if {
	some code in _regulated
	lack := _lack
}

_lacks[code] contains {"attribute": "abuse_monitoring_approval.controls", "reason": reason} if {
	_approval != null
	some code, accepted in lib.accepted
	count(accepted & lib.approved) == 0
	reason := sprintf("the declared one covers none of %s", [concat(", ", input.edition.regions[code].requirement_any_of)])
}

_lack := lib.lack(_approval, "abuse_monitoring_approval", "approved_on")

_approval := input.organization.abuse_monitoring_approval
