terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  controls = { a = "zero_data_retention", b = "none" }
}

resource "openai_project" "p" {
  for_each  = { a = "EU", b = "JP" }
  name      = "team-${each.key}"
  geography = each.value
}

resource "openai_project" "single" {
  name      = "team-single"
  geography = "KR"
}

module "control" {
  for_each   = local.controls
  source     = "./control"
  project_id = openai_project.p[each.key].id
  retention  = each.value
}

module "single" {
  source     = "./control"
  project_id = openai_project.single.id
  retention  = "modified_abuse_monitoring"
}
