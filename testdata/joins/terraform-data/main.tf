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

# The id goes through another resource, which the plan does not know the value of.
resource "terraform_data" "carrier" {
  input = openai_project.b.id
}

resource "openai_project_data_retention" "r" {
  project_id = terraform_data.carrier.output
  type       = "zero_data_retention"
}
