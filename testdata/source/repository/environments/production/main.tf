terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "environment" {
  type = string
}

variable "projects" {
  type = map(object({
    region    = string
    retention = optional(string)
    models    = optional(set(string), [])
  }))
}

locals {
  projects = { for key, project in var.projects : "${var.environment}-${key}" => project }
}

module "project" {
  source   = "../../modules/project"
  for_each = local.projects

  name      = each.key
  region    = each.value.region
  retention = each.value.retention
  models    = each.value.models
}
