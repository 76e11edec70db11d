terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "sandbox" {
  name = "sandbox"
}

resource "openai_project_data_retention" "sandbox" {
  project_id = openai_project.sandbox.id
  type       = terraform_data.choice.output
}

resource "terraform_data" "choice" {
  input = "zero_data_retention"
}
