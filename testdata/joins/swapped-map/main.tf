terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  # Same keys on both sides, other partners.
  project_of = { a = "b", b = "c", c = "a" }
  controls   = { a = "zero_data_retention", b = "modified_abuse_monitoring", c = "none" }
}

resource "openai_project" "p" {
  for_each  = { a = "EU", b = "JP", c = "US" }
  name      = "team-${each.key}"
  geography = each.value
}

resource "openai_project_data_retention" "r" {
  for_each   = local.controls
  project_id = openai_project.p[local.project_of[each.key]].id
  type       = each.value
}
