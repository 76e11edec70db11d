package openai.residency.use_processed_elsewhere_test

import rego.v1

import data.openai.residency.use_processed_elsewhere as rule
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

_attributes(doc) := {f.attribute | some f in _undetermined(doc)}

_required := {"requirements": {"regional_processing": true}}

# A use that has to be processed in its region, which processes.
_use(region, extra) := t.use(object.union(object.union(_required, {"region": region, "processing": true}), extra))

# The same, where region and processing are not known.
_anywhere(extra) := t.unknown(t.unknown(t.use(object.union(_required, extra)), "uses", "region"), "uses", "processing")

# The same, where the setting claims processing that the edition does not list.
_disputed(region, extra) := t.unknown(t.use(object.union(object.union(_required, {"region": region}), extra)), "uses", "processing")

_unknown(doc, attribute) := t.unknown(doc, "uses", attribute)

# Rows with another value of an attribute, under everything that finds them.
_rows(doc, path, extra) := object.union(doc, {"edition": {"services": {"by_path": {path: [object.union(row, extra) | some row in doc.edition.services.by_path[path]]}}}})

# With rows of tools and of file uploads.
_tools(doc) := object.union(doc, {"edition": {"services": {
	"by_tool": {"web_search": [_row(["EU"], null)], "file_search": [_row([], null), _row(["EU", "US"], null)], "mcp": [_row([], null)]},
	"by_key": {"file uploads": [_row(["EU"], "base64_file_uploads_only")]},
}}})

_row(regions, condition) := {
	"storage_regions": ["EU", "AE"],
	"processing_regions": regions,
	"processing_model_allowlist": {},
	"condition": condition,
	"caveat": null,
	"models": [],
	"models_scope": "service_level",
}

_listed(doc, models) := _rows(doc, "/v1/chat/completions", {"processing_model_allowlist": {"AE": models}})

_reserved(doc) := _rows(doc, "/v1/chat/completions", {"caveat": "availability_in_region_is_not_inference_in_region"})

_stores := {"endpoint": "/v1/vector_stores"}

test_processed_there if _verdict(_use("EU", {"model": "alpha-2029-04-14"})) == "pass"

test_model_does_not_matter_without_a_list if {
	_verdict(_use("EU", {"model": "omega"})) == "pass"
	_verdict(_use("EU", {"model": null})) == "pass"
	_verdict(_unknown(_use("EU", {}), "model")) == "pass"
}

test_no_row_processes if _deny(_use("EU", _stores)) == {{
	"subject": "u",
	"attribute": "endpoint",
	"msg": concat("", [
		`use "/v1/vector_stores" of project "eu-support" has to be processed in EU, `,
		"and the edition lists no processing of /v1/vector_stores there",
	]),
	"value": "/v1/vector_stores",
}}

test_another_edition if {
	doc := _rows(_use("EU", _stores), "/v1/vector_stores", {"processing_regions": ["EU"]})
	_verdict(doc) == "pass"
	_verdict(_rows(_use("AE", _stores), "/v1/vector_stores", {"processing_regions": ["EU"]})) == "violation"
}

test_row_of_another_region if _verdict(_use("EU", {"endpoint": "/v1/realtime"})) == "violation"

test_row_that_does_not_cover_the_region if {
	doc := _rows(_use("EU", {}), "/v1/chat/completions", {"storage_regions": ["US"]})
	_verdict(doc) == "violation"
}

test_endpoint_without_a_row if {
	_verdict(_use("EU", {"endpoint": "/v1/assistants"})) == "violation"
	_verdict(_use("EU", {"endpoint": "/v1/nothing"})) == "violation"
}

test_not_required if {
	every required in [false, null] {
		doc := _use("EU", object.union(_stores, {"requirements": {"regional_processing": required}}))
		_verdict(doc) == "not applicable"
		_verdict(_unknown(doc, "region")) == "not applicable"
	}
}

test_storage_only if {
	_verdict(_use("EU", object.union(_stores, {"processing": false}))) == "not applicable"
	_verdict(_use("JP", {"processing": false})) == "not applicable"
}

test_no_region if _verdict(_use(null, object.union(_stores, {"processing": null}))) == "not applicable"

