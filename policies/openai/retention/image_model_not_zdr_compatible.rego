# METADATA
# title: "Image model that zero data retention does not cover"
# description: >-
#   Image generation is compatible with zero data retention for some models only. What is sent to another one may be kept.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use
#   remediation: >-
#     Call a model that is compatible, and declare it as `model` of the use; or call from a project of its own with another control.
#   section: "/v1/images"
#   statements: [S26]
package openai.retention.image_model_not_zdr_compatible

import rego.v1

import data.openai.lib

applies contains id if {
	some id, u in _uses
	u.effective.data_retention in _zdr
}

deny contains f if {
	some id, u in _uses
	[u.endpoint, u.model] in _barred
	u.effective.data_retention in _zdr
	msg := sprintf(`%s has %s in effect, and model "%s" is not compatible with it`, [lib.use(u), u.effective.data_retention, u.model])
	f := lib.finding(id, "model", msg, object.union({"value": u.model}, object.get(_hints, u.endpoint, {})))
}

undetermined contains f if {
	some id, u in _uses
	not is_string(object.get(u, "model", null))
	object.get(u, ["effective", "data_retention"], null) in (_zdr | {null})
	what := [lib.use(u), lib.not_known("model", object.get(u.unknown, "model", "not declared"))]
	f := lib.finding(id, "model", sprintf("%s may call a model that zero data retention does not cover: %s", what), {})
}

undetermined contains f if {
	some id, u in _uses
	[u.endpoint, u.model] in _barred
	not is_string(object.get(u, ["effective", "data_retention"], null))
	what := [lib.use(u), u.model, lib.not_known("the control in effect", object.get(u.unknown, "effective", "not declared"))]
	f := lib.finding(id, "data_retention", sprintf(`%s calls model "%s", not covered by zero data retention: %s`, what), {"value": u.model})
}

_zdr := lib.zero_data_retention
_uses := {id: u | some id, u in input.uses; u.endpoint in _judged}
_judged := object.keys(_compatible) | object.keys(_incompatible)
_compatible := {path: n.zdr_compatible_models.value | some path, n in input.edition.notes}
_incompatible := {path: n.zdr_incompatible_models.value | some path, n in input.edition.notes}
_hints := {path: {"hint": sprintf("one of %s", [concat(", ", models)])} | some path, models in _compatible}
_barred := {[u.endpoint, u.model] | some u in _uses; u.model in _incompatible[u.endpoint]} | _unnamed
_unnamed := {[u.endpoint, u.model] | some u in _uses; u.model != null; some models in [_compatible[u.endpoint]]; not u.model in models}
