terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "regions" {
  type = map(string)
}

resource "openai_project" "p" {
  for_each  = var.regions
  name      = "team-${each.key}"
  geography = each.value
}

output "ids" {
  value = { for key, p in openai_project.p : key => p.id }
}

output "by_region" {
  value = { for p in openai_project.p : p.geography => p.id }
}

output "projects" {
  value = openai_project.p
}
