environment = "production"

projects = {
  search = {
    region = "EU"
    models = ["gpt-4.1-2025-04-14"]
  }
  assistant = {
    region = "EU"
    models = ["gpt-4.1-2025-04-14"]
  }
  research = {
    region    = "EU"
    retention = "none" # the one that is wrong
  }
}
