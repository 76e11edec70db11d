terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "sandbox" {
  name = "sandbox"
}
