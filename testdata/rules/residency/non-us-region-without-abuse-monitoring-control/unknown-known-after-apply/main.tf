terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "eu" {
  name      = "eu-support"
  geography = "EU"
}

resource "openai_project_data_retention" "eu" {
  project_id = openai_project.eu.id
  type       = terraform_data.choice.output
}

resource "terraform_data" "choice" {
  input = "zero_data_retention"
}
