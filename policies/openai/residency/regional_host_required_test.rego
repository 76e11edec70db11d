package openai.residency.regional_host_required_test

import rego.v1

import data.openai.residency.regional_host_required as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "c") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_undetermined(doc) := found if {
	found := rule.undetermined with input as doc
}

_client(region, host) := t.client({"region": region, "host": host})

test_regional_host if _verdict(_client("EU", "eu.api.openai.com")) == "pass"

test_another_regions_host if _verdict(_client("EU", "us.api.openai.com")) == "pass"

test_global_host if _deny(_client("EU", "api.openai.com")) == {{
	"subject": "c",
	"attribute": "host",
	"msg": `client "c" of project "eu-support" calls api.openai.com, and its project is in EU, which requires its own host`,
	"value": "api.openai.com",
	"hint": "eu.api.openai.com",
}}

test_no_host if {
	_verdict(_client("EU", null)) == "undetermined"
	some f in _undetermined(_client("EU", null))
	endswith(f.msg, "no base URL set, and the SDK's default is the global host")
}

test_proxy if _verdict(_client("EU", "proxy.example")) == "undetermined"

test_proxy_is_told_by_its_host if {
	{f.value | some f in _undetermined(_client("EU", "proxy.example"))} == {"proxy.example"}
}

test_no_host_has_no_value if {
	some f in _undetermined(_client("EU", null))
	not f.value
}

test_host_unknown if _verdict(t.unknown(_client("EU", null), "clients", "host")) == "undetermined"

test_host_optional if _verdict(_client("JP", "api.openai.com")) == "not applicable"

test_edition_does_not_say if _verdict(_client("KR", "api.openai.com")) == "not applicable"

test_host_optional_and_unknown if _verdict(t.unknown(_client("JP", null), "clients", "host")) == "not applicable"

test_no_region if _verdict(_client(null, "api.openai.com")) == "not applicable"

test_region_not_listed if _verdict(_client("Narnia", "api.openai.com")) == "not applicable"

test_no_project if {
	_verdict(t.client({"project": null, "region": "EU", "host": "api.openai.com"})) == "not applicable"
}

test_no_project_and_region_unknown if {
	_verdict(t.unknown(t.client({"project": null}), "clients", "region")) == "not applicable"
}

test_region_unknown if _verdict(t.unknown(_client(null, "api.openai.com"), "clients", "region")) == "undetermined"

test_region_unknown_and_no_host if _verdict(t.unknown(_client(null, null), "clients", "region")) == "undetermined"

test_region_unknown_and_regional_host if {
	_verdict(t.unknown(_client(null, "eu.api.openai.com"), "clients", "region")) == "not applicable"
}

test_both_unknown if {
	_verdict(t.unknown(t.unknown(_client(null, null), "clients", "region"), "clients", "host")) == "undetermined"
}

test_no_project_and_no_host if _verdict(t.client({"project": null, "region": "EU"})) == "not applicable"

test_region_unknown_where_no_region_asks if {
	free := {"domain_required": false}
	doc := object.union(
		t.unknown(_client(null, "api.openai.com"), "clients", "region"),
		{"edition": {"regions": {"US": free, "EU": free, "AE": free}}},
	)
	_verdict(doc) == "not applicable"
}

test_another_edition if {
	doc := _client("EU", "api.example.com")
	_verdict(doc) == "undetermined"
	_verdict(object.union(doc, {"edition": {"global_host": "api.example.com"}})) == "violation"
	_verdict(object.union(doc, {"edition": {"hosts": {"api.example.com": "EU"}}})) == "pass"
	_verdict(object.union(_client("EU", "api.openai.com"), {"edition": {"global_host": "api.example.com"}})) == "undetermined"
	unnamed := object.union(object.remove(t.edition, ["hosts"]), {"hosts": {"jp.api.openai.com": "JP"}})
	_verdict(object.union(object.remove(_client("EU", "eu.api.openai.com"), ["edition"]), {"edition": unnamed})) == "undetermined"
}

test_region_unknown_in_another_edition if {
	doc := t.unknown(_client(null, "eu.api.openai.com"), "clients", "region")
	unnamed := object.union(object.remove(t.edition, ["hosts"]), {"hosts": {"jp.api.openai.com": "JP"}})
	_verdict(object.union(object.remove(doc, ["edition"]), {"edition": unnamed})) == "undetermined"
}
