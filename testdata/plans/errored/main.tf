terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "approved_regions" {
  type    = set(string)
  default = ["US"]
}

resource "openai_project" "planned" {
  name      = "planned-us"
  geography = "US"
}

resource "openai_project_data_retention" "planned" {
  project_id = openai_project.planned.id
  type       = "modified_abuse_monitoring"
}

resource "openai_project" "refused" {
  name      = "refused-eu"
  geography = "EU"

  lifecycle {
    precondition {
      condition     = contains(var.approved_regions, "EU")
      error_message = "EU is not among the approved regions."
    }
  }
}

resource "openai_project_data_retention" "refused" {
  project_id = openai_project.refused.id
  type       = "none"
}
