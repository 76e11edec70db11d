# METADATA
# title: "Use that is processed outside the project's region"
# description: >-
#   A region that processes does so for the services and models that it lists. What else a request needs may be processed,
#   and briefly stored, outside it.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   needs: region
#   remediation: >-
#     Call an endpoint, a model and tools that the edition lists as processed in the region (`openai-data-controls editions NAME` prints
#     them), and declare them in the use; or make the call from a project that does not require regional processing.
#   section: "How does data residency work?"
#   statements: [S34, S37]
package openai.residency.use_processed_elsewhere

import rego.v1

import data.openai.lib
import data.openai.processing

applies contains id if {
	some [id, _, _] in processing.uses
	id in processing.sure
}

deny contains f if {
	some [id, attribute, what, _] in _elsewhere
	id in processing.sure
	u := input.uses[id]
	regions := processing.regions[object.get(u, "region", true)]
	every region in regions { [id, attribute, what, region] in _elsewhere }
	part := sprintf(_words[attribute], [what])
	msg := sprintf("%s has to be processed in %s, and the edition lists no processing of %s there", [lib.use(u), concat(" or ", regions), part])
	f := lib.finding(id, attribute, msg, {"value": what})
}

undetermined contains f if {
	some [id, attribute, why] in processing.doubts
	not id in _denied
	f := lib.finding(id, attribute, sprintf("%s may be processed outside its region: %s", [lib.use(input.uses[id]), why]), {})
}

undetermined contains f if {
	some [id, attribute, what, _] in _elsewhere
	not id in _denied
	u := input.uses[id]
	[unknown, why] := processing.open[id]
	part := sprintf(_words[attribute], [what])
	f := lib.finding(id, unknown, sprintf("%s may be processed outside its region, with %s: %s", [lib.use(u), part, why]), {"value": what})
}

_denied := {f.subject | some f in deny}

_elsewhere := processing.elsewhere

_words := {"endpoint": "%s", "model": `model "%s"`, "tools": "the tool %s", "file_upload": "files sent as %s"}
