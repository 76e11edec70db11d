package openai.residency.modality_not_in_region_test

import rego.v1

import data.openai.residency.modality_not_in_region as rule
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

# EU takes text and audio, JP text and voice, AE images alone; US and KR take everything.
_limited(doc) := object.union(doc, {"edition": {"regions": {
	"US": {"modes": ["text", "audio", "voice", "image"]},
	"EU": {"modes": ["text", "audio"]},
	"JP": {"modes": ["text", "voice"]},
	"AE": {"modes": ["image"]},
	"KR": {"modes": ["text", "audio", "image"]},
}}})

_use(region, extra) := _limited(t.use(object.union({"region": region}, extra)))

test_input if _deny(_use("EU", {"inputs": ["text", "image"]})) == {{
	"subject": "u",
	"attribute": "inputs",
	"msg": `use "/v1/chat/completions" of project "eu-support" has the modality image, and EU takes only text, audio`,
	"value": "image",
}}

test_output if {
	some f in _deny(_use("JP", {"inputs": ["text"], "outputs": ["image"]}))
	[f.attribute, f.value] == ["outputs", "image"]
}

test_both_ways_is_one_finding if {
	found := _deny(_use("EU", {"inputs": ["image"], "outputs": ["image"]}))
	{f.attribute | some f in found} == {"inputs"}
}

test_among_the_modes if {
	_verdict(_use("US", {"inputs": ["text", "image", "audio"], "outputs": ["text", "image", "audio"]})) == "pass"
	_verdict(_use("EU", {"inputs": ["text"], "outputs": ["text"]})) == "pass"
}

test_audio_is_audio_or_voice if {
	_verdict(_use("EU", {"inputs": ["audio"], "outputs": ["audio"]})) == "pass"
	_verdict(_use("JP", {"inputs": ["audio"], "outputs": ["audio"]})) == "pass"
	_verdict(_use("AE", {"inputs": ["audio"], "outputs": ["image"]})) == "violation"
}

test_file_is_none if _verdict(_use("EU", {"inputs": ["text", "file"]})) == "pass"

test_not_declared_is_text if {
	_verdict(_use("EU", {})) == "pass"
	some f in _deny(_use("AE", {"outputs": ["image"]}))
	[f.attribute, f.value] == ["inputs", "text"]
	some g in _deny(_use("AE", {"inputs": ["image"]}))
	[g.attribute, g.value] == ["outputs", "text"]
}

test_empty_is_none if _verdict(_use("AE", {"inputs": [], "outputs": ["image"]})) == "pass"

test_endpoint_implies if {
	some f in _deny(_use("EU", {"endpoint": "/v1/images/generations"}))
	[f.attribute, f.value] == ["endpoint", "image"]
	_verdict(_use("KR", {"endpoint": "/v1/images/generations"})) == "pass"
	_verdict(_use("EU", {"endpoint": "/v1/audio/speech"})) == "pass"
	some g in _deny(_use("AE", {"endpoint": "/v1/audio/speech", "inputs": ["image"], "outputs": ["image"]}))
	[g.attribute, g.value] == ["endpoint", "audio"]
}

test_tool_gives_images if {
	some f in _deny(_use("EU", {"tools": ["web_search", "image_generation"]}))
	[f.attribute, f.value] == ["tools", "image"]
	_verdict(_use("EU", {"tools": ["web_search"]})) == "pass"
}

test_no_region if _verdict(_use(null, {"inputs": ["image"]})) == "not applicable"

test_region_not_listed if _verdict(_use("Narnia", {"inputs": ["image"]})) == "not applicable"

test_inputs_unknown if {
	_undetermined(_unknown(_use("EU", {}), "inputs")) == {{
		"subject": "u",
		"attribute": "inputs",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" may have a modality that its region does not take: `,
			"inputs is not known (known after apply)",
		]),
	}}
	_verdict(_unknown(_use("EU", {}), "outputs")) == "undetermined"
}

test_inputs_unknown_where_every_modality_is_taken if {
	_verdict(_unknown(_use("US", {}), "inputs")) == "pass"
	_verdict(_unknown(_use("KR", {}), "outputs")) == "pass"
}

test_inputs_unknown_beside_an_output_that_is_not_taken if {
	_verdict(_unknown(_use("EU", {"outputs": ["image"]}), "inputs")) == "violation"
}

test_inputs_unknown_without_region if _verdict(_unknown(_use(null, {}), "inputs")) == "not applicable"

test_tools_unknown if {
	_verdict(_unknown(_use("EU", {}), "tools")) == "undetermined"
	_verdict(_unknown(_use("US", {}), "tools")) == "pass"
	_verdict(_unknown(_use("AE", {"inputs": ["image"], "outputs": ["image"]}), "tools")) == "pass"
}

test_another_attribute_unknown if _verdict(_unknown(_use("EU", {}), "model")) == "pass"

test_region_unknown if {
	doc := _unknown(_use(null, {"inputs": ["image"]}), "region")
	_verdict(doc) == "undetermined"
	{f.attribute | some f in _undetermined(doc)} == {"region"}
}

test_region_unknown_where_every_region_takes_it if {
	doc := _unknown(t.use({"inputs": ["text", "image"], "outputs": ["image"]}), "region")
	_verdict(doc) == "not applicable"
}

test_region_unknown_and_only_another_modality_is_missing if {
	_verdict(_unknown(t.use({}), "region")) == "not applicable"
	_verdict(_unknown(t.use({"inputs": ["audio"]}), "region")) == "undetermined"
}

test_both_unknown if _verdict(_unknown(_unknown(_use(null, {}), "region"), "inputs")) == "undetermined"
