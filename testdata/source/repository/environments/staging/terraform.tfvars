environment = "staging"

projects = {
  search = {
    region = "US"
  }
}
