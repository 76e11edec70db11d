terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "eu" {
  name      = "eu-support"
  geography = "EU"
}

resource "terraform_data" "deployment" {
  input = {
    image = "registry.example/chat:1.4"
    env = {
      OPENAI_PROJECT_ID = openai_project.eu.id
    }
  }
}
