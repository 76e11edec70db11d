package openai.residency.non_us_region_without_zdr_amendment_test

import rego.v1

import data.openai.residency.non_us_region_without_zdr_amendment as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_with(doc, amendment, executed, expires) := t.organization(doc, {amendment: {
	"executed_on": executed,
	"expires_on": expires,
	"reference": null,
}})

_jp := t.project({"region": "JP"})

_eu := t.project({"region": "EU"})

test_in_force if _verdict(_with(_jp, "zdr_amendment", "2025-03-10", null)) == "pass"

test_executed_today if _verdict(_with(_jp, "zdr_amendment", "2026-11-22", null)) == "pass"

test_none if _deny(_jp) == {{
	"subject": "p",
	"attribute": "region",
	"msg": `project "eu-support" is in JP, which requires an executed zero data retention amendment; none is declared`,
	"value": "JP",
	"cause": {"subject": "organization", "attribute": "zdr_amendment"},
}}

test_none_of_the_newer_one if {
	some f in _deny(_eu)
	f.cause.attribute == "modified_retention_amendment"
	endswith(f.msg, "which requires an executed modified retention amendment; none is declared")
}

test_not_executed if {
	some f in _deny(_with(_jp, "zdr_amendment", null, null))
	f.cause.attribute == "zdr_amendment.executed_on"
}

test_later_than_today if {
	some f in _deny(_with(_jp, "zdr_amendment", "2026-11-23", null))
	f.cause.attribute == "zdr_amendment.executed_on"
}

test_expired if {
	some f in _deny(_with(_jp, "zdr_amendment", "2025-03-10", "2026-11-21"))
	f.cause.attribute == "zdr_amendment.expires_on"
	endswith(f.msg, "it expired on 2026-11-21")
}

test_expires_today if _verdict(_with(_jp, "zdr_amendment", "2025-03-10", "2026-11-22")) == "pass"

test_older_one_counts if _verdict(_with(_eu, "zdr_amendment", "2025-03-10", null)) == "pass"

test_newer_one_counts if _verdict(_with(_eu, "modified_retention_amendment", "2025-03-10", null)) == "pass"

test_newer_one_does_not_stand_for_the_older if {
	_verdict(_with(_jp, "modified_retention_amendment", "2025-03-10", null)) == "violation"
}

test_one_in_force_suffices if {
	doc := _with(_eu, "modified_retention_amendment", "2025-03-10", "2025-12-31")
	_verdict(doc) == "violation"
	_verdict(_with(doc, "zdr_amendment", "2025-03-10", null)) == "pass"
}

test_older_one_expired if {
	some f in _deny(_with(_eu, "zdr_amendment", "2025-03-10", "2025-12-31"))
	f.cause.attribute == "zdr_amendment.expires_on"
}

test_region_that_asks_for_nothing if _verdict(t.project({"region": "US"})) == "not applicable"

test_no_region if _verdict(t.project({})) == "not applicable"

test_not_listed if _verdict(t.project({"region": "Narnia"})) == "not applicable"

test_unknown if _verdict(t.unknown(_jp, "projects", "region")) == "undetermined"

test_unknown_and_one_region_open if {
	_verdict(_with(t.unknown(_jp, "projects", "region"), "modified_retention_amendment", "2025-03-10", null)) == "undetermined"
}

test_unknown_and_in_force if {
	_verdict(_with(t.unknown(_jp, "projects", "region"), "zdr_amendment", "2025-03-10", null)) == "not applicable"
}

test_region_without_agreement if {
	doc := object.union(_jp, {"edition": {"regions": {"JP": {"extra_agreement": null}}}})
	_verdict(doc) == "not applicable"
}
