organization {
  id                  = "org-example"
  residency_approved  = true
  responsible_contact = "ai-platform@example.com"
  abuse_monitoring_approval {
    controls              = ["zero_data_retention"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
  zdr_amendment = { executed_on = "2025-03-10" }
}
