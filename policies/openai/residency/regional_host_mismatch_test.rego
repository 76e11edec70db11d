package openai.residency.regional_host_mismatch_test

import rego.v1

import data.openai.residency.regional_host_mismatch as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "c") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_client(region, host) := t.client({"region": region, "host": host})

_without_selection(doc) := object.union(doc, {"edition": {"selection": {"per_request": false}}})

# In an edition that names other hosts.
_moved(doc) := object.union(
	object.remove(doc, ["edition"]),
	{"edition": object.union(object.remove(doc.edition, ["hosts"]), {"hosts": {"eu.example.com": "EU", "eu.api.openai.com": "JP"}})},
)

test_own_host if _verdict(_client("EU", "eu.api.openai.com")) == "pass"

test_another_regions_host if _deny(_client("EU", "us.api.openai.com")) == {{
	"subject": "c",
	"attribute": "host",
	"msg": concat("", [
		`client "c" of project "eu-support" calls us.api.openai.com, the host of US, `,
		"and the region of its project is EU",
	]),
	"value": "us.api.openai.com",
}}

test_no_region_and_region_that_processes if _verdict(_client(null, "eu.api.openai.com")) == "pass"

test_no_region_and_region_that_only_stores if {
	some f in _deny(_client(null, "jp.api.openai.com"))
	endswith(f.msg, "the region of its project is none")
}

test_no_region_and_no_selection if _verdict(_without_selection(_client(null, "eu.api.openai.com"))) == "violation"

test_own_host_and_no_selection if _verdict(_without_selection(_client("EU", "eu.api.openai.com"))) == "pass"

test_global_host if _verdict(_client("EU", "api.openai.com")) == "not applicable"

test_no_host if _verdict(_client("EU", null)) == "not applicable"

test_proxy if _verdict(_client("EU", "proxy.example")) == "not applicable"

test_region_not_listed if _verdict(_client("Narnia", "eu.api.openai.com")) == "not applicable"

test_no_project if {
	_verdict(t.client({"project": null, "region": "EU", "host": "us.api.openai.com"})) == "not applicable"
}

test_no_project_and_host_unknown if {
	_verdict(t.unknown(t.client({"project": null, "region": "EU"}), "clients", "host")) == "not applicable"
}

test_host_unknown if _verdict(t.unknown(_client("EU", null), "clients", "host")) == "undetermined"

test_host_unknown_without_region if _verdict(t.unknown(_client(null, null), "clients", "host")) == "undetermined"

test_host_unknown_and_every_host_allowed if {
	doc := object.union(
		t.unknown(_client(null, null), "clients", "host"),
		{"edition": {"regions": {"JP": {"processing": true}}}},
	)
	_verdict(doc) == "not applicable"
}

test_region_unknown if _verdict(t.unknown(_client(null, "eu.api.openai.com"), "clients", "region")) == "undetermined"

test_region_unknown_and_global_host if {
	_verdict(t.unknown(_client(null, "api.openai.com"), "clients", "region")) == "not applicable"
}

test_region_unknown_and_no_host if _verdict(t.unknown(_client(null, null), "clients", "region")) == "not applicable"

test_both_unknown if {
	_verdict(t.unknown(t.unknown(_client(null, null), "clients", "region"), "clients", "host")) == "undetermined"
}

test_another_edition if {
	_verdict(_moved(_client("EU", "eu.example.com"))) == "pass"
	_verdict(_moved(_client("JP", "eu.example.com"))) == "violation"
	_verdict(_moved(_client("EU", "eu.api.openai.com"))) == "violation"
	_verdict(_moved(_client("JP", "eu.api.openai.com"))) == "pass"
	_verdict(_moved(_client("EU", "us.api.openai.com"))) == "not applicable"
	_verdict(_moved(_client(null, "eu.example.com"))) == "pass"
	_verdict(_moved(_client(null, "eu.api.openai.com"))) == "violation"
}
