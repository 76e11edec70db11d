# METADATA
# title: "Hosted container under zero data retention"
# description: >-
#   The tool runs in a container that OpenAI hosts, which keeps data for a while. The edition does not allow it with this control.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: high
#   subject: use or project
#   needs: tools
#   remediation: "Switch the tool off and take it off the `tools` of uses, or use it from a project under modified abuse monitoring."
#   section: "/v1/responses"
#   statements: []
package openai.retention.hosted_container_under_zdr

import rego.v1

import data.openai.lib
import data.openai.modalities

applies contains id if {
	some [id, _, _, control] in _settings
	control in lib.zero_data_retention
}

deny contains f if {
	some [id, tool, true, control] in _settings
	control in lib.zero_data_retention
	msg := sprintf("%s has %s in effect and %s enabled, which runs in a container of OpenAI's", [lib.use_or_project(id), control, tool])
	f := lib.finding(id, modalities.tool_attribute(id, tool), msg, {"value": tool})
}

undetermined contains f if {
	some [id, tool, true, null] in _settings
	some subjects in [input.projects, input.uses]
	why := lib.not_known("the control in effect", object.get(subjects[id].unknown, "effective", "not declared"))
	f := lib.finding(id, "data_retention", sprintf("%s has %s enabled, in a container of OpenAI's: %s", [lib.use_or_project(id), tool, why]), {"value": tool})
}

undetermined contains f if {
	_forbidden
	some subjects in [input.projects, _uses]
	some id, subject in subjects
	some attribute, reason in subject.unknown
	trim_prefix(attribute, "tools.") in (_tools | {"tools"})
	object.get(subject, _effective, null) in (lib.zero_data_retention | {null})
	msg := sprintf("%s may have a tool that runs in a container of OpenAI's: %s", [lib.use_or_project(id), lib.not_known(attribute, reason)])
	f := lib.finding(id, attribute, msg, {})
}

# [use or project, tool, whether it is enabled, the control in effect]
_settings := union({
	{[id, tool, true, object.get(u, _effective, null)] | _forbidden; some id, u in _uses; u.tools != null; some tool in u.tools; tool in _tools},
	{[id, tool, on, object.get(p, _effective, null)] | _forbidden; some id, p in input.projects; p.tools != null; some tool, on in p.tools; tool in _tools},
})

_tools := {"code_interpreter", "hosted_shell", "skills"}
_uses := {id: u | some id, u in input.uses; u.endpoint in lib.endpoints}
_forbidden if false in {stated.value | some stated in input.edition.page.openai_hosted_containers_allowed_with_zdr}
_effective := ["effective", "data_retention"]
