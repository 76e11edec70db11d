organization {
  residency_approved = true
  requirements = { region_required = true, regional_processing = true }
}

project "default-billing" {
  region = "EU"
  data_retention = "zero_data_retention"
  models = { mode = "allow_list", ids = ["gpt-4.1", "gpt-4.1-2025-04-14"] }
}

project "default-search" {
  region = "US"
  data_retention = "organization_default"
  models = { mode = "allow_list", ids = ["text-embedding-3-large"] }
}

project "default-lab" {
  data_retention = "organization_default"
}
