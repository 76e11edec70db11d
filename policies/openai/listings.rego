# Where the edition lists models, and how a model stands there. Your own rules may use it, too.
package openai.listings

import rego.v1

import data.openai.lib

# --- rows of the edition ---------------------------------------------------------------------------------------

# The models that rows list in a region, limits of single models respected.
in_region(rows, region) := {model |
	some row in rows
	row.models_scope == "listed"
	region in row.storage_regions
	some model in row.models
	region in object.get(row, ["model_region_limits", model], [region])
}

# The models that rows list in any region.
in_any_region(rows) := {model | some row in rows; row.models_scope == "listed"; some model in row.models}

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

# The model that a fine-tuned one is tuned from, by its name.
tuned_from(model) := split(model, ":")[1] if startswith(model, "ft:")

# How a model stands where these are listed: "listed", "alias", "fine_tuned" (of a listed one) or "absent".
standing(listed, anywhere, model) := "listed" if {
	model in listed
} else := "alias" if {
	not model in anywhere
	count(snapshots(listed, model)) > 0
} else := "fine_tuned" if {
	tuned_from(model) in listed
} else := "absent"

# --- models of uses --------------------------------------------------------------------------------------------

# The rows that hold an endpoint and are no tool's.
rows_of(endpoint) := object.get(input.edition.services.by_path, endpoint, [])

# [endpoint, region] of a use, with each region it may be in.
_places contains [use_of.endpoint, region] if {
	some use_of in input.uses
	some region in lib.possible_regions[object.get(use_of, "region", false)]
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
listed_in := {place: in_region(rows_of(place[0]), place[1]) | some place in listing}

# Endpoint → the models listed for it in any region.
listed_anywhere := {endpoint: in_any_region(rows_of(endpoint)) | some endpoint in {u.endpoint | some u in input.uses}}

# [endpoint, model, region] → how the model of a use stands in a region it may be in, where rows in that region list models.
standings := {asked: standing(listed_in[[asked[0], asked[2]]], listed_anywhere[asked[0]], asked[1]) |
	some asked in _questions
}

_questions contains [use_of.endpoint, use_of.model, region] if {
	some use_of in input.uses
	use_of.model != null
	some region in lib.possible_regions[object.get(use_of, "region", false)]
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
	some region in lib.possible_regions[object.get(project_of, "region", false)]
	some model in project_of.models.ids
}

_allowed_standings := {asked: standing(all_listed_in[asked[1]], _all_listed_anywhere, asked[0]) |
	some asked in {[allowed[1], allowed[2]] | some allowed in _allowed}
}

# Region → the models that any row of the edition lists there, for the regions that allow lists ask for.
all_listed_in := {region: in_region(all_rows, region) | some region in {allowed[2] | some allowed in _allowed}}

_all_listed_anywhere := in_any_region(all_rows)

all_rows := [row | some rows in input.edition.services.by_key; some row in rows]
