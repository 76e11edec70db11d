terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "late" {
  name      = "late"
  geography = terraform_data.choice.output
}

resource "openai_project_model_permissions" "late" {
  project_id = openai_project.late.id
  mode       = "allow_list"
  model_ids  = ["gpt-6.1-sol"]
}

resource "terraform_data" "choice" {
  input = "EU"
}
