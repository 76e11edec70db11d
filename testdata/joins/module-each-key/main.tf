terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

module "teams" {
  source = "./teams"
  projects = {
    a = { region = "EU", retention = "zero_data_retention" }
    b = { region = "JP", retention = "none" }
  }
}

# The same keys and names in the root: not the module's.
resource "openai_project" "p" {
  for_each  = { a = "US", b = "US" }
  name      = "root-${each.key}"
  geography = each.value
}
