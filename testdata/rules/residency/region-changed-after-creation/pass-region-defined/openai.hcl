# The provider has no region: what it is stands here, and the plan does not touch it.
project "support" {
  address = "openai_project.support"
  region  = "EU"
}
