# The tools of uses and projects, and what goes in and out of a use: text, images, audio, files.
package openai.modalities

import rego.v1

# The tools that are not run by the caller: those that the definition language has a word for, and any other that an input names.
hosted_tools := (_hosted_words | _named_tools) - {"computer_use", "function"}

_hosted_words := {
	"code_interpreter",
	"file_search",
	"hosted_shell",
	"image_generation",
	"mcp",
	"skills",
	"web_search",
	"web_search_preview",
}

_named_tools contains tool if {
	some use_of in input.uses
	tool := use_of.tools[_]
}

_named_tools contains tool if {
	some project_of in input.projects
	some tool
	is_boolean(project_of.tools[tool])
}

_named_tools contains trim_prefix(part, "tools.") if {
	some project_of in input.projects
	some part, _ in project_of.unknown
	startswith(part, "tools.")
}

# The rows that a tool is judged by.
tool_rows(tool) := object.get(input.edition.services.by_tool, object.get(_judged_as, tool, tool), [])

_judged_as := {"web_search_preview": "web_search"}

# Where a use or a project says that it has a tool.
tool_attribute(id, _) := "tools" if input.uses[id]

tool_attribute(id, tool) := sprintf("tools.%s", [tool]) if input.projects[id]

# Endpoint of a use → what it takes or gives, whatever is declared.
implied_modalities := {endpoint: modality |
	some endpoint in {use_of.endpoint | some use_of in input.uses}
	modality := _implications[split(endpoint, "/")[2]]
}

_implications := {"audio": "audio", "images": "image"}

# The attributes that a use has a modality from; inputs and outputs that are not declared are text.
modality_sources(use_of, modality) := [source |
	some source in ["inputs", "outputs", "tools", "endpoint"]
	modality in _modalities(use_of, source)
]

_modalities(use_of, source) := use_of[source] if {
	source in _declarable
	use_of[source] != null
}

_modalities(use_of, source) := ["text"] if {
	source in _declarable
	use_of[source] == null
}

_declarable := {"inputs", "outputs"}

_modalities(use_of, "tools") := ["image"] if {
	some tool in _with_images
	tool in use_of.tools
}

_modalities(use_of, "endpoint") := [implied_modalities[use_of.endpoint]]

# What a tool makes is an image, or what it takes: computers are used by their screenshots.
_with_images := {"image_generation", "computer_use"}

# The uses that take or give images.
uses_with_images contains id if {
	some id, use_of in input.uses
	"image" in use_of.inputs
}

uses_with_images contains id if {
	some id, use_of in input.uses
	"image" in use_of.outputs
}

uses_with_images contains id if {
	some id, use_of in input.uses
	some tool in _with_images
	tool in use_of.tools
}

uses_with_images contains id if {
	some id, use_of in input.uses
	use_of.endpoint in _images_endpoints
}

_images_endpoints := {endpoint | some endpoint, modality in implied_modalities; modality == "image"}

# [use, attribute, reason], for each unknown that a use may have images by, of those not known to have any.
unknown_images contains [id, attribute, reason] if {
	some id, use_of in input.uses
	some attribute, reason in use_of.unknown
	attribute in {"inputs", "outputs", "tools"}
	not id in uses_with_images
}
