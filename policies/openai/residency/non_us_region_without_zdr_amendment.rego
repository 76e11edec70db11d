# METADATA
# title: "Region without the executed amendment it requires"
# description: >-
#   Outside the United States a region also takes an amendment to the contract, executed by both sides.
#   The edition names which one; an agreement nobody showed counts as none.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: critical
#   subject: project
#   needs: region
#   remediation: |
#     Add the amendment to the definition of the organization (openai.hcl, or the file of --organization):
#       organization {
#         zdr_amendment = { executed_on = "YYYY-MM-DD" }
#       }
#     Where the edition asks for a modified retention amendment, `modified_retention_amendment` with the same keys.
#   section: "Additional requirements for non-US regions"
#   statements: [S39]
package openai.residency.non_us_region_without_zdr_amendment

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.region in _bound
}

deny contains f if {
	some id, p in input.projects
	lack := _lacks[p.region]
	msg := sprintf("%s is in %s, which requires an executed %s; %s", [lib.project(id, p), p.region, lack.agreement, lack.reason])
	f := lib.finding(id, "region", msg, object.union({"value": p.region}, lib.cause(lack.attribute)))
}

undetermined contains f if {
	count(_lacks) > 0
	some id, p in input.projects
	what := sprintf("%s may be in a region that requires an amendment which is not in force", [lib.project(id, p)])
	f := lib.finding(id, "region", sprintf("%s: %s", [what, lib.not_known("region", p.unknown.region)]), {})
}

_bound contains code if {
	some code in lib.regulated
	input.edition.regions[code].extra_agreement != null
}

_lacks[code] := lack if {
	some code in _bound
	lack := _lacking[input.edition.regions[code].extra_agreement]
}

_lacking[agreement] := lack if {
	some agreement in {input.edition.regions[code].extra_agreement | some code in _bound}
	lack := object.union(lib.amendment_lack(agreement), {"agreement": replace(agreement, "_", " ")})
}
