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

project "eu-support" {
  address      = "openai_project.eu"
  base_url     = "https://eu.api.openai.com/v1"
  requirements = { regional_processing = true }
}
