# For gates that run OPA or conftest themselves: what every rule finds, on the output of `openai-data-controls facts`.
package openai.main

import rego.v1

# Violations, and verdicts left open: each with the id of its rule.
deny contains finding if {
	some finding in _findings
	not finding.rule in _advice
}

# The same of the rules whose severity is low, which fail no gate.
warn contains finding if {
	some finding in _findings
	finding.rule in _advice
}

_findings contains finding if {
	some name, rule in data.openai.residency
	some said in _said(rule)
	finding := object.union(said, {"rule": _id("residency", name)})
}

_findings contains finding if {
	some name, rule in data.openai.retention
	some said in _said(rule)
	finding := object.union(said, {"rule": _id("retention", name)})
}

# Severity stands in a comment of each rule, which Rego can't read; a test holds that the low ones are here.
_advice := {"residency/client-without-project"}

_said(rule) := object.get(rule, "deny", set()) | object.get(rule, "undetermined", set())

_id(group, name) := concat("/", [group, replace(name, "_", "-")])
