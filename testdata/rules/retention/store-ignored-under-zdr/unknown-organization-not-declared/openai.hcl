organization {
  id                 = "org-example"
  residency_approved = true
  abuse_monitoring_approval {
    controls              = ["zero_data_retention"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
  zdr_amendment       = { executed_on = "2025-03-10" }
  responsible_contact = "ai-platform@example.com"
}

project "assistant" {
  data_retention = "zero_data_retention"

  use "/v1/responses" {
    model = "gpt-4.1-2025-04-14"
    store = true
  }
}
