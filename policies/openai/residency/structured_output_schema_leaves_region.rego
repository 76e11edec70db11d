# METADATA
# title: "Structured output schema that may leave the region"
# description: >-
#   The schema of a structured output is system data, which data residency does not cover.
#   It may be processed and stored outside the region, whatever the request holds besides.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: use
#   needs: region
#   remediation: >-
#     Keep what must not leave the region (names, enumerated values, descriptions with personal or secret data) out of schemas and
#     function definitions, and waive this finding; or ask for plain JSON, and write `structured_output = false` in the use.
#   section: "How does data residency work?"
#   statements: [S35]
package openai.residency.structured_output_schema_leaves_region

import rego.v1

import data.openai.lib

applies contains id if {
	some id, u in input.uses
	is_boolean(u.structured_output)
	u.region in _listed
}

deny contains f if {
	some id, u in input.uses
	u.structured_output == true
	u.region in _listed
	msg := sprintf("%s sends schemas of structured outputs, which may leave %s as system data", [lib.use(u), u.region])
	f := lib.finding(id, "structured_output", msg, {"value": u.region})
}

undetermined contains f if {
	some id, u in input.uses
	object.get(u, "structured_output", true) == true
	count(_regions[object.get(u, "region", false)]) > 0
	some attribute in ["structured_output", "region"]
	what := [lib.use(u), lib.not_known(attribute, u.unknown[attribute])]
	f := lib.finding(id, attribute, sprintf("%s may send schemas of structured outputs, which may leave its region: %s", what), {})
}

_regions := lib.possible_regions

_listed := lib.all_regions
