package openai.residency.non_us_region_without_abuse_monitoring_approval_test

import rego.v1

import data.openai.residency.non_us_region_without_abuse_monitoring_approval as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_approved(doc, controls, on) := t.organization(doc, {"abuse_monitoring_approval": {
	"controls": controls,
	"approved_on": on,
	"requirements_accepted": null,
	"reference": null,
}})

test_approved if _verdict(_approved(t.project({"region": "JP"}), ["modified_abuse_monitoring"], "2025-03-01")) == "pass"

test_enhanced if _verdict(_approved(t.project({"region": "JP"}), ["enhanced_zero_data_retention"], "2026-11-22")) == "pass"

test_not_approved if {
	some f in _deny(t.project({"region": "JP"}))
	f.cause == {"subject": "organization", "attribute": "abuse_monitoring_approval"}
	endswith(f.msg, "none is declared")
	f.attribute == "region"
	f.value == "JP"
}

test_later_than_today if {
	some f in _deny(_approved(t.project({"region": "JP"}), ["zero_data_retention"], "2026-11-23"))
	f.cause.attribute == "abuse_monitoring_approval.approved_on"
}

test_without_date if _verdict(_approved(t.project({"region": "JP"}), ["zero_data_retention"], null)) == "violation"

test_control_not_accepted if {
	some f in _deny(_approved(t.project({"region": "JP"}), ["safety_retention"], "2025-03-01"))
	f.cause.attribute == "abuse_monitoring_approval.controls"
}

test_control_accepted_in_another_region if {
	_verdict(_approved(t.project({"region": "EU"}), ["safety_retention"], "2025-03-01")) == "pass"
}

test_controls_not_declared if _verdict(_approved(t.project({"region": "EU"}), null, "2025-03-01")) == "violation"

test_region_that_asks_for_nothing if _verdict(t.project({"region": "US"})) == "not applicable"

test_no_region if _verdict(t.project({})) == "not applicable"

test_not_listed if _verdict(t.project({"region": "Narnia"})) == "not applicable"

test_unknown if _verdict(t.unknown(t.project({}), "projects", "region")) == "undetermined"

test_unknown_and_approved_for_some if {
	_verdict(_approved(t.unknown(t.project({}), "projects", "region"), ["safety_retention"], "2025-03-01")) == "undetermined"
}

test_unknown_and_approved if {
	_verdict(_approved(t.unknown(t.project({}), "projects", "region"), ["zero_data_retention"], "2025-03-01")) == "not applicable"
}

test_one_finding_without_approval if count(_deny(t.project({"region": "JP"}))) == 1
