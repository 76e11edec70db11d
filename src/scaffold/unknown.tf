terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "data_retention" {
  type = string
}

resource "openai_project" "this" {
  name = "eu-support"
}

resource "openai_project_data_retention" "this" {
  project_id = openai_project.this.id
  type       = var.data_retention
}