test_region_not_listed if {
	_verdict(_use("Narnia", object.union(_stores, {"processing": null}))) == "not applicable"
	_verdict(_disputed("Narnia", _stores)) == "not applicable"
}

test_model_on_the_list if _verdict(_listed(_use("AE", {"model": "gamma"}), ["gamma", "delta"])) == "pass"

test_model_not_on_the_list if _deny(_listed(_use("AE", {"model": "omega"}), ["gamma", "delta"])) == {{
	"subject": "u",
	"attribute": "model",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" has to be processed in AE, `,
		`and the edition lists no processing of model "omega" there`,
	]),
	"value": "omega",
}}

test_alias_of_a_model_on_the_list if {
	_verdict(_listed(_use("AE", {"model": "alpha"}), ["alpha-2029-04-14"])) == "violation"
}

test_list_of_another_region if _verdict(_listed(_use("EU", {"model": "omega"}), ["gamma"])) == "pass"

test_tuned_from_a_model_on_the_list if {
	doc := _listed(_use("AE", {"model": "ft:gamma:acme::1"}), ["gamma"])
	_verdict(doc) == "undetermined"
	_attributes(doc) == {"model"}
	_verdict(_listed(_use("AE", {"model": "ft:omega:acme::1"}), ["gamma"])) == "violation"
	_verdict(_listed(_use("EU", {"model": "ft:gamma:acme::1"}), ["gamma"])) == "pass"
}

test_model_not_declared if _undetermined(_listed(_use("AE", {}), ["gamma"])) == {{
	"subject": "u",
	"attribute": "model",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" may be processed outside its region: `,
		"model is not known (not declared)",
	]),
}}

test_model_unknown if {
	_verdict(_unknown(_listed(_use("AE", {}), ["gamma"]), "model")) == "undetermined"
	_verdict(_unknown(_listed(_use("EU", {}), ["gamma"]), "model")) == "pass"
}

test_caveat if {
	_undetermined(_reserved(_use("EU", {}))) == {{
		"subject": "u",
		"attribute": "endpoint",
		"msg": concat("", [
			`use "/v1/chat/completions" of project "eu-support" may be processed outside its region: `,
			"the page says of /v1/chat/completions that availability in a region is not inference there",
		]),
	}}
	_verdict(_reserved(_use("JP", {}))) == "violation"
	other := _rows(_use("EU", {}), "/v1/chat/completions", {"caveat": "third_party_service_own_residency_policy"})
	_verdict(other) == "pass"
}

test_tools if {
	_verdict(_tools(_use("EU", {"tools": ["web_search", "file_search"]}))) == "pass"
	_verdict(_tools(_use("EU", {"tools": ["web_search_preview"]}))) == "pass"
	_verdict(_tools(_use("EU", {"tools": ["function", "computer_use"]}))) == "pass"
	_verdict(_tools(_use("EU", {"tools": []}))) == "pass"
	_verdict(_tools(_use("AE", {"tools": ["web_search_preview"]}))) == "violation"
	_verdict(_tools(_use("US", {"tools": ["file_search"]}))) == "violation"
	_verdict(_tools(_use("EU", {"tools": ["image_generation"]}))) == "violation"
}

test_tool_finding if _deny(_tools(_use("EU", {"tools": ["web_search", "mcp"]}))) == {{
	"subject": "u",
	"attribute": "tools",
	"msg": concat("", [
		`use "/v1/chat/completions" of project "eu-support" has to be processed in EU, `,
		"and the edition lists no processing of the tool mcp there",
	]),
	"value": "mcp",
}}

test_tools_unknown if {
	doc := _unknown(_tools(_use("EU", {})), "tools")
	_verdict(doc) == "undetermined"
	_attributes(doc) == {"tools"}
}

test_tools_unknown_where_all_are_processed if {
	rows := {tool: [_row(["EU"], null)] |
		some tool in ["code_interpreter", "file_search", "hosted_shell", "image_generation", "mcp", "skills", "web_search"]
	}
	doc := object.union(_use("EU", {}), {"edition": {"services": {"by_tool": rows}}})
	_verdict(_unknown(doc, "tools")) == "pass"
}

