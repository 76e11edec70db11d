package openai.residency.tool_not_in_region_test

import rego.v1

import data.openai.residency.tool_not_in_region as rule
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

_use(region, tools) := _listing(t.use({"region": region, "tools": tools}))

_project(region, tools) := _listing(t.project({"region": region, "tools": tools}))

# Every region has web search; only some have file search, each by another row; none has the other tools.
_listing(doc) := object.union(doc, {"edition": {"services": {"by_tool": {
	"web_search": [{"storage_regions": ["US", "EU", "AE", "JP", "KR"]}],
	"file_search": [{"storage_regions": ["US"]}, {"storage_regions": ["EU"]}],
	"computer_use": [{"storage_regions": []}],
}}}})

# Every region has every tool.
_covering(doc) := object.union(doc, {"edition": {"services": {"by_tool": {tool: [{"storage_regions": ["US", "EU", "AE", "JP", "KR"]}] |
	some tool in ["code_interpreter", "file_search", "hosted_shell", "image_generation", "mcp", "skills", "web_search"]
}}}})

_of_use(doc) := _verdict(doc, "u")

_of_project(doc) := _verdict(doc, "p")

test_use if _deny(_use("JP", ["web_search", "file_search"])) == {{
	"subject": "u",
	"attribute": "tools",
	"msg": `use "/v1/chat/completions" of project "eu-support" has the tool file_search, which has no data residency in JP`,
	"value": "file_search",
}}

test_project if _deny(_project("EU", {"mcp": true, "file_search": true})) == {{
	"subject": "p",
	"attribute": "tools.mcp",
	"msg": `project "eu-support" has the tool mcp, which has no data residency in EU`,
	"value": "mcp",
}}

test_in_region if {
	_of_use(_use("EU", ["web_search", "file_search"])) == "pass"
	_of_project(_project("US", {"web_search": true, "file_search": true})) == "pass"
}

test_one_finding_a_tool if count(_deny(_use("EU", ["code_interpreter", "web_search", "hosted_shell", "skills"]))) == 3

test_preview_by_the_rows_of_web_search if {
	_of_use(_use("JP", ["web_search_preview"])) == "pass"
	_of_use(object.union(
		t.use({"region": "JP", "tools": ["web_search_preview"]}),
		{"edition": {"services": {"by_tool": {"web_search_preview": [{"storage_regions": ["JP"]}]}}}},
	)) == "violation"
}

test_tools_that_are_not_hosted if {
	_of_use(_use("EU", ["function", "computer_use"])) == "not applicable"
	_of_project(_project("EU", {"function": true, "computer_use": true})) == "not applicable"
}

test_tool_that_only_an_input_names if {
	_of_project(_project("EU", {"future_tool": true})) == "violation"
	_of_use(_use("EU", ["future_tool"])) == "violation"
}

test_switched_off if {
	_of_project(_project("EU", {"mcp": false})) == "not applicable"
	_of_project(_project("EU", {"mcp": false, "web_search": true})) == "pass"
}

test_no_tools if {
	_of_use(_use("EU", null)) == "not applicable"
	_of_use(_use("EU", [])) == "not applicable"
	_of_project(_project("EU", null)) == "not applicable"
}

test_no_region if {
	_of_use(_use(null, ["mcp"])) == "not applicable"
	_of_project(_project(null, {"mcp": true})) == "not applicable"
}

test_region_not_listed if {
	_of_use(_use("Narnia", ["mcp"])) == "not applicable"
	_of_project(_project("Narnia", {"mcp": true})) == "not applicable"
}

test_tools_of_a_use_unknown if _undetermined(_unknown(_use("EU", null), "uses", "tools")) == {{
	"subject": "u",
	"attribute": "tools",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" may have a tool without data residency in its region: `,
		"tools is not known (known after apply)",
	]),
}}

test_tools_of_a_project_unknown if {
	_of_project(_unknown(_project("EU", null), "projects", "tools")) == "undetermined"
}

test_tools_unknown_without_region if {
	_of_use(_unknown(_use(null, null), "uses", "tools")) == "not applicable"
	_of_use(_unknown(_use("Narnia", null), "uses", "tools")) == "not applicable"
}

test_tools_unknown_where_every_tool_is_in_region if {
	_of_use(_unknown(_covering(t.use({"region": "EU"})), "uses", "tools")) == "not applicable"
	_of_project(_unknown(_covering(t.project({"region": "EU"})), "projects", "tools")) == "not applicable"
}

test_one_tool_unknown if {
	doc := _unknown(_project("EU", {"web_search": true}), "projects", "tools.mcp")
	_of_project(doc) == "undetermined"
	{f.attribute | some f in _undetermined(doc)} == {"tools.mcp"}
}

test_one_tool_unknown_that_only_an_input_names if {
	_of_project(_unknown(_project("EU", null), "projects", "tools.future_tool")) == "undetermined"
}

test_one_tool_unknown_that_is_in_region if {
	_of_project(_unknown(_project("EU", {"web_search": true}), "projects", "tools.file_search")) == "pass"
	_of_project(_unknown(_project("EU", null), "projects", "tools.file_search")) == "not applicable"
}

test_one_tool_unknown_beside_one_that_is_not_in_region if {
	_of_project(_unknown(_project("EU", {"mcp": true}), "projects", "tools.skills")) == "violation"
}

test_another_attribute_unknown if {
	_of_use(_unknown(_use("EU", ["web_search"]), "uses", "model")) == "pass"
	count(_undetermined(_unknown(_use("EU", ["mcp"]), "uses", "model"))) == 0
}

test_region_unknown if {
	_of_use(_unknown(_use(null, ["file_search"]), "uses", "region")) == "undetermined"
	_of_project(_unknown(_project(null, {"file_search": true}), "projects", "region")) == "undetermined"
	{f.attribute | some f in _undetermined(_unknown(_use(null, ["file_search"]), "uses", "region"))} == {"region"}
}

test_region_unknown_and_in_every_region if {
	_of_use(_unknown(_use(null, ["web_search"]), "uses", "region")) == "not applicable"
	_of_use(_unknown(_use(null, ["function"]), "uses", "region")) == "not applicable"
	_of_use(_unknown(_use(null, null), "uses", "region")) == "not applicable"
	_of_project(_unknown(_project(null, {"web_search": true, "mcp": false}), "projects", "region")) == "not applicable"
}

test_both_unknown if {
	_of_use(_unknown(_unknown(_use(null, null), "uses", "tools"), "uses", "region")) == "undetermined"
	_of_project(_unknown(_unknown(_project(null, null), "projects", "tools.mcp"), "projects", "region")) == "undetermined"
}
