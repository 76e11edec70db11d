package openai.lib_test

import rego.v1

import data.openai.lib
import data.openai.modalities
import data.openai.testing_test as t

# --- findings and names

test_finding if lib.finding("p", "region", "text", {"value": "EU"}) == {
	"subject": "p",
	"attribute": "region",
	"msg": "text",
	"value": "EU",
}

test_cause if lib.cause("zdr_amendment") == {"cause": {"subject": "organization", "attribute": "zdr_amendment"}}

test_not_known if lib.not_known("region", "known after apply") == "region is not known (known after apply)"

test_project_by_name if lib.project("p", {"name": "eu-support"}) == `project "eu-support"`

test_project_by_id if lib.project("p", {"unknown": {"name": "known after apply"}}) == `project "p"`

test_use_by_project_name if {
	lib.use({"endpoint": "/v1/files", "project": "p", "project_name": "a"}) == `use "/v1/files" of project "a"`
}

test_use_by_project_id if {
	lib.use({"endpoint": "/v1/files", "project": "p", "project_name": null}) == `use "/v1/files" of project "p"`
}

test_use_without_project if lib.use({"endpoint": "/v1/files", "project": null, "project_name": null}) == `use "/v1/files"`

test_client if lib.client("c", {"project": "p", "project_name": "a"}) == `client "c" of project "a"`

test_holder if {
	lib.holder("organization") == "the organization"
	lib.holder("p") == `project "eu-support"` with input as t.project({})
}

# --- evidence

_lack(evidence) := found if {
	found := lib.lack(evidence, "zdr_amendment", "executed_on") with input as t.facts
}

test_lack_of_all if _lack(null) == {"attribute": "zdr_amendment", "reason": "none is declared"}

test_lack_of_date if {
	want := {"attribute": "zdr_amendment.executed_on", "reason": "its executed_on is missing"}
	_lack({"executed_on": null, "expires_on": null}) == want
	_lack({}) == want
	_lack({"executed_on": null, "expires_on": "2026-11-21"}) == want
}

test_lack_while_it_has_not_happened if _lack({"executed_on": "2026-11-23", "expires_on": null}) == {
	"attribute": "zdr_amendment.executed_on",
	"reason": "its executed_on, 2026-11-23, is later than today",
}

test_lack_after_it_expired if _lack({"executed_on": "2025-01-01", "expires_on": "2026-11-21"}) == {
	"attribute": "zdr_amendment.expires_on",
	"reason": "it expired on 2026-11-21",
}

test_lack_of_date_where_it_expired_too if {
	want := {"attribute": "zdr_amendment.executed_on", "reason": "its executed_on is missing"}
	_lack({"executed_on": null, "expires_on": "2026-11-21"}) == want
	_lack({"expires_on": "2026-11-21"}) == want
}

test_no_lack if {
	not _lack({"executed_on": "2026-11-22"})
	not _lack({"executed_on": "2025-01-01", "expires_on": "2026-11-22"})
}

test_amendment_of_an_agreement_that_no_one_knows if {
	found := lib.amendment_lack("new_amendment") with input as t.facts
	found == {"attribute": "new_amendment", "reason": "none is declared"}
}

test_amendment_in_force if {
	doc := t.organization(t.facts, {"zdr_amendment": {"executed_on": "2025-01-01", "expires_on": null}})
	not lib.amendment_lack("zero_data_retention_amendment") with input as doc
	not lib.amendment_lack("modified_retention_amendment") with input as doc
}

test_declared_amendment_comes_first if {
	doc := t.organization(t.facts, {"zdr_amendment": {"executed_on": "2027-01-01", "expires_on": null}})
	found := lib.amendment_lack("modified_retention_amendment") with input as doc
	found == {
		"attribute": "zdr_amendment.executed_on",
		"reason": "zdr_amendment is declared, and its executed_on, 2027-01-01, is later than today",
	}
	own := lib.amendment_lack("zero_data_retention_amendment") with input as doc
	own == {"attribute": "zdr_amendment.executed_on", "reason": "its executed_on, 2027-01-01, is later than today"}
}

# --- controls

test_includes_itself if every control, included in lib.includes {
	control in included
}

test_zero_data_retention if lib.zero_data_retention == {
	"zero_data_retention",
	"enhanced_zero_data_retention",
	"zdr_with_private_safety_processing",
}

test_modified_abuse_monitoring if lib.modified_abuse_monitoring == {
	"modified_abuse_monitoring",
	"enhanced_modified_abuse_monitoring",
	"zero_data_retention",
	"enhanced_zero_data_retention",
	"zdr_with_private_safety_processing",
}

test_endpoints if {
	found := lib.endpoints with input as t.facts
	found == object.keys(t.edition.endpoints) | {"/v1/vector_stores"}
}

test_residency_only if {
	found := lib.residency_only with input as t.facts
	found == {"/v1/vector_stores"}
}

test_regulated if {
	found := lib.regulated with input as t.facts
	found == {"EU", "AE", "JP", "KR"}
}

test_accepted if {
	found := lib.accepted with input as t.facts
	object.keys(found) == {"EU", "AE", "JP", "KR"}
	found.EU - found.JP == {"safety_retention"}
	found.JP == {
		"zero_data_retention",
		"modified_abuse_monitoring",
		"enhanced_zero_data_retention",
		"enhanced_modified_abuse_monitoring",
		"zdr_with_private_safety_processing",
	}
}

test_control_that_only_the_edition_knows if {
	doc := object.union(t.facts, {"edition": {"regions": {"EU": {"requirement_any_of": ["new_control"]}}}})
	found := lib.accepted with input as doc
	"new_control" in found.EU
}

