terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

module "team" {
  for_each = {
    a = { region = "EU", retention = "zero_data_retention" }
    b = { region = "JP", retention = "none" }
    c = { region = "US", retention = null }
  }
  source    = "./team"
  name      = "team-${each.key}"
  region    = each.value.region
  retention = each.value.retention
}
