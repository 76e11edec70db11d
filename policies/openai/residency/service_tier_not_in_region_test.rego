package openai.residency.service_tier_not_in_region_test

import rego.v1

import data.openai.residency.service_tier_not_in_region as rule
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

_attributes(doc) := {f.attribute | some f in _undetermined(doc)}

# In EU gamma has some tiers only, and delta all but one; ultrafast is there for delta in US and EU, and for alpha in US.
_limits := {
	"service_tier_limits": [
		{"region": "EU", "models": ["gamma"], "service_tiers_allowed": ["standard", "flex", "fast"]},
		{"region": "EU", "models": ["delta", "beta-0613"], "service_tiers_forbidden": ["fast"]},
		{"region": "AE", "models": ["delta"], "service_tiers_allowed": ["standard", "flex", "batch", "fast", "ultrafast"]},
	],
	"service_tier_regions": {"ultrafast": {"delta": ["US", "EU"], "alpha": ["US"]}},
}

_use(region, tier, model) := _edition(t.use({"region": region, "service_tier": tier, "model": model}), _limits)

_edition(doc, extra) := object.union(doc, {"edition": {"services": {"by_path": {"/v1/chat/completions": [object.union(row, extra) |
	some row in doc.edition.services.by_path["/v1/chat/completions"]
]}}}})

_scale(doc, regions) := object.union(doc, {"edition": {"services": {"by_key": {"scale tier": [{"storage_regions": regions}]}}}})

_unknown(doc, attribute) := t.unknown(doc, "uses", attribute)

test_not_among_the_allowed if _deny(_use("EU", "batch", "gamma")) == {{
	"subject": "u",
	"attribute": "service_tier",
	"msg": `use "/v1/chat/completions" of project "eu-support" asks for the service tier batch, which EU does not have for gamma`,
	"value": "batch",
}}

test_allowed if {
	_verdict(_use("EU", "standard", "gamma")) == "pass"
	_verdict(_use("EU", "fast", "gamma")) == "pass"
}

test_forbidden if {
	_verdict(_use("EU", "fast", "delta")) == "violation"
	_verdict(_use("EU", "batch", "delta")) == "pass"
}

test_another_edition if {
	limits := {"service_tier_limits": [{"region": "JP", "models": ["gamma"], "service_tiers_allowed": ["batch"]}]}
	_verdict(_edition(_use("JP", "standard", "gamma"), limits)) == "violation"
	_verdict(_edition(_use("EU", "standard", "gamma"), limits)) == "not applicable"
}

test_limit_of_another_region if {
	_verdict(_use("US", "batch", "gamma")) == "not applicable"
	_verdict(_use("JP", "fast", "delta")) == "not applicable"
}

test_model_without_limits if {
	_verdict(_use("EU", "fast", "omega")) == "not applicable"
	_verdict(_use("EU", "fast", "alpha")) == "not applicable"
}

test_placed_tier if {
	_verdict(_use("EU", "ultrafast", "delta")) == "pass"
	_verdict(_use("US", "ultrafast", "alpha")) == "pass"
	_verdict(_use("EU", "ultrafast", "alpha")) == "violation"
	_verdict(_use("JP", "ultrafast", "delta")) == "violation"
}

test_placed_tier_for_a_model_that_it_does_not_name if {
	_verdict(_use("US", "ultrafast", "omega")) == "violation"
	_verdict(_use("JP", "ultrafast", "omega")) == "violation"
}

test_another_endpoint if {
	doc := object.union(_use("EU", "ultrafast", "gamma"), {"uses": {"u": {"endpoint": "/v1/realtime"}}})
	_verdict(doc) == "not applicable"
}

test_endpoint_not_in_the_edition if {
	doc := object.union(_use("EU", "batch", "gamma"), {"uses": {"u": {"endpoint": "/v1/nothing"}}})
	_verdict(doc) == "not applicable"
}

test_no_tier if {
	_verdict(_use("EU", null, "gamma")) == "not applicable"
	_verdict(_use("EU", null, null)) == "not applicable"
	doc := _use("EU", null, "gamma")
	_verdict(object.union(doc, {"uses": {"v": object.union(doc.uses.u, {"service_tier": "fast"})}})) == "not applicable"
}

test_no_region if {
	_verdict(_use(null, "batch", "gamma")) == "not applicable"
	_verdict(_use(null, "ultrafast", "omega")) == "not applicable"
}

test_region_not_listed if {
	_verdict(_use("Narnia", "batch", "gamma")) == "not applicable"
	_verdict(_use("Narnia", "ultrafast", "omega")) == "not applicable"
	_verdict(_scale(_use("Narnia", "scale", "gamma"), ["EU"])) == "not applicable"
}

test_scale_by_its_own_row if {
	_verdict(_scale(_use("EU", "scale", "gamma"), ["EU"])) == "pass"
	_verdict(_scale(_use("EU", "scale", "omega"), ["EU"])) == "pass"
	_verdict(_scale(_use("EU", "scale", null), ["EU"])) == "pass"
	_verdict(_scale(_use("JP", "scale", "omega"), ["EU"])) == "violation"
	_verdict(_scale(_use("JP", "scale", "delta"), ["EU"])) == "violation"
	_verdict(_scale(_use("JP", "scale", null), ["EU"])) == "violation"
	_verdict(_use("EU", "scale", "gamma")) == "not applicable"
}

test_scale_whatever_a_row_says_besides if {
	limits := {
		"service_tier_limits": [{"region": "EU", "models": ["gamma"], "service_tiers_forbidden": ["scale"]}],
		"service_tier_regions": {"scale": {"delta": ["US"]}},
	}
	_verdict(_scale(_edition(_use("EU", "scale", "gamma"), limits), ["EU"])) == "pass"
	_verdict(_edition(_use("EU", "scale", "gamma"), limits)) == "not applicable"
}

