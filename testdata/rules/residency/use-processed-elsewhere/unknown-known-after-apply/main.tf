terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "late" {
  name      = "late"
  geography = terraform_data.choice.output
}

resource "terraform_data" "choice" {
  input = "EU"
}
