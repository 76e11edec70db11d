# What several rules need, and what your own rules may use: findings, names in messages, dates of evidence,
# which control includes which, and the regions that a subject may be in.
package openai.lib

import rego.v1

# --- findings --------------------------------------------------------------------------------------------------

# A finding is built here and nowhere else. `extra` may hold `value`, `cause` and `hint`.
finding(subject, attribute, msg, extra) := object.union({"subject": subject, "attribute": attribute, "msg": msg}, extra)

# The cause of a finding that lies in what the organization has not shown.
cause(attribute) := {"cause": {"subject": "organization", "attribute": attribute}}

# The end of the message of an undetermined finding.
not_known(attribute, reason) := sprintf("%s is not known (%s)", [attribute, reason])

# A project in a message: its name, or its id where the name is not known.
project(id, subject) := sprintf(`project "%s"`, [subject.name]) if {
	is_string(subject.name)
} else := sprintf(`project "%s"`, [id])

# A use in a message.
use(subject) := sprintf(`use "%s"%s`, [subject.endpoint, _of_project(subject)])

# A client in a message.
client(id, subject) := sprintf(`client "%s"%s`, [id, _of_project(subject)])

# A use or a project in a message, by its id.
use_or_project(id) := use(input.uses[id])

use_or_project(id) := project(id, input.projects[id])

# Who holds a control: the organization or a project.
holder(id) := "the organization" if {
	id == "organization"
} else := project(id, input.projects[id])

_of_project(subject) := sprintf(` of project "%s"`, [subject.project_name]) if {
	is_string(subject.project_name)
} else := sprintf(` of project "%s"`, [subject.project]) if {
	is_string(subject.project)
} else := ""

# --- evidence --------------------------------------------------------------------------------------------------

# Why evidence with a date does not hold today, with the organization's attribute to blame; undefined where it holds.
lack(evidence, attribute, _) := {"attribute": attribute, "reason": "none is declared"} if evidence == null

lack(evidence, attribute, dated) := {"attribute": sprintf("%s.%s", [attribute, dated]), "reason": reason} if {
	evidence != null
	not is_string(object.get(evidence, dated, null))
	reason := sprintf("its %s is missing", [dated])
}

lack(evidence, attribute, dated) := {"attribute": sprintf("%s.%s", [attribute, dated]), "reason": reason} if {
	evidence != null
	is_string(evidence[dated])
	evidence[dated] > input.today
	reason := sprintf("its %s, %s, is later than today", [dated, evidence[dated]])
}

lack(evidence, attribute, dated) := {"attribute": sprintf("%s.expires_on", [attribute]), "reason": reason} if {
	evidence != null
	is_string(evidence[dated])
	evidence[dated] <= input.today
	is_string(object.get(evidence, "expires_on", null))
	evidence.expires_on < input.today
	reason := sprintf("it expired on %s", [evidence.expires_on])
}

# Why no amendment of those that an agreement of the edition takes is in force; undefined where one is. What is declared
# comes before what is not.
amendment_lack(agreement) := array.concat(declared, missing)[0] if {
	names := object.get(_amendments, agreement, [])
	count([name | some name in names; _in_force(name)]) == 0
	missing := [{"attribute": name, "reason": "none is declared"} | some name in array.concat(names, [agreement])]
	declared := [_told_apart(shown, name, names) |
		some name in names
		shown := lack(input.organization[name], name, "executed_on")
		shown.attribute != name
	]
}

# What an amendment lacks that is not the one which the edition asks for says which one it is.
_told_apart(shown, name, names) := shown if name == names[0]

_told_apart(shown, name, names) := object.union(shown, {"reason": reason}) if {
	name != names[0]
	reason := sprintf("%s is declared, and %s", [name, shown.reason])
}

# The older amendment counts where the edition asks for the newer one.
_amendments := {
	"modified_retention_amendment": ["modified_retention_amendment", "zdr_amendment"],
	"zero_data_retention_amendment": ["zdr_amendment"],
}

_in_force(name) if not lack(input.organization[name], name, "executed_on")

# --- controls --------------------------------------------------------------------------------------------------

