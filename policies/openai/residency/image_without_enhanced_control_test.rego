package openai.residency.image_without_enhanced_control_test

import rego.v1

import data.openai.residency.image_without_enhanced_control as rule
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

_unknown(doc, attribute) := t.unknown(doc, "uses", attribute)

_controlled(region, control, extra) := t.use(object.union(
	{"region": region, "effective": {"data_retention": control, "from": "project"}},
	extra,
))

_approving(doc, controls) := t.organization(doc, {"abuse_monitoring_approval": {
	"controls": controls,
	"approved_on": null,
	"requirements_accepted": null,
	"reference": null,
}})

_approved(doc) := _approving(doc, ["zero_data_retention", "enhanced_modified_abuse_monitoring"])

_image := {"inputs": ["text", "image"]}

_fine(region, extra) := _approved(_controlled(region, "enhanced_zero_data_retention", extra))

_plain(region, extra) := _approved(_controlled(region, "zero_data_retention", extra))

_who := `use "/v1/chat/completions" of project "eu-support"`

test_enhanced if {
	_verdict(_fine("EU", _image)) == "pass"
	_verdict(_approved(_controlled("JP", "enhanced_modified_abuse_monitoring", _image))) == "pass"
}

test_no_approval if _deny(_controlled("EU", "enhanced_zero_data_retention", _image)) == {{
	"subject": "u",
	"attribute": "inputs",
	"msg": concat("", [_who, " has images in EU, which asks for approval of an enhanced control; none is declared"]),
	"value": "image",
	"cause": {"subject": "organization", "attribute": "abuse_monitoring_approval"},
}}

test_approval_of_other_controls if {
	some f in _deny(_approving(_controlled("EU", "enhanced_zero_data_retention", _image), ["zero_data_retention"]))
	f.cause.attribute == "abuse_monitoring_approval.controls"
	endswith(f.msg, "; the declared one names none")
}

test_control_not_enhanced if _deny(_plain("EU", _image)) == {{
	"subject": "u",
	"attribute": "data_retention",
	"msg": concat("", [_who, " has images in EU, and zero_data_retention, the control in effect, is not enhanced"]),
	"value": "zero_data_retention",
}}

test_no_control_and_another_regime if {
	_verdict(_approved(_controlled("EU", "none", _image))) == "violation"
	_verdict(_approved(_controlled("EU", "zdr_with_private_safety_processing", _image))) == "violation"
}

test_neither if count(_deny(_controlled("EU", "none", _image))) == 2

test_outputs_tool_and_endpoint if {
	{f.attribute | some f in _deny(_controlled("EU", null, {"outputs": ["image"]}))} == {"outputs"}
	{f.attribute | some f in _deny(_controlled("EU", null, {"tools": ["mcp", "image_generation"]}))} == {"tools"}
	{f.attribute | some f in _deny(_controlled("EU", null, {"endpoint": "/v1/images/edits"}))} == {"endpoint"}
}

test_screenshots_of_a_computer if {
	found := _deny(_plain("EU", {"inputs": null, "tools": ["computer_use"]}))
	{f.attribute | some f in found} == {"data_retention"}
	_verdict(_fine("EU", {"tools": ["computer_use"]})) == "pass"
}

test_one_finding_for_inputs_and_outputs if {
	{f.attribute | some f in _deny(_controlled("EU", null, {"inputs": ["image"], "outputs": ["image"]}))} == {"inputs"}
}

test_no_images if {
	_verdict(_controlled("EU", "none", {})) == "not applicable"
	_verdict(_controlled("EU", "none", {"inputs": ["text", "file", "audio"], "outputs": ["audio"]})) == "not applicable"
	_verdict(_controlled("EU", "none", {"endpoint": "/v1/audio/speech", "tools": ["web_search"]})) == "not applicable"
}

