package openai.retention.image_input_review_exception_test

import rego.v1

import data.openai.retention.image_input_review_exception as rule
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

_applies(doc) := found if {
	found := rule.applies with input as doc
}

# Chat is scanned by the one word, images by the other; the realtime endpoint by neither.
_notes := {
	"/v1/chat/completions": {"csam_scan_exception_applies": {"value": true, "scope": null}},
	"/v1/images/edits": {"image_and_file_inputs_scanned_for_csam_on_submission": {"value": true, "scope": null}},
}

_use(subject) := object.union(
	t.use(object.union({"effective": {"data_retention": "zero_data_retention", "from": "project"}}, subject)),
	{"edition": {"endpoints": {"/v1/images/edits": {}}, "notes": _notes}},
)

_under(control) := _use({"inputs": ["image"], "effective": {"data_retention": control, "from": "project"}})

test_image if {
	_verdict(_use({"inputs": ["text", "image"]})) == "violation"
	_applies(_use({"inputs": ["text", "image"]})) == {"u"}
}

test_finding if _deny(_use({"inputs": ["image"]})) == {{
	"subject": "u",
	"attribute": "inputs",
	"msg": `use "/v1/chat/completions" of project "eu-support" takes images or files: what a scan flags is kept for review, also under zero_data_retention`,
	"value": "zero_data_retention",
}}

test_file if {
	_verdict(_use({"inputs": ["file"]})) == "violation"
	_verdict(_use({"file_upload": "base64"})) == "violation"
}

test_computer_use_sends_images if _verdict(_use({"tools": ["computer_use"]})) == "violation"

test_other_tools_do_not if _verdict(_use({"tools": ["image_generation", "file_search"]})) == "not applicable"

test_other_inputs if {
	_verdict(_use({})) == "not applicable"
	_verdict(_use({"inputs": ["text", "audio"]})) == "not applicable"
	_verdict(_use({"inputs": [], "tools": []})) == "not applicable"
	_verdict(_use({"outputs": ["image"]})) == "not applicable"
}

test_images_endpoint if {
	_verdict(_use({"endpoint": "/v1/images/edits"})) == "violation"
	_verdict(_use({"endpoint": "/v1/images/edits", "inputs": ["image"]})) == "violation"
	_verdict(_use({"endpoint": "/v1/images/edits", "inputs": ["text"]})) == "not applicable"
}

test_audio_endpoint if {
	doc := _use({"endpoint": "/v1/audio/speech"})
	edition := {"endpoints": {"/v1/audio/speech": {}}, "notes": {"/v1/audio/speech": _notes["/v1/images/edits"]}}
	_verdict(object.union(doc, {"edition": edition})) == "not applicable"
	_verdict(object.union(object.union(doc, {"edition": edition}), {"uses": {"u": {"inputs": ["file"]}}})) == "violation"
}

test_controls if {
	every control in ["modified_abuse_monitoring", "enhanced_modified_abuse_monitoring", "enhanced_zero_data_retention", "zdr_with_private_safety_processing"] {
		_verdict(_under(control)) == "violation"
	}
	every control in ["none", "safety_retention", "private_retention_with_private_safety_processing"] {
		_verdict(_under(control)) == "not applicable"
	}
}

test_endpoint_that_scans_nothing if {
	_verdict(_use({"endpoint": "/v1/realtime", "inputs": ["image"]})) == "not applicable"
	doc := _use({"inputs": ["image"]})
	off := {"csam_scan_exception_applies": {"value": false, "scope": null}}
	_verdict(object.union(doc, {"edition": {"notes": {"/v1/chat/completions": off}}})) == "not applicable"
}

test_edition_that_says_nothing_of_it if {
	doc := object.union(object.union(_use({"inputs": ["image"]}), {"edition": null}), {"edition": object.union(object.remove(t.edition, ["notes"]), {"notes": {}})})
	_verdict(doc) == "not applicable"
	_verdict(object.union(doc, {"uses": {"u": {"endpoint": "/v1/vector_stores"}}})) == "not applicable"
}

