package openai.retention.control_no_longer_managed_test

import rego.v1

import data.openai.retention.control_no_longer_managed as rule
import data.openai.testing_test as t

_verdict(doc, id) := t.verdict(sets, id) if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_applies(doc) := found if {
	found := rule.applies with input as doc
}

_change(attributes) := {"change": {"actions": ["delete"], "before": {"unknown": {}}, "no_longer_managed": attributes}}

_left := t.project(object.union(_change(["data_retention"]), {"effective": {"data_retention": "zero_data_retention", "from": "project"}}))

test_project if {
	_verdict(_left, "p") == "violation"
	_applies(_left) == {"p"}
}

test_finding if _deny(_left) == {{
	"subject": "p",
	"attribute": "data_retention",
	"msg": `project "eu-support" loses its retention resource: the control stays zero_data_retention, and no plan will show when it changes`,
	"value": "zero_data_retention",
}}

test_organization if {
	doc := t.organization(t.project({}), object.union(_change(["data_retention"]), {"data_retention": "modified_abuse_monitoring"}))
	_applies(doc) == {"organization"}
	_deny(doc) == {{
		"subject": "organization",
		"attribute": "data_retention",
		"msg": "the organization loses its retention resource: the control stays modified_abuse_monitoring, and no plan will show when it changes",
		"value": "modified_abuse_monitoring",
	}}
}

test_control_not_known if {
	some f in _deny(t.unknown(_left, "projects", "effective"))
	f.msg == `project "eu-support" loses its retention resource: the control stays what it is, and no plan will show when it changes`
}

test_among_others if _verdict(t.project(_change(["tools", "data_retention"])), "p") == "violation"

test_another_setting if _verdict(t.project(_change(["tools"])), "p") == "not applicable"

test_still_managed if {
	_verdict(t.project(_change([])), "p") == "not applicable"
	_verdict(t.organization(t.facts, _change([])), "organization") == "not applicable"
}

test_no_plan if {
	_verdict(t.project({}), "p") == "not applicable"
	_verdict(t.project({}), "organization") == "not applicable"
}

test_nothing_is_open if count(rule.undetermined) == 0 with input as _left
