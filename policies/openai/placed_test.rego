package openai.placed_test

import rego.v1

import data.openai.placed
import data.openai.testing_test as t

# What is said of a use in a region that processes.
_answer(region, extra) := _of(_use(region, extra))

_of(doc) := found.u if {
	found := placed.answers with input as doc
}

_use(region, extra) := t.use(object.union({"region": region, "processing": true, "requirements": {"regional_processing": true}}, extra))

_plain := {"model": "alpha-2029-04-14", "tools": []}

# With a row of file uploads, which are sent as base64 alone.
_base64(doc) := object.union(doc, {"edition": {"services": {"by_key": {"file uploads": [{
	"storage_regions": ["EU"],
	"processing_regions": ["EU"],
	"condition": "base64_file_uploads_only",
	"caveat": null,
}]}}}})

_yes := {"value": "yes", "reason": ""}

test_listed_model if _answer("EU", _plain) == {"stored": _yes, "processed": _yes}

test_endpoint_in_no_row if {
	answer := _answer("EU", {"endpoint": "/v1/nothing", "tools": []})
	answer.stored == {"value": "no", "reason": "is in EU, where data residency does not cover that endpoint"}
	answer.processed.value == "no"
}

test_model_that_is_not_listed if {
	reason := `calls model "omega", which has no data residency in EU`
	_answer("EU", object.union(_plain, {"model": "omega"})) == {
		"stored": {"value": "no", "reason": reason},
		"processed": {"value": "no", "reason": reason},
	}
}

test_model_that_is_not_declared if {
	answer := {
		"value": "not known",
		"reason": "may call a model without data residency in its region: model is not known (not declared)",
	}
	_answer("EU", {"tools": []}) == {"stored": answer, "processed": answer}
}

test_alias if {
	answer := {
		"value": "not known",
		"reason": `calls "alpha", an alias: what has data residency in EU is alpha-2029-04-14`,
	}
	_answer("EU", object.union(_plain, {"model": "alpha"})) == {"stored": answer, "processed": answer}
}

test_alias_that_is_not_known if {
	doc := t.unknown(_use("EU", _plain), "uses", "model")
	answer := _of(doc)
	[answer.stored.value, answer.processed.value] == ["not known", "not known"]
	contains(answer.stored.reason, "may call an alias: model is not known (known after apply)")
}

test_tool_and_file if {
	answer := _of(_base64(_use("EU", object.union(_plain, {"tools": ["mcp"], "file_upload": "file_id"}))))
	answer.stored == {"value": "no", "reason": concat("; ", [
		"has the tool mcp, which has no data residency in EU",
		"takes files as file_id, and data residency in EU covers only base64",
	])}
	answer.processed == {"value": "no", "reason": concat("; ", [
		"has to be processed in EU, and the edition lists no processing of files sent as file_id there",
		"has to be processed in EU, and the edition lists no processing of the tool mcp there",
	])}
}

test_tool_and_file_that_are_not_known if {
	every attribute in ["tools", "inputs"] { _left_open(_base64(_use("EU", _plain)), attribute) }
}

_left_open(doc, attribute) if {
	answer := _of(t.unknown(doc, "uses", attribute))
	[answer.stored.value, answer.processed.value] == ["not known", "not known"]
}

test_region_that_is_not_known if {
	answer := _of(t.unknown(_use("EU", {"endpoint": "/v1/nothing", "tools": []}), "uses", "region"))
	contains(answer.stored.reason, "may be in a region where data residency does not cover it: region is not known")
}
