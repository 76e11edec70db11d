terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

# What every project gets that does not say otherwise.
resource "openai_organization_data_retention" "this" {
  type = "modified_abuse_monitoring"
}

# Customer support in Europe: kept apart from the teams, because more holds for it.
resource "openai_project" "eu_support" {
  name      = "eu-support"
  geography = "EU"
}

resource "openai_project_data_retention" "eu_support" {
  project_id = openai_project.eu_support.id
  type       = "zero_data_retention"
}

resource "openai_project_model_permissions" "eu_support" {
  project_id = openai_project.eu_support.id
  mode       = "allow_list"
  model_ids  = ["gpt-4.1-2025-04-14"]
}

resource "openai_project_hosted_tool_permissions" "eu_support" {
  project_id               = openai_project.eu_support.id
  code_interpreter_enabled = false
  file_search_enabled      = true
  image_generation_enabled = false
  mcp_enabled              = false
  web_search_enabled       = false
}

locals {
  teams = {
    billing-us  = { region = "US", retention = "organization_default" }
    research-jp = { region = "JP", retention = "none" }
  }
}

resource "openai_project" "team" {
  for_each  = local.teams
  name      = each.key
  geography = each.value.region
}

resource "openai_project_data_retention" "team" {
  for_each   = local.teams
  project_id = openai_project.team[each.key].id
  type       = each.value.retention
}

resource "openai_project_model_permissions" "billing" {
  project_id = openai_project.team["billing-us"].id
  mode       = "allow_list"
  model_ids  = ["gpt-4.1-mini-2025-04-14"]
}

resource "openai_project_hosted_tool_permissions" "billing" {
  project_id               = openai_project.team["billing-us"].id
  code_interpreter_enabled = false
  file_search_enabled      = false
  image_generation_enabled = false
  mcp_enabled              = false
  web_search_enabled       = false
}
