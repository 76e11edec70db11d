terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "jp" {
  name      = "jp-sales"
  geography = "JP"
}

resource "terraform_data" "deployment" {
  input = {
    image = "registry.example/chat:1.4"
    env = {
      OPENAI_PROJECT_ID = openai_project.jp.id
      OPENAI_BASE_URL   = "https://eu.api.openai.com/v1"
    }
  }
}
