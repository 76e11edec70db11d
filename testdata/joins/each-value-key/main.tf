terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  controls = {
    first  = { project_key = "c", retention = "zero_data_retention" }
    second = { project_key = "a", retention = "modified_abuse_monitoring" }
    third  = { project_key = "b", retention = "none" }
  }
}

resource "openai_project" "managed" {
  for_each  = { a = "EU", b = "JP", c = "US" }
  name      = "team-${each.key}"
  geography = each.value
}

resource "openai_project_data_retention" "r" {
  for_each   = local.controls
  project_id = openai_project.managed[each.value.project_key].id
  type       = each.value.retention
}
