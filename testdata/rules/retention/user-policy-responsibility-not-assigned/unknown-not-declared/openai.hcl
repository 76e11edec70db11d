organization {
  id = "org-example"
}

project "support" {
  use "/v1/embeddings" {
    model = "text-embedding-3-small"
  }
}
