terraform {
  required_providers {
    mkdev  = { source = "mkdev-me/openai" }
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "eu" {
  name      = "eu-support"
  geography = "EU"
}

resource "openai_vector_store" "documents" {
  provider = mkdev
  name     = "documents"
}
