terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

module "teams" {
  source  = "./teams"
  regions = { a = "EU", b = "JP" }
}

resource "openai_project_data_retention" "r" {
  for_each   = { a = "zero_data_retention", b = "none" }
  project_id = module.teams.ids[each.key]
  type       = each.value
}

resource "openai_project_model_permissions" "literal" {
  project_id = module.teams.projects["b"].id
  mode       = "allow_list"
  model_ids  = ["gpt-4.1-2025-04-14"]
}

# The output has them by region.
resource "openai_project_hosted_tool_permissions" "by_region" {
  project_id               = module.teams.by_region["JP"]
  code_interpreter_enabled = false
  file_search_enabled      = true
  image_generation_enabled = false
  mcp_enabled              = false
  web_search_enabled       = true
}
