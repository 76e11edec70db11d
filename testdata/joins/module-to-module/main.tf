terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  controls = { a = "zero_data_retention", b = "none" }
}

module "project" {
  for_each = { a = "EU", b = "JP" }
  source   = "./project"
  name     = "team-${each.key}"
  region   = each.value
}

# Two levels down, out of one module and into another.
module "controls" {
  for_each   = local.controls
  source     = "./controls"
  project_id = module.project[each.key].id
  retention  = each.value
}
