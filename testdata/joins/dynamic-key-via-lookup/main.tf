terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  project_of = { mail = "b", search = "a" }
  controls   = { mail = "zero_data_retention", search = "modified_abuse_monitoring", other = "none" }
}

resource "openai_project" "p" {
  for_each  = { a = "EU", b = "JP", fallback = "US" }
  name      = "team-${each.key}"
  geography = each.value
}

resource "openai_project_data_retention" "r" {
  for_each   = local.controls
  project_id = openai_project.p[lookup(local.project_of, each.key, "fallback")].id
  type       = each.value
}
