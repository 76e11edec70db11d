terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

locals {
  controls = {
    a = { region = "EU", retention = "zero_data_retention" }
    b = { region = "JP", retention = "none" }
  }
}

# Besides the projects of the settings, decoys whose keys are the settings' own.
resource "openai_project" "p" {
  for_each  = merge({ for k, v in local.controls : "x-${k}" => v.region }, { for k, v in local.controls : k => "US" })
  name      = "team-${each.key}"
  geography = each.value
}

resource "openai_project_data_retention" "r" {
  for_each   = local.controls
  project_id = openai_project.p["x-${each.key}"].id
  type       = each.value.retention
}
