package openai.residency.endpoint_not_in_region_test

import rego.v1

import data.openai.residency.endpoint_not_in_region as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "u") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_use(endpoint, region) := t.use({"endpoint": endpoint, "region": region})

test_in_region if _verdict(_use("/v1/chat/completions", "JP")) == "pass"

test_not_in_region if _deny(_use("/v1/realtime", "EU")) == {{
	"subject": "u",
	"attribute": "endpoint",
	"msg": `use "/v1/realtime" of project "eu-support" is in EU, where data residency does not cover that endpoint`,
	"value": "/v1/realtime",
}}

test_in_no_region if _verdict(_use("/v1/assistants", "US")) == "violation"

test_not_in_the_edition if _verdict(_use("/v1/nothing", "US")) == "violation"

test_no_region if _verdict(_use("/v1/realtime", null)) == "not applicable"

test_not_listed if _verdict(_use("/v1/realtime", "Narnia")) == "not applicable"

test_region_unknown if _verdict(t.unknown(_use("/v1/realtime", null), "uses", "region")) == "undetermined"

test_region_unknown_and_not_in_the_edition if {
	_verdict(t.unknown(_use("/v1/nothing", null), "uses", "region")) == "undetermined"
}

test_region_unknown_and_in_every_region if {
	_verdict(t.unknown(_use("/v1/vector_stores", null), "uses", "region")) == "not applicable"
}
