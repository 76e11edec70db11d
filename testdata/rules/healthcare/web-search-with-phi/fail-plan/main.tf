terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "clinic" {
  name = "clinic"
}

resource "openai_project_hosted_tool_permissions" "clinic" {
  project_id               = openai_project.clinic.id
  code_interpreter_enabled = false
  file_search_enabled      = false
  image_generation_enabled = false
  mcp_enabled              = false
  web_search_enabled       = true
}
