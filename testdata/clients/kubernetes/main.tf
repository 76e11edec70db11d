terraform {
  required_providers {
    openai     = { source = "jianyuan/openai" }
    kubernetes = { source = "hashicorp/kubernetes" }
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

resource "kubernetes_secret_v1" "openai" {
  metadata {
    name = "openai"
  }
  data = {
    OPENAI_API_KEY = openai_project_service_account.chat.api_key
  }
}

resource "kubernetes_config_map_v1" "search" {
  metadata {
    name = "search"
  }
  data = {
    OPENAI_PROJECT_ID = openai_project.search.id
    OPENAI_BASE_URL   = "https://eu.api.openai.com/v1"
  }
}

# Two containers, each of another project.
resource "kubernetes_deployment_v1" "assistant" {
  metadata {
    name   = "assistant"
    labels = { app = "assistant" }
  }
  spec {
    replicas = "2"
    selector {
      match_labels = { app = "assistant" }
    }
    template {
      metadata {
        labels = { app = "assistant" }
      }
      spec {
        container {
          name  = "chat"
          image = "registry.example/chat:1.4"
          env {
            name = "OPENAI_API_KEY"
            value_from {
              secret_key_ref {
                name = "openai"
                key  = "OPENAI_API_KEY"
              }
            }
          }
          env {
            name  = "OPENAI_PROJECT"
            value = openai_project.chat.id
          }
          env {
            name  = "OPENAI_BASE_URL"
            value = "https://eu.api.openai.com/v1"
          }
        }
        container {
          name  = "search"
          image = "registry.example/search:2.0"
          env {
            name  = "OPENAI_API_BASE"
            value = "https://api.openai.com/v1"
          }
        }
      }
    }
  }
}
