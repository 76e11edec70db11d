package openai.healthcare.web_search_with_phi_test

import rego.v1

import data.openai.healthcare.web_search_with_phi as rule
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

# A project that handles health information, with these hosted tools and uses.
_project(tools, uses) := object.union(
	t.project({"handles_phi": true, "tools": tools}),
	{"uses": {id: object.union(t.use({"endpoint": "/v1/responses"}).uses.u, extra) | some id, extra in uses}},
)

_on := {"web_search": true}

_off := {"web_search": false}

# The same in an edition that covers searches offline, with these controls of project and organization.
_coverable(doc, of_project, of_organization) := object.union(doc, {
	"edition": {
		"page": {"web_search_offline_baa_coverable": [{"value": true, "applies_to": "web_search", "scope": null}]},
		"services": {"by_tool": {"web_search": [{"key": "/v1/responses Web Search", "storage_regions": []}]}},
	},
	"projects": {"p": {"effective": {"data_retention": of_project, "from": "project"}}},
	"organization": {"data_retention": of_organization},
})

_zdr(doc) := _coverable(doc, "zero_data_retention", "enhanced_zero_data_retention")

_live := {"tools": ["web_search"]}

_offline := {"tools": ["web_search", "function"], "external_web_access": false}

_hidden(doc, path) := object.union(
	object.remove(doc, ["uses"]),
	{"uses": {id: object.union(object.remove(u, [path]), {"unknown": {path: "known after apply"}}) | some id, u in doc.uses}},
)

_unknown(doc, attribute) := t.unknown(doc, "projects", attribute)

test_off if {
	_verdict(_project(_off, {})) == "pass"
	_verdict(_project(_off, {"u": {}})) == "pass"
	_verdict(_project(_off, {"u": {"tools": ["file_search", "function"]}})) == "pass"
}

test_on if {
	doc := _project(_on, {})
	_verdict(doc) == "violation"
	_undetermined(doc) == set()
	_deny(doc) == {{
		"subject": "p",
		"attribute": "tools",
		"msg": `project "eu-support" handles health information, and it allows web search: no agreement covers it`,
		"value": "web_search",
	}}
	_verdict(_project(_on, {"u": {}})) == "violation"
}

test_use_searches if {
	_deny(_project(_off, {"u": _live, "v": {}})) == {{
		"subject": "p",
		"attribute": "tools",
		"msg": concat("", [
			`project "eu-support" handles health information, and use "/v1/responses" of project "eu-support" `,
			"searches the web: no agreement covers it",
		]),
		"value": "/v1/responses",
		"cause": {"subject": "u", "attribute": "tools"},
	}}
	_verdict(_project(null, {"u": _live})) == "violation"
	_verdict(_project(null, {"u": {"tools": ["web_search_preview"]}})) == "violation"
	_verdict(_project(null, {"u": _offline})) == "violation"
}

test_use_of_another_project if {
	_verdict(_project(_off, {"u": object.union(_live, {"project": "q"})})) == "pass"
	_verdict(_project(null, {"u": {"project": "q"}})) == "undetermined"
}

test_not_declared if {
	doc := _project(null, {})
	_verdict(doc) == "undetermined"
	_undetermined(doc) == {{
		"subject": "p",
		"attribute": "tools",
		"msg": concat("", [
			`project "eu-support" handles health information, and it has no uses, `,
			"and whether it allows web search is not declared; no agreement covers it",
		]),
		"value": "web_search",
	}}
	_verdict(_project({"file_search": true}, {})) == "undetermined"
}

test_not_declared_with_uses if {
	_verdict(_project(null, {"u": {}})) == "pass"
	_verdict(_project({"file_search": true}, {"u": {"tools": []}})) == "pass"
}

test_no_health_information if {
	every phi in [false, null] {
		doc := object.union(_project(_on, {"u": _live}), {"projects": {"p": {"handles_phi": phi}}})
		_verdict(doc) == "not applicable"
		_verdict(object.union(_project(null, {}), {"projects": {"p": {"handles_phi": phi}}})) == "not applicable"
	}
}

