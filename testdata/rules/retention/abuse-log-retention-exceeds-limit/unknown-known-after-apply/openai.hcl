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

project "sandbox" {
  address      = "openai_project.sandbox"
  requirements = { max_abuse_log_days = 0 }

  use "/v1/embeddings" {
    model = "text-embedding-3-small"
  }
}
