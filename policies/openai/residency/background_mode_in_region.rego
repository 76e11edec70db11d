# METADATA
# title: "Background mode in a region that does not allow it"
# description: >-
#   A request in background mode is kept on disk until it is fetched. The page does not allow that in some regions.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: medium
#   subject: use
#   needs: region
#   remediation: >-
#     Send the requests with `background` = false, and write `background = false` in the use.
#   section: "Endpoint limitations"
#   statements: []
package openai.residency.background_mode_in_region

import rego.v1

import data.openai.lib

applies contains id if {
	some id, u in input.uses
	is_boolean(u.background)
	u.endpoint in _limited
	u.region in _listed
}

deny contains f if {
	some id, u in input.uses
	u.background == true
	[u.endpoint, u.region] in _barred
	msg := sprintf("%s sets background = true in %s, where it is not allowed", [lib.use(u), u.region])
	f := lib.finding(id, "background", msg, {"value": u.region})
}

undetermined contains f if {
	some id, u in input.uses
	object.get(u, "background", true) == true
	some region in _regions[object.get(u, "region", false)]
	[u.endpoint, region] in _barred
	some attribute in ["background", "region"]
	what := [lib.use(u), region, lib.not_known(attribute, u.unknown[attribute])]
	f := lib.finding(id, attribute, sprintf("%s may set background = true in %s: %s", what), {})
}

_regions := lib.possible_regions

_barred := {[endpoint, region] |
	some endpoint, notes in input.edition.notes
	some region in notes.background_true_forbidden_regions.value
	region in _listed
}

_limited := {endpoint | some endpoint, notes in input.edition.notes; notes.background_true_forbidden_regions}

_listed := lib.all_regions
