# METADATA
# title: "Images in a region without an enhanced control"
# description: "The region takes images only with an approved enhanced control. That it is in effect too is this rule's reading of the page."
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   needs: region
#   remediation: |
#     Select an enhanced control, and declare its approval in the organization's definition (openai.hcl, or the file of --organization):
#       abuse_monitoring_approval = { controls = ["enhanced_zero_data_retention"], approved_on = "YYYY-MM-DD", requirements_accepted = true }
#   section: "Which models and features are eligible for data residency?"
#   statements: [S43]
package openai.residency.image_without_enhanced_control

import rego.v1

import data.openai.lib
import data.openai.modalities

applies contains id if {
	some id, u in _images
	u.region in _asking
}

deny contains f if {
	some id in applies
	u := input.uses[id]
	lack := lib.enhanced_lack
	msg := sprintf("%s has images in %s, which asks for approval of an enhanced control; %s", [lib.use(u), u.region, lack.reason])
	f := lib.finding(id, modalities.modality_sources(u, "image")[0], msg, object.union({"value": "image"}, lib.cause(lack.attribute)))
}

deny contains f if {
	some id in applies
	u := input.uses[id]
	not object.get(u, ["effective", "data_retention"], null) in ({null} | lib.enhanced)
	msg := sprintf("%s has images in %s, and %s, the control in effect, is not enhanced", [lib.use(u), u.region, u.effective.data_retention])
	f := lib.finding(id, "data_retention", msg, {"value": u.effective.data_retention})
}

undetermined contains f if {
	some [id, attribute, reason] in _doubts
	u := input.uses[id]
	not object.get(u, ["effective", "data_retention"], null) in _sufficient
	count(_asking & lib.possible_regions[object.get(u, "region", false)]) > 0
	why := lib.not_known(object.get({"data_retention": "the control in effect"}, attribute, attribute), reason)
	f := lib.finding(id, attribute, sprintf("%s may have images that its region takes only with an enhanced control: %s", [lib.use(u), why]), {})
}

_images := {id: input.uses[id] | some id in modalities.uses_with_images}
_asking := {code | some code, region in input.edition.regions; region.image_requires_enhanced}

_sufficient := {control | some control in lib.enhanced; not lib.enhanced_lack}

_doubts contains doubt if some doubt in modalities.unknown_images
_doubts contains doubt if some doubt in {[id, "region", why] | some id, u in _images; why := u.unknown.region}
_doubts contains doubt if some doubt in {[id, "data_retention", why] | some id, u in _images; why := u.unknown.effective}
_doubts contains doubt if some doubt in {[id, "data_retention", "not declared"] | some id, u in _images; u.effective.data_retention == null}
