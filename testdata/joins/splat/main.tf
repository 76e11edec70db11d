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
  project_id = (openai_project.p[*].id)[count.index]
  type       = local.controls[count.index]
}

resource "openai_project_data_retention" "attribute_only" {
  count      = 2
  project_id = openai_project.q.*.id[count.index]
  type       = ["enhanced_zero_data_retention", "organization_default"][count.index]
}

resource "openai_project" "q" {
  count     = 2
  name      = "other-${count.index}"
  geography = ["KR", "IN"][count.index]
}
