organization {
  id                 = "org-example"
  data_retention     = "zero_data_retention"
  residency_approved = true
  zdr_amendment      = { executed_on = "2025-03-10" }
}

project "sandbox" {
}
