terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "ae" {
  name      = "ae-branch"
  geography = "AE"
}
