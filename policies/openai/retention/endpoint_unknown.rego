# METADATA
# title: "Endpoint that the edition does not know"
# description: >-
#   The page says nothing of this endpoint, so neither how long it keeps data nor whether a control covers it can be judged.
#   Often its path is misspelt, or another edition names it.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: medium
#   subject: use
#   remediation: >-
#     Write the endpoint's path as the page does, without ids and parameters (`openai-data-controls editions NAME` prints them),
#     or choose the edition that names it.
#   section: "Storage requirements and retention controls per endpoint"
#   statements: [S09, S14]
package openai.retention.endpoint_unknown

import rego.v1

import data.openai.lib

applies contains id if some id, _ in input.uses

deny contains f if {
	some id, u in _unknown
	msg := sprintf("%s: edition %s names no such endpoint", [lib.use(u), input.edition.name])
	f := lib.finding(id, "endpoint", msg, object.union({"value": u.endpoint}, object.get(_hints, u.endpoint, {})))
}

undetermined := set()

_unknown := {id: u | some id, u in input.uses; not u.endpoint in _known}

_known := lib.endpoints

# Endpoint → the nearest known ones: those that differ in the fewest pairs of letters, and in fewer than twice those they share.
_hints := {endpoint: hint | some endpoint in {u.endpoint | some u in _unknown}; hint := _hint(endpoint)}

_hint(endpoint) := {"hint": concat(", ", {known | some known, distance in near; distance == least})} if {
	pairs := _pairs(endpoint)
	near := {known: distance |
		some known, theirs in _known_pairs
		shared := count(pairs & theirs)
		distance := (count(pairs) + count(theirs)) - (2 * shared)
		distance < 2 * shared
	}
	least := min({distance | some distance in near})
}

_known_pairs := {known: _pairs(known) | some known in _known}

# The pairs of neighbouring letters of a path with its ends marked, but for case and version.
_pairs(path) := {substring(name, i, 2) | some i in numbers.range(0, count(name) - 2)} if {
	name := sprintf("<%s>", [substring(regex.replace(lower(path), `^/?(v[0-9]+/)?`, ""), 0, 80)])
}
