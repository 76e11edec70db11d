terraform {
  required_providers {
    openai = { source = "mkdev-me/openai" }
  }
}

resource "openai_project" "support" {
  name = "customer-support"
}
