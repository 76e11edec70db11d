package openai.residency.client_without_project_test

import rego.v1

import data.openai.residency.client_without_project as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "c") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_undetermined(doc) := found if {
	found := rule.undetermined with input as doc
}

_applies(doc) := found if {
	found := rule.applies with input as doc
}

_loose := t.client({"project": null, "project_name": null, "region": null, "host": "eu.api.openai.com"})

_beside(project) := object.union(_loose, {"projects": t.project(project).projects})

test_beside_a_regional_project if {
	_undetermined(_beside({"region": "EU"})) == {{
		"subject": "c",
		"attribute": "project",
		"msg": concat("", [
			`the project of client "c" is not known, and a project of this run has a region: `,
			"OPENAI_PROJECT_ID, or OPENAI_API_KEY of a service account, would tell",
		]),
	}}
	_applies(_beside({"region": "EU"})) == {"c"}
}

test_it_is_never_a_violation if _verdict(_beside({"region": "EU"})) == "undetermined"

test_beside_a_region_that_is_not_known if {
	doc := t.unknown(_beside({}), "projects", "region")
	_verdict(doc) == "undetermined"
	some f in _undetermined(doc)
	contains(f.msg, "may have a region")
}

test_beside_a_region_that_is_not_listed if _verdict(_beside({"region": "Narnia"})) == "undetermined"

test_no_project_has_a_region if _verdict(_beside({"region": null})) == "not applicable"

test_no_project if _verdict(_loose) == "not applicable"

test_with_a_project if {
	doc := object.union(t.client({"project": "p", "region": "EU"}), {"projects": t.project({"region": "EU"}).projects})
	_verdict(doc) == "not applicable"
	_applies(doc) == set()
}
