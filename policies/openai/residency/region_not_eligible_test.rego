package openai.residency.region_not_eligible_test

import rego.v1

import data.openai.residency.region_not_eligible as rule
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

test_listed if _verdict(t.project({"region": "EU"})) == "pass"

test_none if _verdict(t.project({})) == "not applicable"

test_not_listed if _verdict(t.project({"region": "Narnia"})) == "violation"

test_finding if _deny(t.project({"region": "Narnia"})) == {{
	"subject": "p",
	"attribute": "region",
	"msg": `project "eu-support" is in region "Narnia", which edition 2030-01 does not list`,
	"value": "Narnia",
	"hint": "one of AE, EU, JP, KR, US",
}}

test_hint_by_name if {
	some f in _deny(t.project({"region": "europe"}))
	f.hint == "EU"
}

test_hint_by_code if {
	some f in _deny(t.project({"region": "jp-east-1"}))
	f.hint == "JP"
}

test_hint_of_nothing if {
	some f in _deny(t.project({"region": ""}))
	f.hint == "one of AE, EU, JP, KR, US"
}

test_unknown if _verdict(t.unknown(t.project({}), "projects", "region")) == "undetermined"

test_unknown_finding if _undetermined(t.unknown(t.project({}), "projects", "region")) == {{
	"subject": "p",
	"attribute": "region",
	"msg": `project "eu-support": region is not known (known after apply)`,
}}

test_another_edition if {
	doc := object.union(t.project({"region": "Narnia"}), {"edition": {"name": "2031-07"}})
	{f.msg | some f in _deny(doc)} == {`project "eu-support" is in region "Narnia", which edition 2031-07 does not list`}
	listed := object.union(doc, {"edition": {"regions": {"Narnia": doc.edition.regions.JP}}})
	_verdict(listed) == "pass"
}
