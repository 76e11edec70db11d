organization {
  id                 = "org-example"
  residency_approved = true
  zdr_amendment      = { executed_on = "2025-03-10" }
}
