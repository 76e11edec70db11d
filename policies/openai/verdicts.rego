# What the rules say together, as the four verdicts of each rule and subject.
package openai.verdicts

import rego.v1

import data.openai.catalog

# Whether the input is what `openai-data-controls facts` writes: on anything else the rules would find nothing.
of_facts if {
	input.schema == 1
	is_string(input.today)
	_is_filled(input.sources)
	_is_filled(input.organization)
	is_object(input.projects)
	is_object(input.uses)
	is_object(input.clients)
	is_string(input.edition.name)
	is_string(input.edition.global_host)
	every table in ["hosts", "selection", "regions", "endpoints", "services", "notes", "page"] {
		is_object(input.edition[table])
	}
}

_is_filled(part) if {
	is_object(part)
	part != {}
}

# [rule, subject] of every violation.
denied := {[id, finding.subject] | of_facts; some [id, finding] in _heard(catalog.deny)}

# [rule, subject] of every verdict that is open: a violation decides.
open := {[id, finding.subject] | of_facts; some [id, finding] in _heard(catalog.undetermined)} - denied

# [rule, subject] of every pass.
passed := (_heard(catalog.applies) - denied) - open if {
	of_facts
} else := set()

# How many pairs of a rule and a subject of the kinds that it judges there are.
judged := sum([_subjects[kind] | some id, rule in catalog.rules; not id in _unheard; some kind in rule.subjects])

_subjects := {
	"organization": 1,
	"project": count(input.projects),
	"use": count(input.uses),
	"client": count(input.clients),
} if {
	of_facts
}

# What is found, with its verdict, rule and severity.
findings contains object.union(finding, {"verdict": "violation", "rule": id, "severity": catalog.rules[id].severity}) if {
	of_facts
	some [id, finding] in _heard(catalog.deny)
}

findings contains object.union(finding, {"verdict": "undetermined", "rule": id, "severity": catalog.rules[id].severity}) if {
	of_facts
	some [id, finding] in _heard(catalog.undetermined)
	[id, finding.subject] in open
}

# Those that fail a gate.
failing := {finding | some finding in findings; finding.severity in catalog.failing}

# --- what is not checked ----------------------------------------------------------------------------------------

# Inputs that show only a part, and rules that answer in another shape; an input that is no facts, all of it.
unchecked contains _unchecked("input", "schema", msg) if {
	not of_facts
	msg := "the input is no facts document of openai-data-controls: give what `openai-data-controls facts` writes"
}

unchecked contains _unchecked(name, "source", msg) if {
	of_facts
	some name, source in input.sources
	not _is_whole(source)
	msg := sprintf("the input %s shows only a part of what it stands for: the rest is not checked", [name])
}

unchecked contains _unchecked(id, set, msg) if {
	some [id, set] in _misshapen
	msg := sprintf("the rule %s answers in another shape than {subject, attribute, msg}: what it judges is not checked", [id])
}

_unchecked(subject, attribute, msg) := {
	"rule": "unchecked",
	"severity": "critical",
	"verdict": "unchecked",
	"subject": subject,
	"attribute": attribute,
	"msg": msg,
}

_is_whole(source) if {
	source.complete == true
	source.errored == false
}

# The answers of rules that answer as they should.
_heard(answers) := answers if {
	_unheard == set()
} else := {[id, answer] | some [id, answer] in answers; not id in _unheard}

_unheard := {id | some [id, _] in _misshapen}

# [rule, set] of every set that holds something else than findings, or is none; every rule has one of violations.
_misshapen contains [id, set] if {
	of_facts
	some [id, set, type] in catalog.answers
	not type in {"set", "array"}
}

_misshapen contains [id, "deny"] if {
	of_facts
	some id, _ in catalog.rules
	not id in _answering
}

_answering := {id | some [id, "deny", _] in catalog.answers}

_misshapen contains [id, "deny"] if {
	of_facts
	some [id, answer] in catalog.deny
	not _is_finding(answer)
}

_misshapen contains [id, "undetermined"] if {
	of_facts
	some [id, answer] in catalog.undetermined
	not _is_finding(answer)
}

_is_finding(answer) if {
	is_object(answer)
	is_string(answer.subject)
	is_string(answer.attribute)
	is_string(answer.msg)
	_is_cause(object.get(answer, "cause", null))
}

_is_cause(cause) if cause == null

_is_cause(cause) if {
	is_object(cause)
	is_string(cause.subject)
	is_string(cause.attribute)
}
