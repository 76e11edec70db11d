organization {
  id                 = "org-example"
  data_retention     = "modified_abuse_monitoring"
  residency_approved = true
  abuse_monitoring_approval {
    controls              = ["modified_abuse_monitoring"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
  zdr_amendment       = { executed_on = "2025-03-10" }
  responsible_contact = "ai-platform@example.com"
}

project "reports" {
  requirements = { max_application_state_days = 1 }

  use "/v1/responses" {
    model      = "gpt-4.1-2025-04-14"
    background = true
  }
}
