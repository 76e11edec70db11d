terraform {
  required_providers {
    openai = { source = "openai/openai" }
  }
}

module "x" {
  count  = 2
  source = "./project"
  name   = "team-${count.index}"
  region = ["EU", "JP"][count.index]
}

resource "openai_project_data_retention" "r" {
  count      = 2
  project_id = module.x[count.index].id
  type       = ["zero_data_retention", "none"][count.index]
}

# Backwards.
resource "openai_project_model_permissions" "m" {
  count      = 2
  project_id = module.x[1 - count.index].id
  mode       = "allow_list"
  model_ids  = ["model-of-${count.index}"]
}
