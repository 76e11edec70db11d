project "eu-support" {
  data_retention = "organization_default"
}
