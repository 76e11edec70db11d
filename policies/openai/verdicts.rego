# What the rules say together, as the four verdicts of each rule and subject.
package openai.verdicts

import rego.v1

import data.openai.catalog

# [rule, subject] of every violation.
denied := {[id, finding.subject] | some [id, finding] in catalog.deny}

# [rule, subject] of every verdict that is open: a violation decides.
open := {[id, finding.subject] | some [id, finding] in catalog.undetermined} - denied

# [rule, subject] of every pass.
passed := (catalog.applies - denied) - open

# How many pairs of a rule and a subject of the kinds that it judges there are.
judged := sum([_subjects[kind] | some rule in catalog.rules; some kind in rule.subjects])

_subjects := {
	"organization": 1,
	"project": count(input.projects),
	"use": count(input.uses),
	"client": count(input.clients),
}

# What is found, with its verdict, rule and severity.
findings contains object.union(finding, {"verdict": "violation", "rule": id, "severity": catalog.rules[id].severity}) if {
	some [id, finding] in catalog.deny
}

findings contains object.union(finding, {"verdict": "undetermined", "rule": id, "severity": catalog.rules[id].severity}) if {
	some [id, finding] in catalog.undetermined
	[id, finding.subject] in open
}

# Those that fail a gate.
failing := {finding | some finding in findings; finding.severity in catalog.failing}

# Inputs that show only a part: what they do not show is not checked.
unchecked contains {"rule": "unchecked", "severity": "critical", "verdict": "unchecked", "subject": name, "attribute": "source", "msg": msg} if {
	some name, source in input.sources
	_partial(source)
	msg := sprintf("the input %s shows only a part of what it stands for: the rest is not checked", [name])
}

_partial(source) if source.complete == false

_partial(source) if source.errored == true
