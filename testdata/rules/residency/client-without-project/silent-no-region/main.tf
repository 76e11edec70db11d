terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "support" {
  name = "support"
}

resource "terraform_data" "worker" {
  input = {
    env = {
      OPENAI_BASE_URL = "https://api.openai.com/v1"
    }
  }
}
