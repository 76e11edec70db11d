package openai.residency.residency_not_approved_test

import rego.v1

import data.openai.residency.residency_not_approved as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_approved(doc, value) := t.organization(doc, {"residency_approved": value})

test_approved if _verdict(_approved(t.project({"region": "US"}), true)) == "pass"

test_not_declared if _verdict(t.project({"region": "US"})) == "violation"

test_declared_false if _verdict(_approved(t.project({"region": "EU"}), false)) == "violation"

test_cause if {
	some f in _deny(t.project({"region": "EU"}))
	f.cause == {"subject": "organization", "attribute": "residency_approved"}
	f.attribute == "region"
}

test_no_region if _verdict(t.project({})) == "not applicable"

test_not_listed if _verdict(t.project({"region": "Narnia"})) == "not applicable"

test_unknown if _verdict(t.unknown(t.project({}), "projects", "region")) == "undetermined"

test_unknown_and_approved if _verdict(_approved(t.unknown(t.project({}), "projects", "region"), true)) == "not applicable"
