organization {
  id             = "org-example"
  data_retention = "zero_data_retention"
  requirements   = { max_application_state_days = 0 }
  abuse_monitoring_approval {
    controls              = ["modified_abuse_monitoring", "zero_data_retention"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
}
