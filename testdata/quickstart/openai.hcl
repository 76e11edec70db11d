# What Terraform can't know: the organization's contracts, and how its projects are used.

organization {
  id                  = "org-example"
  residency_approved  = true
  data_sharing        = false
  responsible_contact = "ai-platform@example.com"

  abuse_monitoring_approval {
    controls              = ["zero_data_retention", "modified_abuse_monitoring"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
    reference             = "approval letter 17"
  }

  # The amendment that regions outside the US ask for is not signed yet.

  requirements = { region_required = true, training_forbidden = true }
}

project "eu-support" {
  address      = "openai_project.eu_support"
  base_url     = "https://eu.api.openai.com/v1"
  requirements = { regional_processing = true, max_abuse_log_days = 0 }

  use "/v1/responses" {
    model  = "gpt-4.1" # an alias: which snapshot answers may change
    store  = false
    inputs = ["text"]
  }
}

project "billing-us" {
  address  = "openai_project.team[\"billing-us\"]"
  base_url = "https://us.api.openai.com/v1"

  use "/v1/responses" {
    model = "gpt-4.1-mini-2025-04-14"
    store = false
  }
}
