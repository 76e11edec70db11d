package openai.residency.chat_store_outside_us_test

import rego.v1

import data.openai.residency.chat_store_outside_us as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "u") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_use(region, store) := t.use({"region": region, "store": store})

test_stored if _deny(_use("EU", true)) == {{
	"subject": "u",
	"attribute": "store",
	"msg": `use "/v1/chat/completions" of project "eu-support" sets store = true in EU, which is allowed only in US`,
	"value": "EU",
}}

test_not_stored if _verdict(_use("EU", false)) == "pass"

test_not_declared if _verdict(_use("EU", null)) == "not applicable"

test_where_it_is_allowed if _verdict(_use("US", true)) == "not applicable"

test_no_region if _verdict(_use(null, true)) == "not applicable"

test_region_not_listed if _verdict(_use("Narnia", true)) == "not applicable"

test_another_endpoint if _verdict(t.use({"endpoint": "/v1/realtime", "region": "EU", "store": true})) == "not applicable"

test_store_unknown if _verdict(t.unknown(_use("EU", null), "uses", "store")) == "undetermined"

test_store_unknown_where_it_is_allowed if _verdict(t.unknown(_use("US", null), "uses", "store")) == "not applicable"

test_region_unknown if _verdict(t.unknown(_use(null, true), "uses", "region")) == "undetermined"

test_region_unknown_and_not_stored if _verdict(t.unknown(_use(null, false), "uses", "region")) == "not applicable"

test_region_unknown_of_another_endpoint if {
	doc := t.use({"endpoint": "/v1/realtime", "store": true})
	_verdict(t.unknown(doc, "uses", "region")) == "not applicable"
}

test_both_unknown if {
	_verdict(t.unknown(t.unknown(_use(null, null), "uses", "region"), "uses", "store")) == "undetermined"
}

test_region_unknown_where_every_region_allows_it if {
	allowed := {"value": ["US", "EU", "AE", "JP", "KR"]}
	doc := object.union(
		t.unknown(_use(null, true), "uses", "region"),
		{"edition": {"notes": {"/v1/chat/completions": {"store_true_allowed_regions": allowed}}}},
	)
	_verdict(doc) == "not applicable"
}
