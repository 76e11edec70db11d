terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "p" {
  for_each  = { b = "JP", a = "EU" }
  name      = "team-${each.key}"
  geography = each.value
}

# In the order of the keys.
resource "openai_project_data_retention" "first" {
  project_id = values(openai_project.p)[0].id
  type       = "zero_data_retention"
}

resource "openai_project_data_retention" "second" {
  project_id = values(openai_project.p).*.id[1]
  type       = "none"
}
