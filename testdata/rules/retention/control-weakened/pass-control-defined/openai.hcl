# The provider does not manage it: what it is stands here, and the plan does not touch it.
project "support" {
  address        = "openai_project.support"
  data_retention = "zero_data_retention"
}
