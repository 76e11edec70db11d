terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

resource "openai_project" "named" {
  for_each  = { a = "EU", b = "JP" }
  name      = "named-${each.key}"
  geography = each.value
}

resource "openai_project" "numbered" {
  count     = 2
  name      = "numbered-${count.index}"
  geography = ["IN", "US"][count.index]
}

resource "openai_project_data_retention" "of_a" {
  project_id = openai_project.named["a"].id
  type       = "zero_data_retention"
}

resource "openai_project_data_retention" "of_b" {
  project_id = openai_project.named["b"].id
  type       = "modified_abuse_monitoring"
}

resource "openai_project_data_retention" "of_0" {
  project_id = openai_project.numbered[0].id
  type       = "enhanced_zero_data_retention"
}

resource "openai_project_data_retention" "of_1" {
  project_id = openai_project.numbered[1].id
  type       = "none"
}
