terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  regions  = { a = "EU", b = "JP", c = "US" }
  controls = { b = "modified_abuse_monitoring", c = "none" }
}

module "x" {
  for_each = local.regions
  source   = "./project"
  name     = "team-${each.key}"
  region   = each.value
}

module "y" {
  source = "./project"
  name   = "team-y"
  region = "KR"
}

resource "openai_project_data_retention" "literal" {
  project_id = module.x["a"].id
  type       = "zero_data_retention"
}

resource "openai_project_data_retention" "each" {
  for_each   = local.controls
  project_id = module.x[each.key].id
  type       = each.value
}

resource "openai_project_data_retention" "single" {
  project_id = module.y.id
  type       = "enhanced_zero_data_retention"
}
