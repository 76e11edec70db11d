# Where what uses send rests and is processed, for the table of projects and endpoints: what the rules of residency say of
# each use, in their words. The uses are those of projects that require regional processing.
package openai.placed

import rego.v1

import data.openai.lib
import data.openai.residency.endpoint_not_in_region
import data.openai.residency.file_upload_not_base64
import data.openai.residency.model_alias_not_pinned
import data.openai.residency.model_not_in_region
import data.openai.residency.tool_not_in_region
import data.openai.residency.use_processed_elsewhere

# Use id → whether what it sends is stored in its region, and whether it is processed there: "no", "not known" or "yes", with
# the reason where the rules give one.
answers[id] := {question: _answer([question, id], lib.use(use_of)) | some question in ["stored", "processed"]} if {
	some id, use_of in input.uses
}

_answer(asked, who) := {"value": "no", "reason": _reason(_denied[asked], who)} if {
	_denied[asked]
} else := {"value": "not known", "reason": _reason(_open[asked], who)} if {
	_open[asked]
} else := {"value": "yes", "reason": ""}

# What the messages say of a use, without its name.
_reason(messages, who) := concat("; ", [trim_prefix(message, sprintf("%s ", [who])) | some message in messages])

_denied[asked] contains f.msg if {
	some question, findings in {"stored": _not_stored, "processed": _not_processed}
	some f in findings
	asked := [question, f.subject]
}

_not_stored := union({endpoint_not_in_region.deny, model_not_in_region.deny, tool_not_in_region.deny, file_upload_not_base64.deny})

_not_processed := use_processed_elsewhere.deny | model_not_in_region.deny

_open[asked] contains f.msg if {
	some question, findings in {"stored": _perhaps_stored, "processed": _perhaps_processed}
	some f in findings
	asked := [question, f.subject]
}

_perhaps_stored := union({
	endpoint_not_in_region.undetermined,
	tool_not_in_region.undetermined,
	file_upload_not_base64.undetermined,
	_perhaps_listed,
})

_perhaps_processed := use_processed_elsewhere.undetermined | _perhaps_listed

# An alias is not listed, though what it stands for today is.
_perhaps_listed := union({model_not_in_region.undetermined, model_alias_not_pinned.undetermined, model_alias_not_pinned.deny})
