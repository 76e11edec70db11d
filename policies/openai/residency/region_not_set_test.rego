package openai.residency.region_not_set_test

import rego.v1

import data.openai.residency.region_not_set as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_required(extra) := t.project(object.union({"requirements": {"region_required": true}}, extra))

test_set if _verdict(_required({"region": "JP"})) == "pass"

test_not_set if _verdict(_required({})) == "violation"

test_not_required if _verdict(t.project({})) == "not applicable"

test_required_false if _verdict(t.project({"requirements": {"region_required": false}})) == "not applicable"

test_not_listed if _verdict(_required({"region": "Narnia"})) == "not applicable"

test_unknown if _verdict(t.unknown(_required({}), "projects", "region")) == "undetermined"

test_unknown_and_not_required if _verdict(t.unknown(t.project({}), "projects", "region")) == "not applicable"
