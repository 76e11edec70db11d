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
  business_associate_agreement { executed_on = "2025-04-01" }
}

project "clinic" {
  handles_phi = true

  use "/v1/responses" {
    model               = "gpt-4.1-2025-04-14"
    store               = false
    tools               = ["web_search"]
    external_web_access = false
  }
}