test_not_in_the_edition if {
	_verdict(_use({"endpoint": "/v1/images/variations", "inputs": ["image"]})) == "not applicable"
	_verdict(t.unknown(_use({"endpoint": "/v1/nothing"}), "uses", "inputs")) == "not applicable"
}

test_only_a_service_row if _undetermined(_use({"endpoint": "/v1/vector_stores", "inputs": ["file"]})) == {{
	"subject": "u",
	"attribute": "endpoint",
	"msg": `use "/v1/vector_stores" of project "eu-support" may take images or files that are kept for review: whether it scans them is not known (the edition names the endpoint for data residency only)`,
}}

test_only_a_service_row_is_open if {
	_verdict(_use({"endpoint": "/v1/vector_stores", "inputs": ["file"]})) == "undetermined"
	_verdict(_use({"endpoint": "/v1/vector_stores", "inputs": ["text"]})) == "not applicable"
	not_in_effect := {"effective": {"data_retention": "none", "from": "project"}}
	_verdict(_use(object.union({"endpoint": "/v1/vector_stores", "inputs": ["file"]}, not_in_effect))) == "not applicable"
}

test_only_a_service_row_that_is_scanned if {
	doc := _use({"endpoint": "/v1/vector_stores", "inputs": ["file"]})
	_verdict(object.union(doc, {"edition": {"notes": {"/v1/vector_stores": _notes["/v1/images/edits"]}}})) == "violation"
}

test_not_declared if _undetermined(_under(null)) == {{
	"subject": "u",
	"attribute": "data_retention",
	"msg": `use "/v1/chat/completions" of project "eu-support" may take images or files that are kept for review: the control in effect is not known (not declared)`,
}}

test_not_declared_is_open if {
	_verdict(_under(null)) == "undetermined"
	_verdict(_use({"inputs": ["text"], "effective": {"data_retention": null, "from": null}})) == "not applicable"
}

test_control_unknown if {
	doc := t.unknown(_under(null), "uses", "effective")
	_verdict(doc) == "undetermined"
	some f in _undetermined(doc)
	endswith(f.msg, "the control in effect is not known (known after apply)")
	_verdict(t.unknown(_use({"inputs": ["text"]}), "uses", "effective")) == "not applicable"
}

test_inputs_unknown if {
	doc := t.unknown(_use({}), "uses", "inputs")
	_verdict(doc) == "undetermined"
	_undetermined(doc) == {{
		"subject": "u",
		"attribute": "inputs",
		"msg": `use "/v1/chat/completions" of project "eu-support" may take images or files that are kept for review: inputs is not known (known after apply)`,
	}}
	_verdict(t.unknown(_use({"endpoint": "/v1/images/edits"}), "uses", "inputs")) == "undetermined"
}

test_tools_unknown if _verdict(t.unknown(_use({"inputs": ["text"]}), "uses", "tools")) == "undetermined"

test_file_upload_unknown if _verdict(t.unknown(_use({"inputs": ["text"]}), "uses", "file_upload")) == "undetermined"

test_another_attribute_unknown if _verdict(t.unknown(_use({"inputs": ["text"]}), "uses", "store")) == "not applicable"

test_what_is_known_decides if {
	_verdict(t.unknown(_use({"inputs": ["image"]}), "uses", "tools")) == "violation"
	_verdict(t.unknown(_use({"file_upload": "url"}), "uses", "inputs")) == "violation"
	_verdict(t.unknown(_use({"tools": ["computer_use"]}), "uses", "file_upload")) == "violation"
	_verdict(t.unknown(_under("none"), "uses", "inputs")) == "not applicable"
}

test_several_unknown if {
	doc := t.unknown(t.unknown(_use({}), "uses", "inputs"), "uses", "effective")
	{f.attribute | some f in _undetermined(doc)} == {"inputs", "data_retention"}
	_verdict(doc) == "undetermined"
}
