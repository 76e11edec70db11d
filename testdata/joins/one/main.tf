terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "enabled" {
  type    = bool
  default = true
}

resource "openai_project" "p" {
  count     = var.enabled ? 1 : 0
  name      = "team-optional"
  geography = "EU"
}

resource "openai_project" "other" {
  name      = "team-other"
  geography = "JP"
}

resource "openai_project_data_retention" "r" {
  count      = var.enabled ? 1 : 0
  project_id = one(openai_project.p[*].id)
  type       = "zero_data_retention"
}

# A splat of a resource without count is a list of one.
resource "openai_project_data_retention" "other" {
  project_id = one(openai_project.other[*].id)
  type       = "none"
}
