terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "projects" {
  type = map(object({ id = string }))
}

variable "controls" {
  type = map(string)
}

resource "openai_project_data_retention" "r" {
  for_each   = var.controls
  project_id = var.projects[each.key].id
  type       = each.value
}
