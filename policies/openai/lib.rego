# What several rules need, and what your own rules may use: findings, names in messages, dates of evidence,
# which control includes which, and where the edition lists a model.
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
project(id, subject) := sprintf(`project "%s"`, [_first_text([object.get(subject, "name", null), id])])

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

_of_project(subject) := sprintf(` of project "%s"`, [name]) if {
	name := _first_text([object.get(subject, "project_name", null), object.get(subject, "project", null)])
} else := ""

_first_text(values) := [value | some value in values; is_string(value)][0]

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
controls[id] := control if {
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
in_effect[id] := control if {
	some id, project_of in input.projects
	control := object.get(_undeclared, project_of.effective.data_retention, project_of.effective.data_retention)
}

in_effect["organization"] := object.get(_undeclared, control, control) if control := input.organization.data_retention

# The same before the change.
was_in_effect[id] := control if {
	some id, holder_of in _holders
	was := holder_of.change.before.effective.data_retention
	control := object.get(_undeclared, was, was)
}

_undeclared := {null: "not declared"}

# Why the control of the organization or a project is not known, by its id.
unknown_controls[id] := reason if {
	some id, holder_of in _holders
	reason := holder_of.unknown.data_retention
}

_holders := object.union(input.projects, {"organization": input.organization})

# --- regions and models ----------------------------------------------------------------------------------------

# The regions a subject may be in, by its region: that one; every one the edition lists where it is not known (`false`).
possible_regions := object.union({code: {code} | some code, _ in input.edition.regions}, {false: all_regions})

all_regions := {code | some code, _ in input.edition.regions}

# The models that rows list in a region, limits of single models respected.
models_in(rows, region) := {model |
	some row in rows
	row.models_scope == "listed"
	region in row.storage_regions
	some model in row.models
	region in object.get(row, ["model_region_limits", model], [region])
}

# The models that rows list in any region.
models_anywhere(rows) := {model | some row in rows; row.models_scope == "listed"; some model in row.models}

# The dated snapshots of a name among listed models.
snapshots(listed, name) := {model |
	some model in listed
	startswith(model, name)
	regex.match(_dated, model)
	regex.replace(model, _dated, "") == name
}

# The names that are listed nowhere, but of which a dated snapshot is among the listed models.
aliases(listed, anywhere) := {regex.replace(model, _dated, "") | some model in listed; regex.match(_dated, model)} - anywhere

_dated := `-([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4})$`

# How a model stands where these are listed: "listed", "alias", "fine_tuned" (of a listed one) or "absent".
standing(listed, anywhere, model) := "listed" if {
	model in listed
} else := "alias" if {
	not model in anywhere
	count(snapshots(listed, model)) > 0
} else := "fine_tuned" if {
	parts := split(model, ":")
	parts[0] == "ft"
	parts[1] in listed
} else := "absent"

# --- models of uses --------------------------------------------------------------------------------------------

# The rows that hold an endpoint and are no tool's.
rows_of(endpoint) := object.get(input.edition.services.by_path, endpoint, [])

# [endpoint, region] of a use, with each region it may be in.
_places contains [use_of.endpoint, region] if {
	some use_of in input.uses
	some region in possible_regions[object.get(use_of, "region", false)]
}

# Those of them where a row in the region lists models.
listing contains [endpoint, region] if {
	some [endpoint, region] in _places
	some row in rows_of(endpoint)
	row.models_scope == "listed"
	region in row.storage_regions
}

# Those of them where one of these rows wants a model with this endpoint.
asking contains [endpoint, region] if {
	some [endpoint, region] in listing
	some row in rows_of(endpoint)
	row.models_scope == "listed"
	region in row.storage_regions
	not endpoint in object.get(row, "paths_without_model", [])
}

# [endpoint, region] → the models listed there.
listed_in[place] := models_in(rows_of(place[0]), place[1]) if some place in listing

# Endpoint → the models listed for it in any region.
listed_anywhere[endpoint] := models_anywhere(rows_of(endpoint)) if some endpoint in {u.endpoint | some u in input.uses}

# [endpoint, model, region] → how the model of a use stands in a region it may be in, where rows in that region list models.
standings[asked] := standing(listed_in[[asked[0], asked[2]]], listed_anywhere[asked[0]], asked[1]) if {
	some asked in _questions
}

_questions contains [use_of.endpoint, use_of.model, region] if {
	some use_of in input.uses
	use_of.model != null
	some region in possible_regions[object.get(use_of, "region", false)]
	[use_of.endpoint, region] in listing
}

# --- models of allow lists -------------------------------------------------------------------------------------

# [project, model, region, how the model stands there], for the models that an allow list names and each region the project
# may be in.
allowed_models contains [id, model, region, _allowed_standings[[model, region]]] if {
	some [id, model, region] in _allowed
}

_allowed contains [id, model, region] if {
	some id, project_of in input.projects
	project_of.models.mode == "allow_list"
	is_array(project_of.models.ids)
	some region in possible_regions[object.get(project_of, "region", false)]
	some model in project_of.models.ids
}

_allowed_standings[asked] := standing(all_listed_in[asked[1]], _all_listed_anywhere, asked[0]) if {
	some asked in {[allowed[1], allowed[2]] | some allowed in _allowed}
}

# Region → the models that any row of the edition lists there, for the regions that allow lists ask for.
all_listed_in[region] := models_in(all_rows, region) if some region in {allowed[2] | some allowed in _allowed}

_all_listed_anywhere := models_anywhere(all_rows)

all_rows := [row | some rows in input.edition.services.by_key; some row in rows]
