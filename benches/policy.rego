# What a team would write for conftest today: four rules on the plan itself. benches/run compares with it.
package main

import rego.v1

projects := [change | some change in input.resource_changes; change.type == "openai_project"; change.change.after != null]

controls := [change | some change in input.resource_changes; change.type == "openai_project_data_retention"; change.change.after != null]

deny contains msg if {
	some project in projects
	not project.change.after.geography
	msg := sprintf("%s has no region", [project.address])
}

deny contains msg if {
	some project in projects
	project.change.after.geography
	not project.change.after.geography in {"US", "EU"}
	msg := sprintf("%s is in %s, which is not allowed", [project.address, project.change.after.geography])
}

deny contains msg if {
	some control in controls
	control.change.after.type == "none"
	msg := sprintf("%s turns retention controls off", [control.address])
}

deny contains msg if {
	some project in projects
	project.change.after.geography == "EU"
	not some_control(project.index)
	msg := sprintf("%s has no retention control", [project.address])
}

some_control(index) if {
	some control in controls
	control.index == index
}
