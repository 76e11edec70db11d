terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "support" {
  name      = "support"
  geography = "EU"
}

resource "openai_project_data_retention" "support" {
  project_id = openai_project.support.id
  type       = "zero_data_retention"
}
