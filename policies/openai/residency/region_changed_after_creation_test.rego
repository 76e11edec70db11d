package openai.residency.region_changed_after_creation_test

import rego.v1

import data.openai.residency.region_changed_after_creation as rule
import data.openai.testing_test as t

_verdict(doc) := t.verdict(sets, "p") if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_change(actions, before) := {"change": {"actions": actions, "before": before, "no_longer_managed": []}}

_known(region) := {"region": region, "unknown": {}}

_hidden(reason) := {"unknown": {"region": reason}}

_after(before, extra) := t.project(object.union(_change(["update"], before), extra))

_after_unknown(doc, reason) := object.union(
	object.union(doc, {"projects": null}),
	{"projects": {"p": object.union(object.remove(doc.projects.p, ["region"]), {"unknown": {"region": reason}})}},
)

test_changed if _verdict(_after(_known("US"), {"region": "EU"})) == "violation"

test_finding if _deny(_after(_known("US"), {"region": "EU"})) == {{
	"subject": "p",
	"attribute": "region",
	"msg": `project "eu-support" changes its region from US to EU`,
	"value": "EU",
}}

test_given_later if {
	some f in _deny(_after(_known(null), {"region": "EU"}))
	f.msg == `project "eu-support" changes its region from none to EU`
}

test_taken_away if {
	some f in _deny(_after(_known("EU"), {"region": null}))
	f.value == "none"
}

test_replaced if {
	_verdict(t.project(object.union(_change(["delete", "create"], _known("US")), {"region": "EU"}))) == "violation"
}

test_kept if _verdict(_after(_known("EU"), {"region": "EU"})) == "pass"

test_kept_without_region if _verdict(_after(_known(null), {"region": null})) == "pass"

test_created if _verdict(t.project(object.union(_change(["create"], null), {"region": "EU"}))) == "not applicable"

test_no_plan if _verdict(t.project({"region": "EU"})) == "not applicable"

test_not_listed if _verdict(_after(_known("EU"), {"region": "Narnia"})) == "not applicable"

test_before_not_read_back if _verdict(_after(_hidden("not reported by x"), {"region": "EU"})) == "undetermined"

test_after_not_known if _verdict(_after_unknown(_after(_known("EU"), {}), "known after apply")) == "undetermined"

test_left_alone if _verdict(_after_unknown(_after(_hidden("not reported by x"), {}), "not reported by x")) == "pass"

test_both_hidden if _verdict(_after_unknown(_after(_hidden("sensitive"), {}), "sensitive")) == "undetermined"

test_both_hidden_and_nothing_planned if {
	doc := t.project(_change(["no-op"], _hidden("sensitive")))
	_verdict(_after_unknown(doc, "sensitive")) == "pass"
}
