# For gates that run OPA or conftest themselves: what every rule finds, on the output of `openai-data-controls facts`.
package openai.main

import rego.v1

# Violations, and verdicts left open: each with the id of its rule.
deny contains object.union(f, {"rule": _id("residency", name)}) if some f in data.openai.residency[name].deny

deny contains object.union(f, {"rule": _id("residency", name)}) if some f in data.openai.residency[name].undetermined

deny contains object.union(f, {"rule": _id("retention", name)}) if some f in data.openai.retention[name].deny

deny contains object.union(f, {"rule": _id("retention", name)}) if some f in data.openai.retention[name].undetermined

# Findings of rules below medium severity: none so far.
warn := set()

_id(group, name) := concat("/", [group, replace(name, "_", "-")])
