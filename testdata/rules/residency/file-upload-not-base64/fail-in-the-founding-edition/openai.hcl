organization {
  id                 = "org-example"
  data_retention     = "zero_data_retention"
  residency_approved = true
  abuse_monitoring_approval {
    controls              = ["zero_data_retention"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
  zdr_amendment = { executed_on = "2025-03-10" }
}

project "jp-sales" {
  region = "JP"

  use "/v1/responses" {
    model       = "gpt-4.1-2025-04-14"
    store       = false
    inputs      = ["text", "file"]
    file_upload = "file_id"
  }
}
