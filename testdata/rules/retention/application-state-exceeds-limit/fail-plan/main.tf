terraform {
  required_providers {
    openai = { source = "mkdev-me/openai" }
  }
}

resource "openai_project" "bot" {
  name = "bot"
}

resource "openai_chat_completion" "greeting" {
  project_id = openai_project.bot.id
  model      = "gpt-4.1-2025-04-14"
  store      = true
  messages = [{
    role    = "user"
    content = "hello"
  }]
}
