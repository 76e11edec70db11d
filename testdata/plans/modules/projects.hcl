organization {
  residency_approved = true
  abuse_monitoring_approval = { controls = ["enhanced_zero_data_retention", "modified_abuse_monitoring"], approved_on = "2025-03-01", requirements_accepted = true }
  zdr_amendment = { executed_on = "2025-03-10" }
  requirements = { allowed_regions = ["EU", "US", "GLOBAL"] }
  data_retention = "modified_abuse_monitoring"
}

project "legal-eu" {
  region = "EU"
  data_retention = "enhanced_zero_data_retention"
}

project "payments-in" {
  region = "IN"
  data_retention = "enhanced_zero_data_retention"
}

project "payments-us" {
  region = "US"
}
