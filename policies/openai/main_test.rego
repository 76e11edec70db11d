package openai.main_test

import rego.v1

import data.openai.main
import data.openai.report
import data.openai.testing_test as t

_denied(doc) := {f.rule | some f in found} if {
	found := main.deny with input as doc
}

_warned(doc) := {f.rule | some f in found} if {
	found := main.warn with input as doc
}

test_a_violation_and_an_open_verdict if {
	found := main.deny with input as t.project({"region": "JP"})
	said := {[f.rule, f.verdict, f.severity] | some f in found}
	["residency/residency-not-approved", "violation", "high"] in said
	["residency/non-us-region-without-abuse-monitoring-control", "undetermined", "critical"] in said
	every f in found {
		f.subject == "p"
		is_string(f.msg)
	}
}

test_every_group_speaks if {
	"residency/residency-not-approved" in _denied(t.project({"region": "JP"}))
	"retention/control-without-approval" in _denied(t.project({"data_retention": "zero_data_retention"}))
}

test_advice_is_a_warning if {
	doc := object.union(t.client({"project": null, "region": null}), {"projects": t.project({"region": "US"}).projects})
	"residency/client-without-project" in _warned(doc)
	not "residency/client-without-project" in _denied(doc)
}

test_a_violation_hides_what_is_open_of_the_same_pair if {
	found := main.deny with input as t.project({"region": "JP"})
	every f in found {
		count({g.verdict | some g in found; g.rule == f.rule; g.subject == f.subject}) == 1
	}
}

test_an_input_that_shows_a_part_is_denied if {
	every source in [{"complete": false, "errored": false}, {"complete": true, "errored": true}] {
		_denied(object.union(t.facts, {"sources": {"plan.json": source}})) == {"unchecked"}
	}
}

test_a_whole_input_is_not if {
	_denied(object.union(t.facts, {"sources": {"plan.json": {"complete": true, "errored": false}}})) == set()
}

test_the_report_counts_each_pair_once if {
	doc := t.project({"region": "JP"})
	summary := report.summary with input as doc
	findings := report.findings with input as doc
	summary.violation == count({[f.rule, f.subject] | some f in findings; f.verdict == "violation"})
	summary.undetermined == count({[f.rule, f.subject] | some f in findings; f.verdict == "undetermined"})
	summary.violation > 0
	summary.undetermined > 0
	summary.pass > 0
	pairs := data.openai.verdicts.judged with input as doc
	((summary.violation + summary.undetermined) + summary.pass) + summary.not_applicable == pairs
	summary.unchecked == 0
	allowed := report.allow with input as doc
	allowed == false
}

test_the_report_allows_what_main_does_not_deny if {
	allowed := report.allow with input as t.facts
	allowed == true
	partial := report.allow with input as object.union(t.facts, {"sources": {"a": {"complete": false}}})
	partial == false
}

test_the_report_names_edition_and_day if {
	edition := report.edition with input as t.facts
	edition == {"name": "2030-01", "date": "2030-01-15"}
	today := report.today with input as t.facts
	today == "2026-11-22"
	rules := report.rules with input as t.facts
	rules == count(data.openai.catalog.rules)
}
