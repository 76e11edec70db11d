package openai.residency.region_without_further_approval_test

import rego.v1

import data.openai.residency.region_without_further_approval as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_approved(doc, on) := t.organization(doc, {"region_approvals": {"AE": {"approved_on": on, "reference": null}}})

test_approved if _verdict(_approved(t.project({"region": "AE"}), "2026-03-01")) == "pass"

test_approved_today if _verdict(_approved(t.project({"region": "AE"}), "2026-11-22")) == "pass"

test_approved_tomorrow if _verdict(_approved(t.project({"region": "AE"}), "2026-11-23")) == "violation"

test_without_date if {
	some f in _deny(_approved(t.project({"region": "AE"}), null))
	f.cause.attribute == "region_approvals.AE.approved_on"
}

test_not_approved if {
	some f in _deny(t.project({"region": "AE"}))
	f.cause == {"subject": "organization", "attribute": "region_approvals.AE"}
	f.msg == `project "eu-support" is in AE, which requires a further approval; none is declared`
}

test_another_region if _verdict(t.project({"region": "EU"})) == "not applicable"

test_no_region if _verdict(t.project({})) == "not applicable"

test_unknown if _verdict(t.unknown(t.project({}), "projects", "region")) == "undetermined"

test_unknown_and_approved if {
	_verdict(_approved(t.unknown(t.project({}), "projects", "region"), "2026-03-01")) == "not applicable"
}
