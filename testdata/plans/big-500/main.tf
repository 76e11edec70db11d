terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  regions  = ["US", "EU", "JP", "IN", "KR", "SG", "CA", "AU", "GB", "AE", null]
  controls = ["organization_default", "zero_data_retention", "modified_abuse_monitoring", "none"]

  projects = {
    for n in range(500) : format("p%03d", n) => {
      region  = local.regions[n % length(local.regions)]
      control = local.controls[n % length(local.controls)]
    }
  }
}

resource "openai_project" "p" {
  for_each  = local.projects
  name      = "team-${each.key}"
  geography = each.value.region
}

resource "openai_project_data_retention" "p" {
  for_each   = local.projects
  project_id = openai_project.p[each.key].id
  type       = each.value.control
}
