package openai.residency.region_not_allowed_test

import rego.v1

import data.openai.residency.region_not_allowed as rule
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

_allowed(regions, extra) := t.project(object.union({"requirements": {"allowed_regions": regions}}, extra))

test_allowed if _verdict(_allowed(["EU", "JP"], {"region": "JP"})) == "pass"

test_not_allowed if _verdict(_allowed(["EU"], {"region": "JP"})) == "violation"

test_finding if _deny(_allowed(["EU", "US"], {"region": "JP"})) == {{
	"subject": "p",
	"attribute": "region",
	"msg": `project "eu-support" is in JP, and its requirements allow EU, US`,
	"value": "JP",
}}

test_no_region if _verdict(_allowed(["EU"], {})) == "violation"

test_no_region_where_global_is_allowed if _verdict(_allowed(["EU", "GLOBAL"], {})) == "pass"

test_region_where_only_global_is_allowed if _verdict(_allowed(["GLOBAL"], {"region": "EU"})) == "violation"

test_nothing_allowed if {
	some f in _deny(_allowed([], {"region": "EU"}))
	endswith(f.msg, "allow neither a region nor GLOBAL: none is in every list of them")
}

test_no_requirement if _verdict(t.project({"region": "EU"})) == "not applicable"

test_not_listed if _verdict(_allowed(["EU"], {"region": "Narnia"})) == "not applicable"

test_unknown if _verdict(t.unknown(_allowed(["EU", "GLOBAL"], {}), "projects", "region")) == "undetermined"

test_unknown_finding if {
	some f in _undetermined(t.unknown(_allowed(["EU", "GLOBAL"], {}), "projects", "region"))
	f.msg == concat("", [
		`project "eu-support" may be where its requirements don't allow it, they allow EU, GLOBAL: `,
		"region is not known (known after apply)",
	])
}

test_unknown_without_global if {
	_verdict(t.unknown(_allowed(["EU", "US", "AE", "JP", "KR"], {}), "projects", "region")) == "undetermined"
}

test_unknown_where_everything_is_allowed if {
	_verdict(t.unknown(_allowed(["EU", "US", "AE", "JP", "KR", "GLOBAL"], {}), "projects", "region")) == "not applicable"
}

test_unknown_without_requirement if _verdict(t.unknown(t.project({}), "projects", "region")) == "not applicable"
