terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "a" {
  name      = "team-a"
  geography = "EU"
}

resource "openai_project" "b" {
  name      = "team-b"
  geography = "JP"
}

resource "openai_project" "maybe" {
  count     = 0
  name      = "team-maybe"
  geography = "US"
}

resource "openai_project_data_retention" "first" {
  project_id = try(openai_project.a.id, openai_project.b.id)
  type       = "zero_data_retention"
}

# The first candidate has no instance, so the second is taken.
resource "openai_project_data_retention" "second" {
  project_id = try(openai_project.maybe[0].id, openai_project.b.id)
  type       = "modified_abuse_monitoring"
}
