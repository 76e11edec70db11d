project "support" {
  region = "US"
}