test_scale_of_another_endpoint if {
	doc := t.use({"endpoint": "/v1/realtime", "region": "JP", "service_tier": "scale", "model": "live-1"})
	_verdict(_scale(doc, ["US"])) == "violation"
	some f in _deny(_scale(doc, ["US"]))
	f.msg == `use "/v1/realtime" of project "eu-support" asks for the service tier scale, which JP does not have for live-1`
}

test_auto if {
	_undetermined(_use("EU", "auto", "gamma")) == {{
		"subject": "u",
		"attribute": "service_tier",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" may ask for a service tier `,
			"that its region does not have: auto may be any tier",
		]),
	}}
	_verdict(_use("EU", "auto", "gamma")) == "undetermined"
	_verdict(_use("EU", "auto", "delta")) == "undetermined"
	_verdict(_use("EU", "auto", null)) == "undetermined"
	_verdict(_use("EU", "auto", "omega")) == "not applicable"
	_verdict(_use("JP", "auto", "gamma")) == "not applicable"
	_verdict(_use("AE", "auto", "delta")) == "pass"
}

test_model_not_declared if {
	_undetermined(_use("EU", "batch", null)) == {{
		"subject": "u",
		"attribute": "model",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" may ask for a service tier `,
			"that its region does not have: model is not known (not declared)",
		]),
	}}
	_verdict(_use("EU", "batch", null)) == "undetermined"
	_verdict(_use("EU", "ultrafast", null)) == "undetermined"
}

test_model_not_declared_where_no_limit_hits_the_tier if {
	_verdict(_use("EU", "standard", null)) == "pass"
	_verdict(_use("JP", "standard", null)) == "not applicable"
}

test_model_not_declared_where_no_model_has_the_tier if {
	doc := _use("JP", "ultrafast", null)
	_verdict(doc) == "violation"
	_undetermined(doc) == set()
	{f.msg | some f in _deny(doc)} == {concat("", [
		`use "/v1/chat/completions" of project "eu-support" asks for the service tier ultrafast, `,
		"which JP does not have for any model",
	])}
}

test_model_unknown if {
	_verdict(_unknown(_use("EU", "batch", null), "model")) == "undetermined"
	_verdict(_unknown(_use("EU", "ultrafast", null), "model")) == "undetermined"
	_verdict(_unknown(_use("EU", "standard", null), "model")) == "not applicable"
	_verdict(_unknown(_use("JP", "ultrafast", null), "model")) == "violation"
	_verdict(_unknown(_use("EU", "auto", null), "model")) == "undetermined"
}

test_tuned if {
	_verdict(_use("EU", "batch", "ft:gamma:acme::1")) == "undetermined"
	_attributes(_use("EU", "batch", "ft:gamma:acme::1")) == {"model"}
	_verdict(_use("EU", "standard", "ft:gamma:acme::1")) == "not applicable"
	_verdict(_use("EU", "batch", "ft:omega:acme::1")) == "not applicable"
	_verdict(_use("EU", "ultrafast", "ft:delta:acme::1")) == "undetermined"
	_verdict(_use("JP", "ultrafast", "ft:delta:acme::1")) == "violation"
	_verdict(_use("EU", "ultrafast", "ft:omega:acme::1")) == "violation"
}

test_tier_unknown if {
	doc := _unknown(_use("EU", null, "gamma"), "service_tier")
	_verdict(doc) == "undetermined"
	_attributes(doc) == {"service_tier"}
	_verdict(_unknown(_use("JP", null, "omega"), "service_tier")) == "undetermined"
	_verdict(_unknown(_use("US", null, "delta"), "service_tier")) == "not applicable"
	_verdict(_unknown(_use("Narnia", null, "gamma"), "service_tier")) == "not applicable"
}

test_tier_unknown_where_nothing_is_limited if {
	none := {"service_tier_limits": [], "service_tier_regions": {}}
	doc := t.use({"endpoint": "/v1/realtime", "region": "US", "model": "live-1"})
	_verdict(_unknown(doc, "service_tier")) == "not applicable"
	_verdict(_scale(_unknown(doc, "service_tier"), ["EU"])) == "undetermined"
	_verdict(_scale(_unknown(doc, "service_tier"), ["EU", "US"])) == "not applicable"
	full := {"service_tier_limits": [{"region": "EU", "models": ["gamma"], "service_tiers_allowed": [
		"standard",
		"flex",
		"batch",
		"fast",
		"ultrafast",
	]}]}
	_verdict(_unknown(_edition(t.use({"region": "EU", "model": "gamma"}), object.union(none, full)), "service_tier")) == "not applicable"
}

test_region_unknown if {
	doc := _unknown(_use(null, "batch", "gamma"), "region")
	_verdict(doc) == "undetermined"
	_attributes(doc) == {"region"}
	_verdict(_unknown(_use(null, "standard", "gamma"), "region")) == "not applicable"
	_verdict(_unknown(_use(null, "ultrafast", "omega"), "region")) == "undetermined"
	_verdict(_unknown(_use(null, "batch", "omega"), "region")) == "not applicable"
	_verdict(_scale(_unknown(_use(null, "scale", "omega"), "region"), ["EU"])) == "undetermined"
}

test_all_unknown if {
	doc := _unknown(_unknown(_unknown(_use(null, null, null), "region"), "service_tier"), "model")
	_verdict(doc) == "undetermined"
	_attributes(doc) == {"region", "service_tier", "model"}
}

# A colon alone makes no tuned model.
test_model_with_a_colon if _verdict(_use("EU", "auto", "not:gamma")) == "not applicable"
