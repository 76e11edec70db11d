terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "eu" {
  name      = "eu-support"
  geography = "EU"
}

resource "terraform_data" "worker" {
  input = {
    env = {
      OPENAI_BASE_URL   = "https://eu.api.openai.com/v1"
      OPENAI_PROJECT_ID = openai_project.eu.id
    }
  }
}
