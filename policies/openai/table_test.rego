package openai.table_test

import rego.v1

import data.openai.table
import data.openai.testing_test as t

_answers(questions) := found if {
	found := table.answers with input as object.union(t.facts, {"asked": questions})
}

test_each_question_has_its_answer if {
	[[logs, state], [other, _]] := _answers([
		["/v1/files", "none", null, null, null],
		["/v1/realtime", "zero_data_retention", null, null, null],
	])
	logs.text == "up to 30 days"
	state.text == "until deleted"
	other.text == "none"
}

_not_known := {
	"least": 0,
	"most": null,
	"text": "not known",
	"why": "the edition has no such endpoint",
	"open": "endpoint",
}

test_what_the_edition_does_not_know_has_no_days if {
	every control in ["none", "zero_data_retention", null] {
		_answers([["/v1/nothing", control, true, "unknown", ["audio"]]]) == [[_not_known, _not_known]]
	}
}

test_what_it_does_not_know_takes_no_other_place if {
	known := ["/v1/files", "none", null, null, null]
	[first, second, third] := _answers([known, ["/v1/nothing", "none", null, null, null], known])
	second == [_not_known, _not_known]
	first == third
	[first[0].text, first[1].text] == ["up to 30 days", "until deleted"]
}

test_endpoint_of_data_residency_only if {
	[[logs, state]] := _answers([["/v1/vector_stores", "none", null, null, null]])
	logs == state
	logs.why == "the edition names the endpoint for data residency only"
}

test_no_question if _answers([]) == []
