# METADATA
# title: "Stored completions in a region that does not allow them"
# description: >-
#   Storing what this endpoint answers is possible only in some regions. Elsewhere a request that asks for it can't be made,
#   even where zero data retention would override it.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   needs: region
#   remediation: >-
#     Send the requests with `store` = false, and write `store = false` in the use.
#   section: "Data residency controls"
#   statements: [S45]
package openai.residency.chat_store_outside_us

import rego.v1

import data.openai.lib

applies contains id if {
	some id, u in input.uses
	[u.endpoint, u.region] in _barred
	is_boolean(u.store)
}

deny contains f if {
	some id, u in input.uses
	u.store == true
	[u.endpoint, u.region] in _barred
	msg := sprintf("%s sets store = true in %s, which is allowed only in %s", [lib.use(u), u.region, concat(", ", _allowed[u.endpoint])])
	f := lib.finding(id, "store", msg, {"value": u.region})
}

undetermined contains f if {
	some id, u in input.uses
	reason := u.unknown.store
	some region in lib.possible_regions[object.get(u, "region", false)]
	[u.endpoint, region] in _barred
	msg := sprintf("%s may set store outside %s: %s", [lib.use(u), concat(", ", _allowed[u.endpoint]), lib.not_known("store", reason)])
	f := lib.finding(id, "store", msg, {})
}

undetermined contains f if {
	some id, u in input.uses
	u.store == true
	reason := u.unknown.region
	some region, _ in input.edition.regions
	[u.endpoint, region] in _barred
	msg := sprintf("%s sets store = true, allowed only in %s: %s", [lib.use(u), concat(", ", _allowed[u.endpoint]), lib.not_known("region", reason)])
	f := lib.finding(id, "region", msg, {})
}

_allowed[endpoint] := regions if {
	some endpoint, notes in input.edition.notes
	regions := notes.store_true_allowed_regions.value
}

_barred := {[endpoint, region] | some endpoint, regions in _allowed; some region, _ in input.edition.regions; not region in regions}
