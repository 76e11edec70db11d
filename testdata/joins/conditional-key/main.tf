terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "regions" {
  type    = map(string)
  default = { a = "EU", b = "JP" }
}

resource "openai_project" "p" {
  for_each  = var.regions
  name      = "team-${each.key}"
  geography = each.value
}

# Crosswise: the setting of one key belongs to the project of the other.
resource "openai_project_data_retention" "r" {
  for_each   = { a = "zero_data_retention", b = "none" }
  project_id = openai_project.p[each.key == "a" ? "b" : "a"].id
  type       = each.value
}
