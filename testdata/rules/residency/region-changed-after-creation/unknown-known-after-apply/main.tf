terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "terraform_data" "region" {
  input = "EU"
}

resource "openai_project" "support" {
  name      = "support"
  geography = terraform_data.region.output
}
