organization {
  residency_approved = true
  abuse_monitoring_approval = { controls = ["enhanced_zero_data_retention", "modified_abuse_monitoring"], approved_on = "2025-03-01", requirements_accepted = true }
  zdr_amendment = { executed_on = "2025-03-10" }
  requirements = { allowed_regions = ["EU", "US", "GLOBAL"] }
}
