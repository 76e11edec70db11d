# METADATA
# title: "Project in a region that may call any model"
# description: >-
#   A region covers only the models that it lists. Without an allow list nothing keeps the project from calling another one.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: project
#   needs: region
#   remediation: >-
#     Allow the models that the project calls, and no other: `openai_project_model_permissions` with `mode` = "allow_list" in
#     Terraform, or `models = { mode = "allow_list", ids = […] }` in the project's definition.
#   section: "Which models and features are eligible for data residency?"
#   statements: []
package openai.residency.models_not_restricted

import rego.v1

import data.openai.lib

applies contains id if {
	some id, p in input.projects
	p.region in _listed
}

deny contains f if {
	some id, p in input.projects
	p.region in _listed
	msg := sprintf("%s is in %s and may call models that have no data residency there: %s", [lib.project(id, p), p.region, _gap(p)])
	f := lib.finding(id, "models", msg, {"value": p.region})
}

undetermined contains f if {
	some id, p in input.projects
	some attribute, reason in p.unknown
	what := _doubt(p, attribute)
	lib.possible_regions[object.get(p, "region", false)]
	f := lib.finding(id, attribute, sprintf("%s may %s: %s", [lib.project(id, p), what, lib.not_known(attribute, reason)]), {})
}

_gap(p) := "it has no allow list" if p.models == null

_gap(p) := "its list is no allow list" if p.models.mode != "allow_list"

_doubt(_, "models") := "call any model in its region"

_doubt(p, "region") := sprintf("be in a region, and call any model there, as %s", [_gap(p)])

_listed := lib.all_regions
