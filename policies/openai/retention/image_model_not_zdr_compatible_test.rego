package openai.retention.image_model_not_zdr_compatible_test

import rego.v1

import data.openai.retention.image_model_not_zdr_compatible as rule
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

_note(models) := {"value": models, "scope": null}

_both := {
	"zdr_compatible_models": _note(["pixel-1", "pixel-2"]),
	"zdr_incompatible_models": _note(["brush-3", "brush-2"]),
}

_path := "/v1/images/generations"

_of(notes, subject) := object.union(
	t.use(object.union({"endpoint": _path}, subject)),
	{"edition": {"endpoints": {_path: {}}, "notes": {_path: notes}}},
)

_use(model, control) := _of(_both, {"model": model, "effective": {"data_retention": control, "from": "project"}})

_zdr := "zero_data_retention"

test_compatible if {
	_verdict(_use("pixel-1", _zdr)) == "pass"
	_verdict(_use("pixel-2", "enhanced_zero_data_retention")) == "pass"
}

test_incompatible if _deny(_use("brush-3", _zdr)) == {{
	"subject": "u",
	"attribute": "model",
	"msg": `use "/v1/images/generations" of project "eu-support" has zero_data_retention in effect, and model "brush-3" is not compatible with it`,
	"value": "brush-3",
	"hint": "one of pixel-1, pixel-2",
}}

test_named_nowhere if _verdict(_use("pixel-3", "zdr_with_private_safety_processing")) == "violation"

test_snapshot_of_a_compatible_one_is_another_name if _verdict(_use("pixel-1-2029-01-01", _zdr)) == "violation"

test_only_the_compatible_are_named if {
	notes := object.remove(_both, ["zdr_incompatible_models"])
	effective := {"effective": {"data_retention": _zdr, "from": "project"}}
	_verdict(_of(notes, object.union({"model": "pixel-1"}, effective))) == "pass"
	_verdict(_of(notes, object.union({"model": "brush-3"}, effective))) == "violation"
}

test_only_the_incompatible_are_named if {
	notes := object.remove(_both, ["zdr_compatible_models"])
	effective := {"effective": {"data_retention": _zdr, "from": "project"}}
	_verdict(_of(notes, object.union({"model": "pixel-3"}, effective))) == "pass"
	found := _deny(_of(notes, object.union({"model": "brush-3"}, effective)))
	{f.value | some f in found} == {"brush-3"}
	some f in found
	not f.hint
	_verdict(_of(notes, effective)) == "undetermined"
}

test_named_as_both_is_incompatible if {
	notes := object.union(_both, {"zdr_incompatible_models": _note(["pixel-1"])})
	_verdict(_of(notes, {"model": "pixel-1", "effective": {"data_retention": _zdr, "from": "project"}})) == "violation"
}

test_another_control if {
	every control in ["none", "modified_abuse_monitoring", "safety_retention"] {
		_verdict(_use("brush-3", control)) == "not applicable"
		_verdict(_use(null, control)) == "not applicable"
	}
}

test_another_endpoint if {
	doc := t.use({"endpoint": "/v1/realtime", "model": "brush-3", "effective": {"data_retention": _zdr, "from": "project"}})
	_verdict(object.union(doc, {"edition": {"notes": {_path: _both}}})) == "not applicable"
	_verdict(object.union(doc, {"edition": {"notes": {"/v1/realtime": {}}}})) == "not applicable"
	_verdict(object.union(doc, {"uses": {"u": {"model": null}}, "edition": {"notes": {_path: _both}}})) == "not applicable"
}

test_not_in_the_edition if {
	doc := t.use({"endpoint": _path, "model": "brush-3", "effective": {"data_retention": _zdr, "from": "project"}})
	_verdict(doc) == "not applicable"
}

test_model_not_declared if _undetermined(_use(null, _zdr)) == {{
	"subject": "u",
	"attribute": "model",
	"msg": `use "/v1/images/generations" of project "eu-support" may call a model that zero data retention does not cover: model is not known (not declared)`,
}}

test_model_not_declared_is_open if _verdict(_use(null, _zdr)) == "undetermined"

test_model_unknown if {
	doc := t.unknown(_use("pixel-1", _zdr), "uses", "model")
	_verdict(doc) == "undetermined"
	some f in _undetermined(doc)
	endswith(f.msg, "model is not known (known after apply)")
}

test_model_unknown_under_another_control if {
	_verdict(t.unknown(_use("pixel-1", "none"), "uses", "model")) == "not applicable"
}

test_control_not_declared if _undetermined(_use("brush-2", null)) == {{
	"subject": "u",
	"attribute": "data_retention",
	"msg": `use "/v1/images/generations" of project "eu-support" calls model "brush-2", not covered by zero data retention: the control in effect is not known (not declared)`,
	"value": "brush-2",
}}

test_control_not_declared_is_open if _verdict(_use("pixel-3", null)) == "undetermined"

test_control_unknown if {
	doc := t.unknown(_use("brush-2", null), "uses", "effective")
	_verdict(doc) == "undetermined"
	some f in _undetermined(doc)
	endswith(f.msg, "the control in effect is not known (known after apply)")
}

test_control_open_and_compatible if {
	_verdict(_use("pixel-1", null)) == "not applicable"
	_verdict(t.unknown(_use("pixel-1", null), "uses", "effective")) == "not applicable"
}

test_both_open if {
	_verdict(_use(null, null)) == "undetermined"
	_verdict(t.unknown(t.unknown(_use(null, null), "uses", "effective"), "uses", "model")) == "undetermined"
}
