# METADATA
# title: "File that does not come as base64 in the request"
# description: >-
#   Data residency covers file uploads only where the request itself carries the file. A file that is named by id or fetched from
#   a URL is stored, or comes from, somewhere else.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   needs: region
#   remediation: >-
#     Send the file in the request, and write `file_upload = "base64"` in the use. Files that are uploaded to `/v1/files` are covered
#     by that endpoint's own row, in the regions it names (`openai-data-controls editions NAME` prints them): there, waive this finding.
#   section: "Which models and features are eligible for data residency?"
#   statements: [S44]
package openai.residency.file_upload_not_base64

import rego.v1

import data.openai.lib

applies contains id if {
	some id in _with_files
	input.uses[id].region in _listed
}

deny contains f if {
	some id, u in input.uses
	u.file_upload in _elsewhere
	u.region in _listed
	msg := sprintf("%s takes files as %s, and data residency in %s covers only base64", [lib.use(u), u.file_upload, u.region])
	f := lib.finding(id, "file_upload", msg, {"value": u.file_upload})
}

undetermined contains f if {
	some [id, attribute, reason] in _doubts
	u := input.uses[id]
	object.get(u, "region", _any) in _listed
	msg := sprintf("%s may take files in another way than base64 in a region: %s", [lib.use(u), lib.not_known(attribute, reason)])
	f := lib.finding(id, attribute, msg, {})
}

_with_files := {id | some id, u in input.uses; is_string(u.file_upload)} | {id | some id, u in input.uses; "file" in u.inputs}

_doubts contains [id, "file_upload", "not declared"] if some id in {i | some i in _with_files; input.uses[i].file_upload == null}
_doubts contains doubt if some doubt in {[id, a, why] | some id, u in input.uses; some a, why in u.unknown; _open(u, a)}

_open(_, "file_upload") := true
_open(u, "inputs") if u.file_upload == null
_open(u, "region") if u.file_upload in _elsewhere

_elsewhere := {"file_id", "url"}

# The regions of an edition that has the condition; any of them.
_listed := {code | some code, _ in input.edition.regions; _conditioned}

_any := [code | some code in _listed][0]

_conditioned if input.edition.services.by_key[_][_].condition == "base64_file_uploads_only"
