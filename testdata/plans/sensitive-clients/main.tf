terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

variable "secrets" {
  type      = map(string)
  sensitive = true
  default = {
    name    = "canary-name"
    project = "canary-project"
    host    = "https://canary-host.example/v1"
    key     = "sk-canary-key"
  }
}

resource "openai_project" "chat" {
  name      = var.secrets.name
  geography = "EU"
}

# Sensitive as a whole.
resource "terraform_data" "whole" {
  input = {
    env = { OPENAI_API_KEY = var.secrets.key, OPENAI_PROJECT = var.secrets.project, OPENAI_BASE_URL = var.secrets.host }
  }
}

# A key that stands in the source, beside what is judged.
resource "terraform_data" "plain" {
  input = { env = { OPENAI_PROJECT = openai_project.chat.id, OPENAI_API_KEY = "sk-canary-plain", OPENAI_BASE_URL = "https://api.openai.com/v1" } }
}

# A key where the base URL belongs, and one in it.
resource "terraform_data" "mistaken" {
  input = { env = { OPENAI_BASE_URL = "sk-canary-mistaken" } }
}

resource "terraform_data" "inside" {
  input = { env = { OPENAI_BASE_URL = "https://user:canary-word@api.openai.com/v1?key=sk-canary-query" } }
}

# In text.
resource "terraform_data" "text" {
  input = { user_data = "export OPENAI_API_KEY=sk-canary-text OPENAI_BASE_URL=https://api.openai.com/v1" }
}
