# METADATA
# title: "Project outside Europe"
# description: "A rule with mistakes: what docs/own-rules.md shows."
# custom:
#   severity: high
#   subject: project
#   remediation: "Set region to EU."
package openai.acme.regions

import rego.v1

import data.openai.lib

applies contains id if some id, _ in input.projects

deny contains f if {
	some id, p in input.projects
	p.regin != "EU"
	f := lib.finding(id, "region", "not in Europe", {})
}

undetermined contains f if {
	some id, p in input.projects
	p.unknown.region == "sensitive"
	p.unknown.region != "sensitive"
	f := lib.finding(id, "region", "may lie outside Europe", {})
}
