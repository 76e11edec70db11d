# METADATA
# title: "Service tier that the region does not have for the model"
# description: "Some models have data residency in a region only with some service tiers, and some tiers exist only in some regions."
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: medium
#   subject: use
#   needs: region
#   remediation: "Ask for a tier that the region has for the model (`openai-data-controls editions NAME` prints them), and declare it as `service_tier`."
#   section: "Which models and features are eligible for data residency?"
#   statements: [S44]
package openai.residency.service_tier_not_in_region

import rego.v1

import data.openai.lib
import data.openai.tiers

applies contains id if {
	some id, u in input.uses
	is_string(u.service_tier)
	u.service_tier != "scale"
	[u.endpoint, u.model, u.region] in _limited
}

applies contains id if {
	some id, u in input.uses
	[u.endpoint, u.service_tier] in _placed
	_regions[u.region]
}

deny contains f if {
	some id, u in input.uses
	refused := _refused[[u.endpoint, u.service_tier]]
	u.service_tier != "auto"
	every model in tiers.models_of(u) { [model, u.region] in refused }
	what := [lib.use(u), u.service_tier, u.region, tiers.model_name(u)]
	msg := sprintf("%s asks for the service tier %s, which %s does not have for %s", what)
	f := lib.finding(id, "service_tier", msg, {"value": u.service_tier})
}

undetermined contains f if {
	some id, u in input.uses
	some [model, region] in _refused[[u.endpoint, object.get(u, "service_tier", "unknown")]]
	region in _regions[object.get(u, "region", false)]
	model in tiers.models_of(u)
	not id in _denied
	some [attribute, why] in tiers.doubts(u)
	f := lib.finding(id, attribute, sprintf("%s may ask for a service tier that its region does not have: %s", [lib.use(u), why]), {})
}

_denied := {f.subject | some f in deny}

_regions := lib.possible_regions
_limited := tiers.limited
_placed := tiers.placed

_refused := tiers.refused
