# METADATA
# title: "Allowed model without data residency in the project's region"
# description: "The allow list lets the project call a model that no endpoint covers in its region, and could keep it out."
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: medium
#   subject: project
#   needs: models
#   remediation: >-
#     Take the model off the allow list (`model_ids` of `openai_project_model_permissions`, `models.ids` in a definition), or put
#     the dated snapshot there that the edition lists for this region.
#   section: "Which models and features are eligible for data residency?"
#   statements: [S33, S44]
package openai.residency.allowed_model_not_in_region

import rego.v1

import data.openai.lib
import data.openai.listings

applies contains id if {
	some id, p in input.projects
	p.models.mode == "allow_list"
	input.edition.regions[p.region]
}

deny contains f if {
	some [id, model, region, standing] in listings.allowed_models
	p := input.projects[id]
	p.region == region
	standing in {"absent", "alias"}
	msg := sprintf(`%s is in %s and allows "%s", which has no data residency there`, [lib.project(id, p), region, model])
	f := lib.finding(id, "models.ids", msg, object.union({"value": model}, _hint(standing, model, region)))
}

undetermined contains f if {
	some [id, model, region, standing] in listings.allowed_models
	standing != "listed"
	p := input.projects[id]
	[attribute, why] := _doubt(p, model, standing)
	msg := sprintf(`%s allows "%s", which may have no data residency: %s`, [lib.project(id, p), model, why])
	f := lib.finding(id, attribute, msg, {"value": model})
}

undetermined contains f if {
	some id, p in input.projects
	some attribute in {"models", "models.ids"}
	why := lib.not_known(attribute, p.unknown[attribute])
	not p.models.mode == "deny_list"
	lib.possible_regions[object.get(p, "region", false)]
	f := lib.finding(id, attribute, sprintf("%s may allow a model not covered: %s", [lib.project(id, p), why]), {})
}

_hint("alias", model, region) := {"hint": concat(", ", listings.snapshots(listings.all_listed_in[region], model))}
_hint("absent", _, _) := {}

_doubt(p, _, _) := ["region", lib.not_known("region", p.unknown.region)]

_doubt(p, model, "fine_tuned") := ["models.ids", sprintf(`"%s" is tuned from a listed model`, [model])] if p.region
