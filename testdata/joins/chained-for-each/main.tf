terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "projects" {
  type = map(object({ region = string, retention = string }))
  default = {
    a = { region = "EU", retention = "zero_data_retention" }
    b = { region = "JP", retention = "modified_abuse_monitoring" }
    c = { region = "US", retention = "none" }
  }
}

resource "openai_project" "p" {
  for_each  = var.projects
  name      = "team-${each.key}"
  geography = each.value.region
}

resource "openai_project_data_retention" "r" {
  for_each   = openai_project.p
  project_id = each.value.id
  type       = var.projects[each.key].retention
}
