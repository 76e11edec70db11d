terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

import {
  to = openai_project.support
  id = "proj_example_support"
}

resource "openai_project" "support" {
  name      = "support"
  geography = "EU"
}
