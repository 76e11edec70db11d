terraform {
  required_providers {
    openai = { source = "jianyuan/openai" }
  }
}

# This provider replaces a project whose geography changes: the old one is destroyed first, or last.

resource "openai_project" "destroyed_first" {
  name      = "destroyed-first"
  geography = "EU"
}

resource "openai_project" "created_first" {
  name      = "created-first"
  geography = "EU"

  lifecycle {
    create_before_destroy = true
  }
}

resource "openai_project" "kept" {
  name      = "kept"
  geography = "EU"
}

resource "openai_project_model_permissions" "destroyed_first" {
  project_id = openai_project.destroyed_first.id
  mode       = "allow_list"
  model_ids  = ["gpt-4o-2024-08-06"]
}
