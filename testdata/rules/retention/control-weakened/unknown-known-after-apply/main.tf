terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "terraform_data" "control" {
  input = "zero_data_retention"
}

resource "openai_project" "support" {
  name      = "support"
  geography = "EU"
}

resource "openai_project_data_retention" "support" {
  project_id = openai_project.support.id
  type       = terraform_data.control.output
}
