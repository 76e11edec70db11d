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

test_what_the_edition_does_not_know_has_no_days if {
	[[logs, state]] := _answers([["/v1/nothing", "none", null, null, null]])
	[logs.text, logs.open, state.text, state.open] == ["not known", "endpoint", "not known", "endpoint"]
}

test_no_question if _answers([]) == []
