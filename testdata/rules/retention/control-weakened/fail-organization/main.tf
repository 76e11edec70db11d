terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "support" {
  name = "support"
}

resource "openai_organization_data_retention" "all" {
  type = "modified_abuse_monitoring"
}
