terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "staying" {
  name      = "staying-eu"
  geography = "EU"
}
