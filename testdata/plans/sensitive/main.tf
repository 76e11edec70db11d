terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "name" {
  type      = string
  sensitive = true
  default   = "canary-sensitive-value"
}

variable "region" {
  type      = string
  sensitive = true
  default   = "EU"
}

variable "retention" {
  type      = string
  sensitive = true
  default   = "modified_abuse_monitoring"
}

resource "openai_project" "hidden" {
  name      = var.name
  geography = var.region
}

resource "openai_project_data_retention" "hidden" {
  project_id = openai_project.hidden.id
  type       = var.retention
}

resource "openai_project_model_permissions" "hidden" {
  project_id = openai_project.hidden.id
  mode       = "allow_list"
  model_ids  = ["gpt-4.1-2025-04-14", sensitive("canary-sensitive-value-model")]
}
