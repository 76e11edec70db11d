package openai.residency.tools_not_restricted_test

import rego.v1

import data.openai.residency.tools_not_restricted as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_undetermined(doc) := found if {
	found := rule.undetermined with input as doc
}

_unknown(doc, attribute) := t.unknown(doc, "projects", attribute)

_project(region, tools) := t.project({"region": region, "tools": tools})

_empty(region) := _project(region, {})

test_settings if _verdict(_project("EU", {"mcp": true})) == "pass"

test_settings_that_are_off if _verdict(_project("EU", {"mcp": false})) == "pass"

test_no_settings if _deny(_project("EU", null)) == {{
	"subject": "p",
	"attribute": "tools",
	"msg": `project "eu-support" is in EU, and no setting says which hosted tools it may use`,
	"value": "EU",
}}

test_empty_settings if _verdict(_empty("EU")) == "violation"

test_no_region if _verdict(_project(null, null)) == "not applicable"

test_region_not_listed if _verdict(_project("Narnia", null)) == "not applicable"

test_tools_unknown if _undetermined(_unknown(_project("EU", null), "tools")) == {{
	"subject": "p",
	"attribute": "tools",
	"msg": concat("", [
		`project "eu-support" may be in a region without settings of its tools: `,
		"tools is not known (known after apply)",
	]),
}}

test_tools_unknown_without_region if _verdict(_unknown(_project(null, null), "tools")) == "not applicable"

test_tools_unknown_in_a_region_that_is_not_listed if {
	_verdict(_unknown(_project("Narnia", null), "tools")) == "not applicable"
}

test_one_tool_unknown if {
	_verdict(_unknown(_empty("EU"), "tools.mcp")) == "undetermined"
	count(_deny(_unknown(_empty("EU"), "tools.mcp"))) == 0
}

test_one_tool_unknown_beside_a_setting if _verdict(_unknown(_project("EU", {"web_search": true}), "tools.mcp")) == "pass"

test_another_attribute_unknown if {
	_verdict(_unknown(_empty("EU"), "models")) == "violation"
	count(_undetermined(_unknown(_empty("EU"), "models"))) == 0
}

test_region_unknown if {
	_verdict(_unknown(_project(null, null), "region")) == "undetermined"
	_verdict(_unknown(_empty(null), "region")) == "undetermined"
	{f.attribute | some f in _undetermined(_unknown(_empty(null), "region"))} == {"region"}
}

test_region_unknown_and_settings if _verdict(_unknown(_project(null, {"mcp": true}), "region")) == "not applicable"

test_both_unknown if _verdict(_unknown(_unknown(_project(null, null), "region"), "tools")) == "undetermined"
