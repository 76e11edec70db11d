package openai.retention.control_not_among_approved_test

import rego.v1

import data.openai.retention.control_not_among_approved as rule
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

test_named if _verdict(_approved(_zdr, ["zero_data_retention"], null, null)) == "pass"

test_included if _verdict(_approved(_zdr, ["enhanced_zero_data_retention"], "2025-03-01", null)) == "pass"

test_not_covered if _deny(_approved(_zdr, ["modified_abuse_monitoring"], "2025-03-01", true)) == {{
	"subject": "p",
	"attribute": "data_retention",
	"msg": `project "eu-support" declares zero_data_retention, which the declared approval does not cover`,
	"value": "zero_data_retention",
	"cause": {"subject": "organization", "attribute": "abuse_monitoring_approval.controls"},
}}

test_enhanced_is_more if {
	doc := t.project({"data_retention": "enhanced_zero_data_retention"})
	_verdict(_approved(doc, ["zero_data_retention"], "2025-03-01", true)) == "violation"
}

test_no_approval if _verdict(_zdr) == "not applicable"

test_no_control if _verdict(_approved(t.project({"data_retention": "none"}), [], null, null)) == "not applicable"

test_organization if {
	doc := t.organization(t.facts, {"data_retention": "modified_abuse_monitoring"})
	_of_organization(_approved(doc, [], "2025-03-01", null)) == "violation"
	_of_organization(_approved(doc, ["zero_data_retention"], "2025-03-01", null)) == "pass"
}

test_unknown if _verdict(_approved(_unknown, ["zero_data_retention"], "2025-03-01", null)) == "undetermined"

test_unknown_and_everything_approved if {
	controls := [
		"enhanced_zero_data_retention",
		"zdr_with_private_safety_processing",
		"private_retention_with_private_safety_processing",
		"safety_retention",
	]
	_verdict(_approved(_unknown, controls, "2025-03-01", null)) == "not applicable"
}

test_unknown_without_approval if _verdict(_unknown) == "not applicable"