test_offline if {
	_verdict(_zdr(_project(_on, {"u": _offline}))) == "pass"
	_verdict(_zdr(_project(null, {"u": _offline, "v": {}}))) == "pass"
	_verdict(_zdr(_project(_off, {"u": _offline}))) == "pass"
}

test_offline_by_another_endpoint if {
	use_of := object.union(_offline, {"endpoint": "/v1/chat/completions"})
	_verdict(_zdr(_project(_on, {"u": use_of}))) == "violation"
	_verdict(_zdr(_project(_off, {"u": _offline, "v": use_of}))) == "violation"
}

test_offline_in_another_edition if {
	doc := _coverable(_project(_on, {"u": _offline}), "zero_data_retention", "zero_data_retention")
	no := object.union(doc, {"edition": {"page": {"web_search_offline_baa_coverable": [{"value": false}]}}})
	_verdict(no) == "violation"
}

test_offline_and_live if {
	doc := _zdr(_project(_on, {"u": _offline, "v": _live}))
	_verdict(doc) == "violation"
	{f.cause.subject | some f in _deny(doc)} == {"v"}
	{f.msg | some f in _deny(doc)} == {concat("", [
		`project "eu-support" handles health information, and use "/v1/responses" of project "eu-support" `,
		"searches the web: an agreement covers it only offline, with zero data retention",
	])}
}

test_live if {
	_verdict(_zdr(_project(_on, {"u": _live}))) == "violation"
	_verdict(_zdr(_project(null, {"u": object.union(_live, {"external_web_access": true})}))) == "violation"
}

test_preview if {
	_verdict(_zdr(_project(null, {"u": {"tools": ["web_search_preview"], "external_web_access": false}}))) == "violation"
	both := {"tools": ["web_search", "web_search_preview"], "external_web_access": false}
	_verdict(_zdr(_project(null, {"u": both}))) == "violation"
}

test_on_and_no_use_searches if {
	_verdict(_zdr(_project(_on, {}))) == "violation"
	_verdict(_zdr(_project(_on, {"u": {"external_web_access": false}}))) == "violation"
}

test_another_control if {
	doc := _project(_on, {"u": _offline})
	_verdict(_coverable(doc, "modified_abuse_monitoring", "zero_data_retention")) == "violation"
	_verdict(_coverable(doc, "zero_data_retention", "none")) == "violation"
	_verdict(_coverable(doc, "none", null)) == "violation"
	_verdict(_coverable(_project(_off, {"u": _offline}), "none", "zero_data_retention")) == "violation"
}

test_control_not_declared if {
	every controls in [["zero_data_retention", null], [null, "zero_data_retention"], [null, null]] {
		doc := _coverable(_project(null, {"u": _offline}), controls[0], controls[1])
		_verdict(doc) == "undetermined"
		{f.msg | some f in _undetermined(doc)} == {concat("", [
			`project "eu-support" handles health information, and use "/v1/responses" of project "eu-support" `,
			"may search the web: the control in effect on project and organization is not known; ",
			"an agreement covers it only offline, with zero data retention",
		])}
	}
	_verdict(_coverable(_project(_on, {"u": _offline}), null, "zero_data_retention")) == "undetermined"
	_verdict(_coverable(_project(_on, {"u": _live}), null, null)) == "violation"
	_verdict(_coverable(_project(_on, {}), null, null)) == "violation"
}

test_control_unknown if {
	doc := _zdr(_project(null, {"u": _offline}))
	_verdict(_unknown(doc, "effective")) == "undetermined"
	_verdict(t.unknown_organization(doc)) == "undetermined"
	other := _coverable(_project(null, {"u": _offline}), "none", "zero_data_retention")
	_verdict(t.unknown_organization(other)) == "violation"
}

test_web_access_unknown if {
	doc := _hidden(_project(null, {"u": _offline}), "external_web_access")
	_verdict(doc) == "violation"
	_verdict(_zdr(doc)) == "undetermined"
	{f.value | some f in _undetermined(_zdr(doc))} == {"/v1/responses"}
	_verdict(_coverable(doc, "none", "zero_data_retention")) == "violation"
	_verdict(_zdr(_hidden(_project(_on, {"u": _offline}), "external_web_access"))) == "undetermined"
}