test_files if {
	_verdict(_tools(_use("EU", {"file_upload": "base64"}))) == "pass"
	_verdict(_tools(_use("EU", {"inputs": ["text", "file"], "file_upload": "base64"}))) == "pass"
	_verdict(_tools(_use("AE", {"file_upload": "base64"}))) == "violation"
	_verdict(_tools(_use("EU", {"file_upload": "url"}))) == "violation"
	_verdict(_tools(_use("EU", {"inputs": ["text"]}))) == "pass"
	_verdict(_use("EU", {"file_upload": "base64"})) == "violation"
}

test_file_finding if {
	some f in _deny(_tools(_use("EU", {"file_upload": "file_id"})))
	f.attribute == "file_upload"
	f.value == "file_id"
	endswith(f.msg, "the edition lists no processing of files sent as file_id there")
}

test_file_input_sent_as_base64 if {
	doc := _tools(_use("AE", {"inputs": ["text", "file"], "file_upload": "base64"}))
	{f.value | some f in _deny(doc)} == {"base64"}
}

test_file_input_without_a_way if {
	doc := _tools(_use("EU", {"inputs": ["text", "file"]}))
	_verdict(doc) == "undetermined"
	{f.msg | some f in _undetermined(doc)} == {concat("", [
		`use "/v1/chat/completions" of project "eu-support" may be processed outside its region: `,
		"file_upload is not known (not declared)",
	])}
}

test_file_input_without_a_way_where_none_is_processed if {
	doc := _tools(_use("AE", {"inputs": ["text", "file"]}))
	_verdict(doc) == "violation"
	_undetermined(doc) == set()
	{f.value | some f in _deny(doc)} == {"base64, file_id or url"}
	_verdict(_unknown(doc, "file_upload")) == "violation"
}

test_file_upload_unknown if {
	doc := _unknown(_tools(_use("EU", {})), "file_upload")
	_verdict(doc) == "undetermined"
	_attributes(doc) == {"file_upload"}
	_verdict(_unknown(_tools(_use("EU", {"inputs": ["file"]})), "file_upload")) == "undetermined"
}

test_inputs_unknown if {
	doc := _unknown(_tools(_use("EU", {})), "inputs")
	_verdict(doc) == "undetermined"
	_attributes(doc) == {"inputs"}
	_verdict(_unknown(_tools(_use("EU", {"file_upload": "base64"})), "inputs")) == "pass"
}

test_another_attribute_unknown if _verdict(_unknown(_use("EU", {}), "store")) == "pass"

test_region_unknown if {
	doc := _anywhere(_stores)
	_verdict(doc) == "undetermined"
	_undetermined(doc) == {{
		"subject": "u",
		"attribute": "region",
		"msg": concat("", [
			`use "/v1/vector_stores" of project "eu-support" may be processed outside its region, `,
			"with /v1/vector_stores: region is not known (known after apply)",
		]),
		"value": "/v1/vector_stores",
	}}
}

# Facts of one's own that say nothing of processing blame it, not the project.
test_processing_without_a_word_of_it if {
	doc := t.use(object.union(object.union(_required, {"region": "EU"}), _stores))
	_verdict(doc) == "undetermined"
	_undetermined(doc) == {{
		"subject": "u",
		"attribute": "processing",
		"msg": concat("", [
			`use "/v1/vector_stores" of project "eu-support" may be processed outside its region, `,
			"with /v1/vector_stores: processing is not known (the edition does not say)",
		]),
		"value": "/v1/vector_stores",
	}}
}

# A residency word may name a region that the edition does not process in.
test_region_unknown_and_processed_wherever_the_edition_processes if {
	_verdict(_anywhere({})) == "undetermined"
	_attributes(_anywhere({})) == {"region"}
}

test_region_unknown_and_processed_in_one if _verdict(_anywhere({"endpoint": "/v1/realtime"})) == "undetermined"

test_region_unknown_and_a_list_in_one if {
	_verdict(_listed(_anywhere({"model": "omega"}), ["gamma"])) == "undetermined"
	_attributes(_listed(_anywhere({"model": "gamma"}), ["gamma"])) == {"region"}
	_attributes(_listed(_anywhere({}), ["gamma"])) == {"model", "region"}
}

