package openai.retention.hosted_container_under_zdr_test

import rego.v1

import data.openai.retention.hosted_container_under_zdr as rule
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

_stated(value) := {"edition": {"page": {"openai_hosted_containers_allowed_with_zdr": [{
	"value": value,
	"applies_to": ["hosted shell", "code interpreter", "hosted skills"],
	"scope": null,
}]}}}

_effective(control) := {"effective": {"data_retention": control, "from": "project"}}

_use(tools, control) := object.union(
	t.use(object.union({"endpoint": "/v1/chat/completions", "tools": tools}, _effective(control))),
	_stated(false),
)

_project(tools, control) := object.union(t.project(object.union({"tools": tools}, _effective(control))), _stated(false))

_part(doc, part) := object.union(doc, {"projects": {"p": {"unknown": {part: "sensitive"}}}})

_zdr := "zero_data_retention"

_tools := ["code_interpreter", "hosted_shell", "skills"]

test_use if every tool in _tools {
	_verdict(_use(["web_search", tool], _zdr), "u") == "violation"
	found := rule.applies with input as _use([tool], _zdr)
	found == {"u"}
}

test_finding_of_a_use if _deny(_use(["hosted_shell"], _zdr)) == {{
	"subject": "u",
	"attribute": "tools",
	"msg": `use "/v1/chat/completions" of project "eu-support" has zero_data_retention in effect and hosted_shell enabled, which runs in a container of OpenAI's`,
	"value": "hosted_shell",
}}

test_each_tool_of_a_use if {f.value | some f in _deny(_use(_tools, _zdr))} == {"code_interpreter", "hosted_shell", "skills"}

test_project if every tool in _tools {
	_verdict(_project({tool: true}, "enhanced_zero_data_retention"), "p") == "violation"
	_verdict(_project({tool: false}, "enhanced_zero_data_retention"), "p") == "pass"
}

test_finding_of_a_project if _deny(_project({"code_interpreter": true}, "zdr_with_private_safety_processing")) == {{
	"subject": "p",
	"attribute": "tools.code_interpreter",
	"msg": `project "eu-support" has zdr_with_private_safety_processing in effect and code_interpreter enabled, which runs in a container of OpenAI's`,
	"value": "code_interpreter",
}}

test_one_on_and_one_off if _verdict(_project({"code_interpreter": false, "skills": true}, _zdr), "p") == "violation"

test_other_tools if {
	_verdict(_use(["web_search", "mcp", "function", "computer_use"], _zdr), "u") == "not applicable"
	_verdict(_project({"web_search": true, "file_search": false}, _zdr), "p") == "not applicable"
}

test_no_tools if {
	_verdict(_use(null, _zdr), "u") == "not applicable"
	_verdict(_use([], _zdr), "u") == "not applicable"
	_verdict(_project(null, _zdr), "p") == "not applicable"
	_verdict(_project({}, _zdr), "p") == "not applicable"
}

test_another_control if every control in ["none", "modified_abuse_monitoring", "safety_retention"] {
	_verdict(_use(["skills"], control), "u") == "not applicable"
	_verdict(_project({"skills": true}, control), "p") == "not applicable"
	_verdict(t.unknown(_use(null, control), "uses", "tools"), "u") == "not applicable"
}

test_edition_that_allows_it if {
	every edition in [_stated(true), {"edition": {"page": {"openai_hosted_containers_allowed_with_zdr": []}}}] {
		_verdict(object.union(_use(["skills"], _zdr), edition), "u") == "not applicable"
		_verdict(object.union(_project({"skills": true}, _zdr), edition), "p") == "not applicable"
		_verdict(object.union(_project({"skills": false}, _zdr), edition), "p") == "not applicable"
		_verdict(object.union(t.unknown(_use(null, _zdr), "uses", "tools"), edition), "u") == "not applicable"
	}
}

test_edition_that_says_nothing_of_it if {
	_verdict(t.use(object.union({"tools": ["skills"]}, _effective(_zdr))), "u") == "not applicable"
	_verdict(t.project(object.union({"tools": {"skills": true}}, _effective(_zdr))), "p") == "not applicable"
}

test_not_declared if _undetermined(_use(["skills"], null)) == {{
	"subject": "u",
	"attribute": "data_retention",
	"msg": `use "/v1/chat/completions" of project "eu-support" has skills enabled, in a container of OpenAI's: the control in effect is not known (not declared)`,
	"value": "skills",
}}

test_not_declared_is_open if {
	_verdict(_use(["skills"], null), "u") == "undetermined"
	_verdict(_project({"skills": true}, null), "p") == "undetermined"
	_verdict(_project({"skills": false}, null), "p") == "not applicable"
	_verdict(_project({"mcp": true}, null), "p") == "not applicable"
}

test_control_unknown if {
	doc := t.unknown(_project({"skills": true}, null), "projects", "effective")
	_verdict(doc, "p") == "undetermined"
	some f in _undetermined(doc)
	endswith(f.msg, "the control in effect is not known (known after apply)")
	_verdict(t.unknown(_project({"skills": false}, null), "projects", "effective"), "p") == "not applicable"
}

test_tools_unknown if {
	doc := t.unknown(_use(null, _zdr), "uses", "tools")
	_verdict(doc, "u") == "undetermined"
	_undetermined(doc) == {{
		"subject": "u",
		"attribute": "tools",
		"msg": `use "/v1/chat/completions" of project "eu-support" may have a tool that runs in a container of OpenAI's: tools is not known (known after apply)`,
	}}
	_verdict(t.unknown(_project(null, _zdr), "projects", "tools"), "p") == "undetermined"
}

test_one_tool_unknown if {
	every tool in _tools {
		doc := _part(_project({"mcp": true}, _zdr), sprintf("tools.%s", [tool]))
		_verdict(doc, "p") == "undetermined"
		{f.attribute | some f in _undetermined(doc)} == {sprintf("tools.%s", [tool])}
	}
	_verdict(_part(_project({"skills": false}, _zdr), "tools.code_interpreter"), "p") == "undetermined"
	_verdict(_part(_project({"skills": true}, _zdr), "tools.code_interpreter"), "p") == "violation"
}

# What the edition says of containers, it does not say of an endpoint that it has no name for.
test_endpoint_that_the_edition_does_not_know if {
	every doc in [_use(["skills"], _zdr), _use(["skills"], null), t.unknown(_use(null, _zdr), "uses", "tools")] {
		_verdict(object.union(doc, {"uses": {"u": {"endpoint": "/v1/nothing"}}}), "u") == "not applicable"
		_verdict(object.union(doc, {"uses": {"u": {"endpoint": "/v1/vector_stores"}}}), "u") == _verdict(doc, "u")
	}
}

test_something_else_unknown if {
	_verdict(_part(_project({"mcp": true}, _zdr), "tools.web_search"), "p") == "not applicable"
	_verdict(_part(_project({"skills": false}, _zdr), "region"), "p") == "pass"
}

test_both_open if {
	_verdict(t.unknown(_use(null, null), "uses", "tools"), "u") == "undetermined"
	_verdict(t.unknown(t.unknown(_use(null, null), "uses", "tools"), "uses", "effective"), "u") == "undetermined"
}
