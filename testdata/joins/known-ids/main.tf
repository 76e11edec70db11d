terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "p" {
  for_each  = { a = "EU", b = "JP", c = "US" }
  name      = "team-${each.key}"
  geography = each.value
}

locals {
  controls = { first = { project = "b", retention = "zero_data_retention" }, second = { project = "a", retention = "none" } }
}

# The projects exist, so the plan knows these ids.
resource "openai_project_data_retention" "r" {
  for_each   = local.controls
  project_id = openai_project.p[each.value.project].id
  type       = each.value.retention
}

# Without any reference.
resource "openai_project_data_retention" "literal" {
  project_id = "proj_example_c"
  type       = "modified_abuse_monitoring"
}

# Of a project that is not managed here.
resource "openai_project_data_retention" "elsewhere" {
  project_id = "proj_example_elsewhere"
  type       = "enhanced_zero_data_retention"
}