test_tools_of_a_use_unknown if {
	doc := _hidden(_project(_off, {"u": {}}), "tools")
	_verdict(doc) == "undetermined"
	_verdict(_zdr(doc)) == "undetermined"
	_verdict(_zdr(_hidden(_project(_off, {"u": _offline}), "tools"))) == "undetermined"
	{f.cause.subject | some f in _undetermined(doc)} == {"u"}
	_verdict(_hidden(_project(_on, {"u": _offline}), "tools")) == "violation"
	_verdict(_zdr(_hidden(_project(_on, {"u": {}}), "tools"))) == "violation"
	_verdict(_zdr(_hidden(_project(_on, {"u": _offline}), "tools"))) == "undetermined"
	_verdict(_coverable(_hidden(_project(_on, {"u": _offline}), "tools"), "none", null)) == "violation"
}

test_another_attribute_of_a_use_unknown if {
	_verdict(_hidden(_project(_off, {"u": {}}), "store")) == "pass"
	_verdict(_zdr(_hidden(_project(_off, {"u": _offline}), "store"))) == "pass"
}

test_tools_of_the_project_unknown if {
	doc := _unknown(_project(null, {"u": {}}), "tools")
	_verdict(doc) == "undetermined"
	{f.msg | some f in _undetermined(doc)} == {concat("", [
		`project "eu-support" handles health information, and it may allow web search: `,
		"tools is not known (known after apply); no agreement covers it",
	])}
	_verdict(_unknown(_project(null, {"u": _live}), "tools")) == "violation"
	_verdict(_zdr(_unknown(_project(null, {"u": _offline}), "tools"))) == "pass"
	_verdict(_zdr(_unknown(_project(null, {"u": {}}), "tools"))) == "undetermined"
}

test_one_tool_of_the_project_unknown if {
	doc := object.union(_project({}, {"u": {}}), {"projects": {"p": {"unknown": {"tools.web_search": "sensitive"}}}})
	_verdict(doc) == "undetermined"
	other := object.union(_project({}, {"u": {}}), {"projects": {"p": {"unknown": {"tools.mcp": "sensitive"}}}})
	_verdict(other) == "pass"
}

test_use_of_a_project_that_cannot_be_told if {
	searching := object.union(_live, {"project": null})
	doc := _project(_off, {"u": searching, "v": {}})
	_verdict(doc) == "undetermined"
	{f.msg | some f in _undetermined(doc)} == {concat("", [
		`project "eu-support" handles health information, and use "/v1/responses" of project "eu-support" `,
		"may search the web: its project can't be told; no agreement covers it",
	])}
	_verdict(_project(_off, {"u": {"project": null}})) == "pass"
	_verdict(_zdr(_project(_off, {"u": object.union(_offline, {"project": null})}))) == "pass"
	_verdict(_zdr(_project(_on, {"u": object.union(_offline, {"project": null})}))) == "undetermined"
	_verdict(_zdr(_project(_on, {"u": searching}))) == "violation"
	_verdict(_project(_on, {"u": object.union(_offline, {"project": null})})) == "violation"
}

test_health_information_unknown if {
	doc := _unknown(_project(_on, {}), "handles_phi")
	_verdict(doc) == "undetermined"
	_undetermined(doc) == {{
		"subject": "p",
		"attribute": "handles_phi",
		"msg": concat("", [
			`project "eu-support" may handle health information, and it allows web search; no agreement covers it: `,
			"handles_phi is not known (known after apply)",
		]),
		"value": "web_search",
	}}
	_verdict(_unknown(_project(null, {}), "handles_phi")) == "undetermined"
	_verdict(_unknown(_project(_off, {"u": {}}), "handles_phi")) == "not applicable"
}

test_tools_not_known_and_no_uses if {
	found := _undetermined(_unknown(_project(null, {}), "tools"))
	count(found) == 1
}
