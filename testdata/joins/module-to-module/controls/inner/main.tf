terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "project_id" {
  type = string
}

variable "retention" {
  type = string
}

resource "openai_project_data_retention" "this" {
  project_id = var.project_id
  type       = var.retention
}
