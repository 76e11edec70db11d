resource "terraform_data" "worker" {
  input = {
    env = {
      OPENAI_BASE_URL = "https://eu.api.openai.com/v1"
    }
  }
}
