package openai.residency.allowed_model_not_in_region_test

import rego.v1

import data.openai.residency.allowed_model_not_in_region as rule
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

_allows(region, ids) := t.project({"region": region, "models": {"mode": "allow_list", "ids": ids}})

test_listed if _verdict(_allows("EU", ["alpha-2029-04-14", "delta"])) == "pass"

test_listed_for_another_endpoint if _verdict(_allows("US", ["live-1"])) == "pass"

test_empty if _verdict(_allows("EU", [])) == "pass"

test_ids_not_declared if _verdict(_allows("EU", null)) == "pass"

test_absent if _deny(_allows("EU", ["alpha-2029-04-14", "omega"])) == {{
	"subject": "p",
	"attribute": "models.ids",
	"msg": `project "eu-support" is in EU and allows "omega", which has no data residency there`,
	"value": "omega",
}}

test_one_finding_a_model if count(_deny(_allows("EU", ["live-1", "omega"]))) == 2

test_alias if {
	some f in _deny(_allows("EU", ["alpha"]))
	f.value == "alpha"
	f.hint == "alpha-2029-04-14"
}

test_outside_limits if _verdict(_allows("JP", ["delta"])) == "violation"

test_tuned if _verdict(_allows("EU", ["ft:alpha-2029-04-14:acme::1"])) == "undetermined"

test_tuned_from_another if _verdict(_allows("EU", ["ft:omega:acme::1"])) == "violation"

test_deny_list if _verdict(t.project({"region": "EU", "models": {"mode": "deny_list", "ids": ["omega"]}})) == "not applicable"

test_no_list if _verdict(t.project({"region": "EU"})) == "not applicable"

test_no_region if _verdict(_allows(null, ["omega"])) == "not applicable"

test_region_not_listed if _verdict(_allows("Narnia", ["omega"])) == "not applicable"

test_list_unknown if _verdict(t.unknown(t.project({"region": "EU"}), "projects", "models")) == "undetermined"

test_list_unknown_without_region if _verdict(t.unknown(t.project({}), "projects", "models")) == "not applicable"

test_models_unknown if _verdict(t.unknown(_allows("EU", []), "projects", "models.ids")) == "undetermined"

test_models_unknown_beside_an_absent_one if {
	_verdict(t.unknown(_allows("EU", ["omega"]), "projects", "models.ids")) == "violation"
}

test_models_unknown_of_a_deny_list if {
	doc := t.project({"region": "EU", "models": {"mode": "deny_list", "ids": []}})
	_verdict(t.unknown(doc, "projects", "models.ids")) == "not applicable"
}

test_region_unknown if _verdict(t.unknown(_allows(null, ["omega"]), "projects", "region")) == "undetermined"

test_region_unknown_and_limited if {
	found := _undetermined(t.unknown(_allows(null, ["alpha-2029-04-14", "delta"]), "projects", "region"))
	{f.value | some f in found} == {"delta"}
	{f.attribute | some f in found} == {"region"}
}

test_region_unknown_and_listed_everywhere if {
	_verdict(t.unknown(_allows(null, ["alpha-2029-04-14"]), "projects", "region")) == "not applicable"
}

test_both_unknown if {
	_verdict(t.unknown(t.unknown(t.project({}), "projects", "region"), "projects", "models")) == "undetermined"
}

test_region_unknown_and_tuned if {
	found := _undetermined(t.unknown(_allows(null, ["ft:alpha-2029-04-14:acme::1"]), "projects", "region"))
	found == {{
		"subject": "p",
		"attribute": "region",
		"msg": concat("", [
			`project "eu-support" allows "ft:alpha-2029-04-14:acme::1", which may have no data residency: `,
			"region is not known (known after apply)",
		]),
		"value": "ft:alpha-2029-04-14:acme::1",
	}}
}
