package openai.main_test

import rego.v1

import data.openai.catalog
import data.openai.main
import data.openai.report
import data.openai.testing_test as t
import data.openai.verdicts

# Facts as they are read from one whole input.
_read(doc) := object.union(doc, {"sources": {"plan.json": {"kind": "terraform_plan", "complete": true, "errored": false}}})

_facts := _read(t.facts)

_project(extra) := _read(t.project(extra))

_denied(doc) := {f.rule | some f in found} if {
	found := main.deny with input as doc
}

_warned(doc) := {f.rule | some f in found} if {
	found := main.warn with input as doc
}

test_a_violation_and_an_open_verdict if {
	found := main.deny with input as _project({"region": "JP"})
	said := {[f.rule, f.verdict, f.severity] | some f in found}
	["residency/residency-not-approved", "violation", "high"] in said
	["residency/non-us-region-without-abuse-monitoring-control", "undetermined", "critical"] in said
	every f in found {
		f.subject == "p"
		is_string(f.msg)
	}
}

test_every_group_speaks if {
	"residency/residency-not-approved" in _denied(_project({"region": "JP"}))
	"retention/control-without-approval" in _denied(_project({"data_retention": "zero_data_retention"}))
}

test_advice_is_a_warning if {
	doc := object.union(_read(t.client({"project": null, "region": null})), {"projects": t.project({"region": "US"}).projects})
	"residency/client-without-project" in _warned(doc)
	not "residency/client-without-project" in _denied(doc)
}

test_a_violation_hides_what_is_open_of_the_same_pair if {
	found := main.deny with input as _project({"region": "JP"})
	every f in found {
		count({g.verdict | some g in found; g.rule == f.rule; g.subject == f.subject}) == 1
	}
}

test_an_input_that_shows_a_part_is_denied if {
	every source in [
		{"complete": false, "errored": false},
		{"complete": true, "errored": true},
		{"complete": null, "errored": false},
		{"complete": true, "errored": null},
	] {
		_denied(object.union(_facts, {"sources": {"plan.json": source}})) == {"unchecked"}
	}

	# What does not say that it is whole.
	every source in [{}, {"complete": true}, null, "whole"] {
		_denied(object.union(object.remove(_facts, ["sources"]), {"sources": {"plan.json": source}})) == {"unchecked"}
	}
}

test_a_whole_input_is_not if {
	_denied(_facts) == set()
}

test_the_report_counts_each_pair_once if {
	doc := _project({"region": "JP"})
	summary := report.summary with input as doc
	findings := report.findings with input as doc
	summary.violation == count({[f.rule, f.subject] | some f in findings; f.verdict == "violation"})
	summary.undetermined == count({[f.rule, f.subject] | some f in findings; f.verdict == "undetermined"})
	summary.violation > 0
	summary.undetermined > 0
	summary.pass > 0
	pairs := data.openai.verdicts.judged with input as doc
	pairs == ((summary.violation + summary.undetermined) + summary.pass) + summary.not_applicable
	summary.unchecked == 0
	allowed := report.allow with input as doc
	allowed == false
}

test_the_report_allows_what_main_does_not_deny if {
	allowed := report.allow with input as _facts
	allowed == true
	partial := object.union(_facts, {"sources": {"a": {"complete": false}}})
	allowed_partial := report.allow with input as partial
	allowed_partial == false
	found := report.findings with input as partial
	{f.subject | some f in found} == {"a"}
}

test_the_report_names_edition_and_day if {
	edition := report.edition with input as _facts
	edition == {"name": "2030-01", "date": "2030-01-15"}
	today := report.today with input as _facts
	today == "2026-11-22"
	rules := report.rules with input as _facts
	rules == count(data.openai.catalog.rules)
}

# --- an input that is no facts document -------------------------------------------------------------------------

_keys := ["schema", "today", "edition", "sources", "organization", "projects", "uses", "clients"]

_parts := ["name", "global_host", "hosts", "selection", "regions", "endpoints", "services", "notes", "page"]

# What is no facts document: something else, and facts in which something is missing or of another kind.
_others := array.concat(
	[null, true, 1, "facts", [], {}, [_facts], {"input": _facts}, {"resource_changes": [], "planned_values": {}}],
	array.concat(_without_key, array.concat(_without_part, _of_another_kind)),
)

_without_key := [object.remove(_project({"region": "JP"}), [key]) | some key in _keys]

_without_part := [object.union(object.remove(_facts, ["edition"]), {"edition": edition}) |
	some part in _parts
	edition := object.remove(t.edition, [part])
]

_of_another_kind := [object.union(object.remove(_facts, [key]), {key: value}) |
	some [key, value] in [
		["schema", 2],
		["schema", "1"],
		["today", null],
		["edition", "2030-01"],
		["edition", {}],
		["sources", {}],
		["sources", []],
		["organization", null],
		["organization", {}],
		["projects", []],
		["uses", null],
		["clients", "none"],
	]
]

_said_of_others := {{
	"rule": "unchecked",
	"severity": "critical",
	"verdict": "unchecked",
	"subject": "input",
	"attribute": "schema",
	"msg": "the input is no facts document of openai-data-controls: give what `openai-data-controls facts` writes",
}}

