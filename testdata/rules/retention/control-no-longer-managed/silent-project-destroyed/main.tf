terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "staying" {
  name      = "staying-eu"
  geography = "EU"
}

resource "openai_project_data_retention" "staying" {
  project_id = openai_project.staying.id
  type       = "zero_data_retention"
}
