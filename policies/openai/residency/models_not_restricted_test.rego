package openai.residency.models_not_restricted_test

import rego.v1

import data.openai.residency.models_not_restricted as rule
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

_unknown(doc, attribute) := t.unknown(doc, "projects", attribute)

_allows(region, models) := t.project({"region": region, "models": models})

_allow_list := {"mode": "allow_list", "ids": ["alpha-2029-04-14"]}

_deny_list := {"mode": "deny_list", "ids": ["omega"]}

test_allow_list if _verdict(_allows("EU", _allow_list)) == "pass"

test_empty_allow_list if _verdict(_allows("EU", {"mode": "allow_list", "ids": []})) == "pass"

test_no_list if _deny(_allows("EU", null)) == {{
	"subject": "p",
	"attribute": "models",
	"msg": `project "eu-support" is in EU and may call models that have no data residency there: it has no allow list`,
	"value": "EU",
}}

test_deny_list if {
	some f in _deny(_allows("JP", _deny_list))
	endswith(f.msg, "its list is no allow list")
}

test_no_region if _verdict(_allows(null, null)) == "not applicable"

test_region_not_listed if _verdict(_allows("Narnia", null)) == "not applicable"

test_models_unknown if _undetermined(_unknown(_allows("EU", null), "models")) == {{
	"subject": "p",
	"attribute": "models",
	"msg": `project "eu-support" may call any model in its region: models is not known (known after apply)`,
}}

test_models_unknown_without_region if _verdict(_unknown(_allows(null, null), "models")) == "not applicable"

test_models_unknown_in_a_region_that_is_not_listed if {
	_verdict(_unknown(_allows("Narnia", null), "models")) == "not applicable"
}

test_ids_unknown_of_an_allow_list if _verdict(_unknown(_allows("EU", _allow_list), "models.ids")) == "pass"

test_ids_unknown_of_a_deny_list if _verdict(_unknown(_allows("EU", _deny_list), "models.ids")) == "violation"

test_region_unknown if _undetermined(_unknown(_allows(null, null), "region")) == {{
	"subject": "p",
	"attribute": "region",
	"msg": concat("", [
		`project "eu-support" may be in a region, and call any model there, as it has no allow list: `,
		"region is not known (known after apply)",
	]),
}}

test_region_unknown_and_deny_list if _verdict(_unknown(_allows(null, _deny_list), "region")) == "undetermined"

test_region_unknown_and_allow_list if _verdict(_unknown(_allows(null, _allow_list), "region")) == "not applicable"

test_both_unknown if _verdict(_unknown(_unknown(_allows(null, null), "region"), "models")) == "undetermined"

test_name_unknown if _verdict(_unknown(_allows("EU", _allow_list), "name")) == "pass"
