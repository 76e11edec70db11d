# METADATA
# title: "Control weakened by the change"
# description: >-
#   What is sent after the change is kept longer, or seen by more people, than what was sent before.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: organization or project
#   needs: change.before
#   remediation: >-
#     Keep the control (`type` of `openai_project_data_retention`, or of `openai_organization_data_retention` where the project
#     has none of its own), or waive this finding with the reason.
#   section: "Data retention controls for abuse monitoring"
#   statements: []
package openai.retention.control_weakened

import rego.v1

import data.openai.lib

applies contains id if some id in _changing

deny contains f if {
	some id in _changing
	lib.strength[lib.in_effect[id]] < lib.strength[lib.was_in_effect[id]]
	msg := sprintf("%s falls from %s to %s", [lib.holder(id), lib.was_in_effect[id], lib.in_effect[id]])
	f := lib.finding(id, "data_retention", msg, {"value": lib.in_effect[id]})
}

undetermined contains f if {
	some id in _changing
	not _decided(id)
	words := [object.get(controls, id, "a control that is not known") | some controls in [lib.was_in_effect, lib.in_effect]]
	msg := sprintf("%s goes from %s to %s, which may be weaker", array.concat([lib.holder(id)], words))
	f := lib.finding(id, "data_retention", msg, {})
}

_holders := object.union(input.projects, {"organization": input.organization})

_changing contains id if {
	some id, holder in _holders
	holder.change.before != null
	not "data_retention" in holder.change.no_longer_managed
}

# Nothing is weaker than nothing; what stays is not weakened; what begins to be declared is not; both can be compared;
# nothing is stronger.
_decided(id) if lib.was_in_effect[id] in {"none", object.get(lib.in_effect, id, "none")}
_decided(id) if [lib.was_in_effect[id], is_string(lib.in_effect[id])] == ["not declared", true]
_decided(id) if is_number(lib.strength[lib.was_in_effect[id]] + lib.strength[lib.in_effect[id]])
_decided(id) if [object.get(lib.was_in_effect, id, ""), lib.in_effect[id]] == ["", "enhanced_zero_data_retention"]

# What is not known before and after for one reason, the plan leaves alone; two hidden values may differ.
_decided(id) if {
	some attribute in ["data_retention", "effective"]
	reason := _holders[id].unknown[attribute]
	reason == _holders[id].change.before.unknown[attribute]
	not endswith(reason, "sensitive")
}
