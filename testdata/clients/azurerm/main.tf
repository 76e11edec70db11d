terraform {
  required_providers {
    openai  = { source = "jianyuan/openai" }
    azurerm = { source = "hashicorp/azurerm" }
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

resource "azurerm_container_app" "chat" {
  name                         = "chat"
  container_app_environment_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/chat/providers/Microsoft.App/managedEnvironments/chat"
  resource_group_name          = "chat"
  revision_mode                = "Single"
  secret {
    name  = "openai"
    value = openai_project_service_account.chat.api_key
  }
  template {
    container {
      name   = "chat"
      image  = "registry.example/chat:1.4"
      cpu    = 0.25
      memory = "0.5Gi"
      env {
        name        = "OPENAI_API_KEY"
        secret_name = "openai"
      }
      env {
        name  = "OPENAI_PROJECT_ID"
        value = openai_project.chat.id
      }
      env {
        name  = "OPENAI_BASE_URL"
        value = "https://eu.api.openai.com/v1"
      }
    }
  }
}
