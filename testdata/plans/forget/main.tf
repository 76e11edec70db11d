terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "staying" {
  name      = "staying-eu"
  geography = "EU"
}

resource "openai_project_data_retention" "staying" {
  project_id = openai_project.staying.id
  type       = "zero_data_retention"
}

# Terraform lets go of them; they stay as they are.
removed {
  from = openai_project.leaving
  lifecycle {
    destroy = false
  }
}

removed {
  from = openai_project_data_retention.leaving
  lifecycle {
    destroy = false
  }
}
