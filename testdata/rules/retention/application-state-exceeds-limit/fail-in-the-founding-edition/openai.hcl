organization {
  id                 = "org-example"
  data_retention     = "zero_data_retention"
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
  requirements = { max_application_state_days = 0 }

  # Zero data retention sets `store` to false here; the audio is kept all the same.
  use "/v1/chat/completions" {
    model   = "gpt-4o-2024-11-20"
    store   = true
    outputs = ["text", "audio"]
  }

  use "/v1/assistants" {
  }
}
