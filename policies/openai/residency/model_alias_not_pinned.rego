# METADATA
# title: "Model alias where only a snapshot has data residency"
# description: >-
#   A region lists dated snapshots, and an alias may point to another one tomorrow.
#   Only the snapshot's own name is sure to stay within what the region covers.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: medium
#   subject: use
#   needs: region
#   remediation: >-
#     Call the dated snapshot by its full name, and declare it as `model` of the use.
#   section: "Which models and features are eligible for data residency?"
#   statements: [S33, S44]
package openai.residency.model_alias_not_pinned

import rego.v1

import data.openai.lib
import data.openai.listings

applies contains id if {
	some id, u in input.uses
	input.edition.regions[u.region]
	u.model != null
	u.endpoint in _with_models
}

deny contains f if {
	some id, u in input.uses
	_standings[[u.endpoint, u.model, u.region]] == "alias"
	snapshots := concat(", ", listings.snapshots(listings.listed_in[[u.endpoint, u.region]], u.model))
	msg := sprintf(`%s calls "%s", an alias: what has data residency in %s is %s`, [lib.use(u), u.model, u.region, snapshots])
	f := lib.finding(id, "model", msg, {"value": u.model, "hint": snapshots})
}

undetermined contains f if {
	some id, u in input.uses
	reason := u.unknown.model
	some region in _regions[object.get(u, "region", false)]
	count(listings.aliases(listings.listed_in[[u.endpoint, region]], listings.listed_anywhere[u.endpoint])) > 0
	f := lib.finding(id, "model", sprintf("%s may call an alias: %s", [lib.use(u), lib.not_known("model", reason)]), {})
}

undetermined contains f if {
	some id, u in input.uses
	reason := u.unknown.region
	some region in _regions[false]
	_standings[[u.endpoint, u.model, region]] == "alias"
	msg := sprintf(`%s calls "%s", which may be an alias: %s`, [lib.use(u), u.model, lib.not_known("region", reason)])
	f := lib.finding(id, "region", msg, {"value": u.model})
}

_standings := listings.standings

_regions := lib.possible_regions

_with_models := {endpoint | some endpoint, models in listings.listed_anywhere; count(models) > 0}
