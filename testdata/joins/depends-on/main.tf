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

# Mentions one project, belongs to the other.
resource "openai_project_data_retention" "r" {
  project_id = openai_project.b.id
  type       = openai_project.a.name == "team-a" ? "zero_data_retention" : "none"
  depends_on = [openai_project.a]
}
