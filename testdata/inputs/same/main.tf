terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  projects = {
    support  = { region = "EU", control = "zero_data_retention", models = ["gpt-4.1-2025-04-14"], web_search = false }
    research = { region = "JP", control = "modified_abuse_monitoring", models = ["gpt-4.1-2025-04-14", "o3-2025-04-16"], web_search = true }
    billing  = { region = "US", control = "organization_default", models = [], web_search = false }
  }
}

resource "openai_organization_data_retention" "this" {
  type = "zero_data_retention"
}

resource "openai_project" "p" {
  for_each  = local.projects
  name      = each.key
  geography = each.value.region
}

resource "openai_project_data_retention" "p" {
  for_each   = local.projects
  project_id = openai_project.p[each.key].id
  type       = each.value.control
}

resource "openai_project_model_permissions" "p" {
  for_each   = local.projects
  project_id = openai_project.p[each.key].id
  mode       = "allow_list"
  model_ids  = each.value.models
}

resource "openai_project_hosted_tool_permissions" "p" {
  for_each                 = local.projects
  project_id               = openai_project.p[each.key].project_id
  code_interpreter_enabled = false
  file_search_enabled      = true
  image_generation_enabled = false
  mcp_enabled              = false
  web_search_enabled       = each.value.web_search
}
