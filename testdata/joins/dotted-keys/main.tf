terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  projects = {
    "eu.support"      = { region = "EU", retention = "zero_data_retention" }
    "jp[0]"           = { region = "JP", retention = "modified_abuse_monitoring" }
    "the \"lab\".id"  = { region = "IN", retention = "none" }
    "größe/π"         = { region = "KR", retention = "enhanced_zero_data_retention" }
    "$${not.a.value}" = { region = "US", retention = "organization_default" }
  }
}

resource "openai_project" "p" {
  for_each  = local.projects
  name      = "team ${each.key}"
  geography = each.value.region
}

resource "openai_project_data_retention" "r" {
  for_each   = local.projects
  project_id = openai_project.p[each.key].id
  type       = each.value.retention
}

resource "openai_project_model_permissions" "dotted" {
  project_id = openai_project.p["eu.support"].id
  mode       = "allow_list"
  model_ids  = ["gpt-4.1-2025-04-14"]
}

resource "openai_project_model_permissions" "bracketed" {
  project_id = openai_project.p["jp[0]"].id
  mode       = "deny_list"
  model_ids  = ["gpt-4o-2024-11-20"]
}

resource "openai_project_model_permissions" "quoted" {
  project_id = openai_project.p["the \"lab\".id"].id
  mode       = "allow_list"
  model_ids  = ["o3-2025-04-16"]
}