# Each control with all that it includes, itself among them.
includes := {
	"enhanced_modified_abuse_monitoring": {"enhanced_modified_abuse_monitoring", "modified_abuse_monitoring"},
	"enhanced_zero_data_retention": {
		"enhanced_modified_abuse_monitoring",
		"enhanced_zero_data_retention",
		"modified_abuse_monitoring",
		"zero_data_retention",
	},
	"modified_abuse_monitoring": {"modified_abuse_monitoring"},
	"private_retention_with_private_safety_processing": {"private_retention_with_private_safety_processing"},
	"safety_retention": {"safety_retention"},
	"zdr_with_private_safety_processing": {
		"modified_abuse_monitoring",
		"zdr_with_private_safety_processing",
		"zero_data_retention",
	},
	"zero_data_retention": {"modified_abuse_monitoring", "zero_data_retention"},
}

# The controls that are zero data retention.
zero_data_retention := {control | some control, included in includes; "zero_data_retention" in included}

# The controls that are modified abuse monitoring, or include it.
modified_abuse_monitoring := {control | some control, included in includes; "modified_abuse_monitoring" in included}

# The endpoints that the edition knows, from its table of endpoints or from a row of its services.
endpoints := object.keys(input.edition.endpoints) | object.keys(input.edition.services.by_path)

# The endpoints that the edition names for data residency only: what it says of retention elsewhere is not known of them.
residency_only := object.keys(input.edition.services.by_path) - object.keys(input.edition.endpoints)

# The controls that are enhanced.
enhanced := {control | some control, _ in includes; startswith(control, "enhanced_")}

# Why the approval for abuse monitoring is none of an enhanced control, as `lack` says it; undefined where it is.
enhanced_lack := {"attribute": "abuse_monitoring_approval", "reason": "none is declared"} if {
	input.organization.abuse_monitoring_approval == null
} else := {"attribute": "abuse_monitoring_approval.controls", "reason": "the declared one names none"} if {
	count(approved & enhanced) == 0
}

# The regions that ask for a control.
regulated contains code if {
	some code, region in input.edition.regions
	count(region.requirement_any_of) > 0
}

# The controls that a regulated region accepts: those it names, and those that include one of them.
accepted[code] := {control |
	some control, included in _known_controls
	some required in input.edition.regions[code].requirement_any_of
	required in included
} if {
	some code in regulated
}

# With the controls that only the edition knows; each of them includes itself alone.
_known_controls := object.union({c: {c} | some region in input.edition.regions; some c in region.requirement_any_of}, includes)

# The controls that the approval for abuse monitoring names; empty where there is none.
approved contains control if {
	is_array(input.organization.abuse_monitoring_approval.controls)
	some control in input.organization.abuse_monitoring_approval.controls
}

# Those that the approval names or includes.
covered contains control if {
	some approved_control in approved
	some control in object.get(includes, approved_control, {approved_control})
}

# The control that the organization or a project declares for itself, by its id; `none` and the default are none.
controls := {id: control |
	some id, holder_of in _holders
	control := holder_of.data_retention
	not control in {null, "none", "organization_default"}
}

# How strong a control is, for those that can be compared.
strength := {
	"enhanced_zero_data_retention": 4,
	"zero_data_retention": 3,
	"enhanced_modified_abuse_monitoring": 2,
	"modified_abuse_monitoring": 1,
	"none": 0,
}

# The control in effect for the organization or a project, by its id; missing where it is not known.
in_effect := object.union(_in_effect_for_organization, {id: control |
	some id, project_of in input.projects
	control := object.get(_undeclared, project_of.effective.data_retention, project_of.effective.data_retention)
})

_in_effect_for_organization := {"organization": object.get(_undeclared, control, control)} if {
	control := input.organization.data_retention
} else := {}

# The same before the change.
was_in_effect := {id: control |
	some id, holder_of in _holders
	was := holder_of.change.before.effective.data_retention
	control := object.get(_undeclared, was, was)
}

_undeclared := {null: "not declared"}

# Why the control of the organization or a project is not known, by its id.
unknown_controls := {id: reason |
	some id, holder_of in _holders
	reason := holder_of.unknown.data_retention
}

_holders := object.union(input.projects, {"organization": input.organization})

# --- regions --------------------------------------------------------------------------------------------------

# The regions a subject may be in, by its region: that one; every one the edition lists where it is not known (`false`).
possible_regions := object.union({code: {code} | some code, _ in input.edition.regions}, {false: all_regions})

all_regions := {code | some code, _ in input.edition.regions}

# The regions whose requests have to go to their own host.
regions_with_required_host := {code | some code, region in input.edition.regions; region.domain_required == true}
