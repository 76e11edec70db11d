package openai.residency.model_alias_not_pinned_test

import rego.v1

import data.openai.residency.model_alias_not_pinned as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "u") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_use(endpoint, region, model) := t.use({"endpoint": endpoint, "region": region, "model": model})

_chat(region, model) := _use("/v1/chat/completions", region, model)

test_alias if _deny(_chat("EU", "alpha")) == {{
	"subject": "u",
	"attribute": "model",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" calls "alpha", an alias: `,
		"what has data residency in EU is alpha-2029-04-14",
	]),
	"value": "alpha",
	"hint": "alpha-2029-04-14",
}}

test_short_alias if _verdict(_chat("EU", "beta")) == "violation"

test_snapshot if _verdict(_chat("EU", "alpha-2029-04-14")) == "pass"

test_listed_beside_its_snapshot if _verdict(_chat("EU", "gamma")) == "pass"

test_absent if _verdict(_chat("EU", "omega")) == "pass"

test_snapshot_in_another_region if _verdict(_chat("JP", "delta-mini")) == "pass"

test_snapshot_in_this_region if _verdict(_chat("US", "delta-mini")) == "violation"

test_no_region if _verdict(_chat(null, "alpha")) == "not applicable"

test_region_not_listed if _verdict(_chat("Narnia", "alpha")) == "not applicable"

test_no_model if _verdict(_chat("EU", null)) == "not applicable"

test_rows_that_list_no_models if _verdict(_use("/v1/vector_stores", "EU", "alpha")) == "not applicable"

test_model_unknown if _verdict(t.unknown(_chat("EU", null), "uses", "model")) == "undetermined"

test_model_unknown_where_no_snapshot_is_listed if {
	_verdict(t.unknown(_use("/v1/realtime", "US", null), "uses", "model")) == "not applicable"
}

test_model_unknown_without_region if _verdict(t.unknown(_chat(null, null), "uses", "model")) == "not applicable"

test_region_unknown if _verdict(t.unknown(_chat(null, "alpha"), "uses", "region")) == "undetermined"

test_region_unknown_and_snapshot_in_some if _verdict(t.unknown(_chat(null, "delta-mini"), "uses", "region")) == "undetermined"

test_region_unknown_and_snapshot if {
	_verdict(t.unknown(_chat(null, "alpha-2029-04-14"), "uses", "region")) == "not applicable"
}

test_both_unknown if {
	_verdict(t.unknown(t.unknown(_chat(null, null), "uses", "region"), "uses", "model")) == "undetermined"
}
