package openai.retention.user_policy_responsibility_not_assigned_test

import rego.v1

import data.openai.retention.user_policy_responsibility_not_assigned as rule
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

_project(control) := t.project({"effective": {"data_retention": control, "from": "project"}})

_named(doc) := t.organization(doc, {"responsible_contact": "ai-platform@example.com"})

_unknown := t.unknown(_project(null), "projects", "effective")

_controls := {
	"zero_data_retention",
	"modified_abuse_monitoring",
	"enhanced_zero_data_retention",
	"enhanced_modified_abuse_monitoring",
	"zdr_with_private_safety_processing",
	"private_retention_with_private_safety_processing",
	"safety_retention",
}

test_nobody if every control in _controls {
	_verdict(_project(control)) == "violation"
}

test_named if every control in _controls {
	_verdict(_named(_project(control))) == "pass"
}

test_an_empty_name_is_none if {
	_verdict(t.organization(_project("zero_data_retention"), {"responsible_contact": ""})) == "violation"
}

test_finding if _deny(_project("modified_abuse_monitoring")) == {{
	"subject": "p",
	"attribute": "data_retention",
	"msg": `project "eu-support" has modified_abuse_monitoring in effect, and the organization declares no responsible_contact`,
	"value": "modified_abuse_monitoring",
	"cause": {"subject": "organization", "attribute": "responsible_contact"},
}}

test_nothing_in_effect if {
	_verdict(_project("none")) == "not applicable"
	_verdict(_named(_project("none"))) == "not applicable"
}

test_not_declared if _undetermined(_project(null)) == {{
	"subject": "p",
	"attribute": "data_retention",
	"msg": `project "eu-support" may have a control in effect, and the organization declares no responsible_contact: the control in effect is not known (not declared)`,
	"cause": {"subject": "organization", "attribute": "responsible_contact"},
}}

test_not_declared_is_open if _verdict(_project(null)) == "undetermined"

test_not_declared_and_named if _verdict(_named(_project(null))) == "not applicable"

test_unknown if {
	_verdict(_unknown) == "undetermined"
	some f in _undetermined(_unknown)
	endswith(f.msg, "the control in effect is not known (known after apply)")
}

test_unknown_and_named if _verdict(_named(_unknown)) == "not applicable"
