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
  tools = { code_interpreter = false, file_search = true }

  use "/v1/responses" {
    model = "gpt-4.1-2025-04-14"
    store = false
    tools = ["file_search"]
  }
}
