terraform {
  required_providers {
    openai = { source = "mkdev-me/openai" }
  }
}

resource "openai_response" "report" {
  model = "gpt-4.1-2025-04-14"
  input = "Write the report of the month."
  response_format = terraform_data.choice.output
}

resource "terraform_data" "choice" {
  input = "{ \"type\": \"json_schema\" }"
}
