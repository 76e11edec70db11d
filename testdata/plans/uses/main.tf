terraform {
  required_providers {
    openai = { source = "mkdev-me/openai" }
  }
}

resource "openai_project" "bot" {
  name = "bot"
}

# The only two types that name a project.
resource "openai_chat_completion" "greeting" {
  project_id = openai_project.bot.id
  model      = "gpt-4o-2024-08-06"
  store      = true
  messages = [{
    role    = "user"
    content = "hello"
  }]
  tools = [{
    type     = "function"
    function = [{ name = "lookup", parameters = "{}" }]
  }]
}

resource "openai_file" "examples" {
  project_id = openai_project.bot.id
  file       = "examples.jsonl"
  purpose    = "fine-tune"
}

resource "openai_response" "summary" {
  model = "gpt-4.1-2025-04-14"
  input = "hello"
  tools = [{ type = "web_search" }, { type = "file_search" }]
}

resource "openai_embedding" "documents" {
  model = "text-embedding-3-small"
  input = "hello"
}

resource "openai_moderation" "texts" {
  input = "hello"
}

resource "openai_image_generation" "logo" {
  model  = "gpt-image-1"
  prompt = "a circle"
}

resource "openai_image_edit" "logo" {
  image  = "logo.png"
  prompt = "a square"
}

resource "openai_image_variation" "logo" {
  image = "logo.png"
}

resource "openai_audio_transcription" "call" {
  file  = "call.mp3"
  model = "whisper-1"
}

resource "openai_speech_to_text" "call" {
  file  = "call.mp3"
  model = "gpt-4o-transcribe"
}

resource "openai_audio_translation" "call" {
  file  = "call.mp3"
  model = "whisper-1"
}

resource "openai_text_to_speech" "answer" {
  input       = "hello"
  model       = "tts-1"
  output_file = "answer.mp3"
  voice       = "alloy"
}

resource "openai_batch" "nightly" {
  endpoint      = "/v1/embeddings"
  input_file_id = openai_file.examples.id
}

resource "openai_fine_tuning_job" "tone" {
  model         = "gpt-4o-mini-2024-07-18"
  training_file = openai_file.examples.id
}

resource "openai_vector_store" "documents" {
  name = "documents"
}

resource "openai_vector_store_file" "documents" {
  vector_store_id = openai_vector_store.documents.id
  file_id         = openai_file.examples.id
  chunking_strategy {
    type = "auto"
  }
}

resource "openai_vector_store_file_batch" "documents" {
  vector_store_id = openai_vector_store.documents.id
  file_ids        = [openai_file.examples.id]
  chunking_strategy {
    type = "auto"
  }
}
