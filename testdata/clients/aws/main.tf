terraform {
  required_providers {
    openai = { source = "jianyuan/openai" }
    aws    = { source = "hashicorp/aws" }
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

resource "aws_lambda_function" "chat" {
  function_name = "chat"
  role          = "arn:aws:iam::000000000000:role/chat"
  handler       = "main.handler"
  runtime       = "python3.13"
  filename      = "chat.zip"
  environment {
    variables = {
      OPENAI_API_KEY  = openai_project_service_account.chat.api_key
      OPENAI_BASE_URL = "https://eu.api.openai.com/v1"
      LOG_LEVEL       = "info"
    }
  }
}

resource "aws_ecs_task_definition" "search" {
  family = "search"
  container_definitions = jsonencode([{
    name        = "search"
    image       = "registry.example/search:2.0"
    environment = [{ name = "OPENAI_BASE_URL", value = "https://api.openai.com/v1" }]
    secrets     = [{ name = "OPENAI_API_KEY", valueFrom = "arn:aws:ssm:eu-central-1:000000000000:parameter/openai" }]
  }])
}

# All of its text is known after apply, since a part of it is.
resource "aws_ecs_task_definition" "batch" {
  family = "batch"
  container_definitions = jsonencode([{
    name        = "batch"
    environment = [{ name = "OPENAI_PROJECT", value = openai_project.search.id }]
  }])
}

resource "aws_instance" "worker" {
  ami           = "ami-00000000000000000"
  instance_type = "t4g.small"
  user_data     = <<-TEXT
    #!/bin/sh
    export OPENAI_BASE_URL=https://eu.api.openai.com/v1
    exec /opt/worker
  TEXT
}
