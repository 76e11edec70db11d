organization {
  id                  = "org-example"
  data_retention      = "zero_data_retention"
  residency_approved  = true
  responsible_contact = "ai-platform@example.com"
  abuse_monitoring_approval {
    controls              = ["zero_data_retention"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
  zdr_amendment = { executed_on = "2025-03-10" }
}

project "analysts" {
  use "/v1/live/sessions" {
    tools = ["code_interpreter"]
  }
}
