# The web searches of projects that handle health information.
package openai.searches

import rego.v1

import data.openai.lib
import data.openai.modalities

# [project id, whether it holds whatever is not known, use id or null, what], for the web search of the projects that handle
# health information, or may, where no agreement covers it.
uncovered contains [id, true, use_id, sprintf("%s searches the web", [lib.use(input.uses[use_id])])] if {
	some id in _with_phi
	some [use_id, sure, offline] in _searches[id]
	sure == true
	"no" in {offline, _cover[id]}
}

uncovered contains [id, true, null, "it allows web search"] if {
	some id in _with_phi
	input.projects[id].tools.web_search == true
	not _may_be_covered(id)
}

uncovered contains [id, false, use_id, sprintf("%s may search the web: %s", [lib.use(input.uses[use_id]), why])] if {
	some id in _with_phi
	some [use_id, _, offline] in _may_search(id)
	{offline, _cover[id]} != {"yes"}
	some why in _search_doubts(id, input.uses[use_id])
}

uncovered contains [id, false, null, what] if {
	some [id, what] in _switches
	not [true, "yes", "yes"] in {[sure, offline, _cover[id]] | some [_, sure, offline] in _searches[id]}
}

uncovered contains [id, false, null, "it has no uses, and whether it allows web search is not declared"] if {
	some id in _with_phi
	not id in _switched
	not id in _calling
}

_calling := {use_of.project | some use_of in input.uses}

# Whether an agreement may cover searches offline, by edition.
coverable_offline if {
	some stated in input.edition.page.web_search_offline_baa_coverable
	stated.value == true
}

_with_phi := {id | some id, project_of in input.projects; object.get(project_of, "handles_phi", true) == true}

# Project id → [use id, whether it surely searches, whether it would do so offline: "yes", "no" or "open"]; null for the uses
# whose project can't be told.
_searches := _grouped_searches

_grouped_searches[use_of.project] contains [id, true, _offline(use_of)] if {
	some id, use_of in input.uses
	is_array(use_of.tools)
	some tool in use_of.tools
	tool in {"web_search", "web_search_preview"}
}

_grouped_searches[use_of.project] contains [id, false, _offline(use_of)] if {
	some id, use_of in input.uses
	use_of.unknown.tools
}

# A row of a tool is called by the endpoint, then the tool.
_listed := {split(row.key, " ")[0] | some row in modalities.tool_rows("web_search")}

# An agreement can cover the tool of the endpoint that the page lists it for.
_offline(use_of) := "no" if {
	"web_search_preview" in use_of.tools
} else := "no" if {
	count(_listed) > 0
	not use_of.endpoint in _listed
} else := "no" if {
	object.get(use_of, "external_web_access", false) != false
} else := "open" if {
	count({attribute | some attribute in ["tools", "external_web_access"]; use_of.unknown[attribute]}) > 0
} else := "yes"

_may_be_covered(id) if {
	some [_, _, offline] in _may_search(id)
	not "no" in {offline, _cover[id]}
}

_may_search(id) := object.get(_searches, id, set()) | object.get(_searches, null, set())

# Project id → whether its controls let an agreement cover searches offline: "yes", "no" or "open".
_cover := {id: _covered_by(controls) |
	some id in _with_phi
	of_project := object.get(input.projects[id], ["effective", "data_retention"], null)
	controls := [c | some c in [of_project, object.get(input.organization, "data_retention", null)]; is_string(c)]
}

_covered_by(controls) := "no" if {
	count([control | some control in controls; not control in lib.zero_data_retention]) > 0
} else := "no" if {
	not coverable_offline
} else := "open" if {
	count(controls) < 2
} else := "yes"

_search_doubts(id, use_of) := union({
	{lib.not_known(attribute, use_of.unknown[attribute]) | some attribute in ["tools", "external_web_access"]},
	{"its project can't be told" | use_of.project == null},
	{"the control in effect on project and organization is not known" | _cover[id] == "open"},
})

# [project id, what], where it leaves the verdict open that a project allows web search.
_switches contains [id, "it allows web search, and not every use of it is known to be covered"] if {
	some id in _with_phi
	input.projects[id].tools.web_search == true
	_may_be_covered(id)
}

_switches contains [id, sprintf("it may allow web search: %s", [lib.not_known("tools", reason)])] if {
	some id in _with_phi
	some part in ["tools", "tools.web_search"]
	reason := input.projects[id].unknown[part]
}

_switched contains id if {
	some id in _with_phi
	is_boolean(input.projects[id].tools.web_search)
}

_switched contains id if some [id, _] in _switches
