terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "wanted" {
  name      = "wanted-eu"
  geography = "EU"
}

resource "openai_project_data_retention" "wanted" {
  project_id = openai_project.wanted.id
  type       = "zero_data_retention"
}

resource "openai_project" "unseen" {
  name      = "unseen-jp"
  geography = "JP"
}

resource "openai_project_data_retention" "unseen" {
  project_id = openai_project.unseen.id
  type       = "none"
}
