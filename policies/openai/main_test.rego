package openai.main_test

import rego.v1

import data.openai.main
import data.openai.testing_test as t

_rules(doc) := {f.rule | some f in found} if {
	found := main.deny with input as doc
}

test_nothing_to_say if _rules(t.facts) == set()

test_violation_and_open_verdict if _rules(t.project({"region": "JP"})) == {
	"residency/residency-not-approved",
	"residency/non-us-region-without-abuse-monitoring-approval",
	"residency/non-us-region-without-abuse-monitoring-control",
	"residency/non-us-region-without-zdr-amendment",
}

test_retention if _rules(t.project({"data_retention": "zero_data_retention"})) == {"retention/control-without-approval"}

test_retention_open if {
	_rules(t.use({"endpoint": "/v1/files"})) == {"retention/endpoint-not-zdr-eligible"}
}

test_advice_is_a_warning if {
	doc := object.union(t.client({"project": null, "region": null}), {"projects": t.project({"region": "US"}).projects})
	_rules(doc) == {"residency/residency-not-approved"}
	{f.rule | some f in main.warn} == {"residency/client-without-project"} with input as doc
}
