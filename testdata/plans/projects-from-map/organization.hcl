organization {
  residency_approved = true
  requirements = { region_required = true, regional_processing = true }
}