test_region_unknown_without_processing if {
	_verdict(_unknown(_use(null, object.union(_stores, {"processing": false})), "region")) == "not applicable"
}

# As for a use that may be of several projects, all of which process.
test_region_unknown_with_processing if {
	doc := _unknown(_use(null, _stores), "region")
	_verdict(doc) == "violation"
	_undetermined(doc) == set()
	{f.msg | some f in _deny(doc)} == {concat("", [
		`use "/v1/vector_stores" of project "eu-support" has to be processed in AE or EU or US, `,
		"and the edition lists no processing of /v1/vector_stores there",
	])}
	_verdict(_unknown(_use(null, {}), "region")) == "pass"
	_verdict(_unknown(_use(null, {"endpoint": "/v1/realtime"}), "region")) == "undetermined"
}

test_processing_unknown if {
	doc := _disputed("JP", {})
	_verdict(doc) == "undetermined"
	_attributes(doc) == {"processing"}
	_verdict(_disputed("EU", {})) == "not applicable"
}

# A use of endpoint `/v1/vector_stores` whose project can't be told, beside projects with these requirements, with this of the use.
_untold(required, extra) := object.union(t.use(object.union(object.union(_stores, {"project": null, "project_name": null}), extra)), {"projects": {sprintf("p%d", [i]): object.union(t.project({}).projects.p, {"requirements": {"regional_processing": demand}}) |
	some i, demand in required
}})

_in_europe := {"region": "EU", "processing": true}

test_project_that_cannot_be_told_where_every_project_requires_it if {
	doc := _untold([true, true], _in_europe)
	_verdict(doc) == "violation"
	_undetermined(doc) == set()
	_verdict(_untold([true], {"region": "EU", "processing": true, "endpoint": "/v1/chat/completions"})) == "pass"
}

test_project_that_cannot_be_told_where_one_project_requires_it if {
	doc := _untold([true, null], _in_europe)
	_verdict(doc) == "undetermined"
	_undetermined(doc) == {{
		"subject": "u",
		"attribute": "project",
		"msg": concat("", [
			`use "/v1/vector_stores" may be processed outside its region, with /v1/vector_stores: `,
			"project is not known (it can't be told, and not every project requires regional processing)",
		]),
		"value": "/v1/vector_stores",
	}}
	_verdict(_untold([true, false], {"region": "EU", "processing": true, "endpoint": "/v1/chat/completions"})) == "not applicable"
}

test_project_that_cannot_be_told_and_region_unknown if {
	doc := _unknown(_unknown(_untold([true, null], {}), "region"), "processing")
	_verdict(doc) == "undetermined"
	_attributes(doc) == {"region"}
	_verdict(_unknown(_unknown(_untold([true], {}), "region"), "processing")) == "undetermined"
}

test_project_that_cannot_be_told_where_none_requires_it if {
	_verdict(_untold([false, null], _in_europe)) == "not applicable"
	_verdict(_untold([], _in_europe)) == "not applicable"
	_verdict(_unknown(_untold([null], {}), "region")) == "not applicable"
}

test_project_that_cannot_be_told_in_storage_only if {
	_verdict(_untold([true], {"region": "JP", "processing": false})) == "not applicable"
	_verdict(_untold([true, null], {"region": null, "processing": null})) == "not applicable"
}

test_project_that_is_told_beside_one_that_requires_it if {
	doc := object.union(_untold([true], _in_europe), {"uses": {"u": {"project": "q"}}})
	_verdict(doc) == "not applicable"
}

# A colon alone makes no tuned model.
test_model_with_a_colon if {
	_verdict(_listed(_use("AE", {"model": "not:gamma"}), ["gamma"])) == "violation"
	_verdict(_listed(_use("AE", {"model": "ft:gamma:org"}), ["gamma"])) == "undetermined"
}

test_requirement_that_may_be_another_projects if {
	surely := object.union(t.use({"region": "EU", "processing": true}), {"uses": {"u": object.union(_required, _stores)}})
	_verdict(surely) == "violation"
	doubtful := object.union(
		_untold([true, null], _in_europe),
		{"uses": {"u": object.union(_required, {"unknown": {"requirements": "it can't be told"}})}},
	)
	_verdict(doubtful) == "undetermined"
}