test_region_that_takes_images_as_they_are if {
	doc := object.union(
		_controlled("US", "none", _image),
		{"edition": {"regions": {"US": {"image_requires_enhanced": false}}}},
	)
	_verdict(doc) == "not applicable"
	_verdict(_controlled("US", "none", _image)) == "violation"
}

test_no_region if _verdict(_controlled(null, "none", _image)) == "not applicable"

test_region_not_listed if _verdict(_controlled("Narnia", "none", _image)) == "not applicable"

test_control_not_declared if _undetermined(_approved(_controlled("EU", null, _image))) == {{
	"subject": "u",
	"attribute": "data_retention",
	"msg": concat("", [
		_who,
		" may have images that its region takes only with an enhanced control: ",
		"the control in effect is not known (not declared)",
	]),
}}

test_control_not_declared_without_approval if _verdict(_controlled("EU", null, _image)) == "violation"

test_control_not_declared_without_images if _verdict(_approved(_controlled("EU", null, {}))) == "not applicable"

test_control_not_declared_without_region if _verdict(_approved(_controlled(null, null, _image))) == "not applicable"

test_control_unknown if {
	doc := _unknown(_fine("EU", _image), "effective")
	_verdict(doc) == "undetermined"
	{f.attribute | some f in _undetermined(doc)} == {"data_retention"}
	some f in _undetermined(doc)
	endswith(f.msg, "the control in effect is not known (known after apply)")
}

test_control_unknown_without_approval if _verdict(_unknown(_controlled("EU", "none", _image), "effective")) == "violation"

test_control_unknown_without_images if _verdict(_unknown(_plain("EU", {}), "effective")) == "not applicable"

test_images_unknown if {
	every attribute in ["inputs", "outputs", "tools"] {
		_verdict(_unknown(_plain("EU", {}), attribute)) == "undetermined"
		_verdict(_unknown(_approved(_controlled("EU", null, {})), attribute)) == "undetermined"
		_verdict(_unknown(_controlled("EU", "enhanced_zero_data_retention", {}), attribute)) == "undetermined"
		_verdict(_unknown(_fine("EU", {}), attribute)) == "not applicable"
		_verdict(_unknown(_plain(null, {}), attribute)) == "not applicable"
	}
}

test_images_unknown_beside_known_ones if {
	_verdict(_unknown(_fine("EU", {"outputs": ["image"]}), "inputs")) == "pass"
	_verdict(_unknown(_plain("EU", {"outputs": ["image"]}), "inputs")) == "violation"
}

test_images_and_control_unknown if {
	_verdict(_unknown(_unknown(_approved(_controlled("EU", null, {})), "effective"), "tools")) == "undetermined"
}

test_another_attribute_unknown if _verdict(_unknown(_plain("EU", {}), "model")) == "not applicable"

test_region_unknown if {
	doc := _unknown(_plain(null, _image), "region")
	_verdict(doc) == "undetermined"
	{f.attribute | some f in _undetermined(doc)} == {"region"}
	_verdict(_unknown(_controlled(null, "enhanced_zero_data_retention", _image), "region")) == "undetermined"
	_verdict(_unknown(_approved(_controlled(null, null, _image)), "region")) == "undetermined"
}

test_region_unknown_where_nothing_is_amiss if {
	_verdict(_unknown(_fine(null, _image), "region")) == "not applicable"
	_verdict(_unknown(_plain(null, {}), "region")) == "not applicable"
}

test_region_unknown_where_no_region_asks if {
	doc := object.union(
		_unknown(_plain(null, _image), "region"),
		{"edition": {"regions": {code: {"image_requires_enhanced": false} | some code in ["US", "EU", "AE", "JP", "KR"]}}},
	)
	_verdict(doc) == "not applicable"
}

test_region_and_images_unknown if {
	_verdict(_unknown(_unknown(_plain(null, {}), "region"), "outputs")) == "undetermined"
	_verdict(_unknown(_unknown(_fine(null, {}), "region"), "outputs")) == "not applicable"
}
