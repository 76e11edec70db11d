terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "primary" {
  type    = bool
  default = false
}

resource "openai_project" "a" {
  name      = "team-a"
  geography = "EU"
}

resource "openai_project" "b" {
  name      = "team-b"
  geography = "JP"
}

resource "openai_project_data_retention" "r" {
  project_id = var.primary ? openai_project.a.id : openai_project.b.id
  type       = "zero_data_retention"
}

resource "openai_project_model_permissions" "m" {
  project_id = var.primary ? openai_project.b.id : openai_project.a.id
  mode       = "allow_list"
  model_ids  = ["gpt-4.1-2025-04-14"]
}
