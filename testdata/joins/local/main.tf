terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  chosen  = openai_project.b.id
  through = local.chosen
  ids     = { a = openai_project.a.id, b = openai_project.b.id }
}

resource "openai_project" "a" {
  name      = "team-a"
  geography = "EU"
}

resource "openai_project" "b" {
  name      = "team-b"
  geography = "JP"
}

resource "openai_project_data_retention" "of_b" {
  project_id = local.through
  type       = "modified_abuse_monitoring"
}

resource "openai_project_data_retention" "of_a" {
  project_id = local.ids["a"]
  type       = "zero_data_retention"
}

resource "openai_project_model_permissions" "m" {
  for_each   = { a = "gpt-4.1-2025-04-14", b = "o3-2025-04-16" }
  project_id = local.ids[each.key]
  mode       = "allow_list"
  model_ids  = [each.value]
}