test_what_is_no_facts_document_is_denied_once if {
	every other in _others {
		denied := main.deny with input as other
		denied == _said_of_others
		warned := main.warn with input as other
		warned == set()
	}
}

test_the_report_allows_nothing_that_is_no_facts_document if {
	every other in _others {
		allowed := report.allow with input as other
		allowed == false
		findings := report.findings with input as other
		findings == _said_of_others
		summary := report.summary with input as other
		summary == {"violation": 0, "undetermined": 0, "pass": 0, "not_applicable": 0, "unchecked": 1}
	}
}

test_no_input_is_denied if {
	# Without `with`: the tests have no input.
	main.deny == _said_of_others
	main.warn == set()
	report.allow == false
	report.summary.unchecked == 1
}

test_facts_of_nothing_are_facts if {
	verdicts.of_facts with input as _facts
	verdicts.of_facts with input as object.union(_facts, {"unjoined": {}})
}

# --- rules that answer in another shape -------------------------------------------------------------------------

_rule := "residency/region-not-set"

_other_rule := "residency/model-alias-not-pinned"

_finding := {"subject": "p", "attribute": "region", "msg": "wrong"}

_misshapen := [
	null,
	true,
	1,
	"text",
	[],
	["p", "region", "wrong"],
	{"subject", "attribute", "msg"},
	{},
	{"subject": "p", "attribute": "region"},
	{"subject": "p", "msg": "wrong"},
	{"attribute": "region", "msg": "wrong"},
	object.union(_finding, {"subject": 1}),
	object.union(_finding, {"attribute": null}),
	object.union(_finding, {"msg": ["wrong"]}),
	object.union(_finding, {"cause": "organization"}),
	object.union(_finding, {"cause": false}),
	object.union(_finding, {"cause": {"subject": "organization"}}),
	object.union(_finding, {"cause": {"subject": null, "attribute": "region"}}),
]

_said_of_the_rule(set) := {{
	"rule": "unchecked",
	"severity": "critical",
	"verdict": "unchecked",
	"subject": _rule,
	"attribute": set,
	"msg": concat(" ", [
		"the rule residency/region-not-set answers in another shape than {subject, attribute, msg}:",
		"what it judges is not checked",
	]),
}}

test_an_answer_in_another_shape_is_denied if {
	every answer in _misshapen {
		denied := main.deny with input as _facts
			with data.openai.catalog.deny as {[_rule, answer]}
			with data.openai.catalog.undetermined as set()
		denied == _said_of_the_rule("deny")
		open := main.deny with input as _facts
			with data.openai.catalog.deny as set()
			with data.openai.catalog.undetermined as {[_rule, answer]}
		open == _said_of_the_rule("undetermined")
		allowed := report.allow with input as _facts
			with data.openai.catalog.deny as set()
			with data.openai.catalog.undetermined as {[_rule, answer]}
		allowed == false
	}
}

test_a_rule_without_a_set_of_violations_is_denied if {
	others := {answer | some answer in catalog.answers; [answer[0], answer[1]] != [_rule, "deny"]}
	denied := main.deny with input as _facts
		with data.openai.catalog.answers as others
	denied == _said_of_the_rule("deny")
	every kind in ["object", "boolean", "string", "null"] {
		every set in ["deny", "undetermined", "applies"] {
			answers := {answer | some answer in catalog.answers; [answer[0], answer[1]] != [_rule, set]} | {[_rule, set, kind]}
			said := main.deny with input as _facts
				with data.openai.catalog.answers as answers
			said == _said_of_the_rule(set)
		}
	}
}

test_a_rule_that_answers_in_another_shape_judges_nothing if {
	doc := object.union(_facts, {"projects": {"p": {}, "q": {}, "r": {}}})
	answers := {[_rule, "text"], [_rule, _finding], [_other_rule, _finding]}
	applies := {[_rule, "p"], [_other_rule, "p"], [_other_rule, "q"]}
	denied := main.deny with input as doc
		with data.openai.catalog.deny as answers
		with data.openai.catalog.undetermined as set()
		with data.openai.catalog.applies as applies
	{f.subject | some f in denied; f.rule == "unchecked"} == {_rule}
	{f.rule | some f in denied; f.rule != "unchecked"} == {_other_rule}
	summary := report.summary with input as doc
		with data.openai.catalog.deny as answers
		with data.openai.catalog.undetermined as set()
		with data.openai.catalog.applies as applies
		with data.openai.catalog.rules as {_rule: _of_projects, _other_rule: _of_projects}
	summary == {"violation": 1, "undetermined": 0, "pass": 1, "not_applicable": 1, "unchecked": 1}
}

_of_projects := {"severity": "high", "subjects": ["project"], "title": "t"}

test_a_finding_may_say_more if {
	every extra in [
		{"cause": null},
		{"cause": {"subject": "organization", "attribute": "region"}},
		{"value": ["JP"], "hint": 1},
	] {
		denied := main.deny with input as _facts
			with data.openai.catalog.deny as {[_rule, object.union(_finding, extra)]}
			with data.openai.catalog.undetermined as set()
		{[f.rule, f.verdict] | some f in denied} == {[_rule, "violation"]}
	}
}
