# METADATA
# title: "Client whose project is not known"
# description: >-
#   A region's host serves the projects of that region. Whether a workload calls the right one can be judged only where its
#   project is known.
# related_resources:
#   - ref: https://developers.openai.com/api/docs/guides/your-data
# custom:
#   severity: low
#   subject: client
#   remediation: >-
#     Set `OPENAI_PROJECT_ID` beside the client's key to the id of its project, or take `OPENAI_API_KEY` from a service account
#     of that project, in the same plan. Or give the project its `base_url` in a definition.
#   section: "How to use data residency"
#   statements: []
package openai.residency.client_without_project

import rego.v1

import data.openai.lib

applies contains id if {
	_regional
	some id, c in input.clients
	c.project == null
}

deny := set()

undetermined contains f if {
	_regional
	some id, c in input.clients
	c.project == null
	msg := sprintf("the project of %s is not known, and a project of this run %s: OPENAI_PROJECT_ID, or OPENAI_API_KEY of a service account, would tell", [lib.client(id, c), _region])
	f := lib.finding(id, "project", msg, {})
}

default _region := "may have a region"

_region := "has a region" if {
	some p in input.projects
	is_string(p.region)
}

_regional if {
	some p in input.projects
	object.get(p, "region", "not known") != null
}
