terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "jp" {
  name      = "jp-sales"
  geography = "JP"
}

resource "openai_project_model_permissions" "jp" {
  project_id = openai_project.jp.id
  mode       = "allow_list"
  model_ids  = ["gpt-6.1-sol", "gpt-4.1-2025-04-14"]
}
