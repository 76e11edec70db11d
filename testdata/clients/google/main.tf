terraform {
  required_providers {
    openai = { source = "jianyuan/openai" }
    google = { source = "hashicorp/google" }
  }
}

resource "openai_project" "chat" {
  name      = "chat"
  geography = "EU"
}

resource "openai_project_service_account" "chat" {
  project_id = openai_project.chat.id
  name       = "chat"
}

resource "openai_project" "search" {
  name      = "search"
  geography = "EU"
}

resource "google_cloud_run_v2_service" "chat" {
  name     = "chat"
  location = "europe-west4"
  template {
    containers {
      image = "europe-docker.pkg.dev/example/chat:1.4"
      env {
        name  = "OPENAI_PROJECT"
        value = openai_project.chat.id
      }
      env {
        name  = "OPENAI_BASE_URL"
        value = "https://api.openai.com/v1"
      }
      env {
        name = "OPENAI_API_KEY"
        value_source {
          secret_key_ref {
            secret  = "openai"
            version = "latest"
          }
        }
      }
    }
  }
}
