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

# `each` within the `for` is the loop's own, so all of these belong to the last project.
resource "openai_project_data_retention" "r" {
  project_id = [for each in [{ key = "a" }, { key = "b" }] : openai_project.p[each.key].id][1]
  type       = "none"
}

# The name filters, the instance's key does not index.
resource "openai_project_model_permissions" "m" {
  for_each   = local.controls
  project_id = [for key, p in openai_project.p : p.id if key != each.key][0]
  mode       = "allow_list"
  model_ids  = ["model-of-${each.key}"]
}
