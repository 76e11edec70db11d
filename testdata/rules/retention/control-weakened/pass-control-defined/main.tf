terraform {
  required_providers {
    openai = { source = "jianyuan/openai" }
  }
}

resource "openai_project" "support" {
  name      = "customer-support"
  geography = "EU"
}
