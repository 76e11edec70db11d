package openai.residency.structured_output_schema_leaves_region_test

import rego.v1

import data.openai.residency.structured_output_schema_leaves_region as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "u") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_undetermined(doc) := found if {
	found := rule.undetermined with input as doc
}

_use(region, structured) := t.use({"region": region, "structured_output": structured})

_unknown(doc, attribute) := t.unknown(doc, "uses", attribute)

test_structured if _deny(_use("EU", true)) == {{
	"subject": "u",
	"attribute": "structured_output",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" `,
		"sends schemas of structured outputs, which may leave EU as system data",
	]),
	"value": "EU",
}}

test_in_every_region_of_the_edition if {
	every region in ["US", "EU", "AE", "JP", "KR"] { _verdict(_use(region, true)) == "violation" }
}

test_another_edition if {
	doc := object.union(_use("Narnia", true), {"edition": {"regions": {"Narnia": {}}}})
	_verdict(doc) == "violation"
}

test_not_structured if _verdict(_use("EU", false)) == "pass"

test_not_declared if _verdict(_use("EU", null)) == "not applicable"

test_no_region if {
	_verdict(_use(null, true)) == "not applicable"
	_verdict(_use(null, false)) == "not applicable"
}

test_region_not_listed if {
	_verdict(_use("Narnia", true)) == "not applicable"
	_verdict(_use("Narnia", false)) == "not applicable"
	_verdict(_unknown(_use("Narnia", null), "structured_output")) == "not applicable"
}

test_whatever_the_endpoint if {
	doc := t.use({"endpoint": "/v1/nothing", "region": "EU", "structured_output": true})
	_verdict(doc) == "violation"
}

test_structured_output_unknown if _undetermined(_unknown(_use("EU", null), "structured_output")) == {{
	"subject": "u",
	"attribute": "structured_output",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" may send schemas of structured outputs, `,
		"which may leave its region: structured_output is not known (known after apply)",
	]),
}}

test_structured_output_unknown_without_region if {
	_verdict(_unknown(_use(null, null), "structured_output")) == "not applicable"
}

test_region_unknown if {
	doc := _unknown(_use(null, true), "region")
	_verdict(doc) == "undetermined"
	{f.attribute | some f in _undetermined(doc)} == {"region"}
}

test_region_unknown_and_not_structured if {
	_verdict(_unknown(_use(null, false), "region")) == "not applicable"
	_verdict(_unknown(_use(null, null), "region")) == "not applicable"
}

test_region_unknown_in_an_edition_without_regions if {
	doc := _unknown(_use(null, true), "region")
	without := object.union(object.remove(doc, ["edition"]), {"edition": object.union(object.remove(doc.edition, ["regions"]), {"regions": {}})})
	_verdict(without) == "not applicable"
}

test_both_unknown if {
	doc := _unknown(_unknown(_use(null, null), "region"), "structured_output")
	_verdict(doc) == "undetermined"
	{f.attribute | some f in _undetermined(doc)} == {"region", "structured_output"}
}
