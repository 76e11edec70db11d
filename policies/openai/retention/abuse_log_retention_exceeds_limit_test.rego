package openai.retention.abuse_log_retention_exceeds_limit_test

import rego.v1

import data.openai.retention.abuse_log_retention_exceeds_limit as rule
import data.openai.testing_test as t

_verdict(doc, id) := t.verdict(sets, id) if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

_deny(doc) := found if {
	found := rule.deny with input as doc
}

_open(doc) := found if {
	found := rule.undetermined with input as doc
}

_zdr := "zero_data_retention"

_edition := {"edition": {"endpoints": {
	"/v1/moderations": {"abuse_monitoring_days": 0},
	"/v1/conversations": {"abuse_monitoring_days": "until_deleted"},
	"/v1/evals": {"abuse_monitoring_days": 40},
}}}

_asked(control, limit) := {
	"effective": {"data_retention": control, "from": "project"},
	"requirements": {"max_abuse_log_days": limit},
}

_use(endpoint, control, limit) := object.union(
	t.use(object.union(_asked(control, limit), {"endpoint": endpoint})),
	_edition,
)

_embed(control, limit) := _use("/v1/realtime", control, limit)

_project(control, limit) := object.union(t.project(_asked(control, limit)), _edition)

test_longer_than_the_limit if {
	_deny(_embed("none", 7)) == {{
		"subject": "u",
		"attribute": "data_retention",
		"msg": concat("", [
			`use "/v1/realtime" of project "eu-support" keeps content in abuse monitoring logs: up to 30 days, `,
			"as no control is in effect; the limit is 7 days",
		]),
		"value": "up to 30 days",
	}}
	_open(_embed("none", 7)) == set()
}

test_days_and_limit if {
	_verdict(_embed("none", 29), "u") == "violation"
	_verdict(_embed("none", 30), "u") == "pass"
	_verdict(_embed("none", 0), "u") == "violation"
	_verdict(_use("/v1/evals", "none", 39), "u") == "violation"
	_verdict(_use("/v1/evals", "none", 40), "u") == "pass"
}

test_no_limit if _verdict(_embed("none", null), "u") == "not applicable"

test_controls if {
	_verdict(_embed("modified_abuse_monitoring", 0), "u") == "pass"
	_verdict(_embed("enhanced_zero_data_retention", 0), "u") == "pass"
	_verdict(_embed("safety_retention", 0), "u") == "violation"
	_verdict(_embed("private_retention_with_private_safety_processing", 0), "u") == "violation"
}

test_until_deleted if {
	_verdict(_use("/v1/conversations", _zdr, 36500), "u") == "violation"
	_verdict(_use("/v1/conversations", null, 36500), "u") == "violation"
	_verdict(t.unknown(_use("/v1/conversations", null, 30), "uses", "effective"), "u") == "violation"
	{[f.attribute, f.value] | some f in _deny(_use("/v1/conversations", _zdr, 30))} == {["endpoint", "until deleted"]}
}

test_no_logs if {
	_verdict(_use("/v1/moderations", "none", 0), "u") == "pass"
	_verdict(_use("/v1/moderations", null, 0), "u") == "pass"
}

test_control_not_declared if {
	_open(_embed(null, 29)) == {{
		"subject": "u",
		"attribute": "data_retention",
		"msg": concat("", [
			`use "/v1/realtime" of project "eu-support" may keep content in abuse monitoring logs: up to 30 days, as only modified `,
			"abuse monitoring and zero data retention keep content out of them; the limit is 29 days, and the control in effect is ",
			"not known (not declared)",
		]),
		"value": "up to 30 days",
	}}
	_deny(_embed(null, 29)) == set()
	_verdict(_embed(null, 30), "u") == "pass"
}

test_control_not_known if {
	_verdict(t.unknown(_embed(null, 0), "uses", "effective"), "u") == "undetermined"
	_verdict(t.unknown(_embed(null, 30), "uses", "effective"), "u") == "pass"
	some f in _open(t.unknown(_embed(null, 0), "uses", "effective"))
	endswith(f.msg, "and the control in effect is not known (known after apply)")
}

test_endpoint_of_data_residency_only if {
	_verdict(_use("/v1/vector_stores", _zdr, 30), "u") == "undetermined"
	_verdict(_use("/v1/vector_stores", null, 30), "u") == "undetermined"
	_verdict(_use("/v1/vector_stores", _zdr, null), "u") == "not applicable"
	{f.attribute | some f in _open(_use("/v1/vector_stores", _zdr, 30))} == {"endpoint"}
}

test_endpoint_that_the_edition_does_not_know if {
	_verdict(_use("/v1/nothing", "none", 0), "u") == "not applicable"
	_verdict(_use("/v1/nothing", null, 0), "u") == "not applicable"
}

test_project_without_uses if {
	_deny(_project("none", 39)) == {{
		"subject": "p",
		"attribute": "data_retention",
		"msg": concat("", [
			`project "eu-support", which declares no uses, keeps content in abuse monitoring logs: up to 40 days, `,
			"as no control is in effect; the limit is 39 days",
		]),
		"value": "up to 40 days",
	}}
	_verdict(_project("none", 40), "p") == "pass"
	_verdict(_project(_zdr, 0), "p") == "pass"
	_verdict(_project("none", null), "p") == "not applicable"
}

test_project_without_uses_and_control_not_known if {
	_verdict(_project(null, 39), "p") == "undetermined"
	_verdict(_project(null, 40), "p") == "pass"
	_verdict(t.unknown(_project(null, 0), "projects", "effective"), "p") == "undetermined"
	some f in _open(_project(null, 39))
	f.attribute == "data_retention"
	startswith(f.msg, `project "eu-support", which declares no uses, may keep content`)
}

test_project_with_uses if {
	doc := object.union(_embed(_zdr, 0), {"projects": _project("none", 0).projects})
	_verdict(doc, "p") == "not applicable"
	_verdict(doc, "u") == "pass"
}

test_use_whose_project_is_not_told if {
	doc := object.union(_embed("none", 0), {"uses": {"u": {"project": null}}, "projects": _project("none", 0).projects})
	_verdict(doc, "u") == "violation"
	_verdict(doc, "p") == "violation"
}

test_every_use_of_the_same_kind if {
	doc := object.union(_embed("none", 0), {"uses": {"v": _embed("none", 0).uses.u}})
	{f.subject | some f in _deny(doc)} == {"u", "v"}
}

# The strictest limit of the run's projects, of a use that may be of another one.
test_limit_of_a_project_that_cannot_be_told if {
	limited := t.use({
		"endpoint": "/v1/files",
		"project": null,
		"effective": {"data_retention": "none", "from": "organization"},
		"requirements": {"max_abuse_log_days": 0},
	})
	t.verdict(_sets(limited), "u") == "violation"
	untold := object.union(limited, {"uses": {"u": {"unknown": {"requirements": "it can't be told"}}}})
	t.verdict(_sets(untold), "u") == "undetermined"
	some f in _sets(untold).undetermined
	contains(f.msg, "whether that limit is its project's is not known (it can't be told)")
}

_sets(doc) := sets if {
	sets := {"applies": rule.applies, "deny": rule.deny, "undetermined": rule.undetermined} with input as doc
}

test_within_the_limit_of_whatever_project if {
	doc := t.use({
		"endpoint": "/v1/realtime",
		"project": null,
		"effective": {"data_retention": "zero_data_retention", "from": "organization"},
		"requirements": {"max_abuse_log_days": 0, "max_application_state_days": 0},
		"unknown": {"requirements": "it can't be told"},
	})
	t.verdict(_sets(doc), "u") == "pass"
}
