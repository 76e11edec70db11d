package openai.residency.file_upload_not_base64_test

import rego.v1

import data.openai.residency.file_upload_not_base64 as rule
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

_use(region, inputs, upload) := _conditioned(t.use({"region": region, "inputs": inputs, "file_upload": upload}))

# The row stands after one without a condition, and names only some regions.
_conditioned(doc) := object.union(doc, {"edition": {"services": {"by_key": {"file uploads": [
	{"condition": null, "storage_regions": ["US"]},
	{"condition": "base64_file_uploads_only", "storage_regions": ["US"]},
]}}}})

_free(inputs, upload) := t.use({"region": "EU", "inputs": inputs, "file_upload": upload})

test_base64 if {
	_verdict(_use("EU", null, "base64")) == "pass"
	_verdict(_use("EU", ["text", "file"], "base64")) == "pass"
}

test_file_id if _deny(_use("EU", ["file"], "file_id")) == {{
	"subject": "u",
	"attribute": "file_upload",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" takes files as file_id, `,
		"and data residency in EU covers only base64",
	]),
	"value": "file_id",
}}

test_url if _verdict(_use("EU", null, "url")) == "violation"

test_a_region_that_the_row_names if _verdict(_use("US", null, "file_id")) == "violation"

test_no_files if {
	_verdict(_use("EU", null, null)) == "not applicable"
	_verdict(_use("EU", ["text", "image"], null)) == "not applicable"
}

test_upload_not_declared if _undetermined(_use("EU", ["text", "file"], null)) == {{
	"subject": "u",
	"attribute": "file_upload",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" may take files in another way than base64 in a region: `,
		"file_upload is not known (not declared)",
	]),
}}

test_no_region if {
	_verdict(_use(null, ["file"], "file_id")) == "not applicable"
	_verdict(_use(null, ["file"], null)) == "not applicable"
}

test_region_not_listed if {
	_verdict(_use("Narnia", ["file"], "url")) == "not applicable"
	_verdict(_use("Narnia", ["file"], null)) == "not applicable"
}

test_edition_without_the_condition if {
	_verdict(_free(["file"], "file_id")) == "not applicable"
	_verdict(_free(["file"], "base64")) == "not applicable"
	_verdict(_free(["file"], null)) == "not applicable"
	_verdict(_unknown(_free(["file"], "url"), "region")) == "not applicable"
	_verdict(_unknown(_free(["file"], null), "file_upload")) == "not applicable"
	_verdict(object.union(
		_free(["file"], "file_id"),
		{"edition": {"services": {"by_key": {"file uploads": [{"condition": "another_condition"}]}}}},
	)) == "not applicable"
}

test_upload_unknown if {
	doc := _unknown(_use("EU", null, null), "file_upload")
	_verdict(doc) == "undetermined"
	{f.msg | some f in _undetermined(doc)} == {concat("", [
		`use "/v1/chat/completions" of project "eu-support" may take files in another way than base64 in a region: `,
		"file_upload is not known (known after apply)",
	])}
}

test_upload_unknown_without_region if _verdict(_unknown(_use(null, ["file"], null), "file_upload")) == "not applicable"

test_inputs_unknown if _verdict(_unknown(_use("EU", null, null), "inputs")) == "undetermined"

test_inputs_unknown_and_upload_declared if {
	_verdict(_unknown(_use("EU", null, "base64"), "inputs")) == "pass"
	count(_undetermined(_unknown(_use("EU", null, "file_id"), "inputs"))) == 0
}

test_region_unknown if {
	_verdict(_unknown(_use(null, null, "file_id"), "region")) == "undetermined"
	_verdict(_unknown(_use(null, null, "url"), "region")) == "undetermined"
	_verdict(_unknown(_use(null, ["file"], null), "region")) == "undetermined"
}

test_region_unknown_and_base64_or_no_file if {
	_verdict(_unknown(_use(null, ["file"], "base64"), "region")) == "not applicable"
	_verdict(_unknown(_use(null, null, null), "region")) == "not applicable"
}

test_both_unknown if _verdict(_unknown(_unknown(_use(null, null, null), "region"), "file_upload")) == "undetermined"

test_another_attribute_unknown if count(_undetermined(_unknown(_use("EU", null, null), "model"))) == 0
