terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "jp" {
  name      = "jp-sales"
  geography = "JP"
}
