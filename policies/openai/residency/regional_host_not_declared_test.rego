package openai.residency.regional_host_not_declared_test

import rego.v1

import data.openai.residency.regional_host_not_declared as rule
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

_applies(doc) := found if {
	found := rule.applies with input as doc
}

# A project with a use of project `user` and a client of project `caller`.
_with(doc, user, caller) := object.union(doc, {
	"uses": t.use({"project": user}).uses,
	"clients": t.client({"project": caller}).clients,
})

_project(region) := object.union(t.project({"region": region}), {"uses": t.use({}).uses})

_unknown := object.union(t.unknown(t.project({}), "projects", "region"), {"uses": t.use({}).uses})

test_no_client if {
	_applies(_project("EU")) == {"p"}
	_deny(_project("EU")) == {{
		"subject": "p",
		"attribute": "base_url",
		"msg": `project "eu-support" is in EU, which requires its own host, and no client shows which host its calls go to`,
		"value": "EU",
		"hint": "eu.api.openai.com",
	}}
}

test_client if {
	doc := _with(t.project({"region": "EU"}), "p", "p")
	_verdict(doc) == "not applicable"
}

test_client_of_another_project if _verdict(_with(t.project({"region": "EU"}), "p", "q")) == "violation"

test_client_of_no_project if _verdict(_with(t.project({"region": "EU"}), "p", null)) == "violation"

test_no_use if _verdict(t.project({"region": "EU"})) == "not applicable"

test_use_of_another_project if _verdict(_with(t.project({"region": "EU"}), "q", "q2")) == "not applicable"

test_use_of_no_project if _verdict(_with(t.project({"region": "EU"}), null, "q")) == "not applicable"

test_host_optional if {
	_verdict(_project("JP")) == "not applicable"
	_applies(_project("JP")) == set()
}

test_edition_does_not_say if _verdict(_project("KR")) == "not applicable"

test_another_edition if {
	optional := object.union(_project("EU"), {"edition": {"regions": {"EU": {"domain_required": false}}}})
	_verdict(optional) == "not applicable"
	required := object.union(_project("JP"), {"edition": {"regions": {"JP": {"domain_required": true}}}})
	{f.hint | some f in _deny(required)} == {"jp.api.openai.com"}
}

test_no_region if _verdict(_project(null)) == "not applicable"

test_region_not_listed if _verdict(_project("Narnia")) == "not applicable"

test_region_unknown if _undetermined(_unknown) == {{
	"subject": "p",
	"attribute": "region",
	"msg": concat("", [
		`project "eu-support" may need a region's host, and no client shows which host its calls go to: `,
		"region is not known (known after apply)",
	]),
}}

test_region_unknown_is_no_violation if {
	_verdict(_unknown) == "undetermined"
	_applies(_unknown) == set()
}

test_region_unknown_and_client if {
	doc := _with(t.unknown(t.project({}), "projects", "region"), "p", "p")
	_verdict(doc) == "not applicable"
}

test_region_unknown_and_no_use if _verdict(t.unknown(t.project({}), "projects", "region")) == "not applicable"

test_region_unknown_where_no_region_asks if {
	free := {"domain_required": false}
	doc := object.union(_unknown, {"edition": {"regions": {"US": free, "EU": free, "AE": free}}})
	_verdict(doc) == "not applicable"
}
