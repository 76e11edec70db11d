organization {
  id             = "org-example"
  data_retention = "none"
}

project "support" {
  use "/v1/embeddings" {
    model = "text-embedding-3-small"
  }
}
