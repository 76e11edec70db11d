# METADATA
# title: "Model without data residency in the project's region"
# description: >-
#   A region covers an endpoint for the models it lists, some of them only in some regions.
#   Content sent to another model does not stay there.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   needs: region
#   remediation: >-
#     Call a model that the edition lists for the endpoint in this region (`openai-data-controls editions NAME` prints them),
#     and declare it as `model` of the use.
#   section: "Which models and features are eligible for data residency?"
#   statements: [S33, S44]
package openai.residency.model_not_in_region

import rego.v1

import data.openai.lib
import data.openai.listings

applies contains id if {
	some id, u in input.uses
	_standings[[u.endpoint, u.model, u.region]] in {"listed", "fine_tuned", "absent"}
}

deny contains f if {
	some id, u in input.uses
	_standings[[u.endpoint, u.model, u.region]] == "absent"
	msg := sprintf(`%s calls model "%s", which has no data residency in %s`, [lib.use(u), u.model, u.region])
	f := lib.finding(id, "model", msg, {"value": u.model})
}

undetermined contains f if {
	some id, u in input.uses
	not [u.endpoint, object.get(u, "model", null), object.get(u, "region", null)] in _decided
	some region in _regions[object.get(u, "region", false)]
	some [attribute, why] in _doubts(u, region)
	msg := sprintf("%s may call a model without data residency in its region: %s", [lib.use(u), why])
	f := lib.finding(id, attribute, msg, {"value": object.get(u, "model", null)})
}

_standings := listings.standings

_decided := {question | some question, standing in _standings; standing != "fine_tuned"}

_regions := lib.possible_regions

_doubts(u, region) := union({
	{["model", lib.not_known("model", u.unknown.model)] | [u.endpoint, region] in listings.listing},
	{["model", lib.not_known("model", "not declared")] | u.model == null; [u.endpoint, region] in listings.asking},
	{["model", sprintf(`"%s" is tuned from a listed model`, [u.model])] | _standings[[u.endpoint, u.model, region]] == "fine_tuned"},
	{["region", lib.not_known("region", u.unknown.region)] | _standings[[u.endpoint, u.model, region]] == "absent"},
})
