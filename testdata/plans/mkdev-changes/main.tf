terraform {
  required_providers {
    openai = { source = "mkdev-me/openai" }
  }
}

# Each thing goes through one kind of change; its name says which.

resource "openai_project" "created" {
  name = "created"
}

resource "openai_project" "kept" {
  name = "kept"
}

resource "openai_project" "renamed" {
  name = "renamed"
}

resource "openai_project_service_account" "kept" {
  project_id = openai_project.kept.id
  name       = "kept"
}

resource "openai_chat_completion" "created" {
  project_id = openai_project.kept.id
  model      = "gpt-4o-2024-08-06"
  store      = true
  messages = [{
    role    = "user"
    content = "hello"
  }]
}

resource "openai_embedding" "kept" {
  model = "text-embedding-3-small"
  input = "hello"
}

# Another model makes another answer.
resource "openai_response" "replaced" {
  model = "gpt-4.1-2025-04-14"
  input = "hello"
}

resource "openai_vector_store" "renamed" {
  name = "renamed"
}

resource "terraform_data" "worker" {
  input = {
    env = {
      OPENAI_PROJECT_ID = openai_project.kept.id
      OPENAI_API_KEY    = openai_project_service_account.kept.api_key_value
    }
  }
}
