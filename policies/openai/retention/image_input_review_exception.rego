# METADATA
# title: "Image or file input that may be kept for review"
# description: >-
#   Images and files are scanned for child sexual abuse material. What the scan flags is kept for manual review, whatever the control.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: use
#   remediation: >-
#     No setting removes this exception: name it where you promise that nothing is kept. Or send text only, with `inputs = ["text"]`.
#   section: "Image and file inputs"
#   statements: [S28]
package openai.retention.image_input_review_exception

import rego.v1

import data.openai.lib
import data.openai.modalities

applies contains id if _doubts[id] == set()

deny contains f if {
	some id in applies
	what := [lib.use(input.uses[id]), input.uses[id].effective.data_retention]
	f := lib.finding(id, "inputs", sprintf("%s takes images or files: what a scan flags is kept for review, also under %s", what), {"value": what[1]})
}

undetermined contains f if {
	some id, doubts in _doubts
	some [attribute, why] in doubts
	f := lib.finding(id, attribute, sprintf("%s may take images or files that are kept for review: %s", [lib.use(input.uses[id]), why]), {})
}

# A use that takes images or files, or may take them → what leaves open whether the exception is its.
_doubts := {id: _doubts_of(id, _concerned[id]) | some id in (_visual | _veiled)}

_doubts_of(id, u) := union({
	{[attribute, lib.not_known(attribute, u.unknown[attribute])] | not id in _visual; some attribute in _telling},
	{["data_retention", lib.not_known("the control in effect", object.get(u.unknown, "effective", "not declared"))] | not is_string(object.get(u, ["effective", "data_retention"], null))},
	{["endpoint", lib.not_known("whether it scans them", "the edition names the endpoint for data residency only")] | not u.endpoint in _scanning},
})

_visual := union({
	{id | some id, u in _concerned; some kind in ["file", "image"]; kind in u.inputs},
	{id | some id, u in _concerned; u.inputs == null; u.endpoint in _images},
	{id | some id, u in _concerned; "computer_use" in u.tools},
	{id | some id, u in _concerned; is_string(u.file_upload)},
})

_concerned := {id: u | some id, u in input.uses; u.endpoint in _endpoints; object.get(u, ["effective", "data_retention"], null) in _possible}
_endpoints := lib.residency_only | _scanning if count(_scanning) > 0
_possible := lib.modified_abuse_monitoring | {null}
_scanning := {endpoint | some endpoint, n in input.edition.notes; true in {n[fact].value | some fact in _facts}}
_facts := {"csam_scan_exception_applies", "image_and_file_inputs_scanned_for_csam_on_submission"}
_veiled := {id | some id, u in _concerned; some attribute, _ in u.unknown; attribute in _telling}
_images := {endpoint | some endpoint, modality in modalities.implied_modalities; modality == "image"}
_telling := {"file_upload", "inputs", "tools"}
