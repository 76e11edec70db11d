package openai.healthcare.phi_without_baa_test

import rego.v1

import data.openai.healthcare.phi_without_baa as rule
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

_project(phi, agreement) := t.organization(t.project({"handles_phi": phi}), {"business_associate_agreement": agreement})

_executed(day) := {"executed_on": day, "reference": "contract 12"}

_unknown(agreement) := t.unknown(_project(null, agreement), "projects", "handles_phi")

test_none if _deny(_project(true, null)) == {{
	"subject": "p",
	"attribute": "handles_phi",
	"msg": `project "eu-support" handles health information, and a business associate agreement is not in force: none is declared`,
	"cause": {"subject": "organization", "attribute": "business_associate_agreement"},
}}

test_executed if {
	_verdict(_project(true, _executed("2025-04-01"))) == "pass"
	_verdict(_project(true, _executed("2026-11-22"))) == "pass"
}

test_executed_later if {
	doc := _project(true, _executed("2026-11-23"))
	_verdict(doc) == "violation"
	some f in _deny(doc)
	f.cause == {"subject": "organization", "attribute": "business_associate_agreement.executed_on"}
}

test_no_day if _verdict(_project(true, _executed(null))) == "violation"

test_no_health_information if {
	every phi in [false, null] {
		_verdict(_project(phi, null)) == "not applicable"
		_verdict(_project(phi, _executed("2025-04-01"))) == "not applicable"
	}
}

test_unknown if _undetermined(_unknown(null)) == {{
	"subject": "p",
	"attribute": "handles_phi",
	"msg": concat("", [
		`project "eu-support" may handle health information, and a business associate agreement is not in force `,
		"(none is declared): handles_phi is not known (known after apply)",
	]),
	"cause": {"subject": "organization", "attribute": "business_associate_agreement"},
}}

test_unknown_is_no_violation if _verdict(_unknown(null)) == "undetermined"

test_unknown_and_executed if _verdict(_unknown(_executed("2025-04-01"))) == "not applicable"
