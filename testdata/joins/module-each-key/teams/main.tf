terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "projects" {
  type = map(object({ region = string, retention = string }))
}

resource "openai_project" "p" {
  for_each  = var.projects
  name      = "team-${each.key}"
  geography = each.value.region
}

resource "openai_project_data_retention" "r" {
  for_each   = var.projects
  project_id = openai_project.p[each.key].id
  type       = each.value.retention
}
