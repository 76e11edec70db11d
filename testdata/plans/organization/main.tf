terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_organization_data_retention" "this" {
  type = "zero_data_retention"
}

# No retention resource: the organization's control holds.
resource "openai_project" "silent" {
  name      = "silent-eu"
  geography = "EU"
}

resource "openai_project" "explicit" {
  name      = "explicit-jp"
  geography = "JP"
}

resource "openai_project_data_retention" "explicit" {
  project_id = openai_project.explicit.id
  type       = "organization_default"
}

resource "openai_project" "own" {
  name      = "own-in"
  geography = "IN"
}

resource "openai_project_data_retention" "own" {
  project_id = openai_project.own.id
  type       = "modified_abuse_monitoring"
}

resource "openai_project" "left" {
  name      = "left-kr"
  geography = "KR"
}

resource "openai_project_data_retention" "left" {
  project_id = openai_project.left.id
  type       = "none"
}
