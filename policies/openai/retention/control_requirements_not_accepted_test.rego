package openai.retention.control_requirements_not_accepted_test

import rego.v1

import data.openai.retention.control_requirements_not_accepted as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_approved(doc, controls, on, accepted) := t.organization(doc, {"abuse_monitoring_approval": {
	"controls": controls,
	"approved_on": on,
	"requirements_accepted": accepted,
	"reference": null,
}})

_zdr := t.project({"data_retention": "zero_data_retention"})

_unknown := t.unknown(_zdr, "projects", "data_retention")

_of_organization(doc) := t.verdict(sets, "organization") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

test_accepted if _verdict(_approved(_zdr, ["zero_data_retention"], "2025-03-01", true)) == "pass"

test_not_accepted if _verdict(_approved(_zdr, ["zero_data_retention"], "2025-03-01", false)) == "violation"

test_not_declared if {
	some f in _deny(_approved(_zdr, ["zero_data_retention"], null, null))
	f.cause.attribute == "abuse_monitoring_approval.requirements_accepted"
	f.attribute == "data_retention"
	f.value == "zero_data_retention"
}

test_no_approval if _verdict(_zdr) == "not applicable"

test_no_control if _verdict(_approved(t.project({"data_retention": "none"}), [], "2025-03-01", null)) == "not applicable"

test_organization if {
	doc := t.organization(t.facts, {"data_retention": "modified_abuse_monitoring"})
	_of_organization(_approved(doc, [], "2025-03-01", null)) == "violation"
	_of_organization(_approved(doc, [], "2025-03-01", true)) == "pass"
}

test_unknown if _verdict(_approved(_unknown, [], "2025-03-01", null)) == "undetermined"

test_unknown_and_accepted if _verdict(_approved(_unknown, [], "2025-03-01", true)) == "not applicable"

test_unknown_without_approval if _verdict(_unknown) == "not applicable"
