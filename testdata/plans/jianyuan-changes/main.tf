terraform {
  required_providers {
    openai = { source = "jianyuan/openai" }
  }
}

# Each project goes through one kind of change; its name says which.

resource "openai_data_retention" "organization" {
  type = "zero_data_retention"
}

resource "openai_project" "created" {
  name      = "created"
  geography = "EU"
}

resource "openai_project" "kept" {
  name      = "kept"
  geography = "EU"
}

resource "openai_project" "renamed" {
  name      = "renamed"
  geography = "JP"
}

resource "openai_project_model_permissions" "renamed" {
  project_id = openai_project.renamed.id
  mode       = "allow_list"
  model_ids  = ["gpt-4.1-2025-04-14"]
}
