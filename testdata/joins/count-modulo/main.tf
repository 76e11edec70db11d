terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  regions  = ["EU", "JP", "US"]
  controls = ["zero_data_retention", "modified_abuse_monitoring", "none"]
}

resource "openai_project" "p" {
  count     = length(local.regions)
  name      = "team-${count.index}"
  geography = local.regions[count.index]
}

resource "openai_project_data_retention" "r" {
  count      = length(local.regions)
  project_id = openai_project.p[(count.index + 1) % length(local.regions)].id
  type       = local.controls[count.index]
}
