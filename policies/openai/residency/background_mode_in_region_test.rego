package openai.residency.background_mode_in_region_test

import rego.v1

import data.openai.residency.background_mode_in_region as rule
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

# In an edition that bars it for an endpoint in these regions.
_barred(doc, regions) := object.union(doc, {"edition": {"notes": {"/v1/realtime": {"background_true_forbidden_regions": {
	"value": regions,
	"scope": null,
}}}}})

_use(region, background) := _barred(_bare(region, background), ["EU", "Narnia"])

_bare(region, background) := t.use({"endpoint": "/v1/realtime", "region": region, "background": background})

_unknown(doc, attribute) := t.unknown(doc, "uses", attribute)

test_barred if _deny(_use("EU", true)) == {{
	"subject": "u",
	"attribute": "background",
	"msg": `use "/v1/realtime" of project "eu-support" sets background = true in EU, where it is not allowed`,
	"value": "EU",
}}

test_another_region if _verdict(_use("JP", true)) == "pass"

test_another_edition if {
	_verdict(_barred(_bare("JP", true), ["JP"])) == "violation"
	_verdict(_barred(_bare("EU", true), ["JP"])) == "pass"
}

test_off if {
	_verdict(_use("EU", false)) == "pass"
	_verdict(_use("JP", false)) == "pass"
}

test_not_declared if _verdict(_use("EU", null)) == "not applicable"

test_no_region if {
	_verdict(_use(null, true)) == "not applicable"
	_verdict(_use(null, false)) == "not applicable"
}

test_region_not_listed if {
	_verdict(_use("Narnia", true)) == "not applicable"
	_verdict(_use("Narnia", false)) == "not applicable"
}

test_another_endpoint if {
	doc := object.union(_use("EU", true), {"uses": {"u": {"endpoint": "/v1/files"}}})
	_verdict(doc) == "not applicable"
}

test_edition_that_does_not_say if {
	_verdict(_bare("EU", true)) == "not applicable"
	_verdict(_bare("EU", false)) == "not applicable"
	_verdict(_unknown(_bare("EU", null), "background")) == "not applicable"
}

test_background_unknown if _undetermined(_unknown(_use("EU", null), "background")) == {{
	"subject": "u",
	"attribute": "background",
	"msg": concat("", [
		`use "/v1/realtime" of project "eu-support" may set background = true in EU: `,
		"background is not known (known after apply)",
	]),
}}

test_background_unknown_where_it_is_allowed if {
	_verdict(_unknown(_use("JP", null), "background")) == "not applicable"
	_verdict(_unknown(_use(null, null), "background")) == "not applicable"
	_verdict(_unknown(_use("Narnia", null), "background")) == "not applicable"
}

test_region_unknown if {
	doc := _unknown(_use(null, true), "region")
	_verdict(doc) == "undetermined"
	{f.attribute | some f in _undetermined(doc)} == {"region"}
}

test_region_unknown_and_off if {
	_verdict(_unknown(_use(null, false), "region")) == "not applicable"
	_verdict(_unknown(_use(null, null), "region")) == "not applicable"
}

test_region_unknown_where_none_listed_is_barred if {
	_verdict(_unknown(_barred(_bare(null, true), ["Narnia"]), "region")) == "not applicable"
}

test_both_unknown if {
	doc := _unknown(_unknown(_use(null, null), "region"), "background")
	_verdict(doc) == "undetermined"
	{f.attribute | some f in _undetermined(doc)} == {"background", "region"}
}

test_endpoint_with_other_notes_beside_one_with_a_bar if {
	doc := object.union(_use("EU", true), {"uses": {"u": {"endpoint": "/v1/chat/completions"}}})
	object.keys(doc.edition.notes) == {"/v1/chat/completions", "/v1/realtime"}
	_verdict(doc) == "not applicable"
	_verdict(object.union(doc, {"uses": {"u": {"background": false}}})) == "not applicable"
	_verdict(_unknown(doc, "background")) == "not applicable"
}
