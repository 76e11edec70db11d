terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "name" {
  type = string
}

variable "region" {
  type = string
}

variable "retention" {
  type    = string
  default = null
}

resource "openai_project" "this" {
  name      = var.name
  geography = var.region
}

resource "openai_project_data_retention" "this" {
  count      = var.retention == null ? 0 : 1
  project_id = openai_project.this.id
  type       = var.retention
}

output "id" {
  value = openai_project.this.id
}
