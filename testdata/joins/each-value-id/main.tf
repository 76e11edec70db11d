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
  for_each   = { for key, p in openai_project.p : upper(key) => { id = p.id, retention = var.projects[key].retention } }
  project_id = each.value.id
  type       = each.value.retention
}

# Crosswise through the map that each.value comes from.
resource "openai_project_model_permissions" "m" {
  for_each   = { a = openai_project.p["b"].id, b = openai_project.p["a"].id }
  project_id = each.value
  mode       = "allow_list"
  model_ids  = ["model-of-${each.key}"]
}
