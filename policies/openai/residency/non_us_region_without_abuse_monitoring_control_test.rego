package openai.residency.non_us_region_without_abuse_monitoring_control_test

import rego.v1

import data.openai.residency.non_us_region_without_abuse_monitoring_control as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_in(region, control) := t.project({"region": region, "effective": {"data_retention": control, "from": "project"}})

test_accepted if _verdict(_in("JP", "zero_data_retention")) == "pass"

test_enhanced if _verdict(_in("JP", "enhanced_modified_abuse_monitoring")) == "pass"

test_private_safety_processing if _verdict(_in("JP", "zdr_with_private_safety_processing")) == "pass"

test_not_accepted if _deny(_in("JP", "safety_retention")) == {{
	"subject": "p",
	"attribute": "data_retention",
	"msg": `project "eu-support" is in JP, which does not accept the control in effect, safety_retention`,
	"value": "safety_retention",
}}

test_accepted_in_another_region if _verdict(_in("EU", "safety_retention")) == "pass"

test_none if _verdict(_in("EU", "none")) == "violation"

test_not_declared if _verdict(_in("EU", null)) == "undetermined"

test_control_unknown if _verdict(t.unknown(_in("EU", null), "projects", "effective")) == "undetermined"

test_region_that_asks_for_nothing if _verdict(_in("US", "none")) == "not applicable"

test_region_that_asks_for_nothing_and_control_unknown if {
	_verdict(t.unknown(_in("US", null), "projects", "effective")) == "not applicable"
}

test_no_region if _verdict(_in(null, "none")) == "not applicable"

test_not_listed if _verdict(_in("Narnia", "none")) == "not applicable"

test_region_unknown_and_accepted_everywhere if {
	_verdict(t.unknown(_in(null, "zero_data_retention"), "projects", "region")) == "not applicable"
}

test_region_unknown_and_accepted_somewhere if {
	_verdict(t.unknown(_in(null, "safety_retention"), "projects", "region")) == "undetermined"
}

test_region_unknown_and_none if _verdict(t.unknown(_in(null, "none"), "projects", "region")) == "undetermined"

test_region_unknown_and_not_declared if _verdict(t.unknown(_in(null, null), "projects", "region")) == "undetermined"

test_both_unknown if {
	doc := t.unknown(t.unknown(_in(null, null), "projects", "region"), "projects", "effective")
	_verdict(doc) == "undetermined"
}

test_region_unknown_where_none_is_regulated if {
	all := t.unknown(_in(null, "none"), "projects", "region")
	edition := object.union(object.remove(all.edition, ["regions"]), {"regions": {"US": all.edition.regions.US}})
	doc := object.union(object.remove(all, ["edition"]), {"edition": edition})
	_verdict(doc) == "not applicable"
}
