# For gates that run OPA or conftest themselves: what every rule finds, on the output of `openai-data-controls facts`.
package openai.main

import rego.v1

# Violations, and verdicts left open: each with the id of its rule.
deny contains finding if {
	some name, rule in data.openai.residency
	some said in _said(rule)
	finding := object.union(said, {"rule": _id("residency", name)})
}

deny contains finding if {
	some name, rule in data.openai.retention
	some said in _said(rule)
	finding := object.union(said, {"rule": _id("retention", name)})
}

# Findings of rules below medium severity: none so far.
warn := set()

_said(rule) := object.get(rule, "deny", set()) | object.get(rule, "undetermined", set())

_id(group, name) := concat("/", [group, replace(name, "_", "-")])