test_covered if {
	doc := t.organization(t.facts, {"abuse_monitoring_approval": {"controls": ["zero_data_retention", "new_control"]}})
	found := lib.covered with input as doc
	found == {"zero_data_retention", "modified_abuse_monitoring", "new_control"}
	approved := lib.approved with input as doc
	approved == {"zero_data_retention", "new_control"}
}

test_nothing_covered if {
	found := lib.covered with input as t.facts
	found == set()
}

test_controls if {
	doc := t.organization(t.project({"data_retention": "zero_data_retention"}), {"data_retention": "none"})
	found := lib.controls with input as doc
	found == {"p": "zero_data_retention"}
}

test_unknown_controls if {
	found := lib.unknown_controls with input as t.unknown_organization(t.project({}))
	found == {"organization": "known after apply"}
}

# --- regions and models

test_possible_regions if {
	found := lib.possible_regions with input as t.facts
	found.JP == {"JP"}
	found[false] == {"US", "EU", "AE", "JP", "KR"}
}

test_lack_of_what_has_not_happened_and_is_over if {
	found := _lack({"executed_on": "2027-01-01", "expires_on": "2026-01-01"})
	found.attribute == "zdr_amendment.executed_on"
}

# --- tools and modalities

test_enhanced if lib.enhanced == {"enhanced_modified_abuse_monitoring", "enhanced_zero_data_retention"}

_approving(controls) := t.organization(t.facts, {"abuse_monitoring_approval": {"controls": controls}})

test_enhanced_lack if {
	none := lib.enhanced_lack with input as t.facts
	none.attribute == "abuse_monitoring_approval"
	other := lib.enhanced_lack with input as _approving(["zero_data_retention"])
	other.attribute == "abuse_monitoring_approval.controls"
	not lib.enhanced_lack with input as _approving(["enhanced_modified_abuse_monitoring"])
}

test_hosted_tools if {
	words := {
		"code_interpreter",
		"file_search",
		"hosted_shell",
		"image_generation",
		"mcp",
		"skills",
		"web_search",
		"web_search_preview",
	}
	none := modalities.hosted_tools with input as t.facts
	none == words
	used := modalities.hosted_tools with input as t.use({"tools": ["function", "computer_use", "a"]})
	used == words | {"a"}
	switched := modalities.hosted_tools with input as t.unknown(t.project({"tools": {"function": true, "b": false}}), "projects", "tools.c")
	switched == words | {"b", "c"}
	hidden := modalities.hosted_tools with input as t.unknown(t.project({}), "projects", "models.ids")
	hidden == words
}

test_rows_of_tools if {
	doc := object.union(t.facts, {"edition": {"services": {"by_tool": {"web_search": [{"key": "w"}], "mcp": [{"key": "m"}]}}}})
	preview := modalities.tool_rows("web_search_preview") with input as doc
	preview == [{"key": "w"}]
	own := modalities.tool_rows("mcp") with input as doc
	own == [{"key": "m"}]
	none := modalities.tool_rows("skills") with input as doc
	none == []
}

test_use_or_project if {
	doc := object.union(t.project({}), {"uses": t.use({}).uses})
	[use, project] := [lib.use_or_project("u"), lib.use_or_project("p")] with input as doc
	[use, project] == [`use "/v1/chat/completions" of project "eu-support"`, `project "eu-support"`]
	[of_use, of_project] := [modalities.tool_attribute("u", "mcp"), modalities.tool_attribute("p", "mcp")] with input as doc
	[of_use, of_project] == ["tools", "tools.mcp"]
}

test_implied_modalities if {
	endpoints := ["/v1/images/edits", "/v1/audio/speech", "/v1/responses", "/v1", "/v2/x/images"]
	doc := object.union(t.facts, {"uses": {endpoint: {"endpoint": endpoint} | some endpoint in endpoints}})
	implied := modalities.implied_modalities with input as doc
	implied == {"/v1/images/edits": "image", "/v1/audio/speech": "audio"}
}

_sources(extra, modality) := found if {
	doc := t.use(extra)
	found := modalities.modality_sources(doc.uses.u, modality) with input as doc
}

test_modality_sources if {
	_sources({}, "text") == ["inputs", "outputs"]
	_sources({"inputs": ["image"], "outputs": ["audio"]}, "text") == []
	_sources({"inputs": ["image"], "tools": ["image_generation"], "endpoint": "/v1/images/edits"}, "image") == ["inputs", "tools", "endpoint"]
	_sources({"tools": ["web_search"], "endpoint": "/v1/audio/speech"}, "image") == []
	_sources({"tools": ["web_search"], "endpoint": "/v1/audio/speech"}, "audio") == ["endpoint"]
}

test_uses_with_images if {
	uses := {
		"input": {"inputs": ["image"], "unknown": {"tools": "hidden"}},
		"output": {"outputs": ["image"]},
		"tool": {"tools": ["image_generation"]},
		"endpoint": {"endpoint": "/v1/images/edits"},
		"none": {"endpoint": "/v1/audio/speech", "inputs": ["file"], "tools": ["mcp"]},
		"open": {"unknown": {"inputs": "i", "outputs": "o", "tools": "t", "model": "m"}},
	}
	doc := object.union(t.facts, {"uses": {id: object.union({"endpoint": "/v1/responses", "unknown": {}}, extra) | some id, extra in uses}})
	images := modalities.uses_with_images with input as doc
	images == {"input", "output", "tool", "endpoint"}
	open := modalities.unknown_images with input as doc
	open == {["open", "inputs", "i"], ["open", "outputs", "o"], ["open", "tools", "t"]}
}
