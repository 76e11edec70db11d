terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "eu" {
  name      = "eu-support"
  geography = "EU"
}
