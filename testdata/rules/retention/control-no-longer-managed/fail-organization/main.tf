terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "support" {
  name = "support"
}
