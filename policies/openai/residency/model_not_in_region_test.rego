package openai.residency.model_not_in_region_test

import rego.v1

import data.openai.residency.model_not_in_region as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "u") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_undetermined(doc) := found if {
	found := rule.undetermined with input as doc
}

_use(endpoint, region, model) := t.use({"endpoint": endpoint, "region": region, "model": model})

_chat(region, model) := _use("/v1/chat/completions", region, model)

_attributes(doc) := {f.attribute | some f in _undetermined(doc)}

test_listed if _verdict(_chat("EU", "alpha-2029-04-14")) == "pass"

test_listed_beside_its_snapshot if _verdict(_chat("EU", "gamma")) == "pass"

test_absent if _deny(_chat("EU", "omega")) == {{
	"subject": "u",
	"attribute": "model",
	"msg": `use "/v1/chat/completions" of project "eu-support" calls model "omega", which has no data residency in EU`,
	"value": "omega",
}}

test_within_limits if _verdict(_chat("EU", "delta")) == "pass"

test_outside_limits if _verdict(_chat("JP", "delta")) == "violation"

test_alias if _verdict(_chat("EU", "alpha")) == "not applicable"

test_short_alias if _verdict(_chat("EU", "beta")) == "not applicable"

test_alias_of_a_model_that_is_listed_in_another_region if _verdict(_chat("JP", "delta-mini")) == "violation"

test_another_snapshot if _verdict(_chat("EU", "alpha-2029-09-09")) == "violation"

test_tuned if {
	_verdict(_chat("EU", "ft:alpha-2029-04-14:acme::1")) == "undetermined"
	_attributes(_chat("EU", "ft:alpha-2029-04-14:acme::1")) == {"model"}
}

test_tuned_from_another if _verdict(_chat("EU", "ft:omega:acme::1")) == "violation"

test_no_region if _verdict(_chat(null, "omega")) == "not applicable"

test_region_not_listed if _verdict(_chat("Narnia", "omega")) == "not applicable"

test_no_row_in_region if _verdict(_use("/v1/realtime", "EU", "omega")) == "not applicable"

test_rows_that_list_no_models if _verdict(_use("/v1/vector_stores", "EU", "omega")) == "not applicable"

test_endpoint_not_in_the_edition if _verdict(_use("/v1/nothing", "EU", "omega")) == "not applicable"

test_model_not_declared if _undetermined(_chat("EU", null)) == {{
	"subject": "u",
	"attribute": "model",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" may call a model without data residency in its region: `,
		"model is not known (not declared)",
	]),
	"value": null,
}}

test_model_not_declared_where_none_is_taken if _verdict(_use("/v1/files", "EU", null)) == "not applicable"

test_model_not_declared_where_the_same_row_wants_one if _verdict(_use("/v1/fine_tuning/jobs", "EU", null)) == "undetermined"

test_model_not_declared_without_a_list if _verdict(_use("/v1/vector_stores", "EU", null)) == "not applicable"

test_model_unknown if _verdict(t.unknown(_chat("EU", null), "uses", "model")) == "undetermined"

test_model_unknown_without_a_list if {
	_verdict(t.unknown(_use("/v1/vector_stores", "EU", null), "uses", "model")) == "not applicable"
}

test_model_unknown_without_region if _verdict(t.unknown(_chat(null, null), "uses", "model")) == "not applicable"

test_region_unknown if _verdict(t.unknown(_chat(null, "omega"), "uses", "region")) == "undetermined"

test_region_unknown_and_limited if {
	_verdict(t.unknown(_chat(null, "delta"), "uses", "region")) == "undetermined"
	_attributes(t.unknown(_chat(null, "delta"), "uses", "region")) == {"region"}
}

test_region_unknown_and_listed_everywhere if {
	_verdict(t.unknown(_chat(null, "alpha-2029-04-14"), "uses", "region")) == "not applicable"
}

test_region_unknown_and_alias if _verdict(t.unknown(_chat(null, "alpha"), "uses", "region")) == "not applicable"

test_region_unknown_and_tuned if {
	_verdict(t.unknown(_chat(null, "ft:alpha-2029-04-14:acme::1"), "uses", "region")) == "undetermined"
}

test_region_unknown_and_model_not_declared if _verdict(t.unknown(_chat(null, null), "uses", "region")) == "undetermined"

test_both_unknown if {
	_verdict(t.unknown(t.unknown(_chat(null, null), "uses", "region"), "uses", "model")) == "undetermined"
}

test_region_unknown_without_a_list if {
	_verdict(t.unknown(_use("/v1/vector_stores", null, "omega"), "uses", "region")) == "not applicable"
}
