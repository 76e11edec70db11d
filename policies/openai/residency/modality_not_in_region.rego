# METADATA
# title: "Modality that the region does not take"
# description: >-
#   A region covers the modes of entry that it lists. What is sent or answered in another one has no data residency there.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   needs: region
#   remediation: >-
#     Keep to the modalities that the region lists (`openai-data-controls editions NAME` prints them), declare them as `inputs` and
#     `outputs` of the use, or make the call from a project whose region takes this one.
#   section: "Which models and features are eligible for data residency?"
#   statements: [S42]
package openai.residency.modality_not_in_region

import rego.v1

import data.openai.lib
import data.openai.modalities

applies contains id if {
	some id, u in input.uses
	_missing[u.region]
}

deny contains f if {
	some id, u in input.uses
	some modality in _missing[u.region]
	attribute := modalities.modality_sources(u, modality)[0]
	modes := concat(", ", input.edition.regions[u.region].modes)
	msg := sprintf("%s has the modality %s, and %s takes only %s", [lib.use(u), modality, u.region, modes])
	f := lib.finding(id, attribute, msg, {"value": modality})
}

undetermined contains f if {
	some id, u in input.uses
	some attribute, reason in u.unknown
	some modality in _missing[object.get(u, "region", false)]
	_open(u, attribute, modality)
	why := lib.not_known(attribute, reason)
	f := lib.finding(id, attribute, sprintf("%s may have a modality that its region does not take: %s", [lib.use(u), why]), {})
}

_open(_, attribute, _) if attribute in {"inputs", "outputs"}
_open(_, "tools", "image") := true
_open(u, "region", modality) if count(modalities.modality_sources(u, modality)) > 0

# Region, or `false` for any → the modalities that it does not take. Voice is audio.
_missing := {key: {m | some m in {"audio", "image", "text"}; some region in regions; not m in _modes[region]} | some key, regions in lib.possible_regions}

_modes[code] := {object.get({"voice": "audio"}, mode, mode) | some mode in region.modes} if some code, region in input.edition.regions
