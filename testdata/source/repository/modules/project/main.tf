# One OpenAI project with its control, as every environment makes them.

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
  type     = string
  default  = "zero_data_retention"
  nullable = false
}

variable "models" {
  type    = set(string)
  default = []
}

resource "openai_project" "this" {
  name      = var.name
  geography = var.region
}

resource "openai_project_data_retention" "this" {
  project_id = openai_project.this.id
  type       = var.retention
}

resource "openai_project_model_permissions" "this" {
  count      = length(var.models) > 0 ? 1 : 0
  project_id = openai_project.this.id
  mode       = "allow_list"
  model_ids  = var.models
}

output "id" {
  value = openai_project.this.id
}
