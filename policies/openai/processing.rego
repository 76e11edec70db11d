# Where the content of uses is processed, for projects that require it to stay in their region.
package openai.processing

import rego.v1

import data.openai.lib
import data.openai.listings
import data.openai.modalities

# [use id, use, region], for the uses of projects that require regional processing, or may, and may have it, with each region
# they may be in.
uses := [[id, use_of, region] |
	some id in _demanding
	use_of := input.uses[id]
	not use_of.processing == false
	some region in regions[object.get(use_of, "region", object.get(use_of, "processing", false))]
]

# The uses whose project requires regional processing, and has it.
sure := {id | some id in _required; input.uses[id].processing == true}

# Use id → [attribute, why], for what leaves open where a use has to be processed.
open := {id: [attribute, lib.not_known(attribute, reasons[attribute])] |
	some id in _demanding
	untold := {null: {"project": "it can't be told, and not every project requires regional processing"}}
	reasons := object.union(object.get(untold, input.uses[id].project, _unsaid), input.uses[id].unknown)
	attribute := [a | some a in ["region", "processing", "project"]; reasons[a]][0]
}

_unsaid := {"processing": "the edition does not say"}

_demanding := _required | _perhaps_required

_required contains id if {
	some id, use_of in input.uses
	use_of.requirements.regional_processing == true
	not use_of.unknown.requirements
}

# Of a use whose project can't be told, what all projects require is required.
_required contains id if {
	_requiring == object.keys(input.projects)
	some id in _perhaps_required
}

_perhaps_required contains id if {
	count(_requiring) > 0
	some id, use_of in input.uses
	use_of.project == null
}

_requiring := {id | some id, project_of in input.projects; project_of.requirements.regional_processing == true}

# Those of them that are not plainly processed there: anything but text to an endpoint, where it processes every model.
_not_plain := [[id, use_of, region] |
	some [id, use_of, region] in uses
	sent := [object.get(use_of, "tools", 0), object.get(use_of, "inputs", 0), object.get(use_of, "file_upload", 0)]
	not [use_of.endpoint, region, sent, use_of.unknown] in _plain
]

_plain := {[endpoint, region, [tools, inputs, null], {}] |
	some [endpoint, region] in surely_processed
	not allowed_models[[endpoint, region]]
	some tools in [null, []]
	some inputs in [null, ["text"]]
}

# The regions that a use may be in, by its region; where that is not known, `true` has those that process, for one that surely
# is processed in its region, and `false` all.
regions := object.union(
	lib.possible_regions,
	{true: {code | some code, region in input.edition.regions; region.processing == true}},
)

# [what, region], where a row says that an endpoint, a tool or a way of sending files is processed in a region that it covers.
processed contains [what, region] if some [what, region, _] in _processing

# The same without the rows that take it back.
surely_processed contains [what, region] if {
	some [what, region, caveat] in _processing
	caveat != "availability_in_region_is_not_inference_in_region"
}

_processing contains [what, region, row.caveat] if {
	some what, rows in _processing_rows
	some row in rows
	some region in row.processing_regions
	region in row.storage_regions
}

_processing_rows := object.union_n([
	input.edition.services.by_path,
	{tool: modalities.tool_rows(tool) | some tool in modalities.hosted_tools},
	{way: _base64_rows | some way in ["base64", "base64, file_id or url"]},
])

_base64_rows := [row | some row in listings.all_rows; row.condition == "base64_file_uploads_only"]

# [endpoint, region] → the only models that are processed there.
allowed_models[place] contains model if {
	some endpoint, rows in input.edition.services.by_path
	some row in rows
	some region, models in row.processing_model_allowlist
	place := [endpoint, region]
	some model in models
}

# [use id, attribute, what, region], for what a use has and no row says to be processed in a region it may be in.
elsewhere contains [id, attribute, what, region] if {
	some [id, attribute, what, region] in _not_surely_processed
	not [what, region] in processed
}

elsewhere contains [id, "model", use_of.model, region] if {
	some [id, use_of, region] in _not_plain
	is_string(use_of.model)
	models := allowed_models[[use_of.endpoint, region]]
	not use_of.model in models
	not _tuned_from_any(use_of.model, models)
}

# [use id, attribute, why], for what a use may have that is not processed in a region it may be in.
doubts contains [id, attribute, why] if {
	some [id, attribute, what, region] in _not_surely_processed
	[what, region] in processed
	why := sprintf("the page says of %s that availability in a region is not inference there", [what])
}

doubts contains [id, attribute, lib.not_known(attribute, reason)] if {
	some [id, use_of, region] in _not_plain
	some attribute, reason in use_of.unknown
	_decides_processing(attribute, use_of, region)
}

doubts contains [id, "model", lib.not_known("model", "not declared")] if {
	some [id, use_of, region] in _not_plain
	use_of.model == null
	allowed_models[[use_of.endpoint, region]]
}

doubts contains [id, "model", sprintf(`"%s" is tuned from a model that is processed there`, [use_of.model])] if {
	some [id, use_of, region] in _not_plain
	is_string(use_of.model)
	_tuned_from_any(use_of.model, allowed_models[[use_of.endpoint, region]])
}

doubts contains [id, "file_upload", lib.not_known("file_upload", "not declared")] if {
	some [id, use_of, _] in _not_plain
	"file" in use_of.inputs
	use_of.file_upload == null
}

_decides_processing("model", use_of, region) if allowed_models[[use_of.endpoint, region]]

_decides_processing("tools", _, region) if {
	some tool in modalities.hosted_tools
	not [tool, region] in surely_processed
}

_decides_processing("file_upload", _, _) := true

_decides_processing("inputs", use_of, _) if use_of.file_upload == null

_not_surely_processed contains [id, "endpoint", use_of.endpoint, region] if {
	some [id, use_of, region] in _not_plain
	not [use_of.endpoint, region] in surely_processed
}

_not_surely_processed contains [id, "tools", tool, region] if {
	some [id, use_of, region] in _not_plain
	is_array(use_of.tools)
	some tool in use_of.tools
	tool in modalities.hosted_tools
	not [tool, region] in surely_processed
}

_not_surely_processed contains [id, "file_upload", use_of.file_upload, region] if {
	some [id, use_of, region] in _not_plain
	is_string(use_of.file_upload)
	not [use_of.file_upload, region] in surely_processed
}

# Where it is not known how files are sent, and no way is processed there.
_not_surely_processed contains [id, "file_upload", "base64, file_id or url", region] if {
	some [id, use_of, region] in _not_plain
	"file" in use_of.inputs
	not is_string(object.get(use_of, "file_upload", null))
	not ["base64, file_id or url", region] in surely_processed
}

_tuned_from_any(model, models) if listings.tuned_from(model) in models
