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

# The first project has no setting; each setting belongs to the project after its own index.
resource "openai_project_data_retention" "r" {
  count      = length(local.regions) - 1
  project_id = openai_project.p[count.index + 1].id
  type       = local.controls[count.index]
}
