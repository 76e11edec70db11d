project "eu-support" {
  data_retention = "none"
}
