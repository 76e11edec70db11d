terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

# Read while planning: what it shows stands in prior_state.
data "openai_project" "existing" {
  project_id = "proj_example_existing"
}

resource "openai_project_data_retention" "existing" {
  project_id = data.openai_project.existing.id
  type       = "zero_data_retention"
}

resource "openai_project" "new" {
  name      = "new"
  geography = "EU"
}

# Read after apply: nothing of it is known.
data "openai_project" "new" {
  project_id = openai_project.new.id
}
