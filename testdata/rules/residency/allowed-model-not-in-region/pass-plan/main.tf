terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "eu" {
  name      = "eu-support"
  geography = "EU"
}

resource "openai_project_model_permissions" "eu" {
  project_id = openai_project.eu.id
  mode       = "allow_list"
  model_ids  = ["gpt-4.1-2025-04-14", "o3-2025-04-16"]
}
