package openai.residency.third_party_tool_test

import rego.v1

import data.openai.residency.third_party_tool as rule
import data.openai.testing_test as t

_verdict(doc, id) := t.verdict(sets, id) if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_undetermined(doc) := found if {
	found := rule.undetermined with input as doc
}

_unknown(doc, kind, attribute) := t.unknown(doc, kind, attribute)

_use(region, tools) := t.use({"region": region, "tools": tools})

_project(region, tools) := t.project({"region": region, "tools": tools})

_of_use(doc) := _verdict(doc, "u")

_of_project(doc) := _verdict(doc, "p")

test_use if _deny(_use("EU", ["web_search", "mcp"])) == {{
	"subject": "u",
	"attribute": "tools",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" has the tool mcp, `,
		"and data residency in EU does not cover the servers of third parties",
	]),
	"value": "mcp",
}}

test_project if _deny(_project("JP", {"mcp": true})) == {{
	"subject": "p",
	"attribute": "tools.mcp",
	"msg": `project "eu-support" has the tool mcp, and data residency in JP does not cover the servers of third parties`,
	"value": "mcp",
}}

test_use_with_other_tools if _of_use(_use("EU", ["web_search"])) == "pass"

test_use_without_tools if {
	_of_use(_use("EU", null)) == "not applicable"
	_of_use(_use("EU", [])) == "not applicable"
}

test_project_that_switches_it_off if _of_project(_project("EU", {"mcp": false})) == "pass"

test_project_with_other_settings if {
	_of_project(_project("EU", {"web_search": true})) == "not applicable"
	_of_project(_project("EU", null)) == "not applicable"
}

test_no_region if {
	_of_use(_use(null, ["mcp"])) == "not applicable"
	_of_project(_project(null, {"mcp": true})) == "not applicable"
	_of_project(_project(null, {"mcp": false})) == "not applicable"
}

test_region_not_listed if {
	_of_use(_use("Narnia", ["mcp"])) == "not applicable"
	_of_use(_use("Narnia", ["web_search"])) == "not applicable"
	_of_project(_project("Narnia", {"mcp": true})) == "not applicable"
	_of_project(_project("Narnia", {"mcp": false})) == "not applicable"
}

test_tools_of_a_use_unknown if {
	_undetermined(_unknown(_use("EU", null), "uses", "tools")) == {{
		"subject": "u",
		"attribute": "tools",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" may send content from its region to a third party: `,
			"tools is not known (known after apply)",
		]),
	}}
	_of_use(_unknown(_use(null, null), "uses", "tools")) == "not applicable"
	_of_use(_unknown(_use("Narnia", null), "uses", "tools")) == "not applicable"
}

test_tools_of_a_project_unknown if {
	_of_project(_unknown(_project("EU", null), "projects", "tools")) == "undetermined"
	_of_project(_unknown(_project(null, null), "projects", "tools")) == "not applicable"
}

test_this_tool_unknown if {
	doc := _unknown(_project("EU", {"web_search": true}), "projects", "tools.mcp")
	_of_project(doc) == "undetermined"
	{f.attribute | some f in _undetermined(doc)} == {"tools.mcp"}
}

test_another_tool_unknown if {
	_of_project(_unknown(_project("EU", {"mcp": false}), "projects", "tools.web_search")) == "pass"
	_of_project(_unknown(_project("EU", {"mcp": true}), "projects", "tools.web_search")) == "violation"
}

test_region_unknown if {
	_of_use(_unknown(_use(null, ["mcp"]), "uses", "region")) == "undetermined"
	_of_project(_unknown(_project(null, {"mcp": true}), "projects", "region")) == "undetermined"
}

test_region_unknown_and_the_tool_off if {
	_of_use(_unknown(_use(null, ["web_search"]), "uses", "region")) == "not applicable"
	_of_use(_unknown(_use(null, null), "uses", "region")) == "not applicable"
	_of_project(_unknown(_project(null, {"mcp": false}), "projects", "region")) == "not applicable"
}

test_both_unknown if {
	_of_use(_unknown(_unknown(_use(null, null), "uses", "tools"), "uses", "region")) == "undetermined"
	_of_project(_unknown(_unknown(_project(null, null), "projects", "tools.mcp"), "projects", "region")) == "undetermined"
}
