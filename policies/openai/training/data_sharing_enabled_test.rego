package openai.training.data_sharing_enabled_test

import rego.v1

import data.openai.testing_test as t
import data.openai.training.data_sharing_enabled as rule

_verdict(doc, id) := t.verdict(sets, id) if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_undetermined(doc) := found if {
	found := rule.undetermined with input as doc
}

_forbidden := {"requirements": {"training_forbidden": true}}

_project(sharing) := t.organization(t.project(_forbidden), {"data_sharing": sharing})

# The host merges the organization's requirements into the project's.
_organization(sharing) := t.organization(t.project(_forbidden), object.union(_forbidden, {"data_sharing": sharing}))

test_project_shares if _deny(_project(true)) == {{
	"subject": "p",
	"attribute": "requirements",
	"msg": `project "eu-support" forbids training, and data sharing is turned on`,
	"cause": {"subject": "organization", "attribute": "data_sharing"},
}}

test_project_does_not if _verdict(_project(false), "p") == "pass"

test_project_not_declared if _undetermined(_project(null)) == {{
	"subject": "p",
	"attribute": "requirements",
	"msg": `project "eu-support" forbids training, and whether data sharing is turned on is not declared`,
	"cause": {"subject": "organization", "attribute": "data_sharing"},
}}

test_project_alone_forbids if {
	_verdict(_project(true), "p") == "violation"
	_verdict(_project(null), "p") == "undetermined"
	every sharing in [true, false, null] { _verdict(_project(sharing), "organization") == "not applicable" }
}

test_organization_forbids if {
	every id in ["p", "organization"] {
		_verdict(_organization(true), id) == "violation"
		_verdict(_organization(null), id) == "undetermined"
		_verdict(_organization(false), id) == "pass"
	}
}

test_finding_of_the_organization if {
	doc := t.organization(t.facts, object.union(_forbidden, {"data_sharing": true}))
	_deny(doc) == {{
		"subject": "organization",
		"attribute": "data_sharing",
		"msg": "the organization forbids training, and data sharing is turned on",
	}}
}

test_allowed if {
	every allowed in [false, null] {
		requirements := {"requirements": {"training_forbidden": allowed}}
		doc := t.organization(t.project(requirements), object.union(requirements, {"data_sharing": true}))
		_verdict(doc, "p") == "not applicable"
		_verdict(doc, "organization") == "not applicable"
	}
}

test_allowed_and_not_declared if {
	_verdict(t.project({}), "p") == "not applicable"
	_verdict(t.project({}), "organization") == "not applicable"
}
