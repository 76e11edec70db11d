terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "p" {
  for_each  = { a = "EU", b = "JP" }
  name      = "team-${each.key}"
  geography = each.value
}

# All projects go in as one value; the settings pick theirs inside.
module "controls" {
  source   = "./controls"
  projects = openai_project.p
  controls = { a = "zero_data_retention", b = "none" }
}
