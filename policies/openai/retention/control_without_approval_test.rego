package openai.retention.control_without_approval_test

import rego.v1

import data.openai.retention.control_without_approval as rule
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

test_approved if _verdict(_approved(_zdr, ["zero_data_retention"], "2025-03-01", null)) == "pass"

test_approved_today if _verdict(_approved(_zdr, [], "2026-11-22", null)) == "pass"

test_not_approved if _deny(_zdr) == {{
	"subject": "p",
	"attribute": "data_retention",
	"msg": `project "eu-support" declares zero_data_retention, which requires an approval; none is declared`,
	"value": "zero_data_retention",
	"cause": {"subject": "organization", "attribute": "abuse_monitoring_approval"},
}}

test_later_than_today if _verdict(_approved(_zdr, ["zero_data_retention"], "2026-11-23", null)) == "violation"

test_without_date if {
	some f in _deny(_approved(_zdr, ["zero_data_retention"], null, null))
	f.cause.attribute == "abuse_monitoring_approval.approved_on"
}

test_none if _verdict(t.project({"data_retention": "none"})) == "not applicable"

test_default if _verdict(t.project({"data_retention": "organization_default"})) == "not applicable"

test_not_declared if _verdict(t.project({})) == "not applicable"

test_organization if {
	doc := t.organization(t.facts, {"data_retention": "modified_abuse_monitoring"})
	_of_organization(doc) == "violation"
	_of_organization(_approved(doc, [], "2025-03-01", null)) == "pass"
	some f in _deny(doc)
	f.msg == "the organization declares modified_abuse_monitoring, which requires an approval; none is declared"
}

test_organization_that_declares_nothing if _of_organization(_zdr) == "not applicable"

test_unknown if _verdict(_unknown) == "undetermined"

test_unknown_and_approved if _verdict(_approved(_unknown, [], "2025-03-01", null)) == "not applicable"

test_organization_unknown if _of_organization(t.unknown_organization(t.facts)) == "undetermined"
