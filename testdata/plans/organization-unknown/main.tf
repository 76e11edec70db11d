terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "terraform_data" "control" {
  input = "zero_data_retention"
}

resource "openai_organization_data_retention" "this" {
  type = terraform_data.control.output
}

resource "openai_project" "inherits" {
  name      = "inherits-eu"
  geography = "EU"
}

resource "openai_project" "decides" {
  name      = "decides-jp"
  geography = "JP"
}

resource "openai_project_data_retention" "decides" {
  project_id = openai_project.decides.id
  type       = "modified_abuse_monitoring"
}
