package openai.retention.control_weakened_test

import rego.v1

import data.openai.retention.control_weakened as rule
import data.openai.testing_test as t

_verdict(doc, id) := t.verdict(sets, id) if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_change(before) := {"change": {"actions": ["update"], "before": before, "no_longer_managed": []}}

_effective(control) := {"effective": {"data_retention": control, "from": "project"}}

_known(control) := object.union({"data_retention": control, "unknown": {}}, _effective(control))

_hidden(reason) := {"unknown": {"data_retention": reason, "effective": reason}}

_project(before, after) := t.project(object.union(_change(before), object.union(_effective(after), {"data_retention": after})))

_project_hidden(before, reason) := object.union(
	object.union(doc, {"projects": null}),
	{"projects": {"p": object.union(object.remove(doc.projects.p, ["effective", "data_retention"]), _hidden(reason))}},
) if {
	doc := t.project(_change(before))
}

_organization(before, after) := t.organization(t.facts, object.union(_change(before), {"data_retention": after}))

_order := ["none", "modified_abuse_monitoring", "enhanced_modified_abuse_monitoring", "zero_data_retention", "enhanced_zero_data_retention"]

test_weaker if _verdict(_project(_known("zero_data_retention"), "modified_abuse_monitoring"), "p") == "violation"

test_every_step_down if {
	every i in numbers.range(0, 3) {
		_verdict(_project(_known(_order[i + 1]), _order[i]), "p") == "violation"
		_verdict(_project(_known(_order[i]), _order[i + 1]), "p") == "pass"
		_verdict(_project(_known(_order[i]), _order[i]), "p") == "pass"
	}
}

test_finding if _deny(_project(_known("zero_data_retention"), "none")) == {{
	"subject": "p",
	"attribute": "data_retention",
	"msg": `project "eu-support" falls from zero_data_retention to none`,
	"value": "none",
}}

test_organization if {
	doc := _organization(_known("zero_data_retention"), "modified_abuse_monitoring")
	_verdict(doc, "organization") == "violation"
	some f in _deny(doc)
	f.msg == "the organization falls from zero_data_retention to modified_abuse_monitoring"
}

test_organization_stronger if {
	_verdict(_organization(_known("none"), "zero_data_retention"), "organization") == "pass"
}

test_nothing_before if _verdict(_project(_known(null), "none"), "p") == "pass"

test_created if _verdict(t.project(_change(null)), "p") == "not applicable"

test_no_longer_managed if {
	change := {"actions": ["no-op"], "before": _known("zero_data_retention"), "no_longer_managed": ["data_retention"]}
	_verdict(t.project(object.union({"change": change}, _effective("none"))), "p") == "not applicable"
}

test_no_place_in_the_order if {
	_verdict(_project(_known("zero_data_retention"), "safety_retention"), "p") == "undetermined"
	_verdict(_project(_known("safety_retention"), "enhanced_zero_data_retention"), "p") == "undetermined"
	_verdict(_project(_known("safety_retention"), "safety_retention"), "p") == "pass"
	_verdict(_project(_known("none"), "safety_retention"), "p") == "pass"
}

test_no_longer_declared if _verdict(_project(_known("zero_data_retention"), null), "p") == "undetermined"

test_after_not_known if _verdict(_project_hidden(_known("zero_data_retention"), "known after apply"), "p") == "undetermined"

test_after_not_known_where_nothing_is_weaker if {
	_verdict(_project_hidden(_known("none"), "known after apply"), "p") == "pass"
}

# Not declared is not nothing: of a setting that can't be joined, neither what it was nor what it becomes is known.
test_after_not_known_where_nothing_was_declared if {
	doc := _project_hidden(_known(null), "openai_project_data_retention.r may set it")
	_verdict(doc, "p") == "undetermined"
	found := rule.undetermined with input as doc
	{f.msg | some f in found} == {`project "eu-support" goes from not declared to a control that is not known, which may be weaker`}
}

test_not_declared_and_left_alone if _verdict(_project(_known(null), null), "p") == "pass"

test_before_not_known if _verdict(_project(_hidden("sensitive"), "zero_data_retention"), "p") == "undetermined"

test_before_not_known_where_nothing_is_stronger if {
	_verdict(_project(_hidden("sensitive"), "enhanced_zero_data_retention"), "p") == "pass"
}

test_left_alone if _verdict(_project_hidden(_hidden("not reported by x"), "not reported by x"), "p") == "pass"

test_both_hidden if _verdict(_project_hidden(_hidden("sensitive"), "sensitive"), "p") == "undetermined"

test_another_setting_no_longer_managed if {
	change := {"actions": ["update"], "before": _known("zero_data_retention"), "no_longer_managed": ["tools"]}
	_verdict(t.project(object.union({"change": change}, _effective("none"))), "p") == "violation"
}

test_organization_no_longer_managed if {
	change := {"actions": ["delete"], "before": _known("zero_data_retention"), "no_longer_managed": ["data_retention"]}
	doc := t.organization(t.facts, {"change": change, "data_retention": "none"})
	_verdict(doc, "organization") == "not applicable"
}

# The organization's control is not known, and the project has none of its own.
test_inherited_and_left_alone if {
	unknown := {"data_retention": null, "unknown": {"effective": "the organization's control: not in the export"}}
	doc := t.project(_change(unknown))
	project := object.union(object.remove(doc.projects.p, ["effective"]), {"unknown": unknown.unknown})
	_verdict(object.union(object.union(doc, {"projects": null}), {"projects": {"p": project}}), "p") == "pass"
}

test_organization_left_alone if {
	unknown := {"unknown": {"data_retention": "not in the export"}}
	before := object.union(unknown, {"unknown": {"effective": "the organization's control: not in the export"}})
	organization := object.union(object.remove(t.facts.organization, ["data_retention"]), object.union(_change(before), unknown))
	doc := object.union(object.remove(t.facts, ["organization"]), {"organization": organization})
	_verdict(doc, "organization") == "pass"
}

test_something_else_left_alone if {
	hidden := {"region": "not read back", "data_retention": "sensitive", "effective": "sensitive"}
	doc := t.project(_change({"unknown": hidden}))
	project := object.union(object.remove(doc.projects.p, ["effective", "data_retention", "region"]), {"unknown": hidden})
	_verdict(object.union(object.union(doc, {"projects": null}), {"projects": {"p": project}}), "p") == "undetermined"
}

test_open_finding if {
	found := rule.undetermined with input as _project_hidden(_known("zero_data_retention"), "known after apply")
	found == {{
		"subject": "p",
		"attribute": "data_retention",
		"msg": `project "eu-support" goes from zero_data_retention to a control that is not known, which may be weaker`,
	}}
}
