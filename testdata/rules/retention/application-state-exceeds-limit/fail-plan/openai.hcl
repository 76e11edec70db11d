organization {
  id             = "org-example"
  data_retention = "none"
  requirements   = { max_application_state_days = 0 }
}
