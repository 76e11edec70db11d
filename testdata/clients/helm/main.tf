terraform {
  required_providers {
    openai = { source = "jianyuan/openai" }
    helm   = { source = "hashicorp/helm" }
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

resource "helm_release" "chat" {
  name  = "chat"
  chart = "oci://registry.example/charts/chat"
  set = [
    { name = "app.env.OPENAI_PROJECT_ID", value = openai_project.chat.id },
    { name = "app.env.OPENAI_BASE_URL", value = "https://eu.api.openai.com/v1" },
  ]
  set_sensitive = [
    { name = "app.env.OPENAI_API_KEY", value = openai_project_service_account.chat.api_key },
  ]
}

resource "helm_release" "search" {
  name  = "search"
  chart = "oci://registry.example/charts/search"
  values = [<<-YAML
    env:
      - name: OPENAI_BASE_URL
        value: "https://api.openai.com/v1"
      - name: OPENAI_API_KEY
        valueFrom:
          secretKeyRef:
            name: openai
            key: key
  YAML
  ]
}
