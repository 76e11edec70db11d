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

resource "openai_project" "this" {
  name      = var.name
  geography = var.region
}

output "id" {
  value = openai_project.this.id
}
