terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "eu" {
  name      = "eu-support"
  geography = "EU"
}

# Its host is the right one only if its project is in the EU, and nothing says that it is.
resource "terraform_data" "worker" {
  input = {
    env = {
      OPENAI_BASE_URL = "https://eu.api.openai.com/v1"
    }
  }
}
