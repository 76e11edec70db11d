organization {
  residency_approved  = true
  data_retention      = "modified_abuse_monitoring"
  responsible_contact = "ai-platform@example.com"

  abuse_monitoring_approval {
    controls              = ["modified_abuse_monitoring"]
    approved_on           = "2025-03-01"
    requirements_accepted = true
  }
}

project "eu-support" {
  region   = "EU"
  base_url = "https://eu.api.openai.com/v1"
  models   = { mode = "allow_list", ids = ["gpt-4.1-2025-04-14"] }
  tools    = { web_search = false, file_search = false, image_generation = false, mcp = false, code_interpreter = false }

  use "/v1/chat/completions" {
    model = "gpt-4.1-2025-04-14"
    store = true # openai-data-controls:ignore residency/chat-store-outside-us until 2026-12-31: evaluation set, SEC-14
  }
}
