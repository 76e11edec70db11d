# For gates that run OPA or conftest themselves: what every rule finds, on the output of `openai-data-controls facts`.
package openai.main

import rego.v1

import data.openai.verdicts

# Violations, verdicts left open and what was not checked: each with the id of its rule.
deny contains finding if some finding in verdicts.failing

deny contains finding if some finding in verdicts.unchecked

# The same of the rules whose severity fails no gate.
warn contains finding if some finding in (verdicts.findings - verdicts.failing)
