# For OPA servers: one decision with all four verdicts counted, on the output of `openai-data-controls facts`.
package openai.report

import rego.v1

import data.openai.catalog
import data.openai.verdicts

# The page that judged, and the day that dates were compared with.
edition := {"name": input.edition.name, "date": input.edition.date}

today := input.today

# Pairs of rule and subject by verdict; `unchecked` counts what was not checked: inputs that show only a part or are no facts,
# rules that answer in another shape.
summary := {
	"violation": count(verdicts.denied),
	"undetermined": count(verdicts.open),
	"pass": count(verdicts.passed),
	"not_applicable": ((verdicts.judged - count(verdicts.denied)) - count(verdicts.open)) - count(verdicts.passed),
	"unchecked": count(verdicts.unchecked),
}

rules := count(catalog.rules)

# Whether a gate may let it pass.
default allow := false

allow if {
	verdicts.of_facts
	count(verdicts.failing) == 0
	count(verdicts.unchecked) == 0
}

# What is found, and what was not checked.
findings := verdicts.findings | verdicts.unchecked
